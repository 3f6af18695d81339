"""Verdicts that are remembered: the same as if the checks had run, and given to nobody else."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from autograder.grading.convention import Convention
from autograder.grading.judging import Subject
from autograder.grading.memory import MOST_VERDICTS, Memory, News, Verdict
from autograder.grading.overlays import (
    load_misconceptions,
    load_variations,
    misconception_program,
    reference_program,
    variation_program,
)
from autograder.grading.results import Result, TaskResult
from autograder.grading.runner import Grader
from autograder.paths import Course
from autograder.program import Program, Statement
from autograder.tests.grading.conftest import write_solutions

HandIn = Callable[..., Path]
KEEP = Convention("keep")
RAN = """
from pathlib import Path

def ran(name):
    with open(Path(__file__).parent / "ran", "a") as file:
        print(name, file=file)

@pytest.mark.task("double")
def test_twice(student, rng):
    ran("twice")
    out = student.double(rng.normal(size=3))
    student.double(out)
    expect.that(len(out) == 3, f"{out.dtype} of another length")

@pytest.mark.task("double")
def test_of_something_derived(student, rng):
    ran("derived")
    x = rng.normal(size=3)
    expect.close(student.double(student.double(x) / 2), 2 * x, name="out")
"""
OFF = "import numpy as np\n\ndef double(x):\n    return np.append({0} * x, 1.0)[:-1]\n"
SHORT = "def double(x):\n    return 2 * x[1:]\n"


@pytest.fixture
def grader(course: Course) -> Iterator[Grader]:
    """Of a course whose solutions are there, and whose checks tell when they run."""
    suite = course.suite("mini") / "test_mini.py"
    suite.write_text(suite.read_text() + RAN)
    with grader_of(course) as grader:
        yield grader


def grader_of(course: Course) -> Grader:
    write_solutions(course)
    return Grader(course, "mini")


def apart(grader: Grader, folder: Path) -> tuple[Result, list[str]]:
    """A result without its times, and the checks that ran for it."""
    notes = grader.course.suite("mini") / "ran"
    notes.write_text("")
    result = grader.apart(partial(grader.grade, folder, "ada"))
    return without_times(result), notes.read_text().split()


def without_times(result: Result) -> Result:
    return replace(result, tasks=tuple(replace(task, seconds=0) for task in result.tasks))


def test_answers_that_were_judged_before_are_not_judged_again(
    grader: Grader, hand_in: HandIn
) -> None:
    folder = hand_in("ada")
    first, ran = apart(grader, folder)
    # In the rehearsal, with both nudges; one of them asks for what it computed from an answer.
    assert ran == ["twice", "derived"] + ["twice"] * 2 + ["derived"] * 2 + ["derived"]
    again, ran = apart(grader, folder)
    assert ran == ["derived"]
    assert again == first


@pytest.mark.parametrize("source", [SHORT, OFF.format(3), "def double(x):\n    return x.no\n"])
def test_what_is_remembered_of_wrong_code_is_its_verdict(
    grader: Grader, hand_in: HandIn, source: str
) -> None:
    apart(grader, hand_in("ada"))
    folder = hand_in("bob", double=source)
    first, ran = apart(grader, folder)
    assert "twice" in ran
    again, ran = apart(grader, folder)
    assert "twice" not in ran
    assert again == first
    assert again.task("double").score < 4
    assert without_times(fresh(grader, folder)) == first


def fresh(grader: Grader, folder: Path) -> Result:
    """What a grader says that remembers nothing."""
    with Grader(grader.course, "mini") as other:
        return other.grade(folder, "ada")


def test_right_code_with_other_bits_is_judged_and_then_known(
    grader: Grader, hand_in: HandIn
) -> None:
    for _ in range(2):
        apart(grader, hand_in("ada"))
    source = "def double(x):\n    return x * 2 * (1 + 1e-14)\n"
    for expected in (["twice", "derived"], ["derived"]):
        result, ran = apart(grader, hand_in("carol", double=source))
        assert result.score == 10
        assert ran == expected


def test_code_that_never_answers_alike_is_judged_each_time(grader: Grader, hand_in: HandIn) -> None:
    for _ in range(2):
        apart(grader, hand_in("ada"))
    source = "def double(x):\n    return 2 * x * (1 + 1e-13 * np.random.default_rng().random())\n"
    folder = hand_in("dave", double=f"import numpy as np\n{source}")
    for _ in range(2):
        result, ran = apart(grader, folder)
        assert result.score == 10
        assert ran == ["twice", "derived"]


@pytest.mark.parametrize("right", ["calls > 1", "calls < 2"])
def test_code_that_is_right_at_times_gets_what_it_gets_without_memory(
    grader: Grader, hand_in: HandIn, right: str
) -> None:
    for _ in range(2):
        apart(grader, hand_in("ada"))
    body = f"    global calls\n    calls += 1\n    return 2 * x if {right} else x\n"
    folder = hand_in("erin", double=f"calls = 0\ndef double(x):\n{body}")
    first, _ = apart(grader, folder)
    assert without_times(fresh(grader, folder)) == first
    assert first.task("double").score < 4


def test_code_that_hangs_is_asked_for_its_scripts_once(grader: Grader, hand_in: HandIn) -> None:
    for _ in range(2):
        apart(grader, hand_in("ada"))
    hang = "def {0}(x):\n    while True:\n        pass\n"
    folder = hand_in("frank", double=hang.format("double"), triple=hang.format("triple"))
    result, _ = apart(grader, folder)
    assert {task.status for task in result.tasks} == {"timeout"}
    assert without_times(fresh(grader, folder)) == result


def test_who_lacks_a_function_has_nobody_elses_verdict(grader: Grader, hand_in: HandIn) -> None:
    broken = "def triple(x):\n    return 3 * x\n\ndef double(x:\n"
    folder = hand_in("grace", double="", triple=broken)
    assert apart(grader, folder)[0].score == 0
    assert apart(grader, hand_in("ada"))[0].score == 10


def test_code_that_takes_long_to_load_has_its_time(course: Course, hand_in: HandIn) -> None:
    """What is performed is not the task's time, and neither is loading the code for it again."""
    write_solutions(course)
    slow = "import time\ntime.sleep(0.9)\ndef double(x):\n    time.sleep(0.7)\n    return 2 * x\n"
    with Grader(course, "mini") as grader:
        result = grader.apart(partial(grader.grade, hand_in("heidi", double=slow), "heidi"))
    assert result.score == 10


