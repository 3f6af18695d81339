"""Writes autograded/<student>/<assignment>/, which the formgrader and the feedback are made from.

    write_autograded(course: Course, submission: Submission, result: Result) -> None

Besides the notebooks and timestamp.txt only pictures are copied, because answers may show them.
Stock nbgrader copies everything, nnkit and the trained model too; nothing reads them there, and
`nbgrader generate_feedback` would copy them once more for every student.
"""

from __future__ import annotations

import nbformat

from autograder.gradebook.cells import graded_notebooks
from autograder.grading.results import Result
from autograder.manifest import load_assignment
from autograder.paths import Course
from autograder.replace import is_temporary, replace_file, sweep
from autograder.submissions import Submission
from autograder.submissions.files import FileFault, read_bytes

PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".webp")  # no SVG: it may hold scripts
TIMESTAMP = "timestamp.txt"
MODE = 0o444  # as stock nbgrader's
LARGEST_COPIES = 50_000_000  # bytes of one submission; they are in memory all at once


def write_autograded(course: Course, submission: Submission, result: Result) -> None:
    """Write the graded notebooks; each file is replaced atomically, left-over ones go.

    Raises
    ------
    ResultError
        If the result lacks a verdict or a score is out of range.
    """
    folder = course.autograded(submission.assignment, submission.student)
    assignment = load_assignment(course, submission.assignment)
    release = course.release(assignment.id)
    files = {
        f"{name}.ipynb": (nbformat.writes(notebook) + "\n").encode()
        for name, notebook in graded_notebooks(submission, result, assignment, release).items()
    }
    files |= _copied(submission)
    for name, content in files.items():
        replace_file(folder / name, content, MODE)
    sweep(folder)
    for path in folder.iterdir():
        if path.name not in files and not path.is_dir() and not is_temporary(path):
            path.unlink(missing_ok=True)  # another grader of the same submission does it, too


def _copied(submission: Submission) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    room = LARGEST_COPIES
    for name, path in sorted(submission.files.items(), key=lambda item: item[0] != TIMESTAMP):
        if name == TIMESTAMP or ("/" not in name and name.lower().endswith(PICTURES)):
            try:
                found[name] = read_bytes(path, room)
            except FileFault:
                continue  # not part of the verdict, and `problems` says so where it matters
            room -= len(found[name])
    return found
