"""Courses under build/bench: copies of this one, with classes handed in and nothing graded."""

from __future__ import annotations

import shutil
from pathlib import Path

from autograder.authoring.build import build_assignment
from autograder.grading.reference_submission import trained_model
from autograder.paths import MARKER, Course

GRADED = ("results", "autograded", "feedback", "manual")


def make_course(course: Course, folder: Path, assignment: str) -> Course:
    """Copy what a course is made of into `folder`, which is emptied first; build it."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for name in ("source", "solutions", "tests"):
        ignore = shutil.ignore_patterns("__pycache__")
        shutil.copytree(course.root / name, folder / name, ignore=ignore)
    shutil.copy(course.root / MARKER, folder / MARKER)
    made = Course(folder)
    cached = trained_model(course)  # training takes a while
    target = made.build / "cache" / cached.name
    target.parent.mkdir(parents=True)
    shutil.copy(cached, target)
    build_assignment(made, assignment)
    return made


def forget_grades(course: Course) -> None:
    """Bring a course back to the state before its first submission was graded."""
    for name in GRADED:
        shutil.rmtree(course.root / name, ignore_errors=True)
    for path in course.root.glob(f"{course.gradebook_file.name}*"):
        path.unlink()
