"""What a student reads about a verdict: the known mistake, whose mistakes cost nothing, checks."""

from __future__ import annotations

from dataclasses import replace

from autograder.grading.advice import failures, follow_through, known_mistakes
from autograder.grading.results import Check, Diagnosis, Result, TaskResult
from autograder.manifest import Assignment, Notebook, Task

NET = Task("net", "Nets", 9, ("Net",), needs=("affine", "relu", "dropout"))
LAYERS = tuple(Task(name, "Nets", 3, (name,)) for name in NET.needs)
ASSIGNMENT = Assignment("hw", "Homework", (Notebook("Nets"),), (*LAYERS, NET), ())
PASSED = TaskResult("net", 9.0, 9.0, "passed")


def about(task: TaskResult, failed: tuple[str, ...] = ()) -> list[str]:
    """What is said of `task` in a result in which these of its needs failed."""
    layers = [
        TaskResult(name, 0.0, 3.0, "partial" if name in failed else "passed") for name in NET.needs
    ]
    result = Result("hw", "ada", 0.0, 18.0, (*layers, task))
    return [*known_mistakes(task), *follow_through(task, result, ASSIGNMENT)]


def failed(*checks: tuple[str, str, str]) -> TaskResult:
    made = tuple(Check(name, status, 1.0, message) for name, status, message in checks)
    return TaskResult("net", 0.0, 9.0, "failed", made)


def test_a_task_that_passed_on_its_own_needs_no_remark() -> None:
    assert about(PASSED, ("affine",)) == []


def test_every_known_mistake_is_a_line_of_its_own() -> None:
    hints = (Diagnosis("one", "The scale\nis missing.\n"), Diagnosis("two", "So is the bias."))
    task = replace(PASSED, status="failed", diagnoses=hints)
    assert about(task) == ["Looks like: The scale is missing.", "Looks like: So is the bias."]


def test_follow_through_names_the_tasks_whose_mistakes_cost_nothing() -> None:
    task = replace(PASSED, layers="correct")
    sentence = "Judged with correct earlier functions, because that earns more: mistakes in "
    assert about(task, ("affine",)) == [f"{sentence}affine cost nothing here."]
    assert about(task, ("affine", "relu")) == [f"{sentence}affine and relu cost nothing here."]


def test_follow_through_names_all_needs_where_the_mistake_is_in_none_of_them() -> None:
    (sentence,) = about(replace(PASSED, layers="correct"))
    assert "mistakes in affine, relu and dropout cost" in sentence


def test_checks_that_say_the_same_are_named_together() -> None:
    task = failed(
        ("values", "failed", "wrong values in 3 of 9 entries. Check the scale."),
        ("edge", "failed", "wrong values in 1 of 1 entries. Check the scale."),
        ("shape", "failed", "has shape (1,)"),
    )
    first, second = failures(task)
    assert first.checks == ("values", "edge")
    assert first.message == "wrong values. Check the scale."
    assert second.checks == ("shape",)


def test_one_check_alone_keeps_its_count() -> None:
    (advice,) = failures(failed(("values", "failed", "wrong values in 3 of 9 entries.")))
    assert advice.message == "wrong values in 3 of 9 entries."


def test_checks_that_ended_differently_stay_apart() -> None:
    task = failed(("a", "error", "no"), ("b", "timeout", "no"), ("c", "passed", ""))
    assert [(advice.checks, advice.status) for advice in failures(task)] == [
        (("a",), "error"),
        (("b",), "timeout"),
    ]
