"""Verdicts that are remembered: the same as if the checks had run, and given to nobody else."""

from __future__ import annotations

from collections.abc import Callable, Iterator
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
    variation_program,
)
from autograder.grading.results import Result, TaskResult
from autograder.grading.runner import Grader
from autograder.paths import Course
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
ASKS_MORE = """
from pathlib import Path

@pytest.mark.task("double")
def test_more(student, rng):
    with open(Path(__file__).parent / "ran", "a") as file:
        print("more", file=file)
    x = rng.normal(size=3)
    if isinstance(student.double(x), list):
        expect.that(isinstance(student.double(x[1:]), list), "what is it?")
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
    assert ran == ["twice", "derived"]
    again, ran = apart(grader, folder)
    assert ran == ["twice", "twice", "derived", "derived", "derived"], (
        "rehearsed once, with a nudge"
    )
    assert again == first
    third, ran = apart(grader, folder)
    assert ran == ["derived"], "it asks for what was computed from an answer"
    assert third == first


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


@pytest.mark.parametrize(("noise", "times"), [("", 2), (" + np.random.default_rng().random()", 3)])
def test_a_check_that_asks_for_more_than_was_rehearsed_is_run_again(
    course: Course, hand_in: HandIn, noise: str, times: int
) -> None:
    suite = course.suite("mini") / "test_mini.py"
    suite.write_text(suite.read_text() + ASKS_MORE)
    source = f"import numpy as np\n\ndef double(x):\n    return [*(2 * x{noise})]\n"
    with grader_of(course) as grader:
        for _ in range(2):
            apart(grader, hand_in("ada"))
        folder = hand_in("bob", double=source)
        first, ran = apart(grader, folder)
        assert ran.count("more") == times  # on its answers, one by one, and once more if in doubt
        assert without_times(fresh(grader, folder)) == first


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


def test_everything_that_is_known_gets_the_same_with_a_memory() -> None:
    """Mistakes and variations, one after the other, by a grader that remembers and by one not."""
    course = Course.find()
    with Grader(course, "quiz-8") as grader:
        mistakes = load_misconceptions(course, grader.assignment)
        programs = [misconception_program(course, KEEP, mistake) for mistake in mistakes]
        ways = load_variations(course, grader.assignment)
        programs += [variation_program(course, KEEP, way) for way in ways]

        def verdicts(program: tuple[object, ...]) -> tuple[TaskResult, ...]:
            subject = Subject(lambda _: program)  # type: ignore[arg-type, return-value]
            run = grader.judging.run_of(subject)
            judge = grader.judging.judge
            tasks = grader.play(lambda play: judge(play, run, subject, KEEP))
            return tuple(replace(task, seconds=0) for task in tasks)

        without = [verdicts(program) for program in programs]  # nothing was rehearsed yet
        learning = [grader.apart(partial(verdicts, program)) for program in programs]
        knowing = [grader.apart(partial(verdicts, program)) for program in programs]
    assert learning == without
    assert knowing == without


def test_a_memory_has_an_end() -> None:
    memory = Memory()
    key = KEEP, "double", "values"
    for number in range(MOST_VERDICTS + 5):
        memory.learn(key, str(number).encode(), Verdict("passed", ""))
    assert memory.verdict(key, [b"0"]) is not None
    assert memory.verdict(key, [str(MOST_VERDICTS).encode()]) is None
    memory.take_over(News({key: {b"x": Verdict("passed", "")}}, {}, frozenset()))
    assert memory.verdict(key, [b"x"]) is None
