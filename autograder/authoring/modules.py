"""The modules that students of the package layout write in, made from those of `solutions/`."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator

from autograder.authoring.definitions import read_text
from autograder.authoring.material import shown, solution_files
from autograder.authoring.regions import module_regions
from autograder.authoring.release import released_source
from autograder.errors import AuthoringError
from autograder.paths import Course

PACKAGE = "nets"  # what students import their own code from

_INIT = '"""Your code: the notebooks import what you write in the modules of this package."""\n'
_FROM = re.compile(r"^(\s*from )solutions(?=\.\w+ import\b)", re.MULTILINE)
_MENTION = re.compile(r"\s*(from|import)\s+solutions\b")


def renamed(text: str) -> str:
    """Return source that imports from the students' package instead of `solutions`."""
    return _FROM.sub(rf"\1{PACKAGE}", text)


def module_file(module: str) -> str:
    """Return what students call the file of a module."""
    return f"{PACKAGE}/{module}.py"


def released_modules(course: Course, wanted: Iterable[str]) -> dict[str, str]:
    """Return the source of the package by file: the wanted modules and those they import.

    Raises
    ------
    AuthoringError
        If a module is not there, breaks a rule of regions or imports in another form.
    """
    found: dict[str, str] = {}
    queue = sorted(set(wanted))
    while queue:
        module = queue.pop()
        name = module_file(module)
        if name not in found:
            found[name] = _released(course, module)
            queue += _imported(found[name])
    return {f"{PACKAGE}/__init__.py": _INIT, **dict(sorted(found.items()))}


def open_modules(course: Course) -> frozenset[bytes]:
    """Return the content of each module of `solutions/` in which students have nothing to write."""
    return frozenset(
        path.read_bytes()
        for path in solution_files(course)
        if not module_regions(read_text(path, shown(course, path)), shown(course, path))
    )


def _released(course: Course, module: str) -> str:
    path = course.solutions / f"{module}.py"
    where = shown(course, path)
    text = read_text(path, where)
    module_regions(text, where)
    for number, line in enumerate(text.splitlines(), 1):
        if _MENTION.match(line) and not _FROM.match(line):
            raise AuthoringError(where, number, "write it as `from solutions.MODULE import NAME`")
    return renamed(released_source(course, text))


def _imported(source: str) -> Iterator[str]:
    """Yield the modules of the package that a module imports from."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom) and node.module:
            package, _, module = node.module.partition(".")
            if package == PACKAGE and not node.level:
                yield module
