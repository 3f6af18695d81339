"""The hidden suite as files: its digest, its seeds, and the reference beside it."""

from __future__ import annotations

import hashlib
import importlib
import os
import sys
import zlib
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

from autograder.errors import SettingsError, raised_in
from autograder.paths import Course
from autograder.settings import Settings

REFERENCE_MODULES = ("layers", "losses", "layer_utils", "fc_net", "optim", "conv")
COURSE_PACKAGES = ("solutions", "tests", "nnkit")
JUDGING_ROOMS = ("submissions", "sandbox", "grading")
# What these rooms import from the others; a test compares.
SHARED_FILES = (
    "__init__.py",
    "authoring/pieces.py",
    "authoring/misconceptions.py",
    "authoring/regions.py",
    "built.py",
    "errors.py",
    "owner.py",
    "manifest.py",
    "paths.py",
    "program.py",
    "replace.py",
    "settings.py",
)


def load_reference(course: Course) -> SimpleNamespace:
    """Import everything public of `solutions/` into one namespace, but for the trainings.

    Raises
    ------
    SettingsError
        If one of its modules cannot be imported.
    """
    use_course(course)
    names: dict[str, object] = {}
    for name in REFERENCE_MODULES:
        try:
            module = importlib.import_module(f"solutions.{name}")
        except Exception as error:  # noqa: BLE001 - an unfinished solution may raise anything
            raise SettingsError(raised_in(course.solutions, error)) from None
        names |= {k: v for k, v in vars(module).items() if not k.startswith("_")}
    return SimpleNamespace(**names)


def use_course(course: Course) -> None:
    """Let `solutions`, `tests` and `nnkit` mean this course's from here on.

    A process that graded for another course before (a test session, a notebook server) has that
    one's modules loaded; they are forgotten.
    """
    for folder in (course.nnkit.parent, course.root):
        if str(folder) in sys.path:
            sys.path.remove(str(folder))
        sys.path.insert(0, str(folder))
    for package in COURSE_PACKAGES:
        folders = [Path(folder) for folder in getattr(sys.modules.get(package), "__path__", ())]
        if not any(folder.is_relative_to(course.root) for folder in folders):
            for name in [n for n in sys.modules if n.partition(".")[0] == package]:
                del sys.modules[name]
    importlib.invalidate_caches()


def suite_digest(course: Course, assignment: str, settings: Settings) -> str:
    """sha256 over everything that decides a verdict: suite, reference, settings and grader.

    Two results with equal digests of suite and submission are equal.
    """
    if not course.suite(assignment).is_dir():
        raise SettingsError(f"{course.suite(assignment)}: the hidden suite is missing")
    # Models are judged on CIFAR-10's own images where they are at hand.
    images = os.environ.get("CIFAR10_DIR", "")
    digest = hashlib.sha256(f"{settings!r}\0{images}".encode())
    for name, path in sorted(_deciding_files(course, assignment)):
        content = path.read_bytes()
        digest.update(f"{name}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()


def _deciding_files(course: Course, assignment: str) -> Iterator[tuple[str, Path]]:
    """Yield files with names that are the same wherever course and grader are installed."""
    package = Path(__file__).resolve().parent.parent
    for path in _grader_files(package):
        yield f"autograder/{path.relative_to(package).as_posix()}", path
    for path in _course_files(course, assignment):
        yield f"course/{path.relative_to(course.root).as_posix()}", path


def _grader_files(package: Path) -> Iterator[Path]:
    for folder in JUDGING_ROOMS:
        yield from package.joinpath(folder).rglob("*.py")
    for file in SHARED_FILES:
        yield package / file


def _course_files(course: Course, assignment: str) -> Iterator[Path]:
    yield from course.suite(assignment).rglob("*.py")
    yield from course.suite(assignment).parent.glob("*.py")
    yield from course.solutions.glob("*.py")
    yield from course.solutions.rglob("*.toml")  # conventions and misconceptions
    yield from course.nnkit.rglob("*.py")
    yield from course.release(assignment).glob("*.ipynb")
    yield course.authored(assignment) / "assignment.toml"


def worker_seed(check: str) -> int:
    """Seed of the generators in a student's process during one check, in [0, 2**32).

    No secret, and not made of one: code can read it off its own generator, and from a seed that has
    to do with the course's it could draw the hidden inputs, those of other checks too.
    """
    return zlib.crc32(check.encode())


def check_seed(course_seed: int, assignment: str, task: str, check: str) -> int:
    """Seed of one check's hidden inputs, in [0, 2**32).

    Every check has its own, derived from the course's seed: hidden inputs differ from the
    notebook's, from check to check and from course to course.
    """
    text = f"{course_seed}/{assignment}/{task}/{check}"
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:4], "little")
