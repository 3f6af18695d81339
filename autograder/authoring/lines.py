"""Text as comparable lines: what a copy shares with its original, however it is formatted."""

from __future__ import annotations

import bisect
import io
import json
import re
import textwrap
import tokenize
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

_PUNCTUATION = re.compile(r"\s*([^\w\s])\s*")
_MARKS = re.compile(r"[\s#>*-]*")
_JSON_STRING = re.compile(r'\s*("(?:[^"\\]|\\.)*"),?')


def normalise(line: str) -> str:
    """Return a line without comment marks or bullets in front and spaces beside punctuation."""
    bare = line[_MARKS.match(line).end() :]  # type: ignore[union-attr]
    return _PUNCTUATION.sub(r"\1", " ".join(bare.split()))


def statements(source: str) -> Iterator[tuple[int, str]]:
    """Yield line (1-based) and text of each comment and of each logical line of Python source.

    A statement over several lines is one text; comments are taken out of it. Unlike a syntax tree
    this works on any run of whole lines, such as a solution region.
    """
    text = textwrap.dedent(source)
    lines = text.splitlines()
    first = 0
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        row, column = token.start
        if token.type == tokenize.COMMENT:
            yield row, token.string
            lines[row - 1] = lines[row - 1][:column]
        elif token.type == tokenize.NEWLINE:
            yield first, " ".join(lines[first - 1 : token.end[0]])
            first = 0
        elif not first and token.string.strip():
            first = row


def released_lines(name: str, text: str) -> list[str]:
    """Return what each line of a file shows: in a notebook, the string that its JSON spells."""
    lines = text.splitlines()
    if not name.endswith(".ipynb"):
        return lines
    strings = (_JSON_STRING.fullmatch(line) for line in lines)
    return [json.loads(match[1]) if match else "" for match in strings]


@dataclass(frozen=True)
class Haystack:
    """Lines to search, each alone and all of them as one text, normalised."""

    lines: tuple[str, ...]
    text: str
    starts: tuple[int, ...]

    @classmethod
    def of(cls, lines: Iterable[str]) -> Haystack:
        normal = tuple(normalise(line) for line in lines)
        pieces: list[str] = []
        starts, length, last = [], 0, ""
        for line in normal:
            # Between two words the line break counts as a space, elsewhere as nothing.
            glue = " " if _is_word(last) and _is_word(line[:1]) else ""
            starts.append(length + len(glue))
            pieces.append(glue + line)
            length += len(pieces[-1])
            last = line[-1:] or last
        return cls(normal, "".join(pieces), tuple(starts))

    def containing(self, needle: str) -> Iterator[int]:
        """Yield the lines (1-based) where `needle`, normalised and whole words, begins."""
        if needle in self.text:  # much quicker than the expression, and nearly always enough
            for match in re.finditer(rf"(?<!\w){re.escape(needle)}(?!\w)", self.text):
                yield bisect.bisect_right(self.starts, match.start())

    def equal_to(self, needle: str) -> Iterator[int]:
        """Yield the lines (1-based) that are `needle`."""
        return (number for number, line in enumerate(self.lines, 1) if line == needle)


def _is_word(text: str) -> bool:
    return text == "_" or text.isalnum()
