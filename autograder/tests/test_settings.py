"""course.toml and assignment.toml: every mistake is one sentence that names file and key."""

from pathlib import Path

import pytest

from autograder.errors import SettingsError
from autograder.manifest import load_assignment
from autograder.paths import Course
from autograder.settings import Limits, load_settings

COURSE = 'title = "T"\nseed = 7\n'
ASSIGNMENT = """\
id = "hw"
title = "Homework"

[[notebooks]]
name = "First"

[[notebooks]]
name = "Second"
uses = "First"

[[tasks]]
id = "f"
notebook = "First"
points = 2
functions = ["f"]

[[tasks]]
id = "g"
notebook = "Second"
points = 3
functions = ["g"]
needs = ["f"]

[[questions]]
id = "why"
notebook = "Second"
points = 1
title = "Why?"
"""


def course_with(root: Path, *, course: str = COURSE, assignment: str = ASSIGNMENT) -> Course:
    (root / "nbgrader_config.py").write_text("")
    (root / "source" / "hw").mkdir(parents=True)
    (root / "source" / "course.toml").write_text(course)
    (root / "source" / "hw" / "assignment.toml").write_text(assignment)
    return Course(root)


def test_defaults_are_filled_in(tmp_path: Path) -> None:
    settings = load_settings(course_with(tmp_path))
    assert (settings.seed, settings.convention, settings.limits) == (7, "keep", Limits())


def test_the_environment_overrides_the_seed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AUTOGRADER_SEED", "99")
    assert load_settings(course_with(tmp_path)).seed == 99


@pytest.mark.parametrize("value", ["-1", "seven", "", "٣"])
def test_a_seed_that_is_no_number_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    monkeypatch.setenv("AUTOGRADER_SEED", value)
    with pytest.raises(SettingsError, match="AUTOGRADER_SEED"):
        load_settings(course_with(tmp_path))


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ('title = "T"\n', "seed is missing"),
        (COURSE + "sead = 1\n", "unknown key sead"),
        (COURSE + 'convention = "dorp"\n', "convention is 'dorp'"),
        (COURSE + "[limits]\ncall_seconds = 0\n", "limits.call_seconds"),
        (COURSE + "[limits]\nmemory = 1\n", "unknown key limits.memory"),
        ('title = "T"\nseed = true\n', "seed must be a whole number"),
        ("title = ", "not valid TOML"),
    ],
)
def test_a_mistake_in_course_toml_is_named(tmp_path: Path, text: str, complaint: str) -> None:
    with pytest.raises(SettingsError, match=complaint) as error:
        load_settings(course_with(tmp_path, course=text))
    assert "course.toml: " in str(error.value)


def test_an_assignment_is_read(tmp_path: Path) -> None:
    assignment = load_assignment(course_with(tmp_path), "hw")
    assert [task.id for task in assignment.tasks] == ["f", "g"]
    assert assignment.auto_points == 5
    assert assignment.manual_points == 1
    assert assignment.chain("Second") == ("First", "Second")
    assert assignment.chain("First") == ("First",)


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ('id = "hw"', 'id = "hw2"', "its folder is 'hw'"),
        ('id = "g"', 'id = "f"', "'f' is used twice"),
        ('id = "g"', 'id = "f_check"', "'f_check' is used twice"),
        ('id = "g"', 'id = "../g"', "letters, digits"),
        ('needs = ["f"]', 'needs = ["h"]', "needs 'h'"),
        ('uses = "First"', 'uses = "Third"', "uses Third"),
        ('notebook = "First"', 'notebook = "Zeroth"', "'Zeroth', which is not listed"),
        ("points = 2", "points = -2", r"tasks\[1\].points"),
        ("points = 2", "points = nan", r"tasks\[1\].points"),
        ("points = 2", "point = 2", r"unknown key tasks\[1\].point"),
        ('title = "Homework"', 'title = "Homework"\ndue = 2027-03-01', "due must be"),
        ("[[questions]]", "[questions]", r"written as \[\[questions\]\]"),
        ('functions = ["f"]', 'functions = "f"', r"tasks\[1\].functions must be a list of strings"),
        ('title = "Why?"', "title = 3", r"questions\[1\].title must be a string"),
        ('title = "Homework"', "title = 3", "title must be a string"),
    ],
)
def test_a_mistake_in_assignment_toml_is_named(
    tmp_path: Path, old: str, new: str, complaint: str
) -> None:
    course = course_with(tmp_path, assignment=ASSIGNMENT.replace(old, new, 1))
    with pytest.raises(SettingsError, match=complaint) as error:
        load_assignment(course, "hw")
    assert "assignment.toml: " in str(error.value)


@pytest.mark.parametrize("name", ["nope", "../hw", ""])
def test_an_unknown_assignment_lists_the_known_ones(tmp_path: Path, name: str) -> None:
    with pytest.raises(SettingsError, match="known: hw"):
        load_assignment(course_with(tmp_path), name)


def test_a_course_is_found_from_below(tmp_path: Path) -> None:
    course_with(tmp_path)
    assert Course.find(tmp_path / "source" / "hw").root == tmp_path.resolve()


def test_outside_of_a_course_the_error_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="--course DIR"):
        Course.find(tmp_path)


def test_the_repositorys_points_add_up() -> None:
    course = Course.find(Path(__file__).parent)
    assignment = load_assignment(course, "neural-nets")
    assert assignment.auto_points + assignment.manual_points == 100
