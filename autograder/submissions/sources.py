"""Reads one `.py` file: its text, what in it is out of date, and its statements."""

from __future__ import annotations

import ast
import codecs
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from autograder.submissions.edits import Kind, Leftover, apply
from autograder.submissions.numpy_names import find_gone
from autograder.submissions.parse import MAX_SOURCE, CellFault, Piece, parse_module, split
from autograder.submissions.python2 import (
    SYNTAX,
    expand_tabs,
    find_leftovers,
    has_print_statement,
    mend_syntax,
)

MAX_BYTES = 4 * MAX_SOURCE  # of a file; a character has four bytes at most
COOKIE = re.compile(rb"^[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)")
# Encodings that editors wrote. Python knows many more, some of which take the square of the time.
ENCODINGS = frozenset({
    "ascii", "utf-8", "iso8859-1", "iso8859-15", "cp1252", "cp1251", "cp936", "cp949", "koi8-r",
    "gb2312", "gbk", "gb18030", "big5", "shift_jis", "cp932", "euc_jp", "euc_kr",
})  # fmt: skip


@dataclass(frozen=True)
class Source:
    """One file, read with or without mending it.

    Attributes
    ----------
    pieces : top-level statements to run; none where there is a fault.
    mended : statements of the mended text, by which files are found and compared; the same as
        `pieces` where nothing is out of date.
    leftovers : what was mended, or would be.
    fault : completes "layers.py" to a sentence without its full stop, or is empty.
    """

    pieces: tuple[Piece, ...]
    mended: tuple[Piece, ...]
    leftovers: tuple[Leftover, ...] = ()
    fault: str = ""


def read_source(data: bytes, *, repair: bool) -> Source:
    """Read a file's content. Everything that is wrong with it becomes its `fault`."""
    try:
        text = _decode(data)
        tree, mended, syntax = _parse(text)
    except CellFault as fault:
        place = "" if fault.line is None else f", line {fault.line}"
        return Source((), (), fault=f"{place}: {fault}; the file was left out")
    tree, newest, names = _renew(mended, tree)
    pieces = split(newest, tree)
    leftovers = (*syntax, *names)
    if repair or not leftovers:
        return Source(pieces, pieces, leftovers)
    try:
        return Source(split(text, parse_module(text)), pieces, leftovers)
    except CellFault:
        return Source((), pieces, leftovers, " is Python 2 and was left out")


def _decode(data: bytes) -> str:
    """Decode as Python does, by mark and cookie; line ends become `\\n`."""
    encoding = "utf-8"
    for line in data.split(b"\n", 2)[:2]:
        if match := COOKIE.match(line):
            encoding = _known(match[1].decode("ascii", "replace"))
            break
    if data.startswith(codecs.BOM_UTF8):
        encoding = "utf-8-sig"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        number = data.count(b"\n", 0, error.start) + 1
        raise CellFault(f"is not {encoding} text; save it as UTF-8", number) from None
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _known(encoding: str) -> str:
    try:
        name = codecs.lookup(encoding).name
    except (LookupError, ValueError):
        name = ""
    if name not in ENCODINGS:
        raise CellFault("names an encoding that is not known here; save it as UTF-8", 1)
    return name


Parsed = tuple[ast.Module, str, tuple[Leftover, ...]]
Candidate = tuple[str, tuple[Leftover, ...]]


def _parse(text: str) -> Parsed:
    """Return tree and text in Python 3, and what of its syntax had to be mended."""
    try:
        tree = parse_module(text)
    except CellFault as fault:
        if fault.line is None:  # too long or too deep, whatever the language
            raise
        found = _first_that_parses(_candidates(text, fault.line))
        if found is None:
            raise
        return found
    # `print` alone and `print >>file, x` are Python 3 too, but print nothing.
    old = _mended(text) if has_print_statement(tree) else iter(())
    return _first_that_parses(old) or (tree, text, ())


def _first_that_parses(candidates: Iterator[Candidate]) -> Parsed | None:
    for text, leftovers in candidates:
        try:
            return parse_module(text), text, leftovers
        except CellFault:
            continue
    return None


def _candidates(text: str, line: int) -> Iterator[Candidate]:
    """Yield what `text` may have been meant to be, the least changed first."""
    spaced = expand_tabs(text)
    if spaced == text:
        yield from _mended(text)
    else:
        tabs = Leftover(SYNTAX["tabs"], line)
        yield spaced, (tabs,)
        yield from _mended(text)
        yield from _mended(spaced, tabs)


def _mended(text: str, *before: Leftover) -> Iterator[Candidate]:
    done = mend_syntax(text)
    if done is not None and done[1]:
        yield done[0], (*before, *done[1])


def _renew(text: str, tree: ast.Module) -> tuple[ast.Module, str, tuple[Leftover, ...]]:
    """Mend names that are gone; a text that this would break is left as it is."""
    found = [*find_leftovers(tree), *find_gone(tree)]
    if not found:
        return tree, text, ()
    mended = apply(text, [edit for _, edits in found for edit in edits])
    try:
        return parse_module(mended), mended, tuple(leftover for leftover, _ in found)
    except CellFault:
        return tree, text, ()


def leftover_sentences(file: str, leftovers: Sequence[Leftover]) -> list[str]:
    """One sentence for each kind of thing that is out of date and was not mended."""
    sentences = []
    for kind in _kinds(leftovers):
        lines = sorted({leftover.line for leftover in leftovers if leftover.kind == kind})
        more = f" and {len(lines) - 1} more" if len(lines) > 1 else ""
        sentences.append(
            f"{file}, line {lines[0]}{more}: {kind.reason}; "
            "grade again with --repair to have it mended."
        )
    return sentences


def repair_sentences(file: str, leftovers: Sequence[Leftover]) -> list[str]:
    """One line for each kind of thing that was mended."""
    counts = [(kind, sum(one.kind == kind for one in leftovers)) for kind in _kinds(leftovers)]
    return [
        f"{file}: {kind.was} -> {kind.now} ({count} time{'s' * (count > 1)})"
        for kind, count in counts
    ]


def _kinds(leftovers: Sequence[Leftover]) -> list[Kind]:
    """Each kind once, in the order of the file."""
    ordered = sorted(leftovers, key=lambda leftover: leftover.line)
    return list(dict.fromkeys(leftover.kind for leftover in ordered))
