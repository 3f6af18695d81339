"""The lines that must never reach students, and the rule that says when one is given away.

What is secret: solution regions (in `solutions/` and in authored text), hidden suites,
misconceptions, variations, model answers and rubrics; those of the other assignments as well. No
file of `solutions/` or `tests/` may be released as a whole either.

The rule. Code is taken by statement, prose by line; both are compared without formatting (see
`lines`), so neither indentation nor line breaks nor a comment mark hide a copy.

- A text of at least `LONG` characters is given away wherever a file contains it.
- A shorter one is given away only by a line that is nothing else.
- Code shorter than `SHORT`, or without an operator, string or comment in it, says nothing and is no
  secret: `else:`, `return out, cache`, `import numpy as np`. Of hidden suites, whose point is never
  in a short line, only texts of at least `LONG` characters count; of variations, which say much
  that everybody says, and of prose, too.
- What stands outside of the regions of `solutions/` is no secret: students are meant to see it.
  Hints of misconceptions are none either.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from autograder.authoring.definitions import read_text
from autograder.authoring.draft import read_draft
from autograder.authoring.lines import Haystack, normalise, statements
from autograder.authoring.material import shown, solution_files
from autograder.authoring.misconceptions import read_misconceptions
from autograder.authoring.regions import (
    Region,
    cell_regions,
    module_regions,
    parse,
    solutions,
    strip,
)
from autograder.authoring.trees import read_tree
from autograder.paths import Course

LONG = 20
SHORT = 8

_TELLING = re.compile(r"[-=+*/%@<>&|^~\"'#]")


@dataclass(frozen=True)
class Secret:
    """One normalised text, what it is and where it stands."""

    text: str
    kind: str
    path: str
    line: int

    def given_away_in(self, haystack: Haystack) -> Iterator[int]:
        """Yield the lines of a released file that show this secret."""
        if len(self.text) < LONG:
            return haystack.equal_to(self.text)
        return haystack.containing(self.text)


def course_secrets(course: Course) -> tuple[Secret, ...]:
    """Collect everything in a course that must not be released."""
    visible: set[str] = set()
    found: list[Secret] = []
    for path in solution_files(course):
        where = shown(course, path)
        text = read_text(path, where)
        regions = module_regions(text, where)
        visible |= {normalise(code) for _, code in statements(strip(text, regions))}
        found += _in_regions(text, regions, where, 1)
    found += _in_authored_text(course)
    found += _in_files(course, course.root / "tests", "hidden test", LONG)
    found += _in_files(course, course.solutions / "variations", "variation", LONG)
    found += _in_misconceptions(course)
    found += _in_answers(course)
    return tuple(secret for secret in found if secret.text not in visible)


def secret_files(course: Course) -> dict[bytes, str]:
    """Return the files that no release may hold a copy of, path by content."""
    folders = (course.solutions, course.root / "tests")
    return {
        content: shown(course, folder / name)
        for folder in folders
        for name, content in read_tree(folder).items()
        if content.strip()
    }


def _in_regions(
    text: str, regions: Iterable[Region], where: str, first_line: int
) -> Iterator[Secret]:
    for line, body in solutions(text, regions):
        yield from _code(body, "solution", where, first_line + line - 1, SHORT)


def _in_authored_text(course: Course) -> Iterator[Secret]:
    for path in sorted((course.root / "source").glob("*/*.md")):
        where = shown(course, path)
        for cell in read_draft(read_text(path, where), path.stem, where).cells:
            if cell.may_hold_solutions:
                regions = cell_regions(cell.source, where, cell.line + 1)
                yield from _in_regions(cell.source, regions, where, cell.line + 1)


def _in_files(course: Course, folder: Path, kind: str, shortest: int) -> Iterator[Secret]:
    for path in sorted(folder.rglob("*.py")):
        where = shown(course, path)
        text = read_text(path, where)
        parse(text, where)  # refused here by name; `_code` takes any run of lines
        yield from _code(text, kind, where, 1, shortest)


def _in_misconceptions(course: Course) -> Iterator[Secret]:
    for path in sorted((course.solutions / "misconceptions").glob("*.toml")):
        where = shown(course, path)
        lines = read_text(path, where).splitlines()
        for entry in read_misconceptions(path):
            parse(entry.code, f"{where}, {entry.id}")
            code = entry.code.splitlines()
            texts = [(code[line - 1], text) for line, text in statements(entry.code)]
            # An edit may begin or end in the middle of a statement: take each line by itself.
            texts += [(line, line) for _, new in entry.edits for line in new.splitlines()]
            for begins, text in texts:
                number = next((n for n, line in enumerate(lines, 1) if begins in line), 1)
                yield from _telling(text, "misconception", where, number, SHORT)


def _in_answers(course: Course) -> Iterator[Secret]:
    for path in sorted((course.solutions / "answers").rglob("*.md")):
        where = shown(course, path)
        for number, line in enumerate(read_text(path, where).splitlines(), 1):
            text = normalise(line)
            # Shorter lines of prose and headings may well be said elsewhere too.
            if len(text) >= LONG and not line.startswith("#"):
                yield Secret(text, "model answer or rubric", where, number)


def _code(source: str, kind: str, where: str, first_line: int, shortest: int) -> Iterator[Secret]:
    for line, code in statements(source):
        yield from _telling(code, kind, where, first_line + line - 1, shortest)


def _telling(code: str, kind: str, where: str, line: int, shortest: int) -> Iterator[Secret]:
    text = normalise(code)
    if len(text) >= shortest and _TELLING.search(code):
        yield Secret(text, kind, where, line)
