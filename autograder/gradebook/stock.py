"""What the plug-ins of stock nbgrader share: the course, and one verdict per submission.

repaired_notebook(course, assignment, student, notebook) -> NotebookNode
grade_or_reuse(course, assignment, student, *, allow_degraded) -> Result
"""

from __future__ import annotations

import copy

from nbformat import NotebookNode

from autograder.errors import ResultError
from autograder.gradebook.cells import repaired_notebooks
from autograder.grading.known import still_holds
from autograder.grading.results import Result, read_result, write_result
from autograder.grading.runner import Grader
from autograder.manifest import load_assignment
from autograder.paths import Course
from autograder.sandbox import harden_self
from autograder.submissions import Submission, read_submission
from autograder.submissions.release import read_release


def repaired_notebook(
    course: Course, assignment: str, student: str, notebook: str
) -> NotebookNode | None:
    """Read a submission and return one of its notebooks, repaired; None if there is no such."""
    manifest, release = load_assignment(course, assignment), course.release(assignment)
    submission = read_submission(course.submission(assignment, student), manifest, release, student)
    releases = read_release(release, manifest)
    found = repaired_notebooks(submission, releases.values()).get(notebook)
    return copy.deepcopy(found)  # nbgrader changes metadata, which all submissions have in common


def grade_or_reuse(
    course: Course, assignment: str, student: str, *, allow_degraded: bool = False
) -> Result:
    """Grade a submission, or return the verdict of results/ if it would come out the same.

    nbgrader asks once for each notebook; a submission is graded as a whole.
    """
    harden_self()
    grader = Grader(course, assignment, allow_degraded=allow_degraded)
    submission = grader.read(course.submission(assignment, student), student)
    result = _known(course, grader, submission, allow_degraded)
    if result is None:
        with grader:
            result = grader.grade_submission(submission)
        write_result(course.result_file(assignment, student), result)
    return result


def _known(
    course: Course, grader: Grader, submission: Submission, allow_degraded: bool
) -> Result | None:
    try:
        result = read_result(course.result_file(submission.assignment, submission.student))
    except ResultError:
        return None
    student, digest = submission.student, submission.digest
    holds = still_holds(result, student, digest, grader, allow_degraded=allow_degraded)
    return result if holds else None
