"""Reads a notebook file into plain cells, whatever the types in it are.

`nbformat` is not used here: it refuses a whole notebook for one bad field, and what it upgrades
has to be valid to begin with. Formats 2 and 3 (worksheets) and 4 are read.
"""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from autograder.submissions.text import code_key

MAX_CELLS = 2000
KINDS = ("code", "markdown", "raw")
IMAGE_TYPES = ("image/png", "image/jpeg", "image/gif", "image/webp")
BASE64 = re.compile(r"[A-Za-z0-9+/=\s]+")
SURROGATE = re.compile("[\ud800-\udfff]")


class Unreadable(Exception):
    """A file holds no notebook; `str(error)` completes the sentence "<name> ..."."""


@dataclass(frozen=True)
class Cell:
    """One cell of a student's notebook.

    Attributes
    ----------
    number : 1-based place in the file as the student knows it.
    kind : "code", "markdown" or "raw".
    grade_id, cell_id : what the file says, or ""; a hint, never proof.
    images : pasted pictures, name to media type to base64 text.
    """

    number: int
    kind: str
    source: str
    grade_id: str = ""
    cell_id: str = ""
    images: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @property
    def blank(self) -> bool:
        return not self.source or self.source.isspace()

    @cached_property
    def key(self) -> str:
        return code_key(self.source)


def read_cells(data: bytes) -> tuple[tuple[Cell, ...], tuple[str, ...]]:
    """Return the cells of a notebook file and sentences about those that are damaged.

    Raises
    ------
    Unreadable
        If the file is empty or is not a notebook.
    """
    rows = _rows(_parse(_decode(data)))
    problems: list[str] = []
    if len(rows) > MAX_CELLS:
        problems.append(f"has {len(rows)} cells; only the first {MAX_CELLS} were read")
    cells = []
    for number, row in enumerate(rows[:MAX_CELLS], 1):
        cell = _cell(number, row)
        if cell is None:
            problems.append(f"cell {number} is damaged and was left out")
        else:
            cells.append(cell)
    return tuple(cells), tuple(problems)


def _decode(data: bytes) -> str:
    if not data or data.isspace():
        raise Unreadable("is empty")
    utf16 = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    try:
        return data.decode("utf-16" if utf16 else "utf-8-sig")
    except UnicodeDecodeError:
        raise Unreadable(
            "is not UTF-8 text, which every notebook is; save it again in Jupyter"
        ) from None


def _parse(text: str) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise Unreadable(
            f"is not valid JSON (line {error.lineno}); save it again in Jupyter"
        ) from None
    except (ValueError, RecursionError, MemoryError):
        raise Unreadable("is not a notebook: its JSON is nested too deeply or too large") from None


def _rows(notebook: Any) -> list[Any]:
    """Return the raw cells of any format, worksheets one after the other."""
    if isinstance(notebook, dict):
        if isinstance(notebook.get("cells"), list):
            return list(notebook["cells"])
        if isinstance(notebook.get("worksheets"), list):
            sheets = [_mapping(sheet).get("cells") for sheet in notebook["worksheets"]]
            return [row for sheet in sheets if isinstance(sheet, list) for row in sheet]
    raise Unreadable("is valid JSON but not a notebook (it has no list of cells)")


def _cell(number: int, row: Any) -> Cell | None:
    if not isinstance(row, dict):
        return None
    source = _text(row.get("source", row.get("input", "")))
    kind = row.get("cell_type")
    if source is None or not isinstance(kind, str):
        return None
    if kind == "heading":  # format 3
        level = row.get("level")
        source = "#" * (level if level in (1, 2, 3, 4, 5, 6) else 1) + " " + source
        kind = "markdown"
    marks = _mapping(_mapping(row.get("metadata")).get("nbgrader"))
    return Cell(
        number=number,
        kind=kind if kind in KINDS else "raw",
        source=source,
        grade_id=_text(marks.get("grade_id")) or "",
        cell_id=_text(row.get("id")) or "",
        images=_images(row.get("attachments")),
    )


def _text(value: Any) -> str | None:
    """Join what JSON may hold for a text; with `\\n` line ends and without lone surrogates."""
    if isinstance(value, list):
        try:
            value = "".join(value)
        except TypeError:
            return None
    if not isinstance(value, str):
        return None
    value = value.removeprefix("\ufeff")
    if "\r" in value:
        value = value.replace("\r\n", "\n").replace("\r", "\n")
    return value if value.isascii() else SURROGATE.sub("\ufffd", value)


def _mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _images(attachments: Any) -> dict[str, dict[str, str]]:
    """Keep what is certainly a picture; anything else could be active content."""
    images: dict[str, dict[str, str]] = {}
    for name, versions in _mapping(attachments).items():
        for media, value in _mapping(versions).items():
            data = _text(value)
            if media in IMAGE_TYPES and data and BASE64.fullmatch(data):
                images.setdefault(SURROGATE.sub("\ufffd", name), {})[media] = data
    return images
