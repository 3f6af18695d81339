"""The gate that every release passes: no secret, no foreign file, no output, no marker in it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from autograder.authoring.lines import Haystack, released_lines
from autograder.authoring.secrets import Secret
from autograder.authoring.trees import Tree
from autograder.errors import AuthoringError

_MARKER = re.compile(r"(BEGIN|END) (SOLUTION|HIDDEN TESTS|MARK SCHEME)")
# As nbformat writes them, one key a line; in a string of JSON the quotes would be escaped.
_OUTPUT = re.compile(r'\s*("outputs": \[(?!\])|"execution_count": (?!null))')


@dataclass(frozen=True)
class Gate:
    """What a release is held against: the names it may hold, and what it must not show.

    `files` maps the content of each secret file to its path.
    """

    expected: frozenset[str]
    secrets: tuple[Secret, ...]
    files: Mapping[bytes, str]


@dataclass(frozen=True)
class Finding:
    """Something in a released file that must not be there; `line` is None for the whole file."""

    path: str
    line: int | None
    message: str

    def __str__(self) -> str:
        where = self.path if self.line is None else f"{self.path}:{self.line}"
        return f"{where}: {self.message}"


def pass_gate(release: Tree, gate: Gate, where: str) -> None:
    """Refuse a release, which errors call `where`, if it gives something away.

    Raises
    ------
    AuthoringError
        With the first finding's file and line; the message lists the others too.
    """
    findings = list(inspect(release, gate))
    if findings:
        first, *others = findings
        message = "\n".join([first.message, *(f"{where}/{other}" for other in others)])
        raise AuthoringError(f"{where}/{first.path}", first.line, message)


def inspect(release: Tree, gate: Gate) -> Iterator[Finding]:
    """Yield everything that must not be in a release."""
    for name, content in sorted(release.items()):
        if name not in gate.expected:
            yield Finding(name, None, "this file does not belong in a release")
        if content in gate.files:
            yield Finding(name, None, f"a copy of {gate.files[content]}")
        try:
            text = content.decode("utf-8")
        except UnicodeDecodeError:
            continue  # data; text that could give something away is UTF-8
        yield from _inspect_text(name, text, gate.secrets)


def _inspect_text(name: str, text: str, secrets: tuple[Secret, ...]) -> Iterator[Finding]:
    lines = released_lines(name, text)
    for number, line in enumerate(lines, 1):
        if match := _MARKER.search(line):
            yield Finding(name, number, f"the marker {match[0]}")
    if name.endswith(".ipynb"):
        for number, line in enumerate(text.splitlines(), 1):
            if _OUTPUT.match(line):
                yield Finding(name, number, "a cell that was run; releases hold no outputs")
    haystack = Haystack.of(lines)
    for secret in secrets:
        for number in secret.given_away_in(haystack):
            yield Finding(name, number, f"shows a {secret.kind}, {secret.path}:{secret.line}")
