"""The written answers of a submission."""

from __future__ import annotations

import pytest

from autograder.submissions import Answer
from autograder.tests.submissions.conftest import HandIn
from autograder.tests.submissions.notebooks import (
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

STUB = "YOUR ANSWER HERE"


@pytest.fixture
def nets() -> Json:
    return solved("Nets")


def read(hand_in: HandIn, nets: Json) -> tuple[Answer, Answer, tuple[str, ...]]:
    submission = hand_in({"Layers.ipynb": solved("Layers"), "Nets.ipynb": nets})
    return submission.answers["how_deep"], submission.answers["how_wide"], submission.problems


def test_an_answer_is_known_by_its_id(hand_in: HandIn, nets: Json) -> None:
    deep, wide, problems = read(hand_in, nets)
    assert deep == Answer(SOLUTIONS["how_deep"], touched=True)
    assert wide == Answer(SOLUTIONS["how_wide"], touched=True)
    assert problems == ()


@pytest.mark.parametrize("text", [STUB, f"\n{STUB}  \n", "YOUR\nANSWER HERE", "", "  \n"])
def test_white_space_is_no_answer(hand_in: HandIn, nets: Json, text: str) -> None:
    cell(nets, "how_deep")["source"] = text
    deep, _, _ = read(hand_in, nets)
    assert not deep.touched


def test_an_answer_written_below_the_untouched_cell_is_found(hand_in: HandIn, nets: Json) -> None:
    cell(nets, "how_deep")["source"] = STUB
    insert_below(nets, "how_deep", prose("Three layers."), prose("Or four."))
    deep, _, problems = read(hand_in, nets)
    assert deep == Answer("Three layers.\n\nOr four.", touched=True)
    assert problems == ("Nets: cells 8 and 9 count as the answer to how_deep.",)


def test_an_answer_that_goes_on_in_the_next_cell_is_whole(hand_in: HandIn, nets: Json) -> None:
    insert_below(nets, "how_deep", prose("But not too flat."))
    deep, _, _ = read(hand_in, nets)
    assert deep.text == "Not very.\n\nBut not too flat."


def test_prose_elsewhere_is_no_answer(hand_in: HandIn, nets: Json) -> None:
    insert_below(nets, "plain-102", prose("I like nets."))
    deep, wide, _ = read(hand_in, nets)
    assert (deep.text, wide.text) == (SOLUTIONS["how_deep"], SOLUTIONS["how_wide"])


def test_answers_without_marks_are_found_below_their_headings(hand_in: HandIn, nets: Json) -> None:
    deep, wide, _ = read(hand_in, unmarked(nets))
    assert (deep.text, wide.text) == (SOLUTIONS["how_deep"], SOLUTIONS["how_wide"])


def test_answers_without_marks_and_headings_are_taken_in_order(hand_in: HandIn, nets: Json) -> None:
    drop(nets, "plain-103", "plain-104")
    deep, wide, _ = read(hand_in, unmarked(nets))
    assert (deep.text, wide.text) == (SOLUTIONS["how_deep"], SOLUTIONS["how_wide"])


def test_an_untouched_stub_without_marks_is_untouched(hand_in: HandIn) -> None:
    deep, wide, _ = read(hand_in, unmarked(released("Nets")))
    assert deep == wide == Answer(STUB, touched=False)


def test_a_deleted_answer_is_a_problem(hand_in: HandIn, nets: Json) -> None:
    deep, wide, problems = read(hand_in, drop(nets, "how_deep"))
    assert deep == Answer(STUB, touched=False)
    assert wide.text == SOLUTIONS["how_wide"]
    assert problems == ("Nets: the answer cell of how_deep is not there.",)


def test_a_changed_id_does_not_hide_an_answer(hand_in: HandIn, nets: Json) -> None:
    cell(nets, "how_deep")["metadata"]["nbgrader"]["grade_id"] = "how_high"
    deep, _, _ = read(hand_in, nets)
    assert deep.text == SOLUTIONS["how_deep"]


def test_of_two_copies_the_last_one_worked_on_counts(hand_in: HandIn, nets: Json) -> None:
    copy = cell(nets, "how_deep") | {"source": STUB, "id": "copy"}
    insert_below(nets, "how_deep", copy)
    deep, _, problems = read(hand_in, nets)
    assert deep.text == SOLUTIONS["how_deep"]
    assert problems == (
        "Nets: cells 7 and 8 are all marked as the answer to how_deep; cell 7 counts.",
    )


def test_an_answer_turned_into_code_is_read(hand_in: HandIn, nets: Json) -> None:
    row = cell(nets, "how_deep")
    row.update(code(row["source"], metadata=row["metadata"]))
    deep, _, _ = read(hand_in, nets)
    assert deep == Answer(SOLUTIONS["how_deep"], touched=True)


def test_a_pasted_picture_belongs_to_the_answer(hand_in: HandIn, nets: Json) -> None:
    cell(nets, "how_deep").update(
        source="![mine](attachment:p.png)", attachments={"p.png": {"image/png": "iVBO\nRw=="}}
    )
    deep, _, _ = read(hand_in, nets)
    assert deep.images == {"p.png": "data:image/png;base64,iVBORw=="}
