"""autograded/<student>/<assignment>/, which the formgrader and the feedback are made from.

autograded_files(submission, notebooks) -> dict[str, bytes]
write_autograded(course: Course, record: Record) -> None

Besides the notebooks and timestamp.txt only pictures are copied, because answers may show them.
Stock nbgrader copies everything, nnkit and the trained model too; nothing reads them there, and
`nbgrader generate_feedback` would copy them once more for every student.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING

from nbformat import NotebookNode

from autograder.paths import Course
from autograder.replace import is_temporary, replace_file, sweep
from autograder.submissions import Submission
from autograder.submissions.files import FileFault, read_bytes

if TYPE_CHECKING:
    from autograder.gradebook.record import Record

PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".webp")  # no SVG: it may hold scripts
TIMESTAMP = "timestamp.txt"
MODE = 0o444  # as stock nbgrader's
LARGEST_COPIES = 50_000_000  # bytes of one submission; they are in memory all at once


def autograded_files(
    submission: Submission, notebooks: Mapping[str, NotebookNode]
) -> dict[str, bytes]:
    """Return the content of each file: the graded notebooks and what is copied."""
    files = {f"{name}.ipynb": _text(notebook).encode() for name, notebook in notebooks.items()}
    return files | _copied(submission)


def write_autograded(course: Course, record: Record) -> None:
    """Write a submission's files; each is replaced atomically, left-over ones go."""
    folder = course.autograded(record.assignment, record.student)
    for name, content in record.files.items():
        replace_file(folder / name, content, MODE)
    sweep(folder)
    for path in folder.iterdir():
        if path.name not in record.files and not path.is_dir() and not is_temporary(path):
            path.unlink(missing_ok=True)  # another grader of the same submission does it, too


def _text(notebook: NotebookNode) -> str:
    # Not by nbformat, which validates and indents: most of the time of storing a submission.
    return json.dumps(notebook, ensure_ascii=False, sort_keys=True) + "\n"


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
