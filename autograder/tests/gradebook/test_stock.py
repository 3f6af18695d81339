"""Stock `nbgrader autograde`: the same scores, whatever was handed in, and no student code run."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from autograder.gradebook.hooks import before_autograde
from autograder.gradebook.stock import grade_or_reuse
from autograder.grading.results import Result, read_result, write_result
from autograder.grading.runner import Grader
from autograder.grading.terms import Terms
from autograder.manifest import load_assignment
from autograder.paths import Course
from autograder.settings import load_settings
from autograder.tests.gradebook.courses import (
    NETS,
    QUIZ,
    hand_in,
    nbgrader,
    read,
    rows,
    verdict,
)

CHECK = "conv_forward_naive_check"
NOTEBOOK = "Quiz8.ipynb"
WHOLE: dict[str, object] = {"missing": {}, "escapes": []}
DEGRADED = {**WHOLE, "missing": {"seccomp": "no such kernel"}}


def edit(change: Callable[[dict], None]) -> Callable[[Path], None]:  # type: ignore[type-arg]
    def apply(folder: Path) -> None:
        path = folder / NOTEBOOK
        notebook = json.loads(path.read_text(encoding="utf-8"))
        change(notebook)
        path.write_text(json.dumps(notebook), encoding="utf-8")

    return apply


def drop_metadata(notebook: dict) -> None:  # type: ignore[type-arg]
    for cell in notebook["cells"]:
        cell["metadata"] = {}


def copy_every_cell(notebook: dict) -> None:  # type: ignore[type-arg]
    notebook["cells"] = [cell for cell in notebook["cells"] for _ in range(2)]


def claim_full_marks(notebook: dict) -> None:  # type: ignore[type-arg]
    """Forge the outputs, the points and the checksums that nbgrader would go by."""
    for cell in notebook["cells"]:
        about = cell["metadata"].get("nbgrader", {})
        if about.get("grade_id") == "conv_forward_naive":
            cell["source"] = "def conv_forward_naive(*a): return None, None"
        if about.get("grade"):
            about["points"] = 1000
        if cell["cell_type"] == "code":
            data = {"output_type": "execute_result", "execution_count": 1, "metadata": {}}
            cell["outputs"] = [data | {"data": {"text/plain": "8.0"}}]


DAMAGE: dict[str, tuple[Callable[[Path], object], float]] = {
    "whole": (lambda folder: None, 8.0),
    "renamed": (lambda folder: (folder / NOTEBOOK).rename(folder / "Quiz8 (1).ipynb"), 8.0),
    "unmarked": (edit(drop_metadata), 8.0),
    "doubled": (edit(copy_every_cell), 8.0),
    "forged": (edit(claim_full_marks), 0.0),
    "cut_off": (lambda folder: (folder / NOTEBOOK).write_text('{"cells": [{'), 0.0),
    "empty": (lambda folder: (folder / NOTEBOOK).write_bytes(b""), 0.0),
}


@pytest.fixture(scope="module")
def stock_course(built_course: Course, tmp_path_factory: pytest.TempPathFactory) -> Course:
    """Graded by one stock command, in a course that has no gradebook before."""
    folder = tmp_path_factory.mktemp("stock") / "course"
    course = Course(Path(shutil.copytree(built_course.root, folder)))
    for student, (damage, _) in DAMAGE.items():
        damage(hand_in(course, QUIZ, student))
    nbgrader(course, "autograde", QUIZ)
    return course


@pytest.mark.parametrize("student", DAMAGE)
def test_a_damaged_submission_gets_what_it_earned(stock_course: Course, student: str) -> None:
    stored = rows(stock_course, QUIZ, student)
    expected = DAMAGE[student][1]
    assert stored[CHECK] == (expected, None, False)
    result = read_result(stock_course.result_file(QUIZ, student))
    assert result.task("conv_forward_naive").score == expected


@pytest.mark.parametrize("student", DAMAGE)
def test_answers_wait_to_be_read_where_there_are_any(stock_course: Course, student: str) -> None:
    readable = student not in ("cut_off", "empty")
    expected = (None, None, True) if readable else (0.0, None, False)
    assert rows(stock_course, QUIZ, student)["convolution_formula"] == expected


@pytest.mark.parametrize("student", DAMAGE)
def test_the_graded_notebook_has_its_own_name(stock_course: Course, student: str) -> None:
    folder = stock_course.autograded(QUIZ, student)
    assert [p.name for p in folder.glob("*.ipynb")] == [NOTEBOOK]


def put_result(course: Course, assignment: str, student: str, share: float) -> Result:
    """Write the result file that grading this submission with this outcome would leave."""
    grader = Grader(course, assignment)
    result = replace(
        verdict(grader.assignment, student, share),
        digest=read(course, assignment, student).digest,
        versions=grader.versions(),
        sandbox=WHOLE,
    )
    write_result(course.result_file(assignment, student), result)
    return result


def test_a_missing_notebook_of_two_earns_nothing(course: Course) -> None:
    # The verdict is put there, so that only nbgrader's part of the work is done here.
    (hand_in(course, NETS, "ada") / "Dropout.ipynb").unlink()
    result = put_result(course, NETS, "ada", 1.0)
    of_dropout = {t.id for t in load_assignment(course, NETS).tasks if t.notebook == "Dropout"}
    tasks = tuple(replace(t, score=0.0) if t.task in of_dropout else t for t in result.tasks)
    result = replace(result, tasks=tasks, score=sum(t.score for t in tasks))
    write_result(course.result_file(NETS, "ada"), result)
    nbgrader(course, "autograde", NETS)
    stored = rows(course, NETS, "ada")
    assert {t.task: stored[f"{t.task}_check"][0] for t in tasks} == {t.task: t.score for t in tasks}
    assert stored["dividing_by_p"] == (0.0, None, False)
    assert (course.autograded(NETS, "ada") / "Dropout.ipynb").is_file()


def test_a_known_verdict_is_reused(course: Course) -> None:
    hand_in(course, QUIZ, "ada")
    known = put_result(course, QUIZ, "ada", 0.5)
    assert grade_or_reuse(course, QUIZ, "ada") == known


def test_a_verdict_on_another_submission_is_not_reused(course: Course) -> None:
    folder = hand_in(course, QUIZ, "ada")
    put_result(course, QUIZ, "ada", 0.5)
    (folder / "notes.txt").write_text("handed in later")
    result = grade_or_reuse(course, QUIZ, "ada")
    assert result.score == 8.0
    assert read_result(course.result_file(QUIZ, "ada")) == result


@pytest.mark.parametrize(
    "change",
    [
        {"sandbox": DEGRADED},
        {"sandbox": {**WHOLE, "escapes": ["open"]}},
        {"sandbox": {}},
        {"student": "boris"},
        {"assignment": NETS},
        {"versions": {"suite": "another"}},
    ],
    ids=str,
)
def test_a_verdict_of_other_conditions_is_not_reused(
    course: Course, change: dict[str, object]
) -> None:
    hand_in(course, QUIZ, "ada")
    other = replace(put_result(course, QUIZ, "ada", 0.5), **change)  # type: ignore[arg-type]
    write_result(course.result_file(QUIZ, "ada"), other)
    assert grade_or_reuse(course, QUIZ, "ada").score == 8.0


@pytest.mark.parametrize(
    "terms",
    [Terms(convention="drop"), Terms(convention="auto"), Terms("package"), Terms(repair=True)],
)
def test_a_verdict_under_other_terms_is_not_reused(course: Course, terms: Terms) -> None:
    # `autograder grade` may have been told other terms; stock nbgrader has the course's.
    hand_in(course, QUIZ, "ada")
    known = put_result(course, QUIZ, "ada", 0.5)
    asked = terms.asked(load_settings(course).convention)
    other = replace(known, versions={**known.versions, "terms": asked})
    write_result(course.result_file(QUIZ, "ada"), other)
    assert grade_or_reuse(course, QUIZ, "ada").score == 8.0


def test_stock_nbgrader_takes_what_autograder_grade_found(course: Course) -> None:
    hand_in(course, QUIZ, "ada")
    result = grade_or_reuse(course, QUIZ, "ada")
    file = course.result_file(QUIZ, "ada")
    before = file.stat()
    assert grade_or_reuse(course, QUIZ, "ada") == result
    assert (file.stat().st_ino, file.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_a_degraded_verdict_is_reused_where_the_instructor_allows_it(course: Course) -> None:
    hand_in(course, QUIZ, "ada")
    degraded = replace(put_result(course, QUIZ, "ada", 0.5), sandbox=DEGRADED)
    write_result(course.result_file(QUIZ, "ada"), degraded)
    assert grade_or_reuse(course, QUIZ, "ada", allow_degraded=True) == degraded


def test_the_notebooks_that_are_not_there_are_listed_in_nbgraders_own_list(
    course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = hand_in(course, NETS, "ada")
    monkeypatch.chdir(course.root)
    notebooks = [str(folder / "Dropout (2).ipynb"), str(folder / "Dropout.ipynb")]
    before_autograde(assignment=NETS, student="*", notebooks=notebooks)
    names = ["Dropout (2).ipynb", "Dropout.ipynb", "FullyConnectedNets.ipynb"]
    assert [Path(path).name for path in notebooks] == names


def test_generate_assignment_makes_the_release_that_was_built(course: Course) -> None:
    before = (course.release(QUIZ) / NOTEBOOK).read_bytes()
    shutil.rmtree(course.release(QUIZ))
    nbgrader(course, "generate_assignment", QUIZ)
    assert (course.release(QUIZ) / NOTEBOOK).read_bytes() == before
