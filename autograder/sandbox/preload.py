"""What graded code may import: all of it is imported before a worker loses the file system."""

from __future__ import annotations

import importlib
import pkgutil
from types import ModuleType

# Everything else becomes a stand-in (see standins.py).
# fmt: off
STANDARD_LIBRARY = (
    "abc", "argparse", "array", "ast", "base64", "bisect", "builtins", "bz2", "calendar",
    "cmath", "codecs", "collections", "collections.abc", "colorsys", "concurrent.futures",
    "contextlib", "contextvars", "copy", "copyreg", "csv", "ctypes", "dataclasses", "datetime",
    "decimal", "difflib", "dis", "enum", "errno", "fnmatch", "fractions", "functools", "gc",
    "getpass", "glob", "graphlib", "gzip", "hashlib", "heapq", "hmac", "html", "importlib",
    "importlib.util", "inspect", "io", "itertools", "json", "keyword", "linecache", "locale",
    "logging", "lzma", "math", "multiprocessing", "numbers", "operator", "os", "os.path",
    "pathlib", "pickle", "platform", "pprint", "queue", "random", "re", "reprlib", "resource",
    "secrets", "select", "selectors", "shelve", "shlex", "shutil", "signal", "socket", "stat",
    "statistics", "string", "struct", "subprocess", "sys", "sysconfig", "tempfile", "textwrap",
    "threading", "time", "timeit", "token", "tokenize", "traceback", "tracemalloc", "types",
    "typing", "unicodedata", "unittest", "unittest.mock", "urllib.parse", "uuid", "warnings",
    "weakref", "zipfile", "zlib",
    # imported by others at their first use
    "_strptime", "encodings.ascii", "encodings.idna", "encodings.latin_1", "encodings.utf_16",
    "encodings.utf_32", "encodings.cp1252", "encodings.unicode_escape", "stringprep",
)
# fmt: on
NUMPY_WITHOUT = {
    *("tests", "f2py", "distutils", "_pyinstaller", "conftest", "mypy_plugin"),
    "matlib",  # deprecated; warns on import
}


def preload() -> None:
    """Import the list and all of numpy; a module that this Python lacks is skipped."""
    for name in STANDARD_LIBRARY:
        _import(name)
    import numpy

    _import_package(numpy.__name__, list(numpy.__path__))


def _import_package(name: str, path: list[str]) -> None:
    for found in pkgutil.iter_modules(path):
        if found.name in NUMPY_WITHOUT:
            continue
        module = _import(f"{name}.{found.name}")
        if found.ispkg and module is not None:
            _import_package(f"{name}.{found.name}", list(module.__path__))


def _import(name: str) -> ModuleType | None:
    try:
        return importlib.import_module(name)
    except ImportError:
        return None
