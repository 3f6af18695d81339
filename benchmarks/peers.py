"""Other graders, with the same submissions to grade; stock nbgrader."""

from __future__ import annotations

import os
import shutil
import sys
from abc import ABC, abstractmethod
from collections.abc import Sequence
from pathlib import Path

import nbformat
from nbgrader.api import Gradebook

from autograder.manifest import Assignment
from autograder.paths import Course
from benchmarks.classes import HandIn
from benchmarks.measure import Cost, run
from benchmarks.peer_course import NAME, peer_notebook, with_solutions

STOCK_CONFIG = """\
c = get_config()
c.CourseDirectory.course_id = "bench"
c.ClearSolutions.code_stub = {"python": "# YOUR CODE HERE\\nraise NotImplementedError()"}
"""


class Unavailable(Exception):
    """A peer that cannot be run here; the message says why."""


class Peer(ABC):
    """Another grader, with a course of its own in `folder`.

    Attributes
    ----------
    name : what it is called in the report.
    """

    name: str

    def __init__(self, course: Course, assignment: Assignment, folder: Path) -> None:
        self.course = course
        self.assignment = assignment
        self.folder = folder

    @abstractmethod
    def prepare(self) -> None:
        """Make its course, in an empty folder.

        Raises
        ------
        Unavailable
            If it cannot be run here.
        """

    @abstractmethod
    def grade(self, hand_ins: Sequence[HandIn]) -> list[float]:
        """Return the wall seconds that each of these submissions took, start-up left out."""

    @abstractmethod
    def scores(self, hand_ins: Sequence[HandIn]) -> list[float]:
        """Return what they earned."""

    def copy_nnkit(self, folder: Path) -> None:
        """Put the package that students get into `folder`."""
        ignore = shutil.ignore_patterns("__pycache__")
        source = self.course.release(self.assignment.id) / "nnkit"
        shutil.copytree(source, folder / "nnkit", ignore=ignore)


class Nbgrader(Peer):
    """`nbgrader autograde`, one command for all submissions."""

    name = "nbgrader"

    def prepare(self) -> None:
        source = self.folder / "source" / self.assignment.id
        source.mkdir(parents=True)
        nbformat.write(peer_notebook(self.course, self.assignment), source / f"{NAME}.ipynb")
        self.copy_nnkit(source)
        (self.folder / "nbgrader_config.py").write_text(STOCK_CONFIG)
        self._run("generate_assignment", self.assignment.id)

    def grade(self, hand_ins: Sequence[HandIn]) -> list[float]:
        for name in ("submitted", "autograded"):
            shutil.rmtree(self.folder / name, ignore_errors=True)
        path = self.folder / "release" / self.assignment.id / f"{NAME}.ipynb"
        released = nbformat.read(path, as_version=4)
        for hand_in in hand_ins:
            folder = self.folder / "submitted" / hand_in.student / self.assignment.id
            folder.mkdir(parents=True)
            nbformat.write(with_solutions(released, hand_in.cells), folder / path.name)
        self._run("autograde", self.assignment.id)
        return [self._seconds(hand_in) for hand_in in hand_ins]

    def _seconds(self, hand_in: HandIn) -> float:
        """From the first file that nbgrader puts into a submission's folder to the graded one."""
        folder = self.folder / "autograded" / hand_in.student / self.assignment.id
        first = min(path.stat().st_ctime for path in folder.rglob("*"))
        return (folder / f"{NAME}.ipynb").stat().st_mtime - first

    def scores(self, hand_ins: Sequence[HandIn]) -> list[float]:
        with Gradebook(f"sqlite:///{self.folder}/gradebook.db") as gradebook:
            found = [gradebook.find_submission(self.assignment.id, h.student) for h in hand_ins]
            return [float(submission.score) for submission in found]

    def _run(self, *words: str) -> Cost:
        programs = Path(sys.executable).parent
        environment = {**os.environ, "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}"}
        return run([str(programs / "nbgrader"), *words], self.folder, environment)
