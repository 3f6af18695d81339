"""Programs that look for hidden files, secrets and other people's work."""

import textwrap

from autograder.tests.hostile.programs.case import Case

DENIED = "Operation not permitted"
UNKNOWN = "is not available to the grader"
LISTED = "found = str(os.listdir('ROOT'))"
# Written in one piece, the word would be in the program's own text.
HALVES = "secret = '-'.join(['canary', 'of', 'the', 'grader'])"
LOUD = "raise RuntimeError(found)"  # what was found would be in the message

READS = {
    "hidden_suite": "ROOT/tests/mini/test_mini.py",
    "reference": "ROOT/solutions/layers.py",
    "another_submission": "ROOT/submitted/bob/mini/Mini.ipynb",
    "gradebook": "ROOT/gradebook.db",
    "settings": "ROOT/source/course.toml",
    "graders_environment": "/proc/GRADER/environ",
    "graders_memory": "/proc/GRADER/mem",
    "own_maps": "/proc/self/maps",
    "password_file": "/etc/passwd",
}
WAYS = {
    "os_open": "import os; found = os.read(os.open('ROOT/secret.txt', 0), 99)",
    "file_io": "import io; found = io.FileIO('ROOT/secret.txt').read()",
    "pathlib": "from pathlib import Path; found = Path('ROOT/secret.txt').read_text()",
    "numpy_fromfile": "import numpy as np; found = np.fromfile('ROOT/secret.txt', 'u1').tobytes()",
    "numpy_load": "import numpy as np; found = np.load('ROOT/secret.npz', allow_pickle=True)['x']",
    "tokenize": "import tokenize; found = tokenize.open('ROOT/secret.txt').read()",
    "libc_open": """
        import ctypes, os
        libc = ctypes.CDLL(None, use_errno=True)
        found = libc.open(b'ROOT/secret.txt', 0)
        if found < 0: raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    """,
    "dot_dot": "found = open('../../../../../../../../../ROOT/secret.txt').read()",
}
CHANGES = {
    "gradebook_overwritten": "open('ROOT/gradebook.db', 'wb').write(b'all points')",
    "submission_overwritten": "open('ROOT/submitted/bob/mini/Mini.ipynb', 'w').write('')",
    "tree_removed": "import shutil; shutil.rmtree('ROOT')",
    "hidden_suite_renamed": "import os; os.rename('ROOT/tests', 'ROOT/gone')",
    "link_planted": "import os; os.symlink('/etc/passwd', 'ROOT/submitted/link')",
    "permissions_opened": "import os; os.chmod('ROOT', 0o777)",
    "pipe_planted": "import os; os.mkfifo('ROOT/pipe')",
}
LOOKING = (
    Case("folder_listed", "lists the course's folder", f"import os; {LISTED}; {LOUD}", DENIED),
    Case(
        "memory_mapped",
        "maps a file into its memory",
        f"import numpy as np; found = np.memmap('ROOT/secret.txt', 'u1', 'r').tobytes(); {LOUD}",
        "No module named 'mmap'",
    ),
    Case(
        "line_cache",
        "asks the cache that shows lines of source in tracebacks",
        f"import linecache; found = linecache.getlines('ROOT/secret.txt')[0]; {LOUD}",
        "IndexError",
    ),
    Case(
        "database",
        "opens the gradebook as a database",
        "import sqlite3; sqlite3.connect('ROOT/gradebook.db').execute('delete from grade')",
        UNKNOWN,
    ),
    Case(
        "environment",
        "shows its environment",
        f"import os; found = str(dict(os.environ)); {LOUD}",
        "RuntimeError: {}",
    ),
    Case(
        "command_line",
        "shows its arguments, import path and working directory",
        f"import os, sys; found = str([sys.argv, sys.path, os.getcwd()]); {LOUD}",
        "RuntimeError: [[''], [], '/']",
    ),
    Case(
        "import_of_the_reference",
        "imports the reference",
        "from solutions.layers import affine_forward; affine_forward(x)",
        UNKNOWN,
    ),
    Case(
        "import_of_the_suite",
        "imports the hidden suite",
        "from tests.mini import test_mini; test_mini.SECRET()",
        UNKNOWN,
    ),
    Case(
        "import_of_the_grader",
        "imports the grader",
        "from autograder.grading.runner import Grader; Grader(None, 'mini')",
        UNKNOWN,
    ),
    Case(
        "frame_walk",
        "walks up its frames, and through what they hold",
        """
        import sys
        frame, found = sys._getframe().f_back, ""
        while frame:
            found += str(frame.f_locals) + frame.f_code.co_filename
            frame = frame.f_back
        raise RuntimeError(f"{found.count(secret)} of {'statements' in found}")
        """,
        "RuntimeError: 0 of ",
        top=HALVES,
    ),
    Case(
        "garbage_collector",
        "asks the garbage collector for every text of its process",
        """
        import gc
        seen, waiting, found, texts = set(), gc.get_objects(), 0, 0
        while waiting and len(seen) < 10**6:
            thing = waiting.pop()
            if id(thing) in seen: continue
            seen.add(id(thing))
            if isinstance(thing, str):
                texts += 1
                found += secret in thing and thing is not secret
            else:
                waiting += gc.get_referents(thing)
        raise RuntimeError(f"{found} of {'many' if texts > 9999 else texts}")
        """,
        "RuntimeError: 0 of many",
        top=HALVES,
    ),
)


def _reads(name: str, path: str) -> Case:
    return Case(f"{name}_read", f"reads {path}", f"found = open({path!r}).read(); {LOUD}", DENIED)


def _way(name: str, way: str) -> Case:
    body = f"{textwrap.dedent(way)}\n{LOUD}"
    return Case(f"read_by_{name}", f"reads a file by way of {name}", body, DENIED)


CASES = (
    *(_reads(name, path) for name, path in READS.items()),
    *(_way(name, way) for name, way in WAYS.items()),
    *(Case(name, f"runs `{code}`", code, DENIED) for name, code in CHANGES.items()),
    *LOOKING,
)
