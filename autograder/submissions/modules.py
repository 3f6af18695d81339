"""Turns the files of a package into one program: modules in the order in which they load.

Only the files that define a task's functions are loaded, and what of the student's own they
import. Everything at the top of a module runs, as it does when Python imports it.
"""

from __future__ import annotations

import ast
import keyword
import re
import sys
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from autograder.manifest import Assignment
from autograder.program import FOREIGN, Program, Statement
from autograder.submissions.library import Library
from autograder.submissions.names import defines
from autograder.submissions.python2 import spelled_out
from autograder.submissions.roots import Choice, folder_of, is_inside
from autograder.submissions.sources import Source
from autograder.submissions.stubs import definitions
from autograder.submissions.text import shown

MAX_MODULES = 100
MAX_STATEMENTS = 5000
# What is imported from these is not the student's.
NOT_THEIRS = sys.stdlib_module_names | FOREIGN


@dataclass(frozen=True)
class Module:
    """A file of a package; `name` is dotted, `file` what the student is told of it."""

    name: str
    file: str
    path: str  # of the file within the submission
    source: Source


class Package:
    """The modules below one folder and how they import each other.

    Parameters
    ----------
    root : the folder within the submission, "" for its top.
    top : the package's own name.
    label : goes before a file's name within the package where a student is told of it.
    """

    def __init__(self, library: Library, root: str, top: str, label: str = "") -> None:
        self._library, self._root, self._top, self._label = library, root, top, label
        # By dotted name, the package's own name not included; shallow names before deep ones.
        self._files: dict[str, str] = {}
        self._names: dict[str, str] = {}
        for path in sorted(library.files, key=lambda name: (name.count("/"), name)):
            if is_inside(path, root):
                dotted = _dotted(self._relative(path))
                if self._files.setdefault(dotted, path) == path:
                    self._names[path] = f"{top}.{dotted}" if dotted else top

    def load_order(self, paths: Iterable[str], loaded: Collection[str]) -> tuple[Module, ...]:
        """Return the files at `paths` and all they import, each behind what it imports.

        What is `loaded` is left out. Where modules import each other in a circle, the one that was
        asked for first comes last.
        """
        order: dict[str, Module] = {}
        seen = set(loaded)

        def visit(path: str) -> None:
            if path in seen or len(seen) == MAX_MODULES:
                return
            seen.add(path)
            module = self._module(path)
            for imported in self._imports(path, module.source):
                visit(imported)
            order[path] = module

        for path in paths:
            visit(path)
        return tuple(order.values())

    def _module(self, path: str) -> Module:
        # Two names may become one identifier; the second file cannot be imported, but it runs.
        name = self._names.get(path) or f"{self._top}.{_identifier(path)}"
        return Module(name, self._label + self._relative(path), path, self._library.read(path))

    def _relative(self, path: str) -> str:
        return path.removeprefix(f"{self._root}/") if self._root else path

    def _imports(self, path: str, source: Source) -> Iterator[str]:
        """Yield files that a file imports, wherever in it."""
        package = folder_of(self._relative(path)).replace("/", ".")
        for piece in source.mended:
            for node in ast.walk(piece.node):
                for dotted in _imported(node, package):
                    found = self._find(dotted, package)
                    if found is not None:
                        yield found

    def _find(self, dotted: str, package: str) -> str | None:
        """Find a module as the sandbox will: by its name, else by the last part of it.

        The package itself is its `__init__.py`.
        """
        name = dotted.removeprefix(".")
        parts = name.split(".")
        if parts[-1] in ("", self._top):
            return self._files.get("")
        if dotted == name and parts[0] in NOT_THEIRS:
            return None
        beside = f"{package}.{name}" if package else name  # as Python 2 looked first
        for known in (name, beside, *(".".join(parts[k:]) for k in range(1, len(parts)))):
            if known in self._files:
                return self._files[known]
        last = (path for known, path in self._files.items() if known.endswith(f".{parts[-1]}"))
        return next(last, None)


