"""What is out of date in a file: where, what it is called, and the edit that mends it."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Kind:
    """`was` and `now` name what changes; `reason` completes "layers.py, line 3: ..."."""

    was: str
    now: str
    reason: str


@dataclass(frozen=True)
class Leftover:
    """Something that this Python or this NumPy does not know any more, at one place."""

    kind: Kind
    line: int


@dataclass(frozen=True)
class Edit:
    """Replaces the bytes between two positions, given as `ast` counts them: line, byte column."""

    start: tuple[int, int]
    end: tuple[int, int]
    text: str


Found = tuple[Leftover, tuple[Edit, ...]]


def apply(source: str, edits: Sequence[Edit]) -> str:
    """Return `source` with all edits made; they must not overlap."""
    data = source.encode()
    starts = [0]
    for line in data.split(b"\n"):
        starts.append(starts[-1] + len(line) + 1)
    spans = sorted(
        (starts[e.start[0] - 1] + e.start[1], starts[e.end[0] - 1] + e.end[1], e.text)
        for e in edits
    )
    parts, place = [], 0
    for first, last, text in spans:
        parts += [data[place:first], text.encode()]
        place = last
    # Python reads some letters beyond ASCII as ASCII; a name in them is longer than it says, and an
    # edit at its end may cut a letter in two. The result is parsed again, and then refused.
    return b"".join([*parts, data[place:]]).decode(errors="replace")


def start(node: ast.expr | ast.alias | ast.stmt) -> tuple[int, int]:
    return node.lineno, node.col_offset


def end(node: ast.expr | ast.alias | ast.stmt) -> tuple[int, int]:
    return node.end_lineno or node.lineno, node.end_col_offset or 0


def replaced(node: ast.expr | ast.alias | ast.stmt, text: str) -> Edit:
    return Edit(start(node), end(node), text)


def walk(tree: ast.AST) -> Iterator[ast.AST]:
    """Like `ast.walk`, but not into f-strings: before Python 3.12 places in them are wrong."""
    todo = [tree]
    while todo:
        node = todo.pop()
        if not isinstance(node, ast.JoinedStr):
            yield node
            todo.extend(ast.iter_child_nodes(node))


def bound_names(tree: ast.AST) -> frozenset[str]:
    """Every name that is bound anywhere in `tree`, parameters and imports included."""
    names: set[str] = set()
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name, ctx=ast.Store() | ast.Del()) | ast.arg(arg=name):
                names.add(name)
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
                names.add(name)
            case ast.alias():
                names.add(node.asname or node.name.split(".")[0])
    return frozenset(names)