Verdicts = tuple[TaskResult, ...]


def judged(grader: Grader, program: Program, tasks: Sequence[str] | None = None) -> Verdicts:
    """As of a submission, but that nothing is rehearsed for it."""
    subject = Subject(lambda _: program)
    run = grader.judging.run_of(subject)
    judge = grader.judging.judge
    found = grader.play(lambda play: judge(play, run, subject, KEEP, tasks))
    return tuple(replace(task, seconds=0) for task in found)


def known_programs(grader: Grader) -> list[tuple[Program, Sequence[str]]]:
    """Mistakes and variations, with the tasks that they are about."""
    course, assignment = grader.course, grader.assignment
    return [
        (misconception_program(course, KEEP, mistake), [mistake.task])
        for mistake in load_misconceptions(course, assignment)
    ] + [
        (variation_program(course, KEEP, way), way.tasks)
        for way in load_variations(course, assignment)
    ]


@pytest.mark.parametrize(("assignment", "step"), [("quiz-8", 1), ("neural-nets", 17)])
def test_everything_that_is_known_gets_the_same_with_a_memory(assignment: str, step: int) -> None:
    """One after the other, by a grader that remembers and by one that asks request by request."""
    with Grader(Course.find(), assignment) as grader:
        programs = known_programs(grader)[::step]
        without = [judged(grader, *program) for program in programs]  # nothing was rehearsed yet
        for _ in range(2):
            found = [grader.apart(partial(judged, grader, *program)) for program in programs]
            assert found == without
        assert grader.rehearsed


NO_BACKWARD = ("def affine_backward", "def dropout_backward")
MASKS_IN_A_LIST = """
masks = []
def dropout_forward(x, dropout_param):
    p = dropout_param["p"]
    if "seed" in dropout_param:
        np.random.seed(dropout_param["seed"])
    if dropout_param["mode"] != "train":
        return x, None
    masks.append((np.random.rand(*x.shape) < p) / p)
    return x * masks[-1], None
"""
FIRST_MASK = """
def dropout_backward(dout, cache):
    return dout * (masks.pop(0) if masks else 1)
"""


def test_odd_code_gets_the_same_with_a_memory_and_leaves_others_alone() -> None:
    with Grader(Course.find(), "neural-nets") as grader:
        reference = reference_program(grader.course, KEEP)
        lacking = tuple(s for s in reference if not s.source.startswith(NO_BACKWARD))
        mine = [Statement(text, "Mine, cell 1", 1) for text in (MASKS_IN_A_LIST, FIRST_MASK)]
        tasks = ["affine_backward", "dropout_forward", "dropout_backward"]
        programs = [lacking, (*reference, *mine), reference]
        without = [judged(grader, program, tasks) for program in programs]
        for _ in range(2):
            found = [grader.apart(partial(judged, grader, p, tasks)) for p in programs]
            assert found == without
    assert all(task.status == "passed" for task in without[-1])


def test_a_memory_has_an_end() -> None:
    memory = Memory()
    key = KEEP, "double", "values"
    for number in range(MOST_VERDICTS + 5):
        memory.learn(key, str(number).encode(), Verdict("passed", ""))
    assert memory.verdict(key, [b"0"]) is not None
    assert memory.verdict(key, [str(MOST_VERDICTS).encode()]) is None
    memory.take_over(News({key: {b"x": Verdict("passed", "")}}, {}, frozenset()))
    assert memory.verdict(key, [b"x"]) is None
