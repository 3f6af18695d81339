"""How submissions are read and judged, where a course leaves a choice."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from autograder.manifest import Assignment
from autograder.paths import Course
from autograder.submissions import Submission, read_package, read_submission
from autograder.submissions.package import package_digest
from autograder.submissions.read import submission_digest
from autograder.submissions.release import read_release, untouched

Layout = Literal["notebook", "package"]
LAYOUTS: tuple[Layout, ...] = ("notebook", "package")


@dataclass(frozen=True)
class Terms:
    """What is the same for all submissions of one run of the grader.

    Attributes
    ----------
    layout : "notebook", or "package" for Python modules.
    convention : what p means, "keep" or "drop"; "auto" to find out from each submission; None for
        the course's.
    repair : mend what Python 3 or today's numpy no longer knows, in packages.
    seed : of the hidden inputs; None for the course's.
    """

    layout: Layout = "notebook"
    convention: Literal["keep", "drop", "auto"] | None = None
    repair: bool = False
    seed: int | None = None

    def asked(self, convention: str) -> str:
        """Say how a verdict was asked for; `convention` is the course's.

        A result's `layout` and `convention` say how a submission was read in the end; whether
        another run would read it the same way depends on this.
        """
        words = [self.layout, self.convention or convention]
        return " ".join([*words, "repair"] if self.repair else words)

    def read(self, course: Course, assignment: Assignment, path: Path, student: str) -> Submission:
        """Read a submission in this layout; runs none of it.

        Raises
        ------
        SubmissionError
            If there is nothing at `path`.
        AuthoringError
            If the release has not been built.
        """
        release = course.release(assignment.id)
        if self.layout == "package":
            package = read_package(path, assignment, student, repair=self.repair)
            return replace(package, untouched=untouched(read_release(release, assignment), {}))
        return read_submission(path, assignment, release, student)

    def digest(self, assignment: Assignment, path: Path) -> str:
        """Return the digest of what `read` would return, which costs next to nothing.

        Raises
        ------
        SubmissionError
            If there is nothing at `path`.
        """
        if self.layout == "package":
            return package_digest(path, assignment)
        return submission_digest(path, assignment)
