"""Whole submissions, from files to statements, answers and problems."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from autograder.errors import AuthoringError, SubmissionError
from autograder.program import Program
from autograder.submissions import read_submission
from autograder.tests.submissions.conftest import HandIn
from autograder.tests.submissions.notebooks import (
    ASSIGNMENT,
    DATA,
    RELEASE,
    SOLUTIONS,
    released,
    solved,
)


def sources(program: Program, task: str) -> list[str]:
    return [statement.source for statement in program if statement.task == task]


def test_a_good_submission_has_no_problems(hand_in: HandIn) -> None:
    submission = hand_in({f"{n}.ipynb": solved(n) for n in ("Layers", "Nets")})
    assert submission.problems == ()
    assert submission.present == {"Layers", "Nets"}
    assert (submission.student, submission.assignment) == ("ada", "small")


def test_given_code_of_the_release_comes_first(hand_in: HandIn) -> None:
    program = hand_in({"Layers.ipynb": solved("Layers")}).statements["Layers"]
    assert [(s.source, s.where, s.line, s.task) for s in program[:2]] == [
        ("import numpy as np", "Layers, given code", 1, None),
        ("from nnkit import check", "Layers, given code", 3, None),
    ]


def test_a_solution_comes_with_its_place(hand_in: HandIn) -> None:
    program = hand_in({"Layers.ipynb": solved("Layers")}).statements["Layers"]
    assert [(s.source, s.where, s.line) for s in program if s.task == "triple"] == [
        (SOLUTIONS["triple"], "Layers, cell 8", 1)
    ]


def test_besides_given_code_and_solutions_only_definitions_run(hand_in: HandIn) -> None:
    program = hand_in({"Layers.ipynb": solved("Layers")}).statements["Layers"]
    assert [s.source for s in program[2:]] == [
        SOLUTIONS["double"],
        SOLUTIONS["triple"],
        "rows = 4",
        SOLUTIONS["try_it_out"],
    ]


def test_a_notebook_that_uses_another_starts_with_its_statements(hand_in: HandIn) -> None:
    submission = hand_in({f"{n}.ipynb": solved(n) for n in ("Layers", "Nets")})
    first, second = submission.statements["Layers"], submission.statements["Nets"]
    assert submission.program(ASSIGNMENT, "Nets") == first + second
    assert submission.program(ASSIGNMENT, "Layers") == first


def test_an_untouched_stub_comes_along(hand_in: HandIn) -> None:
    submission = hand_in({f"{n}.ipynb": released(n) for n in ("Layers", "Nets")})
    (stub,) = sources(submission.statements["Layers"], "double")
    assert "raise NotImplementedError()" in stub
    assert submission.problems == ()


def test_a_missing_notebook_leaves_its_given_code_and_stubs(hand_in: HandIn) -> None:
    submission = hand_in({"Layers.ipynb": solved("Layers")})
    assert submission.problems == ("Nets.ipynb was not handed in.",)
    assert submission.present == {"Layers"}
    assert set(submission.notebooks) == {"Layers"}
    assert {s.where for s in submission.statements["Nets"]} == {"Nets, given code"}
    assert not submission.answers["how_deep"].touched


@pytest.mark.parametrize(
    "scenario", ["saved_by_colab", "format_3_worksheets", "utf_16", "utf_8_with_mark"]
)
def test_the_solutions_are_found_in(hand_in: HandIn, scenario: str) -> None:
    submission = hand_in({"Layers.ipynb": DATA / f"{scenario}.ipynb"})
    for task in ("double", "triple"):
        assert sources(submission.statements["Layers"], task) == [SOLUTIONS[task]]
    assert submission.answers["why_layer"].text == SOLUTIONS["why_layer"]


@pytest.mark.parametrize(
    ("scenario", "problem"),
    [
        ("empty", "Layers.ipynb is empty."),
        (
            "cut_off",
            "Layers.ipynb is not valid JSON (line 104); save it again in Jupyter.",
        ),
        (
            "html_page",
            "Layers.ipynb is not valid JSON (line 1); save it again in Jupyter.",
        ),
        (
            "latin_1",
            "Layers.ipynb is not UTF-8 text, which every notebook is; save it again in Jupyter.",
        ),
        (
            "list_instead_of_notebook",
            "Layers.ipynb is valid JSON but not a notebook (it has no list of cells).",
        ),
    ],
)
def test_one_sentence_says_why_a_file_is_unreadable(
    hand_in: HandIn, scenario: str, problem: str
) -> None:
    submission = hand_in({"Layers.ipynb": DATA / f"{scenario}.ipynb", "Nets.ipynb": solved("Nets")})
    assert submission.problems == (problem,)
    assert submission.present == {"Nets"}


def test_wrong_types_cost_only_the_cells_that_have_them(hand_in: HandIn) -> None:
    submission = hand_in(
        {"Layers.ipynb": DATA / "wrong_types_everywhere.ipynb", "Nets.ipynb": solved("Nets")}
    )
    for task in ("double", "triple"):
        assert sources(submission.statements["Layers"], task) == [SOLUTIONS[task]]
    damaged = [p for p in submission.problems if "damaged" in p]
    assert damaged == [f"Layers.ipynb cell {n} is damaged and was left out." for n in range(1, 6)]


def test_of_two_copies_the_last_counts_and_the_student_is_told(hand_in: HandIn) -> None:
    submission = hand_in(
        {"Layers.ipynb": DATA / "two_copies_of_one_cell.ipynb", "Nets.ipynb": solved("Nets")}
    )
    assert sources(submission.statements["Layers"], "double") == [
        "def double(x):\n    return x + x"
    ]
    assert submission.problems == (
        "Layers: cells 5 and 6 are all marked as the answer to double; cell 6 counts.",
    )


def test_a_single_notebook_can_be_read_with_what_lies_beside_it(tmp_path: Path) -> None:
    for name in ("Layers", "Nets"):
        (tmp_path / f"{name}.ipynb").write_text(json.dumps(solved(name)))
    (tmp_path / "best_model.npz").write_bytes(b"model")
    (tmp_path / "diary.txt").write_text("not part of the assignment")
    submission = read_submission(tmp_path / "Nets.ipynb", ASSIGNMENT, RELEASE, "ada")
    assert submission.present == {"Layers", "Nets"}
    assert set(submission.files) == {"best_model.npz"}


def test_the_notebook_that_was_named_comes_before_its_neighbours(tmp_path: Path) -> None:
    (tmp_path / "Layers.ipynb").write_text(json.dumps(released("Layers")))
    (tmp_path / "Layers (1).ipynb").write_text(json.dumps(solved("Layers")))
    submission = read_submission(tmp_path / "Layers (1).ipynb", ASSIGNMENT, RELEASE, "ada")
    assert sources(submission.statements["Layers"], "double") == [SOLUTIONS["double"]]


def test_a_path_to_nothing_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(SubmissionError, match="no such file or folder"):
        read_submission(tmp_path / "nowhere", ASSIGNMENT, RELEASE, "ada")


def test_a_missing_release_is_an_error_that_says_what_to_run(tmp_path: Path) -> None:
    with pytest.raises(AuthoringError, match="run `autograder build small`"):
        read_submission(tmp_path, ASSIGNMENT, tmp_path, "ada")


def test_an_empty_folder_is_a_submission_without_notebooks(hand_in: HandIn) -> None:
    submission = hand_in({})
    assert submission.problems == (
        "Layers.ipynb was not handed in.",
        "Nets.ipynb was not handed in.",
    )


def test_a_flood_of_problems_is_cut_short(hand_in: HandIn) -> None:
    notebook = solved("Layers")
    notebook["cells"] += [{"cell_type": "code", "source": "1 1", "metadata": {}}] * 500
    submission = hand_in({"Layers.ipynb": notebook})
    assert len(submission.problems) < 50
    assert "Layers: 460 more problems of this kind." in submission.problems
