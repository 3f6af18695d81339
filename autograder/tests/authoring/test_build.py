"""Is a build complete, the same every time, and compared without writing anything?"""

from __future__ import annotations

import os
import re
import sqlite3
import subprocess
import sys

import pytest

from autograder.authoring.build import build_assignment, check_assignment
from autograder.authoring.trees import read_tree
from autograder.errors import AuthoringError, SettingsError

FILES = {
    ".github/workflows/check.yml",
    "First.ipynb",
    "README.md",
    "Second.ipynb",
    "nnkit/__init__.py",
    "nnkit/check/__init__.py",
    "nnkit/data/sample.bin",
    "requirements.txt",
}


def snapshot(course):
    """Everything below the course: content of files, time of every change."""
    paths = sorted(course.root.rglob("*"))
    return {p: (p.stat().st_mtime_ns, p.read_bytes() if p.is_file() else b"") for p in paths}


def test_release_and_instructor_folder_hold_the_same_files(course):
    course.write("source/nnkit/__pycache__/x.pyc", b"\x00")
    report = build_assignment(course, "mini")
    assert set(read_tree(report.release, skip=())) == FILES
    assert set(read_tree(report.instructor, skip=())) == FILES


def test_report_names_the_released_files(course):
    report = build_assignment(course, "mini")
    assert {path.relative_to(report.release).as_posix() for path in report.files} == FILES
    assert (report.assignment, report.release) == ("mini", course.release("mini"))


def test_two_builds_make_the_same_bytes(course):
    first = build_assignment(course, "mini")
    before = [read_tree(folder) for folder in (first.release, first.instructor)]
    again = build_assignment(course, "mini")
    assert [read_tree(folder) for folder in (again.release, again.instructor)] == before


def test_released_files_can_be_read_by_everyone(course):
    modes = {path.stat().st_mode & 0o777 for path in build_assignment(course, "mini").files}
    assert modes == {0o644}


def test_build_replaces_what_was_there(course):
    course.write("release/mini/Old.ipynb", "{}")
    build_assignment(course, "mini")
    assert not (course.release("mini") / "Old.ipynb").exists()


def test_build_leaves_nothing_else_behind(course):
    before = set(course.root.rglob("*"))
    build_assignment(course, "mini")
    made = {
        path.relative_to(course.root).parts[:3] for path in set(course.root.rglob("*")) - before
    }
    assert {parts[:2] for parts in made if len(parts) > 1} == {
        ("build", "source"),
        ("release", "mini"),
    }


def test_gradebook_of_the_course_is_not_touched(course):
    with sqlite3.connect(course.gradebook_file) as database:
        database.execute("create table kept (x)")
    database.close()
    before = course.gradebook_file.read_bytes()
    build_assignment(course, "mini")
    assert course.gradebook_file.read_bytes() == before


def test_fresh_build_has_no_drift(course):
    build_assignment(course, "mini")
    assert check_assignment(course, "mini") == ""


def test_drift_is_a_unified_diff_towards_the_fresh_build(course):
    build_assignment(course, "mini")
    course.edit("source/mini/First.md", "Some text.", "Other text.")
    diff = check_assignment(course, "mini")
    assert diff.startswith("--- a/release/mini/First.ipynb\n+++ b/release/mini/First.ipynb\n@@ ")
    assert re.search(r'^-.*"Some text\."', diff, re.MULTILINE)
    assert re.search(r'^\+.*"Other text\."', diff, re.MULTILINE)


def test_missing_and_stray_files_are_drift(course):
    release = build_assignment(course, "mini").release
    (release / "README.md").unlink()
    (release / "notes.txt").write_text("mine")
    (release / "nnkit/data/sample.bin").write_bytes(b"\xff\x00")
    diff = check_assignment(course, "mini")
    assert "--- /dev/null\n+++ b/release/mini/README.md\n" in diff
    assert "--- a/release/mini/notes.txt\n+++ /dev/null\n" in diff
    assert "-mine\n\\ No newline at end of file\n" in diff
    sample = "release/mini/nnkit/data/sample.bin"
    assert f"Binary files a/{sample} and b/{sample} differ\n" in diff


