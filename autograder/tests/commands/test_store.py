"""Several graders store verdicts on one submission: gradebook, files and results stay of one."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from threading import Thread

import pytest

from autograder.commands.audit import Line
from autograder.commands.store import Store, set_aside
from autograder.gradebook.prepare import prepare_gradebook
from autograder.gradebook.record import NotebookRecord, Record, record_of
from autograder.gradebook.writer import Writer
from autograder.grading.executor import Graded, Job
from autograder.grading.results import read_result
from autograder.manifest import Assignment, load_assignment
from autograder.paths import Course
from autograder.tests.commands.conftest import QUIZ, QUIZ_TASK, hand_in
from autograder.tests.gradebook.courses import read, rows, verdict

CHECK = f"{QUIZ_TASK}_check"


@pytest.fixture
def assignment(course: Course) -> Assignment:
    hand_in(course, "ada")
    found = load_assignment(course, QUIZ)
    prepare_gradebook(course, found)
    return found


@contextmanager
def grader(course: Course, assignment: Assignment, kind: type[Writer] = Writer) -> Iterator[Store]:
    job = Job(course, QUIZ)
    with kind(course, assignment) as writer, Store(job, assignment, writer, print) as store:
        yield store


def graded(course: Course, assignment: Assignment, share: float) -> Graded:
    """A verdict on what Ada has handed in by now."""
    submission = read(course, QUIZ, "ada")
    result = replace(verdict(assignment, "ada", share), digest=submission.digest)
    record = record_of(course, assignment, submission, result)
    return Graded("ada", submission.path, result, record=record)


def hand_in_again(course: Course) -> None:
    path = course.submission(QUIZ, "ada") / "Quiz8.ipynb"
    notebook = json.loads(path.read_text("utf-8"))
    notebook["cells"].append({"cell_type": "markdown", "metadata": {}, "source": "Second."})
    path.write_text(json.dumps(notebook), "utf-8")


def stored(course: Course) -> dict[str, object]:
    """The score by place."""
    autograded = (course.autograded(QUIZ, "ada") / "Quiz8.ipynb").read_text("utf-8")
    return {
        "gradebook": rows(course, QUIZ, "ada")[CHECK][0],
        "result": read_result(course.result_file(QUIZ, "ada")).score,
        "notebook": next(score for score in (2.0, 4.0, 8.0) if f'"{score!r}"' in autograded),
    }


def everywhere(score: float) -> dict[str, object]:
    return dict.fromkeys(("gradebook", "result", "notebook"), score)


def left_over(course: Course) -> list[str]:
    return sorted(path.name for path in course.result_file(QUIZ, "ada").parent.glob(".ada*"))


def test_a_verdict_on_an_older_hand_in_is_dropped(course: Course, assignment: Assignment) -> None:
    with grader(course, assignment) as a, grader(course, assignment) as b:
        a.keep(graded(course, assignment, 0.5))
        hand_in_again(course)
        b.keep(graded(course, assignment, 1.0))
        (dropped,) = a.flush()
        (kept,) = b.flush()
    assert (dropped.result, kept.error) == (None, "")
    assert "another grader asked for it meanwhile; grade it again" in dropped.error
    assert stored(course) == everywhere(8.0)
    assert left_over(course) == []


def test_the_later_verdict_on_one_hand_in_stands_as_a_whole(
    course: Course, assignment: Assignment
) -> None:
    with grader(course, assignment) as a, grader(course, assignment) as b:
        a.keep(graded(course, assignment, 0.5))
        b.keep(graded(course, assignment, 1.0))
        (later,) = b.flush()
        (earlier,) = a.flush()
    assert (earlier.error, later.error) == ("", "")
    assert stored(course) == everywhere(8.0)


def test_a_verdict_that_was_set_aside_is_not_stored(course: Course, assignment: Assignment) -> None:
    with grader(course, assignment) as a:
        a.keep(graded(course, assignment, 0.5))
        set_aside(course.result_file(QUIZ, "ada"))
        (item,) = a.flush()
    assert "grade it again" in item.error
    assert not course.result_file(QUIZ, "ada").exists()


def test_no_other_grader_comes_between_the_gradebook_and_the_result(
    course: Course, assignment: Assignment
) -> None:
    def other() -> None:
        with grader(course, assignment) as b:
            b.keep(graded(course, assignment, 1.0))

    thread = Thread(target=other)

    class Interrupted(Writer):
        def write(self, records: Sequence[Record], *, force: bool = False) -> dict[str, str]:
            refused = super().write(records, force=force)
            thread.start()
            thread.join(1.0)  # it would be done by then, if it did not wait
            return refused

    with grader(course, assignment, Interrupted) as a:
        a.keep(graded(course, assignment, 0.5))
    thread.join()
    assert stored(course) == everywhere(8.0)


def test_a_refused_verdict_leaves_what_the_next_one_is_compared_with(
    course: Course, assignment: Assignment
) -> None:
    def keep(share: float, notebooks: Mapping[str, NotebookRecord] | None = None) -> str:
        item = graded(course, assignment, share)
        assert isinstance(item.record, Record)
        record = replace(item.record, notebooks=notebooks or item.record.notebooks)
        (done,) = [*store.keep(replace(item, record=record)), *store.flush()]
        return done.error

    changes: list[Line] = []
    with Writer(course, assignment) as writer:
        store = Store(Job(course, QUIZ), assignment, writer, changes.append)
        assert keep(0.25) == ""
        set_aside(course.result_file(QUIZ, "ada"))
        assert "grade again" in keep(1.0, {"Quiz8": NotebookRecord({CHECK: 9.0}, {})})
        assert keep(0.5) == ""
    assert [change["score"] for change in changes] == [{"old": 2.0, "new": 4.0}]
    assert left_over(course) == []
