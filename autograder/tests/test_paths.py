"""Finding a course, and where its parts lie."""

from pathlib import Path

import pytest

from autograder.errors import SettingsError
from autograder.paths import MARKER, Course


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A course in a folder whose name has spaces and letters beyond ASCII."""
    folder = tmp_path / "ein Kurs für Zoë"
    folder.mkdir()
    (folder / MARKER).write_text("")
    return folder


def test_a_course_is_found_from_a_folder_inside_of_it(root: Path) -> None:
    inside = root / "source" / "hw"
    inside.mkdir(parents=True)
    assert Course.find(inside).root == root


def test_the_nearest_course_counts(root: Path) -> None:
    demo = root / "build" / "demo"
    demo.mkdir(parents=True)
    (demo / MARKER).write_text("")
    assert Course.find(demo).root == demo


def test_without_a_start_it_is_the_working_folders_course(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(root)
    assert Course.find().root == root


@pytest.mark.parametrize("name", ["typo", MARKER])
def test_a_start_that_is_no_folder_is_refused_even_within_a_course(root: Path, name: str) -> None:
    with pytest.raises(SettingsError, match="no such folder"):
        Course.find(root / name)


def test_a_folder_called_like_the_marker_makes_no_course(tmp_path: Path) -> None:
    (tmp_path / MARKER).mkdir()
    with pytest.raises(SettingsError, match="not inside a course"):
        Course.find(tmp_path)


def test_a_course_reached_through_a_link_is_the_course_itself(root: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(root)
    assert Course.find(tmp_path / "link").root == root


def test_assignments_are_the_folders_with_a_manifest(root: Path) -> None:
    for name in ("b", "a", "nnkit"):
        (root / "source" / name).mkdir(parents=True)
    for name in ("b", "a"):
        (root / "source" / name / "assignment.toml").write_text("")
    assert Course(root).assignments() == ["a", "b"]


def test_a_students_files_lie_where_nbgrader_looks_for_them(root: Path) -> None:
    course = Course(root)
    assert course.submission("hw", "ada") == root / "submitted" / "ada" / "hw"
    assert course.autograded("hw", "ada") == root / "autograded" / "ada" / "hw"
    assert course.result_file("hw", "ada") == root / "results" / "hw" / "ada.json"
