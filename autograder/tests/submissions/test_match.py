"""Which file is which notebook."""

from __future__ import annotations

import json
from typing import Any

import pytest

from autograder.submissions.cells import read_cells
from autograder.submissions.match import match_files, named_like
from autograder.submissions.release import read_release
from autograder.tests.submissions.conftest import HandIn
from autograder.tests.submissions.notebooks import ASSIGNMENT, RELEASE, code, solved, unmarked


def match(files: dict[str, Any], preferred: str = "") -> dict[str, str]:
    cells = {name: read_cells(json.dumps(content).encode())[0] for name, content in files.items()}
    return match_files(cells, read_release(RELEASE, ASSIGNMENT), preferred)


@pytest.mark.parametrize(
    "name",
    [
        "Layers (1).ipynb",
        "Layers_final.ipynb",
        "layers-Copy1.ipynb",
        "homework.ipynb",
        "Nets2.ipynb",
    ],
)
def test_a_renamed_notebook_is_known_by_its_cells(name: str) -> None:
    assert match({name: solved("Layers")}) == {"Layers": name}


def test_a_renamed_notebook_without_marks_is_known_by_its_functions() -> None:
    notebook = {"cells": [code("x = 1"), code("def triple(x):\n    return 3 * x")]}
    assert match({"a.ipynb": notebook}) == {"Layers": "a.ipynb"}


def test_swapped_names_are_put_right() -> None:
    files = {"Layers.ipynb": solved("Nets"), "Nets.ipynb": solved("Layers")}
    assert match(files) == {"Layers": "Nets.ipynb", "Nets": "Layers.ipynb"}


def test_the_file_under_the_right_name_comes_before_its_copy() -> None:
    files = {"Layers (1).ipynb": solved("Layers"), "Layers.ipynb": unmarked(solved("Layers"))}
    assert match(files) == {"Layers": "Layers.ipynb"}


def test_a_preferred_file_comes_first() -> None:
    files = {"Layers (1).ipynb": solved("Layers"), "Layers.ipynb": solved("Layers")}
    assert match(files, preferred="Layers (1).ipynb") == {"Layers": "Layers (1).ipynb"}


def test_of_two_copies_the_more_complete_one_counts() -> None:
    part = solved("Layers")
    part["cells"] = part["cells"][:6]
    files = {"a.ipynb": part, "b.ipynb": solved("Layers")}
    assert match(files) == {"Layers": "b.ipynb"}


def test_the_order_of_files_does_not_matter() -> None:
    files = {f"{name}.ipynb": solved("Layers") for name in "abc"}
    assert match(files) == match(dict(reversed(files.items()))) == {"Layers": "a.ipynb"}


def test_a_notebook_of_something_else_is_left_alone() -> None:
    assert match({"diary.ipynb": {"cells": [code("import numpy as np")]}}) == {}


def test_a_wiped_notebook_is_known_by_its_name() -> None:
    assert match({"nets-Copy1.ipynb": {"cells": []}}) == {"Nets": "nets-Copy1.ipynb"}


def test_a_second_copy_does_not_stand_in_for_a_missing_notebook() -> None:
    files = {"Layers.ipynb": solved("Layers"), "Layers (1).ipynb": solved("Layers")}
    assert "Nets" not in match(files)


@pytest.mark.parametrize("file", ["Nets (1).ipynb", "my-nets.ipynb", "N_E_T_S.ipynb.txt"])
def test_names_that_are_alike(file: str) -> None:
    assert named_like(file, "Nets")


def test_students_are_told_what_was_read_as_what(hand_in: HandIn) -> None:
    submission = hand_in(
        {
            "Layers (1).ipynb": solved("Layers"),
            "Nets.ipynb": solved("Nets"),
            "Nets-Copy1.ipynb": solved("Nets"),
        }
    )
    assert submission.problems == (
        "Layers (1).ipynb was read as Layers.ipynb.",
        "Nets-Copy1.ipynb was not used.",
    )
