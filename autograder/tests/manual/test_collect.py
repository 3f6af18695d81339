"""Written answers become one page and one JSON file, anonymous, and a key beside them."""

from __future__ import annotations

import json
import stat
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from autograder.errors import AuthoringError, SubmissionError
from autograder.manifest import load_assignment
from autograder.manual import collect
from autograder.paths import Course
from autograder.settings import load_settings
from autograder.tests.manual.conftest import UNTOUCHED, WRITERS
from autograder.tests.manual.courses import QUIZ, hand_in


def collected(course: Course) -> tuple[str, dict[str, Any], dict[str, Any]]:
    """The page, the JSON and the key."""
    page, data = collect(course, load_assignment(course, QUIZ), load_settings(course))
    key = json.loads((page.parent / "key.json").read_text(encoding="utf-8"))
    return page.read_text(encoding="utf-8"), json.loads(data.read_text(encoding="utf-8")), key


def question(data: dict[str, Any], name: str) -> dict[str, Any]:
    return next(item for item in data["questions"] if item["question"] == name)


def authors(data: dict[str, Any], key: dict[str, Any], name: str) -> list[str]:
    """Who wrote the answers to a question, in the order of the page."""
    return [key["students"][name][item["answer"]] for item in question(data, name)["answers"]]


def test_the_files_are_where_nbgraders_own_would_be(course: Course) -> None:
    page, data = collect(course, load_assignment(course, QUIZ), load_settings(course))
    folder = course.root / "manual" / QUIZ
    assert (page, data) == (folder / "answers.html", folder / "answers.json")
    assert sorted(p.name for p in folder.iterdir()) == ["answers.html", "answers.json", "key.json"]


def test_only_the_owner_may_read_the_key(course: Course) -> None:
    page, data = collect(course, load_assignment(course, QUIZ), load_settings(course))
    key = page.parent / "key.json"
    assert [stat.S_IMODE(p.stat().st_mode) for p in (page, data, key)] == [0o644, 0o644, 0o600]


def test_every_question_has_model_answer_rubric_and_the_answers(course: Course) -> None:
    page, data, _ = collected(course)
    assignment = load_assignment(course, QUIZ)
    assert [item["question"] for item in data["questions"]] == [q.id for q in assignment.questions]
    asked = question(data, "convolve_by_hand")
    assert (asked["title"], asked["points"]) == (assignment.questions[2].title, 4)
    assert "window" in asked["model_answer"]
    assert "half a point" in asked["rubric"]
    assert "## Rubric" not in asked["model_answer"] + asked["rubric"]
    texts = sorted(item["text"] for item in asked["answers"])
    assert texts == [f"sum {number}" for number in range(len(WRITERS))]
    assert [item["number"] for item in asked["answers"]] == [1, 2, 3, 4]
    for text in ("sum 0", "Answer 4", assignment.questions[2].title, "half a point"):
        assert text in page


def test_untouched_answers_are_counted_apart(course: Course) -> None:
    page, data, key = collected(course)
    (untouched,) = question(data, "convolve_by_hand")["untouched"]
    assert key["students"]["convolve_by_hand"][untouched] == UNTOUCHED
    assert "1 untouched" in page
    assert len(question(data, "dropout_mathematics")["untouched"]) == 5
    assert "Nobody has answered this question yet." in page


def test_no_student_is_named_but_in_the_key(course: Course) -> None:
    page, data, key = collected(course)
    for name in (*WRITERS, UNTOUCHED):
        assert name not in page
        assert name not in json.dumps(data)
        assert name in key["students"]["convolution_formula"].values()


def test_each_question_has_an_order_of_its_own(course: Course) -> None:
    for name in ("fay", "gus", "hal", "ivy", "jon", "kim"):
        hand_in(course, name, {"convolve_by_hand": name, "convolution_formula": name})
    _, data, key = collected(course)
    orders = [authors(data, key, name) for name in ("convolve_by_hand", "convolution_formula")]
    assert sorted(orders[0]) == sorted(orders[1])
    assert len({*map(tuple, orders), tuple(sorted(orders[0]))}) == 3


def test_the_order_comes_from_the_courses_seed(course: Course) -> None:
    assignment, settings = load_assignment(course, QUIZ), load_settings(course)
    pages = []
    for seed in (1, 1, 2):
        page, _ = collect(course, assignment, replace(settings, seed=seed))
        pages.append(page.read_text(encoding="utf-8"))
    assert pages[0] == pages[1]
    assert pages[0] != pages[2]


def test_a_late_submission_does_not_change_the_others_keys(course: Course) -> None:
    _, _, before = collected(course)
    hand_in(course, "zoe", {"convolve_by_hand": "late"})
    _, _, after = collected(course)
    for name, students in before["students"].items():
        assert students.items() < after["students"][name].items()


def test_an_unreadable_submission_counts_as_untouched(course: Course) -> None:
    (course.submission(QUIZ, "nora") / "Quiz8.ipynb").write_text("{")
    _, data, _ = collected(course)
    assert len(question(data, "convolve_by_hand")["untouched"]) == 2


def test_nothing_handed_in_is_an_error_that_says_where(course: Course) -> None:
    course.submitted.rename(course.root / "elsewhere")
    with pytest.raises(SubmissionError, match="submitted: nothing handed in for quiz-8"):
        collected(course)


@pytest.mark.parametrize(
    ("text", "message"),
    [(None, "write the model answer"), ("Only an answer.\n", "no line ## Rubric")],
)
def test_a_missing_model_answer_or_rubric_is_an_error_that_names_the_file(
    course: Course, text: str | None, message: str
) -> None:
    path: Path = course.answers(QUIZ) / "convolve_by_hand.md"
    path.unlink()
    if text is not None:
        path.write_text(text, encoding="utf-8")
    with pytest.raises(AuthoringError, match=message) as caught:
        collected(course)
    assert str(caught.value).startswith("solutions/answers/quiz-8/convolve_by_hand.md")
