"""Parses one cell or file of student code into its top-level statements; runs nothing.

CPython's parser is bounded in depth but not in time and memory: `import a.a.a...` costs the square
of its length. What could hurt is refused before it gets there.
"""

from __future__ import annotations

import ast
import re
import threading
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

from autograder.submissions.magics import drop_magics
from autograder.submissions.names import Bindings, bindings, defines
from autograder.submissions.text import shown

T = TypeVar("T")

MAX_SOURCE = 200_000  # characters of one cell
STACK = 64 << 20
LONG = 200
LONG_CHAIN = re.compile(rf"(?:\.[\s\\]*+\w++[\s\\]*+){{{LONG}}}")

_thread = threading.local()


class CellFault(Exception):
    """A cell's code cannot be used; `line` is 1-based within the cell, or None."""

    def __init__(self, reason: str, line: int | None = None) -> None:
        super().__init__(reason)
        self.line = line


@dataclass(frozen=True)
class Piece:
    """One top-level statement: its text, its first line within the cell, its syntax tree."""

    source: str
    line: int
    node: ast.stmt

    @cached_property
    def bound(self) -> Bindings:
        """The names it binds; found once for the cells that a class has in common."""
        return bindings(self.node)

    @cached_property
    def defined(self) -> frozenset[str]:
        """The names for which it defines functions or classes."""
        return defines(self.node)


def parse_cell(source: str) -> tuple[Piece, ...]:
    """Split a cell into its top-level statements; those without any effect are left out.

    Raises
    ------
    CellFault
        If the cell is not Python, even without its magics, or is too large.
    """
    _check_size(source)
    # Code that is Python as it stands holds no magics: "%d" in it is an operator or a string.
    tree = _parse(source)
    if isinstance(tree, CellFault):
        python = drop_magics(source)
        if python is None:
            return ()
        source, tree = python, _parse(python)
    if isinstance(tree, CellFault):
        raise tree
    return split(source, tree)


def parse_module(source: str) -> ast.Module:
    """Parse the text of a `.py` file, in which there are no magics.

    Raises
    ------
    CellFault
        If it is not Python or is too large.
    """
    _check_size(source)
    tree = _parse(source)
    if isinstance(tree, CellFault):
        raise tree
    return tree


def split(source: str, tree: ast.Module) -> tuple[Piece, ...]:
    """Cut `source` into its top-level statements; those without any effect are left out."""
    return tuple(_split(source, tree))


def on_deep_stack(work: Callable[[], T]) -> T:
    """Do some work on a stack of known size: the limits of CPython's parser assume 8 MB or so.

    Parsing does so by itself; who parses much, does all of it here: a thread costs more than most
    cells.
    """
    if getattr(_thread, "is_deep", False):
        return work()
    outcomes: list[tuple[T | None, BaseException | None]] = []

    def run() -> None:
        _thread.is_deep = True
        try:
            outcomes.append((work(), None))
        except BaseException as error:  # noqa: BLE001 - raised below, where it belongs
            outcomes.append((None, error))

    previous = threading.stack_size(STACK)
    try:
        thread = threading.Thread(target=run)
        thread.start()
    finally:
        threading.stack_size(previous)
    thread.join()
    value, error = outcomes[0]
    if error is not None:
        raise error
    return value  # type: ignore[return-value]


def _check_size(source: str) -> None:
    if len(source) > MAX_SOURCE:
        raise CellFault(f"is longer than {MAX_SOURCE} characters")
    if source.count(".") >= LONG and LONG_CHAIN.search(source):
        raise CellFault("is nested too deeply")


def _parse(source: str) -> ast.Module | CellFault:
    return on_deep_stack(lambda: _parse_here(source))


def _parse_here(source: str) -> ast.Module | CellFault:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # "\d" in a student's string is the student's affair
            return ast.parse(source)
    except SyntaxError as error:
        return CellFault(f"syntax error ({shown(error.msg)})", error.lineno)
    except ValueError:
        return CellFault("holds characters that Python does not allow")
    except (RecursionError, MemoryError):
        return CellFault("is nested too deeply")


def _split(source: str, tree: ast.Module) -> Iterator[Piece]:
    lines = [line.encode() for line in source.split("\n")]
    for node in tree.body:
        constant = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        if not constant and not isinstance(node, ast.Pass):
            yield _piece(lines, node)


def _piece(lines: list[bytes], node: ast.stmt) -> Piece:
    """Cut a statement out by its position, in bytes as `ast` counts, so that comments stay."""
    first, column = node.lineno, node.col_offset
    if decorators := getattr(node, "decorator_list", None):
        first, column = decorators[0].lineno, 0
        while not lines[first - 1].lstrip().startswith(b"@"):  # the @ may stand alone
            first -= 1
    assert node.end_lineno is not None
    chunk = lines[first - 1 : node.end_lineno]
    chunk[-1] = chunk[-1][: node.end_col_offset]
    chunk[0] = chunk[0][column:]
    return Piece(b"\n".join(chunk).decode(), first, node)
