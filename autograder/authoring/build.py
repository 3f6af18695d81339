"""Build an assignment's release, and tell whether the committed one is up to date."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

from autograder.authoring.gate import Gate, pass_gate
from autograder.authoring.instructor import instructor_tree
from autograder.authoring.material import load_material, shown
from autograder.authoring.release import release_tree
from autograder.authoring.secrets import course_secrets, secret_files
from autograder.authoring.trees import Tree, diff_trees, read_tree, replace_folder, write_tree
from autograder.manifest import load_assignment
from autograder.paths import Course


@dataclass(frozen=True)
class BuildReport:
    """What a build made: its two folders, and the files that students receive."""

    assignment: str
    instructor: Path
    release: Path
    files: tuple[Path, ...]


def build_assignment(course: Course, assignment_id: str) -> BuildReport:
    """Make the instructor's version in `build/source` and the students' in `release`.

    Both folders are replaced as a whole, and only once every rule of the build has been kept.

    Raises
    ------
    AuthoringError, SettingsError
        If the authored text, the solutions, the release or the manifest break a rule.
    """
    instructor, release = _make(course, assignment_id)
    target = course.release(assignment_id)
    course.build.mkdir(parents=True, exist_ok=True)
    # In the course and not in /tmp, so that moving into place is a rename.
    with tempfile.TemporaryDirectory(prefix=".new-", dir=course.build) as name:
        write_tree(Path(name) / "source", instructor)
        write_tree(Path(name) / "release", release)
        replace_folder(Path(name) / "source", course.instructor(assignment_id))
        replace_folder(Path(name) / "release", target)
    files = tuple(target / name for name in sorted(release))
    return BuildReport(assignment_id, course.instructor(assignment_id), target, files)


def check_assignment(course: Course, assignment_id: str) -> str:
    """Return the unified diff from the committed release to a fresh build, empty when equal.

    Writes nothing in the course.

    Raises
    ------
    AuthoringError, SettingsError
        As `build_assignment` does.
    """
    _, release = _make(course, assignment_id)
    target = course.release(assignment_id)
    return diff_trees(read_tree(target), release, shown(course, target))


def _make(course: Course, assignment_id: str) -> tuple[Tree, Tree]:
    material = load_material(course, load_assignment(course, assignment_id))
    instructor = instructor_tree(course, material)
    release = release_tree(course, assignment_id, instructor)
    where = shown(course, course.release(assignment_id))
    gate = Gate(frozenset(instructor), course_secrets(course), secret_files(course))
    pass_gate(release, gate, where)
    return instructor, release
