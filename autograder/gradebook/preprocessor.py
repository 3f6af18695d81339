"""Grades in the sandbox where stock nbgrader would execute the student's notebook.

c.Autograde.autograde_preprocessors = ["autograder.gradebook.preprocessor.SandboxGrade", ...]
"""

from __future__ import annotations

from typing import Any

from nbformat import NotebookNode
from nbgrader.preprocessors import NbGraderPreprocessor
from traitlets import Bool

from autograder.gradebook.cells import put_verdicts
from autograder.gradebook.stock import grade_or_reuse
from autograder.manifest import load_assignment
from autograder.paths import Course


class SandboxGrade(NbGraderPreprocessor):  # type: ignore[misc]
    """Takes the place of `Execute`: puts the hidden suite's verdict into each grade cell.

    What is graded is the submission as it was handed in, not the notebook that passes through.
    """

    allow_degraded = Bool(
        False, help="Grade although a layer of the sandbox is missing; recorded in each result."
    ).tag(config=True)

    def preprocess(
        self, nb: NotebookNode, resources: dict[str, Any]
    ) -> tuple[NotebookNode, dict[str, Any]]:
        """Grade the submission that this notebook is of and set the outputs of its grade cells."""
        about = resources["nbgrader"]
        course = Course.find()  # nbgrader converts in the course's own folder
        result = grade_or_reuse(
            course, about["assignment"], about["student"], allow_degraded=self.allow_degraded
        )
        put_verdicts(nb, result, load_assignment(course, about["assignment"]))
        return nb, resources
