"""The written answers of a notebook."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from autograder.submissions.align import Alignment
from autograder.submissions.cells import Cell
from autograder.submissions.release import Release
from autograder.submissions.submission import Answer
from autograder.submissions.text import same_prose


def written_answers(
    release: Release, cells: Sequence[Cell], alignment: Alignment
) -> dict[str, Answer]:
    """Return the answer to each question of the notebook; the stub where there is none."""
    return {
        question.grade_id: _answer(question.source, _places(question.index, alignment), cells)
        for question in release.of("question")
    }


def _places(index: int, alignment: Alignment) -> list[int]:
    place = alignment.cells.get(index)
    return [] if place is None else [place, *alignment.more.get(index, ())]


def _answer(stub: str, places: Sequence[int], cells: Sequence[Cell]) -> Answer:
    parts = [cells[place] for place in places]
    # The stub is a request to write here; it goes when the answer stands in the cells below it.
    written = [p for p in parts if not p.blank and not same_prose(p.source, stub)]
    text = "\n\n".join(part.source.strip() for part in written)
    return Answer(text or stub, bool(written), _images(parts))


def _images(cells: Sequence[Cell]) -> Mapping[str, str]:
    return {
        name: f"data:{media};base64,{''.join(data.split())}"
        for cell in cells
        for name, versions in cell.images.items()
        for media, data in list(versions.items())[:1]
    }
