"""Solution regions: what stands between `### BEGIN SOLUTION` and `### END SOLUTION`.

nbgrader ships a solution whole when its BEGIN is missing, so every mistake is refused here, by
file, line and function, before nbgrader sees the text.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from autograder.errors import AuthoringError

BEGIN = "### BEGIN SOLUTION"
END = "### END SOLUTION"
STUB = "raise NotImplementedError()"


@dataclass(frozen=True)
class Region:
    """One region; `begin` and `end` are the 1-based lines of its markers within the text."""

    begin: int
    end: int
    indent: int
    function: str


@dataclass(frozen=True)
class _Function:
    """Lines `first` to `last` belong to the function whose `def` stands at column `indent`."""

    name: str
    first: int
    last: int
    indent: int


@dataclass(frozen=True)
class _Text:
    """Lines of a file from its line `offset` + 1 on, and the functions among them."""

    path: str
    offset: int
    lines: Sequence[str]
    functions: Sequence[_Function]

    def error(self, line: int, message: str) -> AuthoringError:
        return AuthoringError(self.path, self.offset + line, message)

    def function(self, line: int) -> str:
        """Name of the innermost function whose body a marker at `line` belongs to, or ""."""
        indent = _indent(self.lines[line - 1])
        inside = [f for f in self.functions if f.first < line <= f.last and f.indent < indent]
        return max(inside, key=lambda f: f.first).name if inside else ""


def module_regions(text: str, path: str) -> tuple[Region, ...]:
    """Return the regions of a Python module; each must lie inside of a function.

    Raises
    ------
    AuthoringError
        If the module, or what is left of it without its solutions, is not valid Python, or a
        region is nested, not balanced, wrongly indented or outside of a function.
    """
    lines = text.splitlines()
    source = _Text(path, 0, lines, tuple(_functions(parse(text, path).body, len(lines))))
    regions = _regions(source)
    for region in regions:
        if not region.function:
            raise source.error(region.begin, "BEGIN SOLUTION outside of a function; put it inside")
    try:
        ast.parse(strip(text, regions))
    except SyntaxError as error:
        message = f"without its solution regions this is not valid Python ({error.msg})"
        raise AuthoringError(path, None, message) from None
    return regions


def cell_regions(source: str, path: str, first_line: int) -> tuple[Region, ...]:
    """Return the regions of one authored cell, whose source starts at `first_line` of `path`.

    A cell may hold top-level code and magics, so a region need not lie inside of a function.

    Raises
    ------
    AuthoringError
        If a region is nested, not balanced or wrongly indented.
    """
    lines = source.splitlines()
    try:
        functions = tuple(_functions(ast.parse(source).body, len(lines)))
    except SyntaxError:  # a magic or a shell line; only the function's name in errors is lost
        functions = ()
    return _regions(_Text(path, first_line - 1, lines, functions))


def solutions(text: str, regions: Iterable[Region]) -> Iterator[tuple[int, str]]:
    """Yield the first line and the text of each of the `regions` of `text`, without markers."""
    lines = text.splitlines(keepends=True)
    for region in regions:
        yield region.begin + 1, "".join(lines[region.begin : region.end - 1])


def strip(text: str, regions: Sequence[Region]) -> str:
    """Return `text` with a stub in the place of each of its `regions`."""
    lines = text.splitlines()
    for region in reversed(regions):
        lines[region.begin - 1 : region.end] = [" " * region.indent + STUB]
    return "\n".join(lines) + "\n"


def parse(text: str, path: str) -> ast.Module:
    """Parse a module; a syntax error becomes an `AuthoringError` that names file and line."""
    try:
        return ast.parse(text)
    except SyntaxError as error:
        raise AuthoringError(path, error.lineno, f"not valid Python: {error.msg}") from None


def _regions(text: _Text) -> tuple[Region, ...]:
    regions: list[Region] = []
    opened = 0
    for line, marker in _markers(text):
        if opened and text.function(line) != text.function(opened):
            break
        if marker == BEGIN:
            if opened:
                at = text.offset + opened
                raise text.error(
                    line, f"BEGIN SOLUTION{_in(text, line)} inside of that of line {at}"
                )
            opened = line
        else:
            if not opened:
                raise text.error(line, f"END SOLUTION{_in(text, line)} has no BEGIN")
            regions.append(_region(text, opened, line))
            opened = 0
    if opened:
        raise text.error(opened, f"BEGIN SOLUTION{_in(text, opened)} has no END")
    return tuple(regions)


def _markers(text: _Text) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(text.lines, 1):
        if line.strip() in (BEGIN, END):
            yield number, line.strip()
        elif "BEGIN SOLUTION" in line or "END SOLUTION" in line:
            # nbgrader takes any such line for a marker, wherever the words stand.
            raise text.error(number, f"write the marker as `{BEGIN}` or `{END}`, alone on its line")


def _region(text: _Text, begin: int, end: int) -> Region:
    indent = _indent(text.lines[begin - 1])
    if _indent(text.lines[end - 1]) != indent:
        raise text.error(end, f"END SOLUTION{_in(text, end)} is not indented like its BEGIN")
    for number in range(begin + 1, end):
        line = text.lines[number - 1]
        if line.strip() and _indent(line) < indent:
            raise text.error(number, f"solution line{_in(text, begin)} is left of its BEGIN")
    if not any(line.strip() for line in text.lines[begin : end - 1]):
        raise text.error(begin, f"the solution region{_in(text, begin)} is empty")
    return Region(begin, end, indent, text.function(begin))


def _in(text: _Text, line: int) -> str:
    name = text.function(line)
    return f" in {name}()" if name else ""


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _functions(body: Sequence[ast.AST], end: int, prefix: str = "") -> Iterator[_Function]:
    """Yield every function below `body`, whose last statement owns the lines up to `end`.

    A comment after a function's last statement, such as an END, is not part of the syntax tree, so
    a statement is taken to last until the next one begins.
    """
    starts = [*(_first_line(node) for node in body), end + 1]
    for node, following in zip(body, starts[1:], strict=True):
        name = prefix
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            name = f"{prefix}{node.name}"
            if not isinstance(node, ast.ClassDef):
                yield _Function(name, node.lineno, following - 1, node.col_offset)
            name += "."
        inner = [child for child in ast.iter_child_nodes(node) if isinstance(child, ast.stmt)]
        yield from _functions(inner, following - 1, name)


def _first_line(node: ast.AST) -> int:
    decorators = getattr(node, "decorator_list", [])
    return int(min([node.lineno, *(d.lineno for d in decorators)]))  # type: ignore[attr-defined]