def test_release_that_was_never_built_is_drift(course):
    assert "--- /dev/null\n+++ b/release/mini/First.ipynb\n" in check_assignment(course, "mini")


def test_cache_of_an_opened_release_is_no_drift(course):
    release = build_assignment(course, "mini").release
    (release / "nnkit/__pycache__").mkdir()
    (release / "nnkit/__pycache__/x.pyc").write_bytes(b"\x00")
    assert check_assignment(course, "mini") == ""


@pytest.mark.parametrize("drift", [False, True])
def test_check_writes_nothing(course, drift):
    build_assignment(course, "mini")
    if drift:
        course.edit("source/mini/First.md", "Some text.", "Other text.")
    before = snapshot(course)
    check_assignment(course, "mini")
    assert snapshot(course) == before


def test_failed_swap_puts_the_old_release_back(course, monkeypatch):
    release = build_assignment(course, "mini").release
    before = read_tree(release)
    rename = os.rename

    def full_disk(old, new):
        if new == release and old.name == "release":
            raise OSError("no space left")
        rename(old, new)

    monkeypatch.setattr(os, "rename", full_disk)
    with pytest.raises(OSError, match="no space left"):
        build_assignment(course, "mini")
    assert read_tree(release) == before


def test_stock_nbgrader_makes_the_same_release(course):
    built = read_tree(build_assignment(course, "mini").release)
    command = [
        sys.executable,
        "-m",
        "nbgrader",
        "generate_assignment",
        "mini",
        "--force",
        "--no-db",
    ]
    subprocess.run(command, cwd=course.root, check=True, capture_output=True)
    assert read_tree(course.release("mini")) == built


def test_hooks_for_the_gradebook_do_not_run(course):
    course.edit(
        "nbgrader_config.py",
        "c = get_config()\n",
        'c = get_config()\nc.GenerateAssignment.pre_convert_hook = "no_such_module.hook"\n',
    )
    assert build_assignment(course, "mini").files


def test_what_nbgrader_refuses_is_said(course):
    course.edit("source/mini/First.md", "assert double(2) == 4", "### BEGIN HIDDEN TESTS")
    with pytest.raises(AuthoringError, match="No end hidden tests statement found"):
        build_assignment(course, "mini")


def test_unknown_assignment_is_named(course):
    with pytest.raises(SettingsError, match="no assignment 'maxi'"):
        build_assignment(course, "maxi")


def test_text_for_one_meaning_of_p_is_not_built_for_the_other(course):
    course.write("source/course.toml", 'title = "Mini"\nseed = 1\nconvention = "drop"\n')
    with pytest.raises(SettingsError, match=r'course.toml: convention = "drop".*--convention drop'):
        build_assignment(course, "mini")


def test_readme_tells_points_due_date_and_what_to_hand_in(course):
    readme = (build_assignment(course, "mini").release / "README.md").read_text()
    assert readme.startswith("# A mini assignment\n\nDue: **2027-03-01 23:59 UTC**\n")
    assert "| Second | `halve` | 2.5 | automatically |\n" in readme
    assert "| First | Why so? | 4 | by hand |\n" in readme
    assert "| | **total** | **9.5** | |\n" in readme
    assert "    python -m nnkit.check Second.ipynb\n" in readme
    assert "- `half.npz`, which your notebook saves\n" in readme


def test_workflow_has_least_permissions_and_pinned_actions(course):
    report = build_assignment(course, "mini")
    workflow = (report.release / ".github/workflows/check.yml").read_text()
    assert "permissions:\n  contents: read\n" in workflow
    used = re.findall(r"uses: (\S+)", workflow)
    assert used
    assert all(re.fullmatch(r"actions/[\w-]+@[0-9a-f]{40}", action) for action in used)
