"""The gate that every release passes: no secret, no foreign file, no output, no marker in it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from autograder.authoring.lines import Haystack, released_lines
from autograder.authoring.secrets import Secret
from autograder.authoring.trees import Tree
from autograder.errors import AuthoringError

_MARKER = re.compile(r"(BEGIN|END) (SOLUTION|HIDDEN TESTS|MARK SCHEME)")
# As nbformat writes them, one key a line; in a string of JSON the quotes would be escaped.
_OUTPUT = re.compile(r'\s*("outputs": \[(?!\])|"execution_count": (?!null))')


@dataclass(frozen=True)
class Finding:
    """Something in a released file that must not be there; `line` is None for the whole file."""

    path: str
    line: int | None
    message: str

    def __str__(self) -> str:
        where = self.path if self.line is None else f"{self.path}:{self.line}"
        return f"{where}: {self.message}"


def pass_gate(
    release: Tree, expected: Iterable[str], secrets: Iterable[Secret], where: str
) -> None:
    """Refuse a release that gives something away.

    Parameters
    ----------
    expected : the names of the files that the release should hold.
    where : what error messages call the release's folder.

    Raises
    ------
    AuthoringError
        With the first finding's file and line; the message lists the others too.
    """
    findings = list(inspect(release, frozenset(expected), tuple(secrets)))
    if findings:
        first, *others = findings
        message = "\n".join([first.message, *(f"{where}/{other}" for other in others)])
        raise AuthoringError(f"{where}/{first.path}", first.line, message)


def inspect(
    release: Tree, expected: frozenset[str], secrets: tuple[Secret, ...]
) -> Iterator[Finding]:
    """Yield everything that must not be in a release."""
    for name in sorted(release):
        if name not in expected:
            yield Finding(name, None, "this file does not belong in a release")
        try:
            text = release[name].decode("utf-8")
        except UnicodeDecodeError:
            continue  # data; text that could give something away is UTF-8
        yield from _inspect_text(name, text, secrets)


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
