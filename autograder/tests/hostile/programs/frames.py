"""Programs that speak in the worker's place, or patch what could judge them."""

import textwrap

from autograder.tests.hostile.programs.case import Case

FRAME = """
import os, struct, sys
def frame(nonce, header=b"\\x92\\x90\\xc3", kind=1, size=0):
    return struct.pack("<4sB3xIQQ", b"agr1", kind, len(header), size, nonce) + header
def nonce():
    '''The nonce of the request that is being answered: it is in a frame of the worker.'''
    at = sys._getframe()
    while at:
        if "nonce" in at.f_locals and "tree" in at.f_locals:
            return at.f_locals["nonce"]
        at = at.f_back
"""
NO_ANSWER = "not an answer"
WRITES = {
    "garbage": ("bytes that are no frame", "bytes(1000)"),
    "guessed_nonce": ("a reply with a guessed nonce", "frame(12345)"),
    "request_as_reply": ("a request in place of a reply", "frame(nonce(), kind=0)"),
    "unknown_kind": ("a frame of a kind that does not exist", "frame(nonce(), kind=9)"),
    "callback": ("a callback that nobody asked for", "frame(nonce(), kind=4)"),
    "map_for_a_list": ("a map where a list belongs", "frame(nonce(), b'\\x92\\x90\\x80')"),
    "pickle_for_a_header": ("a pickle", "frame(nonce(), b'\\x80\\x04cos\\nsystem\\n.')"),
    "huge_list": ("a list of 4 billion parts", "frame(nonce(), b'\\xdd\\xff\\xff\\xff\\xff')"),
    "huge_frame": ("the announcement of 2**63 bytes", "frame(nonce(), size=2**63)"),
}
MORE = (
    Case(
        "early_reply",
        "writes replies before it is asked",
        "",
        NO_ANSWER,
        FRAME + "os.write(3, frame(0))\nos.write(3, frame(1))",
        10.0,
    ),
    Case(
        "true_reply",
        "replies True in place of an array, and ends",
        "os.write(3, frame(nonce())); os._exit(0)",
        "out should be a numpy array, not bool",
        FRAME,
    ),
    Case(
        "two_replies",
        "replies twice",
        "os.write(3, frame(nonce()))",
        "out should be a numpy array, not bool",
        FRAME,
    ),
    Case(
        "unknown_handle",
        "replies with the name of an object that it never returned",
        "os.write(3, frame(nonce(), b'\\x92\\x90\\x93\\x05\\xcd\\x03\\xe7\\xa1x'))",
        "out should be a numpy array, not x",
        FRAME,
    ),
    Case(
        "half_a_frame",
        "announces a frame and never ends it",
        """
        os.write(3, frame(nonce(), b"\\x92\\x91\\x92\\x0b\\x64\\x91\\x03", size=800))
        while True: pass
        """,
        "did not finish within",
        FRAME,
    ),
)
# Zeros are right in one check of two; these patches change nothing about that.
PATCHES = {
    "numpy_patched": (
        "has numpy find everything alike",
        """
        np.allclose = np.array_equal = np.isclose = lambda *a, **k: True
        np.testing.assert_allclose = lambda *a, **k: None
        np.abs = np.max = np.subtract = lambda *a, **k: 0
        """,
    ),
    "modules_patched": (
        "empties sys.modules",
        """
        for name in list(sys.modules):
            if name not in ("sys", "builtins", "__main__"): sys.modules[name] = None
        """,
    ),
    "output_replaced": (
        "takes away standard output",
        "sys.stdout = sys.stderr = sys.__stdout__ = None",
    ),
    "hooks_set": (
        "ends its process well at every error",
        "sys.excepthook = sys.unraisablehook = lambda *a: os._exit(0)",
    ),
    "generator_patched": (
        "has numpy's generators return zeros",
        "np.random.seed = np.random.default_rng = np.random.rand = lambda *a: x * 0",
    ),
}
# These break the worker itself, which earns nothing.
BREAKAGES = {
    "builtins_patched": (
        "has every number and every type be the same",
        NO_ANSWER,
        """
        builtins.AssertionError = builtins.isinstance = builtins.abs = lambda *a, **k: True
        builtins.len = builtins.max = builtins.float = lambda *a, **k: 0
        """,
    ),
    "trace_set": (
        "has every step of its process raise",
        "ended its process",
        "sys.settrace(lambda *a: 1 / 0); sys.setprofile(lambda *a: 1 / 0)",
    ),
    "codec_patched": (
        "replaces the functions that write replies",
        "did not finish within",
        """
        at = sys._getframe()
        while at:
            for name, value in list(at.f_globals.items()):
                if callable(value) and name in ("encode", "decode", "run", "handle"):
                    at.f_globals[name] = lambda *a, **k: [b"passed"]
            at = at.f_back
        """,
    ),
    "recursion_limited": (
        "leaves no room for calls",
        "RecursionError",
        "sys.setrecursionlimit(5)",
    ),
}


def _patches(name: str, what: str, code: str, told: str = "", score: float = 6.0) -> Case:
    body = f"{textwrap.dedent(code)}\nreturn x * 0"
    return Case(name, what, body, told, "import builtins, os, sys\nimport numpy as np", score)


CASES = (
    *(
        Case(f"writes_{name}", f"writes {what}", f"os.write(3, {code})", NO_ANSWER, FRAME)
        for name, (what, code) in WRITES.items()
    ),
    *MORE,
    *(_patches(name, what, code, "wrong values", 7.0) for name, (what, code) in PATCHES.items()),
    *(_patches(name, what, code, told) for name, (what, told, code) in BREAKAGES.items()),
)
