"""The repaired notebook, as nbgrader gets it."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbgrader.api import Gradebook
from nbgrader.nbgraderformat import MetadataValidator
from nbgrader.preprocessors import CheckCellMetadata, DeduplicateIds, OverwriteCells, SaveCells
from nbgrader.utils import compute_checksum, is_locked

from autograder.tests.submissions.conftest import HandIn
from autograder.tests.submissions.notebooks import (
    DATA,
    RELEASE,
    SOLUTIONS,
    Json,
    cell,
    code,
    drop,
    insert_below,
    prose,
    released,
    solved,
    unmarked,
)


def repaired(hand_in: HandIn, layers: Any) -> nbformat.NotebookNode:
    return hand_in({"Layers.ipynb": layers}).notebooks["Layers"]


def marks(notebook: nbformat.NotebookNode) -> list[Any]:
    return [row.metadata.nbgrader for row in notebook.cells if "nbgrader" in row.metadata]


def mangled() -> Json:
    """Everything at once: duplicated, deleted, changed, retyped, reordered, with outputs."""
    notebook = solved("Layers")
    insert_below(notebook, "double", cell(notebook, "double"), cell(notebook, "double_check"))
    drop(notebook, "triple_check", "given_setup")
    cell(notebook, "triple")["metadata"]["nbgrader"].update(points=100, locked=True, grade=True)
    cell(notebook, "why_layer")["cell_type"] = "code"
    cell(notebook, "plain-1")["outputs"] = [{"output_type": "stream"}]
    insert_below(notebook, "plain-7", code("x = 1", id="plain-1"), {"cell_type": "raw"}, 3)
    notebook["cells"].reverse()
    notebook["metadata"] = {"kernelspec": {"name": "sagemath", "display_name": "Sage"}}
    return notebook


NOTEBOOKS = {
    "solved": solved("Layers"),
    "untouched": released("Layers"),
    "without marks": unmarked(solved("Layers")),
    "mangled": mangled(),
    "without cells": {"cells": []},
    "saved by Colab": DATA / "saved_by_colab.ipynb",
    "format 3": DATA / "format_3_worksheets.ipynb",
    "two copies": DATA / "two_copies_of_one_cell.ipynb",
    "wrong types": DATA / "wrong_types_everywhere.ipynb",
}


@pytest.fixture(params=NOTEBOOKS)
def any_repaired(request: pytest.FixtureRequest, hand_in: HandIn) -> nbformat.NotebookNode:
    return repaired(hand_in, NOTEBOOKS[request.param])


def test_it_is_a_valid_notebook(any_repaired: nbformat.NotebookNode) -> None:
    nbformat.validate(any_repaired)
    assert (any_repaired.nbformat, any_repaired.nbformat_minor) == (4, 5)
    ids = [row.id for row in any_repaired.cells]
    assert len(ids) == len(set(ids))


def test_nbgrader_accepts_it(any_repaired: nbformat.NotebookNode) -> None:
    MetadataValidator().validate_nb(any_repaired)
    CheckCellMetadata().preprocess(any_repaired, {})


def test_nbgrader_finds_no_cell_twice(any_repaired: nbformat.NotebookNode) -> None:
    before = nbformat.writes(any_repaired)
    after, _ = DeduplicateIds().preprocess(any_repaired, {})
    assert nbformat.writes(after) == before


@pytest.fixture(scope="module")
def gradebook(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What nbgrader's preprocessors are told; their gradebook knows the release."""
    folder: Path = tmp_path_factory.mktemp("gradebook")
    names = {"notebook": "Layers", "assignment": "small", "db_url": f"sqlite:///{folder}/db"}
    with pytest.MonkeyPatch.context() as patch:
        # nbgrader calls `alembic`, which stands beside the interpreter, to make a new database.
        patch.setenv("PATH", str(Path(sys.executable).parent), prepend=os.pathsep)
        with Gradebook(names["db_url"]) as book:
            book.add_assignment("small")
    release = nbformat.read(RELEASE / "Layers.ipynb", as_version=4)
    SaveCells().preprocess(release, {"nbgrader": names})
    return {"nbgrader": names}


def test_nbgrader_overwrites_nothing_in_it(
    any_repaired: nbformat.NotebookNode, gradebook: dict[str, Any]
) -> None:
    before = nbformat.writes(any_repaired)
    after, _ = OverwriteCells().preprocess(any_repaired, gradebook)
    assert nbformat.writes(after) == before


