"""What stands in a grade cell: the exact score for nbgrader, and nothing but text for people."""

from __future__ import annotations

from dataclasses import replace

import nbformat
import numpy as np
import pytest
from nbformat import NotebookNode
from nbgrader.utils import determine_grade

from autograder.errors import ResultError
from autograder.gradebook.cells import plain_score, put_verdicts
from autograder.grading.results import Check, Diagnosis, Result, TaskResult
from autograder.manifest import Assignment, Notebook, Task

TASKS = (
    Task("sgd", "Nets", 3, ("sgd",)),
    Task("adam", "Nets", 6, ("adam",), needs=("sgd",)),
)
ASSIGNMENT = Assignment("neural-nets", "Nets", (Notebook("Nets"),), TASKS, ())
HOSTILE = "<script>alert('x')</script> \x1b[31mred\x1b[0m \u202eback"


def result_of(score: float, message: str = "") -> Result:
    check = Check("values", "failed", 1.0, message)
    task = TaskResult("adam", score, 6.0, "partial", (check,))
    return Result("neural-nets", "ada", score, 6.0, (task,))


def notebook_with_a_check() -> NotebookNode:
    check = nbformat.v4.new_code_cell("check('adam')", id="adam_check")
    check.metadata["nbgrader"] = {
        "grade": True,
        "solution": False,
        "locked": True,
        "grade_id": "adam_check",
        "points": 6,
        "schema_version": 3,
        "cell_type": "code",
        "task": False,
    }
    html = nbformat.v4.new_output("display_data", data={"text/html": "<script>1</script>"})
    own = nbformat.v4.new_code_cell("plot()", id="own", outputs=[html], execution_count=3)
    return nbformat.v4.new_notebook(cells=[own, check])


def graded(score: float, message: str = "") -> NotebookNode:
    notebook = notebook_with_a_check()
    put_verdicts(notebook, result_of(score, message), ASSIGNMENT)
    nbformat.validate(notebook)
    return notebook


def report(result: Result) -> str:
    """The text in the grade cell."""
    notebook = notebook_with_a_check()
    put_verdicts(notebook, result, ASSIGNMENT)
    return str(notebook.cells[1].outputs[0].text)


@pytest.mark.parametrize("score", [0.0, 1e-9, 7.68 / 2, 6.0])
def test_nbgrader_reads_the_very_score(score: float) -> None:
    assert determine_grade(graded(score).cells[1]) == (score, 6.0)


def test_a_numpy_scalar_becomes_a_plain_float() -> None:
    task = replace(result_of(0.0).tasks[0], score=np.float32(1.5))
    assert type(plain_score(task)) is float
    cell = graded(np.float64(3)).cells[1]
    assert cell.outputs[1].data["text/plain"] == "3.0"


@pytest.mark.parametrize("score", [float("nan"), float("inf"), -0.5, 6.0001, np.float64("nan")])
def test_a_score_that_nbgrader_takes_for_full_marks_is_refused(score: float) -> None:
    with pytest.raises(ResultError, match="adam: score"):
        graded(score)


def test_a_grade_cell_without_a_verdict_is_refused() -> None:
    with pytest.raises(ResultError, match="no verdict on adam_check"):
        put_verdicts(notebook_with_a_check(), replace(result_of(1.0), tasks=()), ASSIGNMENT)


def test_hostile_messages_stay_plain_text() -> None:
    stream, score = graded(1.0, HOSTILE).cells[1].outputs
    assert (stream.output_type, stream.name) == ("stream", "stdout")
    assert set(score.data) == {"text/plain"}
    assert "<script>alert('x')</script>" in stream.text
    assert not set("\x1b\u202e") & set(stream.text)


def test_a_known_mistake_stands_above_checks_and_what_passed_stands_last() -> None:
    (task,) = result_of(3.0, "wrong values").tasks
    task = replace(
        task,
        checks=(Check("first", "passed", 1.0), *task.checks),
        diagnoses=(Diagnosis("no_root", "The root is missing."),),
    )
    assert report(replace(result_of(3.0), tasks=(task,))).splitlines() == [
        "adam: partial, 3 of 6 points",
        "",
        "Looks like: The root is missing.",
        "",
        "failed: values",
        "    wrong values",
        "",
        "passed: first",
    ]


def test_follow_through_is_told() -> None:
    (task,) = result_of(6.0).tasks
    text = report(replace(result_of(6.0), tasks=(replace(task, layers="correct"),)))
    assert "mistakes in sgd" in text


def test_repairs_are_listed() -> None:
    text = report(replace(result_of(6.0), repairs=("optim.py: xrange -> range (2 times)",)))
    assert "\nMended before it was graded:\n    optim.py: xrange -> range (2 times)\n" in text


@pytest.mark.parametrize("where", ["diagnoses", "check", "repairs"])
def test_no_control_character_gets_out_whoever_wrote_it(where: str) -> None:
    result = result_of(1.0, HOSTILE)
    (task,) = result.tasks
    variants = {
        "diagnoses": replace(result, tasks=(replace(task, diagnoses=(Diagnosis("d", HOSTILE),)),)),
        "check": replace(result, tasks=(replace(task, checks=(Check(HOSTILE, "failed", 1.0),)),)),
        "repairs": replace(result, repairs=(HOSTILE,)),
    }
    assert not set("\x1b\u202e") & set(report(variants[where]))


def test_long_messages_are_wrapped() -> None:
    lines = report(result_of(1.0, "wrong " * 200)).splitlines()
    assert max(map(len, lines)) <= 100


def test_a_students_own_outputs_are_removed() -> None:
    own = graded(1.0).cells[0]
    assert (own.outputs, own.execution_count) == ([], None)
