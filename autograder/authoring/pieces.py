"""The course's own code, cut into its statements; each text is parsed once."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache


@dataclass(frozen=True)
class Piece:
    """One top-level statement.

    Attributes
    ----------
    source : its text, decorators included.
    line : the first of it, from 1.
    names : that it defines.
    defines : whether it is a function or a class.
    runs : whether it is part of a program: no docstring, and no import from `solutions`.
    """

    source: str
    line: int
    names: frozenset[str]
    defines: bool
    runs: bool


# Of a course's misconceptions and modules in both conventions; children find them there.
@lru_cache(maxsize=4096)
def pieces_of(source: str) -> tuple[Piece, ...]:
    """Cut a module's text.

    Raises
    ------
    SyntaxError
        If it is not valid Python.
    """
    lines = source.splitlines()
    return tuple(_piece(lines, node) for node in ast.parse(source).body)


def _piece(lines: list[str], node: ast.stmt) -> Piece:
    first = min(n.lineno for n in (node, *getattr(node, "decorator_list", ())))
    local = isinstance(node, ast.ImportFrom) and (node.module or "").startswith("solutions")
    return Piece(
        "\n".join(lines[first - 1 : node.end_lineno]),
        first,
        frozenset(names_of(node)),
        isinstance(node, ast.FunctionDef | ast.ClassDef),
        not local and not isinstance(node, ast.Expr),
    )


def defined_names(source: str) -> frozenset[str]:
    """Return the names that a text's top-level functions, classes and constants define.

    Raises
    ------
    SyntaxError
        If it is not valid Python.
    """
    return frozenset(name for piece in pieces_of(source) for name in piece.names)


def names_of(node: ast.stmt) -> Iterator[str]:
    """The names that a top-level statement defines: of a function, a class or constants."""
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        yield node.name
    elif isinstance(node, ast.Assign):
        yield from (target.id for target in node.targets if isinstance(target, ast.Name))
    elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
        yield node.target.id