def test_its_marks_are_those_of_the_release(any_repaired: nbformat.NotebookNode) -> None:
    release = nbformat.read(RELEASE / "Layers.ipynb", as_version=4)
    assert marks(any_repaired) == marks(release)
    assert any_repaired.metadata == release.metadata


def test_locked_cells_have_the_checksums_of_the_release(
    any_repaired: nbformat.NotebookNode,
) -> None:
    locked = [row for row in any_repaired.cells if is_locked(row)]
    assert len(locked) == 3
    for row in locked:
        assert compute_checksum(row) == row.metadata.nbgrader.checksum


def test_outputs_are_cleared(any_repaired: nbformat.NotebookNode) -> None:
    rows = [row for row in any_repaired.cells if row.cell_type == "code"]
    assert all(row.outputs == [] and row.execution_count is None for row in rows)


@pytest.mark.parametrize("name", sorted(set(NOTEBOOKS) - {"untouched", "without cells", "mangled"}))
def test_it_holds_the_students_work(hand_in: HandIn, name: str) -> None:
    rows = {row.id: row for row in repaired(hand_in, NOTEBOOKS[name]).cells}
    assert rows["triple"].source == SOLUTIONS["triple"]
    assert rows["why_layer"].source == SOLUTIONS["why_layer"]
    assert rows["why_layer"].cell_type == "markdown"


def test_an_untouched_notebook_is_the_release(hand_in: HandIn) -> None:
    release = nbformat.read(RELEASE / "Layers.ipynb", as_version=4)
    assert repaired(hand_in, released("Layers")) == release


def test_a_deleted_answer_gets_the_stub_back(hand_in: HandIn) -> None:
    notebook = repaired(hand_in, drop(solved("Layers"), "double", "why_layer"))
    untouched = [
        row.id
        for row in notebook.cells
        if "nbgrader" in row.metadata
        and not is_locked(row)
        and compute_checksum(row) == row.metadata.nbgrader.checksum
    ]
    assert untouched == ["double", "why_layer"]


def test_a_students_own_cells_stay_where_they_were(hand_in: HandIn) -> None:
    layers = solved("Layers")
    layers["cells"].insert(0, prose("by Ada"))
    insert_below(layers, "double", code("print(double(2))"), prose("It works."))
    ids = [row.id for row in repaired(hand_in, layers).cells]
    assert ids[:2] == ["student-1", "plain-1"]
    assert ids[ids.index("double") :][:4] == ["double", "student-7", "student-8", "double_check"]


def test_a_students_own_cell_loses_its_marks(hand_in: HandIn) -> None:
    notebook = repaired(hand_in, DATA / "two_copies_of_one_cell.ipynb")
    (extra,) = [row for row in notebook.cells if row.id.startswith("student")]
    assert extra.source == "def double(x):\n    return x"
    assert extra.metadata == {}


def test_an_edited_plain_cell_keeps_the_students_version(hand_in: HandIn) -> None:
    layers = solved("Layers")
    cell(layers, "plain-5")["source"] = "print(triple(7))"
    rows = {row.id: row.source for row in repaired(hand_in, layers).cells}
    assert rows["plain-5"] == "print(triple(7))"


def test_an_exercise_without_marks_is_found_by_its_function(hand_in: HandIn) -> None:
    rows = {row.id: row.source for row in repaired(hand_in, unmarked(solved("Layers"))).cells}
    assert rows["try_it_out"] == SOLUTIONS["try_it_out"]


def test_the_second_answer_of_a_shared_cell_points_to_the_first(hand_in: HandIn) -> None:
    layers = drop(solved("Layers"), "triple")
    cell(layers, "double")["source"] = SOLUTIONS["double"] + "\n\n" + SOLUTIONS["triple"]
    rows = {row.id: row.source for row in repaired(hand_in, layers).cells}
    assert rows["triple"] == "# Written in one cell with double."


def test_a_pasted_picture_stays_in_the_answer(hand_in: HandIn) -> None:
    layers = solved("Layers")
    picture = {"p.png": {"image/png": "iVBORw=="}}
    cell(layers, "why_layer").update(source="![](attachment:p.png)", attachments=picture)
    rows = {row.id: row for row in repaired(hand_in, layers).cells}
    assert rows["why_layer"].attachments == picture
