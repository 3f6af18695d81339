"""Submissions are graded in children that keep nothing."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from autograder.grading.child import ChildDied, in_child
from autograder.grading.convention import Convention
from autograder.grading.judging import Subject
from autograder.grading.known_mistakes import KnownMistakes, Learnt
from autograder.grading.overlays import load_misconceptions, misconception_program
from autograder.grading.results import TaskResult
from autograder.grading.runner import Grader
from autograder.paths import Course

KEEP = Convention("keep")


def test_what_a_child_returns_comes_back_and_what_it_changes_does_not() -> None:
    kept = [1]

    def body() -> tuple[int, list[int]]:
        kept.append(2)
        return os.getpid(), kept

    pid, answer = in_child(body)
    assert pid != os.getpid()
    assert (answer, kept) == ([1, 2], [1])


@pytest.mark.parametrize("end", [lambda: os.kill(os.getpid(), signal.SIGKILL), lambda: 1 / 0])
def test_a_child_without_an_answer_is_told(end: object) -> None:
    assert callable(end)
    with pytest.raises(ChildDied, match="exit code"):
        in_child(lambda: end())


@pytest.fixture(scope="module")
def grader() -> Iterator[Grader]:
    with Grader(Course.find(), "quiz-8", allow_degraded=True) as grader:
        yield grader


def verdict(grader: Grader) -> tuple[TaskResult, ...]:
    """The verdict on a known mistake, judged like a submission."""
    misconception = load_misconceptions(grader.course, grader.assignment)[0]
    program = misconception_program(grader.course, KEEP, misconception)
    subject = Subject(lambda _: program, draw="a student")
    run = grader.judging.run_of(subject)
    tasks = [misconception.task]
    return grader.play(lambda play: grader.judging.judge(play, run, subject, KEEP, tasks))


def test_a_child_leaves_what_it_learnt_of_known_mistakes(
    grader: Grader, monkeypatch: pytest.MonkeyPatch
) -> None:
    learnt: list[bool] = []
    learn = KnownMistakes.learn

    def listen(mistakes: KnownMistakes, news: Learnt) -> None:
        learnt.append(bool(news))
        learn(mistakes, news)

    monkeypatch.setattr(KnownMistakes, "learn", listen)
    verdicts = [grader.apart(lambda: verdict(grader)) for _ in range(3)]
    first, *others = [[task.diagnoses for task in found] for found in verdicts]
    assert others == [first, first]
    assert first[0]
    assert learnt == [True, False, False]


def test_a_grader_that_lost_a_child_says_so(tmp_path: Path) -> None:
    with (
        Grader(Course.find(), "quiz-8", allow_degraded=True) as grader,
        pytest.raises(ChildDied),
    ):
        grader.apart(lambda: os._exit(3))
