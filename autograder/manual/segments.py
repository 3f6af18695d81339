"""Cuts Markdown into pieces that a template can show as text, with formulas and code set apart.

    segments(text, images) -> list[Segment]

Nothing is rendered: each piece stays text, which the template escapes. The only thing left out is a
picture's address, because to show a picture from elsewhere is to tell its owner who looks at it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

LONGEST = 20_000
ATTACHMENT = "attachment:"

# Each piece ends where the next one of its kind would begin, so that the time is linear in the
# length of whatever was handed in.
PIECE = re.compile(
    r"""
    (?P<picture>
        !\[ (?P<name> [^\[\]\n]{0,300} ) \]
        \( (?P<target> [^()\s]* ) (?: \s " [^"\n]{0,300} " )? \) )
    | (?P<math> \$\$ [^$]+ \$\$ | \$ [^$\n]+ \$ )
    | (?P<code> ``` [^`]+ ``` | ` [^`\n]+ ` )
    | (?P<strong> \*\* [^*\n]+ \*\* )
    """,
    re.VERBOSE,
)
# Control characters, direction overrides (an answer could read otherwise than it is written) and
# lone surrogates (which no file can hold).
UNPRINTABLE = re.compile("[\0-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


@dataclass(frozen=True)
class Segment:
    """A piece of an answer; `kind` is "text", "math", "code", "strong" or "note"."""

    kind: str
    text: str


def segments(text: str, images: Collection[str] = ()) -> list[Segment]:
    """Cut `text`; pictures become notes, and what is beyond `LONGEST` characters is cut off.

    Parameters
    ----------
    images : names of the pasted pictures that are shown below the text.

    Examples
    --------
    >>> [piece.kind for piece in segments("so **no**: $x > 0$ ![me](http://example.org/me.png)")]
    ['text', 'strong', 'text', 'math', 'text', 'note']
    """
    pieces: list[Segment] = []
    left = LONGEST
    for piece in _pieces(text, images):
        if left < len(piece.text):
            pieces.append(Segment(piece.kind, piece.text[:left]))
            pieces.append(Segment("note", "[cut off here; for the rest see the submission]"))
            break
        pieces.append(piece)
        left -= len(piece.text)
    return [Segment(p.kind, UNPRINTABLE.sub("\N{REPLACEMENT CHARACTER}", p.text)) for p in pieces]


def _pieces(text: str, images: Collection[str]) -> Iterator[Segment]:
    cursor = 0
    for match in PIECE.finditer(text):
        if cursor < match.start():
            yield Segment("text", text[cursor : match.start()])
        yield _piece(match, images)
        cursor = match.end()
    if cursor < len(text):
        yield Segment("text", text[cursor:])


def _piece(match: re.Match[str], images: Collection[str]) -> Segment:
    if match["picture"] is None:
        return Segment(str(match.lastgroup), match[0])
    target = match["target"].removeprefix(ATTACHMENT)
    if match["target"].startswith(ATTACHMENT) and target in images:
        return Segment("note", f"[picture below: {target}]")
    return Segment("note", f"[picture left out: {match['name'] or 'without a name'}]")
