"""Comparing and showing text that a student wrote."""

from __future__ import annotations

from collections.abc import Sequence

LONGEST_SHOWN = 100
MOST_NUMBERS = 10
MAX_PROBLEMS = 40  # of one kind; nobody reads more


def shown(text: str, longest: int = LONGEST_SHOWN) -> str:
    """Return `text` fit for a sentence: one line, printable, not longer than `longest`."""
    printable = "".join(character if character.isprintable() else "?" for character in text)
    return printable if len(printable) <= longest else printable[: longest - 1] + "…"


def code_key(source: str) -> str:
    """Equal for sources that differ at most in trailing white space and blank lines around."""
    return "\n".join(map(str.rstrip, source.strip().split("\n")))


def same_prose(left: str, right: str) -> bool:
    """Whether two texts differ at most in white space."""
    return left.split() == right.split()


def enumerated(numbers: list[int]) -> str:
    """`[5, 9, 12]` as "5, 9 and 12", and of very many numbers how many more there are."""
    *most, last = map(str, numbers)
    if len(numbers) > MOST_NUMBERS:
        most, last = most[:MOST_NUMBERS], f"{len(numbers) - MOST_NUMBERS} more"
    return f"{', '.join(most)} and {last}" if most else last


def limited(sentences: Sequence[str], prefix: str = "") -> tuple[str, ...]:
    """The first `MAX_PROBLEMS` sentences, and one that says how many were left out."""
    more = len(sentences) - MAX_PROBLEMS
    if more <= 0:
        return tuple(sentences)
    return (*sentences[:MAX_PROBLEMS], f"{prefix}{more} more problems of this kind.")
