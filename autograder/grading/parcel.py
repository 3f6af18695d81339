"""A submission that was read here and is graded elsewhere, as bytes of plain data.

It holds what grading needs and no more: statements as text, the files that tasks ask for, names.
What is told of files that are no files (links, pipes, folders) is found where they lie.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import Any

import msgpack

from autograder.grading.bundle import inside
from autograder.grading.runner import Grader
from autograder.manifest import Assignment
from autograder.program import Statement
from autograder.submissions import Submission
from autograder.submissions.files import MAX_FILE, File, FileFault, read_bytes

# As they are: tuples become lists on the way.
PLAIN = ("student", "assignment", "digest", "layout", "convention")
TUPLES = ("problems", "repairs", "untouched")
# Text of students may hold halves of surrogate pairs, which UTF-8 has no room for.
TEXT = {"unicode_errors": "surrogatepass"}


@dataclass(frozen=True)
class Parcel:
    """A packed submission, to be graded on this machine; `path` leads nowhere here."""

    student: str
    path: Path
    data: bytes

    @contextmanager
    def opened(self, grader: Grader) -> Iterator[Submission]:
        """Have its files in a folder of their own; in the course's, which is private."""
        with tempfile.TemporaryDirectory(dir=grader.course.root) as folder:
            yield unpack_submission(self.data, Path(folder))


def pack_submission(submission: Submission, assignment: Assignment) -> bytes:
    """Pack what grading needs of a submission; a file that can't be read stays a name."""
    wanted = {file for task in assignment.tasks for file in task.files}
    data = {
        **{key: getattr(submission, key) for key in (*PLAIN, *TUPLES)},
        "present": sorted(submission.present),
        "renames": {name: dict(names) for name, names in submission.renames.items()},
        "statements": {
            notebook: [list(astuple(statement)) for statement in program]
            for notebook, program in submission.statements.items()
        },
        "files": {
            name: _content(file) for name, file in submission.files.items() if name in wanted
        },
    }
    packed: bytes = msgpack.packb(data, **TEXT)
    return packed


def _content(file: File) -> bytes | None:
    try:
        return read_bytes(file, MAX_FILE)
    except FileFault:
        return None


def unpack_submission(data: bytes, folder: Path) -> Submission:
    """Return the submission, without answers and notebooks; its files are put into `folder`."""
    packed: dict[str, Any] = msgpack.unpackb(data, **TEXT)
    told: dict[str, Any] = {key: tuple(packed[key]) for key in TUPLES}
    told |= {key: packed[key] for key in PLAIN}
    return Submission(
        **told,
        path=folder,
        present=frozenset(packed["present"]),
        renames=packed["renames"],
        statements={
            notebook: tuple(Statement(*row) for row in rows)
            for notebook, rows in packed["statements"].items()
        },
        files={
            name: _written(inside(folder, name), packed["files"][name]) for name in packed["files"]
        },
        answers={},
        notebooks={},
    )


def _written(path: Path, content: bytes | None) -> Path:
    if content is not None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return path
