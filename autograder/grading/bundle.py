"""Files as one string of bytes, for a machine that has none of them.

pack(files) -> bytes                        the same files, the same bytes
unpack(bundle, folder)                      writes them below `folder`, nowhere else
course_files(course, assignment) -> files   what grading an assignment needs of its course
digest_of(bundle) -> str
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath

import msgpack

from autograder.errors import ClusterError
from autograder.paths import Course


def pack(files: Mapping[str, Path]) -> bytes:
    """Put names and contents of files in one string of bytes; times and owners do not enter."""
    packed: bytes = msgpack.packb([[name, files[name].read_bytes()] for name in sorted(files)])
    return packed


def unpack(bundle: bytes, folder: Path) -> None:
    """Write the files of a bundle into `folder`, which is there and empty.

    Raises
    ------
    ClusterError
        If a name leads out of the folder or stands there twice; nothing is overwritten.
    """
    for name, content in msgpack.unpackb(bundle):
        path = inside(folder, name)
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with path.open("xb") as file:
                file.write(content)
        except FileExistsError:
            raise ClusterError(f"{name!r} is in what was sent twice") from None


def inside(folder: Path, name: str) -> Path:
    """Return the path of a file in `folder`; refuses a name that leads anywhere else."""
    parts = PurePosixPath(name).parts
    if not parts or ".." in parts or PurePosixPath(name).is_absolute() or "\0" in name:
        raise ClusterError(f"{name!r} is no name of a file that could be sent")
    return folder.joinpath(*parts)


def digest_of(bundle: bytes) -> str:
    return hashlib.sha256(bundle).hexdigest()


def course_files(course: Course, assignment: str) -> dict[str, Path]:
    """List what grading needs, by names relative to the course.

    No submission, no gradebook, no settings of nbgrader's: those may hold a password.
    """
    return {
        path.relative_to(course.root).as_posix(): path
        for path in _needed(course, assignment)
        if path.is_file() and not _is_debris(path.relative_to(course.root))
    }


def _needed(course: Course, assignment: str) -> Iterator[Path]:
    yield course.settings_file
    for each in course.assignments():  # known mistakes name tasks of all
        yield course.authored(each) / "assignment.toml"
    yield from course.nnkit.rglob("*")
    yield from course.suite(assignment).rglob("*")
    yield from course.suite(assignment).parent.glob("*.py")
    yield from course.release(assignment).glob("*.ipynb")
    answers = course.answers(assignment).parent  # for reading, not for grading
    yield from (p for p in course.solutions.rglob("*") if answers not in p.parents)


def _is_debris(path: Path) -> bool:
    return any(part.startswith(".") or part == "__pycache__" for part in path.parts)
