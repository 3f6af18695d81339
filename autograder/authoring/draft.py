"""An authored notebook as data: its cells, their directives and the lines they stand on."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import jupytext

from autograder.errors import AuthoringError

TASK, CHECK, EXERCISE, GIVEN, QUESTION = "task", "check", "exercise", "given", "question"
# Each directive and the kind of cell that it belongs on.
ROLES = {TASK: "code", CHECK: "code", EXERCISE: "code", GIVEN: "code", QUESTION: "markdown"}
PLAIN = ""
GRADE_IDS = {
    TASK: "{}",
    CHECK: "{}_check",
    EXERCISE: "{}",
    GIVEN: "given_{}",
    QUESTION: "{}",
    PLAIN: "",
}

_FENCE = re.compile(r"(`{3,})(.*)")
_REGION = re.compile(r"<!--\s*#(region|endregion)\b")
_NAME = re.compile(r"[A-Za-z0-9_-]{1,58}")  # with a prefix or suffix still a valid cell id
_INTERNAL = {"lines_to_next_cell", "title", "region_name"}  # jupytext's own bookkeeping


@dataclass(frozen=True)
class Cell:
    """One authored cell.

    Attributes
    ----------
    kind : "code", "markdown" or "raw".
    source : the text of the cell.
    line : 1-based line of the fence, region marker or first line of text in the authored file.
    role : one of the directives (`TASK`, `CHECK`, ...), or `PLAIN`.
    name : what the directive names, e.g. the task's id; empty in plain cells.
    """

    kind: str
    source: str
    line: int
    role: str = PLAIN
    name: str = ""

    @property
    def grade_id(self) -> str:
        """The `grade_id` that nbgrader knows the cell by; empty in plain cells."""
        return GRADE_IDS[self.role].format(self.name)

    @property
    def may_hold_solutions(self) -> bool:
        return self.role in (TASK, EXERCISE)


@dataclass(frozen=True)
class Draft:
    """An authored notebook. `path` is what error messages call its file."""

    name: str
    path: str
    cells: tuple[Cell, ...]

    def error(self, cell: Cell, message: str) -> AuthoringError:
        return AuthoringError(self.path, cell.line, message)

    def cells_of(self, role: str) -> tuple[Cell, ...]:
        return tuple(cell for cell in self.cells if cell.role == role)


def read_draft(text: str, name: str, path: str) -> Draft:
    """Parse jupytext Markdown and its directives.

    Raises
    ------
    AuthoringError
        If a fence or region is not closed, or a directive is unknown, unreadable or misplaced.
    """
    lines = text.splitlines()
    openings = _openings(lines, path)
    parsed = jupytext.reads(text, fmt="md").cells
    where = _locate(lines, openings, [(cell.cell_type, cell.source) for cell in parsed])
    cells = (
        _cell(cell.cell_type, cell.source, line, cell.metadata, path)
        for cell, line in zip(parsed, where, strict=True)
    )
    return Draft(name, path, tuple(cells))


def _cell(kind: str, source: str, line: int, metadata: dict[str, object], path: str) -> Cell:
    found = {key: value for key, value in metadata.items() if key not in _INTERNAL}
    if not found:
        return Cell(kind, source, line)
    (role, name), *more = found.items()
    known = ", ".join(ROLES)
    if role == "incorrectly_encoded_metadata":
        raise AuthoringError(path, line, f'cannot read {name!r}; write it as task="affine_forward"')
    if role not in ROLES:
        raise AuthoringError(path, line, f"unknown directive {role!r}; known: {known}")
    if more:
        raise AuthoringError(path, line, f"one directive a cell, not also {more[0][0]!r}")
    if kind != ROLES[role]:
        raise AuthoringError(path, line, f"{role} belongs on a {ROLES[role]} cell, not on {kind}")
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        message = f"{role}={name!r}: use up to 58 letters, digits, - and _"
        raise AuthoringError(path, line, message)
    return Cell(kind, source, line, role, name)


def _openings(lines: Sequence[str], path: str) -> frozenset[int]:
    """Return the lines that open a fence or a region, refusing what is left open.

    jupytext would silently read something else there.
    """
    fence, fence_at, region_at = "", 0, 0
    openings = set()
    for number, line in enumerate(lines, 1):
        if match := _FENCE.match(line):
            ticks, info = match.groups()
            if not fence:
                fence, fence_at = ticks, number
                openings.add(number)
            elif ticks == fence and info.strip():
                raise AuthoringError(path, fence_at, "this code fence has no end")
            elif ticks == fence:
                fence = ""
        elif not fence and (match := _REGION.match(line)):
            opens = match[1] == "region"
            if opens and region_at:
                raise AuthoringError(path, region_at, "this #region has no #endregion")
            if not opens and not region_at:
                raise AuthoringError(path, number, "#endregion without #region")
            region_at = number if opens else 0
            openings.update({number} if opens else ())
    if fence:
        raise AuthoringError(path, fence_at, "this code fence has no end")
    if region_at:
        raise AuthoringError(path, region_at, "this #region has no #endregion")
    return frozenset(openings)


def _locate(
    lines: Sequence[str], openings: frozenset[int], cells: Sequence[tuple[str, str]]
) -> Iterator[int]:
    """Yield the line of each cell; jupytext keeps no line numbers, but it keeps the order."""
    cursor = 1
    for kind, source in cells:
        first = source.splitlines()[:1]
        for number in range(cursor, len(lines) + 1):
            opens = number in openings and lines[number - 1].startswith("`") == (kind == "code")
            if opens or (kind != "code" and lines[number - 1 : number] == first):
                cursor = number
                break
        yield cursor
        cursor += max(1, len(source.splitlines()))
