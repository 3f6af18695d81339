"""The course's own releases, read back as submissions."""

from __future__ import annotations

import ast
from pathlib import Path

import nbformat
import pytest

from autograder.manifest import load_assignment
from autograder.paths import Course
from autograder.submissions import Submission, read_submission

COURSE = Course(Path(__file__).resolve().parents[3])


@pytest.fixture(params=COURSE.assignments())
def assignment_id(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def untouched(assignment_id: str) -> Submission:
    release = COURSE.release(assignment_id)
    return read_submission(release, load_assignment(COURSE, assignment_id), release, "ada")


def test_an_untouched_release_has_no_problems(untouched: Submission) -> None:
    assert untouched.problems == ()


def test_every_task_has_its_stub(assignment_id: str, untouched: Submission) -> None:
    statements = [s for program in untouched.statements.values() for s in program]
    for task in load_assignment(COURSE, assignment_id).tasks:
        own = "\n".join(s.source for s in statements if s.task == task.id)
        assert all(function in own for function in task.functions)
        assert "raise NotImplementedError()" in own


def test_no_answer_is_touched(assignment_id: str, untouched: Submission) -> None:
    assert set(untouched.answers) == {
        q.id for q in load_assignment(COURSE, assignment_id).questions
    }
    assert not any(answer.touched for answer in untouched.answers.values())


def test_the_repaired_notebooks_are_the_release(assignment_id: str, untouched: Submission) -> None:
    for name, notebook in untouched.notebooks.items():
        path = COURSE.release(assignment_id) / f"{name}.ipynb"
        assert notebook == nbformat.read(path, as_version=4)


def test_only_stubs_and_definitions_run(untouched: Submission) -> None:
    for program in untouched.statements.values():
        for statement in program:
            (node,) = ast.parse(statement.source).body
            assert not isinstance(node, ast.Expr), statement