def _dotted(file: str) -> str:
    """`classifiers/fc_net.py` as "classifiers.fc_net"; an `__init__.py` is its folder."""
    parts = [_identifier(part) for part in file.removesuffix(".py").split("/")]
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _identifier(name: str) -> str:
    name = re.sub(r"\W", "_", name, flags=re.ASCII)
    return f"_{name}" if name[:1].isdigit() or keyword.iskeyword(name) or not name else name


def _imported(node: ast.AST, package: str) -> Iterator[str]:
    """Yield dotted names of what may be modules, with a dot in front from the package's top."""
    match node:
        case ast.Import(names=names):
            yield from (alias.name for alias in names)
        case ast.ImportFrom(module=module, names=names, level=level):
            parts = package.split(".") if package else []
            base = parts[: max(0, len(parts) - level + 1)] if level else []
            base += module.split(".") if module else []
            dot = "." if level else ""
            yield dot + ".".join(base)
            yield from (dot + ".".join([*base, a.name]) for a in names if a.name != "*")


def load_modules(library: Library, choice: Choice) -> tuple[Module, ...]:
    """Return the modules of all chosen folders, in the order in which they load.

    The first package has its folder's name, which is what the student's imports say; others, maybe
    of the same name, have that of the whole path below `other`.
    """
    modules: tuple[Module, ...] = ()
    for root in choice.roots:
        parts = [_identifier(part) for part in root.split("/")] if root else ["package"]
        if modules:
            package = Package(library, root, ".".join(["other", *parts]), f"{root}/" * bool(root))
        else:
            package = Package(library, root, parts[-1])
        wanted = choice.of(root).values()
        modules += package.load_order(wanted, [module.path for module in modules])
    return modules


def make_program(
    assignment: Assignment, modules: Iterable[Module], homes: Mapping[str, str]
) -> tuple[Program, tuple[str, ...]]:
    """Return the statements of all modules, then imports of the tasks' functions; and sentences.

    Parameters
    ----------
    homes : for each function, the path of the file that it is taken from.
    """
    tasks: dict[str, str] = {}
    for task in assignment.tasks:
        for function in task.functions:
            tasks.setdefault(function, task.id)
    statements: list[Statement] = []
    imports: list[Statement] = []
    said: list[str] = []
    for module in modules:
        own = {name: task for name, task in tasks.items() if homes.get(name) == module.path}
        statements += _statements(module, own)
        lines = _lines(module, own)
        for name, places in lines.items():
            source = f"from {module.name} import {name}"
            imports.append(Statement(source, module.file, places[-1], tasks[name]))
            if len(places) > 1:
                said.append(
                    f"{shown(module.file)} defines {name} {_times(len(places))}; "
                    f"the last one (line {places[-1]}) counts."
                )
    if len(statements) > MAX_STATEMENTS:
        said.append(f"More than {MAX_STATEMENTS} statements; only these many were used.")
    return (*statements[:MAX_STATEMENTS], *imports), tuple(said)


def _statements(module: Module, tasks: Mapping[str, str]) -> Iterator[Statement]:
    for piece in module.source.pieces:
        names = sorted(defines(piece.node) & tasks.keys())
        task = tasks[names[0]] if names else None
        source = spelled_out(piece.node, piece.source)
        yield Statement(source, module.file, piece.line, task, module.name)


def _lines(module: Module, functions: Iterable[str]) -> dict[str, list[int]]:
    """For each of `functions` that the module defines, the lines where it does."""
    lines: dict[str, list[int]] = {}
    for node in definitions([piece.node for piece in module.source.pieces]):
        for name in sorted(defines(node) & frozenset(functions)):
            lines.setdefault(name, []).append(node.lineno)
    return lines


def _times(count: int) -> str:
    return "twice" if count == 2 else f"{count} times"
