"""The fork server: has numpy and no secret, and forks one locked-down worker a request.

Run as a script by `launcher.py`, never imported. It is exec'ed and not forked from the grader, so
that no byte of a hidden test, a reference solution or another submission is in its memory. It
talks JSON over a SOCK_SEQPACKET socket whose descriptor is its only argument.
"""

from __future__ import annotations

import array
import gc
import importlib
import json
import os
import signal
import socket
import sys
import types
from typing import Any

PACKAGES = ("autograder", "autograder.sandbox")
TURNS = 50
IN_WORKERS = ("channel", "codec", "compiled", "lockdown", "worker")

parts = types.SimpleNamespace()  # the modules IN_WORKERS, by name


def main() -> None:
    control = socket.socket(fileno=int(sys.argv[1]))
    settings = json.loads(control.recv(1 << 16))
    try:
        prepare(settings["import_from"])
    except Exception as error:  # noqa: BLE001  the launcher reports whatever it is
        control.send(json.dumps({"error": f"{type(error).__name__}: {error}"}).encode())
        os._exit(1)
    control.send(json.dumps({"ready": True}).encode())
    serve(control)


def prepare(import_from: list[str]) -> None:
    """Import all that workers need and forget where it came from."""
    here = os.path.dirname(os.path.abspath(__file__))
    # The package's own __init__ would import the trusted side.
    for name in PACKAGES:
        package = types.ModuleType(name)
        package.__path__ = [here] if name == PACKAGES[-1] else []
        sys.modules[name] = package
    sys.path += import_from
    for name in IN_WORKERS:
        setattr(parts, name, importlib.import_module(f"{PACKAGES[-1]}.{name}"))
    from autograder.sandbox import linux, preload, seccomp

    preload.preload()
    seccomp.prepare_filter()
    linux.prctl(linux.PR_SET_DUMPABLE, 0)
    warm_up()
    forget()


def warm_up() -> None:
    """Use the wire format as workers do: Python makes code that runs often faster, once for all."""
    import numpy as np

    from autograder.sandbox import codec, requests

    x = np.ones((2, 3))
    path = [["name", "f"], ["attr", "params"]]
    request = ["call", path, [x, (x, None), {"p": 0.5, "mode": "train"}], {"seed": 1}, False]
    for _ in range(TURNS):
        raw = b"".join(codec.encode(codec.REQUEST, request))
        ((tree, arrays),) = requests.requests_in(memoryview(raw))
        value = requests.value_of(tree, arrays, str)
        codec.encode(codec.REPLY, (x, codec.Handle(1, "f"), {"W": np.float64(1)}, value))


def forget() -> None:
    """Leave no path, argument, environment or module of this package behind for the workers."""
    sys.path.clear()
    sys.path_importer_cache.clear()
    sys.argv[:] = [""]
    os.environ.clear()
    for name in [name for name in sys.modules if name.partition(".")[0] == PACKAGES[0]]:
        del sys.modules[name]
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    gc.collect()
    gc.freeze()


def serve(control: socket.socket) -> None:
    """Fork and reap workers until the launcher hangs up."""
    while True:
        message, ancillary, _, _ = control.recvmsg(1 << 16, socket.CMSG_SPACE(4))
        if not message:
            os._exit(0)  # takes the workers along: they die with their parent
        request = json.loads(message)
        if request["op"] == "spawn":
            (descriptor,) = array.array("i", ancillary[0][2])
            try:
                answer: dict[str, object] = {"pid": spawn(descriptor, request)}
            except OSError as error:  # no room for another process
                answer = {"error": str(error)}
            os.close(descriptor)
        elif request["op"] == "know":
            parts.compiled.know(*request["statement"])
            answer = {}
        else:
            _, status = os.waitpid(request["pid"], 0)
            answer = {"status": os.waitstatus_to_exitcode(status)}
        control.send(json.dumps(answer).encode())


def spawn(descriptor: int, request: dict[str, Any]) -> int:
    """Fork a worker that answers on `descriptor`; return its process id."""
    parent = os.getpid()
    pid = os.fork()
    if pid == 0:
        try:
            become_worker(descriptor, request, parent)
        finally:
            os._exit(1)
    return pid


def become_worker(descriptor: int, request: dict[str, Any], parent: int) -> None:
    lockdown, codec = parts.lockdown, parts.codec
    lockdown.keep_only(descriptor)
    allowance = lockdown.Allowance(request["memory_mib"], request["cpu_seconds"])
    layers, missing = lockdown.lock_down(allowance, parent)
    parts.channel.send_frame(lockdown.SOCKET, codec.encode(codec.HELLO, [layers, missing]))
    parts.worker.Server(lockdown.SOCKET).serve()


if __name__ == "__main__":
    main()
