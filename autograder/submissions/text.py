"""Comparing and showing text that a student wrote."""

from __future__ import annotations

LONGEST_SHOWN = 100


def shown(text: str, longest: int = LONGEST_SHOWN) -> str:
    """Return `text` fit for a sentence: one line, printable, not longer than `longest`."""
    printable = "".join(character if character.isprintable() else "?" for character in text)
    return printable if len(printable) <= longest else printable[: longest - 1] + "…"


def same_code(left: str, right: str) -> bool:
    """Whether two sources differ at most in trailing white space and blank lines around them."""
    return code_key(left) == code_key(right)


def code_key(source: str) -> str:
    """Equal for sources that `same_code` takes for the same."""
    return "\n".join(line.rstrip() for line in source.strip().split("\n"))


def same_prose(left: str, right: str) -> bool:
    """Whether two texts differ at most in white space."""
    return left.split() == right.split()


def enumerated(numbers: list[int]) -> str:
    """`[5, 9, 12]` as "5, 9 and 12"."""
    *most, last = map(str, numbers)
    return f"{', '.join(most)} and {last}" if most else last
