"""The quiz as a course of its own, in a folder whose name would be wrapped if anything were."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from autograder.paths import MARKER, Course

ROOT = Course.find(Path(__file__).parent).root
QUIZ, QUIZ_TASK = "quiz-8", "conv_forward_naive"
LONG_NAME = (
    "Kurs für Zoë, with spaces and a name that is longer than a terminal of 80 columns is wide"
)

Autograder = Callable[..., "subprocess.CompletedProcess[str]"]


def command(*words: str | Path) -> list[str]:
    return [sys.executable, "-m", "autograder", *map(str, words)]


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course with the quiz only, built."""
    root = tmp_path_factory.mktemp("quiz") / LONG_NAME
    ignore = shutil.ignore_patterns("__pycache__", "neural-nets")
    for name in ("source", "solutions", "tests"):
        shutil.copytree(ROOT / name, root / name, ignore=ignore)
    for path in (root / "solutions" / "misconceptions").iterdir():
        if path.stem != QUIZ_TASK:
            path.unlink()
    shutil.copy(ROOT / MARKER, root / MARKER)
    settings = root / "source" / "course.toml"
    text = settings.read_text("utf-8")
    settings.write_text(text.replace("call_seconds = 20.0", "call_seconds = 6.0"), "utf-8")
    subprocess.run(command("build"), cwd=root, check=True, capture_output=True)
    return root


@pytest.fixture
def course(built: Path, tmp_path: Path) -> Course:
    """A copy of the built course, with nothing handed in."""
    return Course(Path(shutil.copytree(built, tmp_path / LONG_NAME)))


@pytest.fixture
def autograder(course: Course) -> Autograder:
    """Run the command line in the course, its output into a pipe of 80 columns."""

    def run(*words: str | Path) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command(*words),
            cwd=course.root,
            env={**os.environ, "COLUMNS": "80"},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    return run


def hand_in(course: Course, student: str, *, solved: bool = True) -> Path:
    """Hand in the reference, or the untouched release."""
    folder = course.submission(QUIZ, student)
    folder.mkdir(parents=True)
    source = course.instructor(QUIZ) if solved else course.release(QUIZ)
    shutil.copy(source / "Quiz8.ipynb", folder)
    return folder
