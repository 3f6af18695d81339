"""Build an assignment's release, and tell whether the committed one is up to date."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from autograder.authoring.gate import Gate, pass_gate
from autograder.authoring.instructor import instructor_tree
from autograder.authoring.material import Material, load_material, shown
from autograder.authoring.modules import open_modules
from autograder.authoring.package import package_tree
from autograder.authoring.release import release_tree
from autograder.authoring.secrets import course_secrets, secret_files
from autograder.authoring.trees import Tree, diff_trees, read_tree, replace_folder, write_tree
from autograder.errors import AuthoringError, SettingsError
from autograder.manifest import load_assignment
from autograder.paths import Course
from autograder.scratch import scratch
from autograder.settings import load_settings

AUTHORED = "keep"  # the meaning of p in notebooks, docstrings and visible checks


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
    source, target = course.instructor(assignment_id), course.release(assignment_id)
    _put(course, {source: instructor, target: release})
    files = tuple(target / name for name in sorted(release))
    return BuildReport(assignment_id, source, target, files)


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


def build_package(course: Course, assignment_id: str) -> Path:
    """Make the students' version in package layout and return its folder.

    The folder is replaced as a whole, by the rules of `build_assignment`.

    Raises
    ------
    AuthoringError, SettingsError
        As `build_assignment` does, and if `package.toml` breaks a rule.
    """
    target = course.package(assignment_id)
    _put(course, {target: _make_package(course, assignment_id)})
    return target


def check_package(course: Course, assignment_id: str) -> str:
    """Return the unified diff from the package that was built last to a fresh one.

    Writes nothing in the course.

    Raises
    ------
    AuthoringError, SettingsError
        As `build_package` does, and if none was built.
    """
    target = course.package(assignment_id)
    if not target.is_dir():
        advice = f"not built; run `autograder build {assignment_id} --layout package`"
        raise AuthoringError(shown(course, target), None, advice)
    fresh = _make_package(course, assignment_id)
    return diff_trees(read_tree(target), fresh, shown(course, target))


def _material(course: Course, assignment_id: str) -> Material:
    if load_settings(course).convention != AUTHORED:
        raise SettingsError(
            f'{course.settings_file}: convention = "drop" is for hand-ins from elsewhere; the '
            f"authored text explains p as the probability to {AUTHORED}. To build set it to "
            f'"{AUTHORED}", and pass --convention drop to run and grade'
        )
    return load_material(course, load_assignment(course, assignment_id))


def _make(course: Course, assignment_id: str) -> tuple[Tree, Tree]:
    material = _material(course, assignment_id)
    instructor = instructor_tree(course, material)
    release = release_tree(course, assignment_id, instructor)
    where = shown(course, course.release(assignment_id))
    gate = Gate(frozenset(instructor), course_secrets(course), secret_files(course))
    pass_gate(release, gate, where)
    return instructor, release


def _make_package(course: Course, assignment_id: str) -> Tree:
    material = _material(course, assignment_id)
    made = package_tree(course, material, instructor_tree(course, material))
    release = release_tree(course, assignment_id, made)
    given = open_modules(course)
    secret = {text: path for text, path in secret_files(course).items() if text not in given}
    gate = Gate(frozenset(made), course_secrets(course), secret)
    pass_gate(release, gate, shown(course, course.package(assignment_id)))
    return release


def _put(course: Course, folders: Mapping[Path, Tree]) -> None:
    """Replace each of the folders by a tree, once all of them are written."""
    course.build.mkdir(parents=True, exist_ok=True)
    # In the course and not in /tmp, so that moving into place is a rename.
    with scratch(".new", course.build) as folder:
        made = {folder / target.parent.name: target for target in folders}
        for new, target in made.items():
            write_tree(new, folders[target])
        for new, target in made.items():
            replace_folder(new, target)
