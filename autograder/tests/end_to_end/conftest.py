"""The demo's course, made and graded once by the command line itself."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from autograder.paths import Course

ROOT = Course.find(Path(__file__).parent).root


def run(*words: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run a command of this environment, its output as text."""
    return subprocess.run(
        [str(Path(sys.executable).with_name(str(words[0]))), *map(str, words[1:])],
        cwd=cwd,
        env={**os.environ, "COLUMNS": "200", "TERM": "dumb"},
        capture_output=True,
        text=True,
        timeout=900,
        check=False,
    )


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> tuple[Course, str]:
    """The graded demo course and what `autograder demo` printed."""
    folder = tmp_path_factory.mktemp("demo") / "course"
    result = run("autograder", "demo", "--into", folder, cwd=ROOT)
    assert result.returncode == 0, result.stdout + result.stderr
    return Course(folder), result.stdout


@pytest.fixture(scope="session")
def stock(demo: tuple[Course, str], tmp_path_factory: pytest.TempPathFactory) -> Course:
    """The same class, graded by stock nbgrader commands only."""
    course = Course(tmp_path_factory.mktemp("stock") / "course")
    shutil.copytree(demo[0].root, course.root)
    for made in ("gradebook.db", "autograded", "results", "manual", "feedback"):
        path = course.root / made
        path.unlink() if path.is_file() else shutil.rmtree(path, ignore_errors=True)
    for assignment in course.assignments():
        for command in ("generate_assignment", "autograde"):
            result = run("nbgrader", command, assignment, "--force", cwd=course.root)
            assert result.returncode == 0, result.stdout[-5000:] + result.stderr[-5000:]
    return course
