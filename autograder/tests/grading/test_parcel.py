"""What is sent to another machine: courses and submissions as bytes, and what comes of bad ones."""

from __future__ import annotations

import os
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import msgpack
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.errors import ClusterError
from autograder.grading.bundle import course_files, digest_of, pack, unpack
from autograder.grading.job import Job
from autograder.grading.overlays import load_misconceptions
from autograder.grading.parcel import pack_submission, unpack_submission
from autograder.manifest import Assignment, Notebook, Task, load_assignment
from autograder.paths import Course
from autograder.program import Statement
from autograder.submissions import Submission
from autograder.submissions.collect import collect
from autograder.submissions.files import File, read_bytes

HandIn = Callable[..., Path]
REAL = Course.find(Path(__file__).parent)
ASSIGNMENT = Assignment(
    "mini", "Mini", (Notebook("Mini"),), (Task("t", "Mini", 1, ("f",), files=("m.npz",)),), ()
)


def submission(path: Path, files: Mapping[str, File], source: str = "x = 1") -> Submission:
    statement = Statement(source, "Mini, cell 1", 1, "t", "pkg.layers")
    return Submission(
        student="Zoë", assignment="mini", path=path, digest="d", statements={"Mini": (statement,)},
        problems=("One.", "Two."), files=files, answers={}, notebooks={},
        present=frozenset({"Mini"}), layout="package", convention="drop",
        renames={"Net": {"dropout": "p"}}, repairs=("Three.",), untouched=("q",),
    )  # fmt: skip


def test_a_course_is_the_same_bytes_whenever_it_is_packed(course: Course, tmp_path: Path) -> None:
    files = course_files(course, "mini")
    first = pack(files)
    for path in files.values():
        os.utime(path, (1, 1))
    assert pack(dict(reversed(files.items()))) == first
    folder = tmp_path / "there"
    folder.mkdir()
    unpack(first, folder)
    there = course_files(Course(folder), "mini")
    assert sorted(there) == sorted(files)
    assert digest_of(pack(there)) == digest_of(first)


def test_a_bundle_holds_what_grading_needs_and_nothing_of_students_or_the_gradebook(
    course: Course, hand_in: HandIn
) -> None:
    hand_in("ada")
    course.gradebook_file.write_bytes(b"scores")
    course.result_file("mini", "ada").parent.mkdir(parents=True)
    course.result_file("mini", "ada").write_text("{}")
    (course.root / "nbgrader_config.py").write_text("c.CourseDirectory.db_url = 'password'")
    (course.suite("mini") / "__pycache__").mkdir()
    (course.suite("mini") / "__pycache__" / "test_mini.pyc").write_bytes(b"")
    (course.suite("mini") / "images.npy").write_bytes(b"data of the suite")
    names = set(course_files(course, "mini"))
    assert {
        "source/course.toml", "source/mini/assignment.toml", "tests/mini/test_mini.py",
        "tests/mini/images.npy", "solutions/layers.py", "release/mini/Mini.ipynb",
    } <= names  # fmt: skip
    rooms = {name.partition("/")[0] for name in names}
    assert rooms == {"source", "tests", "solutions", "release"}
    assert not [name for name in names if "answers" in name or "__pycache__" in name]


@pytest.mark.parametrize("assignment", REAL.assignments())
def test_a_bundle_is_all_that_a_grader_reads(assignment: str, tmp_path: Path) -> None:
    unpack(pack(course_files(REAL, assignment)), tmp_path)
    there, here = Job(Course(tmp_path), assignment).grader(), Job(REAL, assignment).grader()
    assert there.versions() == here.versions()
    mistakes = load_misconceptions(there.course, there.assignment)
    assert mistakes
    assert mistakes == load_misconceptions(REAL, here.assignment)


@pytest.mark.parametrize("name", ["../up.py", "/etc/cron.d/x", "a/../../b", "", ".", "a\0b"])
def test_nothing_is_written_outside_of_the_folder(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "a" / "b"
    folder.mkdir(parents=True)
    with pytest.raises(ClusterError, match="no name of a file"):
        unpack(msgpack.packb([[name, b"x"]]), folder)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_nothing_is_written_twice(tmp_path: Path) -> None:
    with pytest.raises(ClusterError, match="twice"):
        unpack(msgpack.packb([["a", b"1"], ["a", b"2"]]), tmp_path)
    assert (tmp_path / "a").read_bytes() == b"1"


def test_a_submission_arrives_as_it_was_read(tmp_path: Path) -> None:
    (tmp_path / "m.npz").write_bytes(b"model")
    (tmp_path / "notes.txt").write_bytes(b"not asked for")
    sent = submission(tmp_path, {n: tmp_path / n for n in ("m.npz", "notes.txt")})
    folder = tmp_path / "there"
    folder.mkdir()
    got = unpack_submission(pack_submission(sent, ASSIGNMENT), folder)
    assert read_bytes(got.files["m.npz"], 10) == b"model"
    assert list(got.files) == ["m.npz"]
    for name in ("student", "assignment", "digest", "statements", "problems", "present", "layout",
                 "convention", "renames", "repairs"):  # fmt: skip
        assert getattr(got, name) == getattr(sent, name), name


def test_no_file_of_a_submission_is_written_elsewhere(tmp_path: Path) -> None:
    (tmp_path / "model").write_bytes(b"model")
    wanted = Task("t", "Mini", 1, ("f",), files=("../up.npz",))
    upwards = replace(ASSIGNMENT, tasks=(wanted,))
    sent = pack_submission(submission(tmp_path, {"../up.npz": tmp_path / "model"}), upwards)
    folder = tmp_path / "there"
    folder.mkdir()
    with pytest.raises(ClusterError, match="no name of a file"):
        unpack_submission(sent, folder)
    assert not (tmp_path / "up.npz").exists()


def test_a_file_of_a_zip_file_arrives_unpacked(tmp_path: Path) -> None:
    packed = tmp_path / "hand_in.zip"
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("m.npz", b"model" * 100)
    files = collect(packed).files
    folder = tmp_path / "there"
    folder.mkdir()
    got = unpack_submission(pack_submission(submission(packed, files), ASSIGNMENT), folder)
    assert (folder / "m.npz").read_bytes() == b"model" * 100
    assert got.files == {"m.npz": folder / "m.npz"}


@given(st.text(st.characters()))
def test_any_text_of_a_students_arrives(text: str) -> None:
    data = pack_submission(submission(Path("x"), {}, text), ASSIGNMENT)
    (statement,) = unpack_submission(data, Path("y")).statements["Mini"]
    assert statement.source == text


@pytest.mark.parametrize("kind", ["pipe", "link", "folder", "gone", "huge"])
def test_a_file_that_cannot_be_read_stays_one(tmp_path: Path, kind: str) -> None:
    model = tmp_path / "m.npz"
    if kind == "pipe":
        os.mkfifo(model)
    elif kind == "link":
        model.symlink_to("/etc/passwd")
    elif kind == "folder":
        model.mkdir()
    elif kind == "huge":
        model.touch()
        os.truncate(model, 51_000_000)
    folder = tmp_path / "there"
    folder.mkdir()
    sent = pack_submission(submission(tmp_path, {"m.npz": model}), ASSIGNMENT)
    assert len(sent) < 1000
    assert not unpack_submission(sent, folder).files["m.npz"].exists()


def test_what_a_hand_in_is_packed_as_can_be_graded_without_its_folder(
    course: Course, hand_in: HandIn, tmp_path: Path
) -> None:
    grader = Job(course, "mini").grader()
    assignment = load_assignment(course, "mini")
    read = grader.read(hand_in("ada"), "ada")
    got = unpack_submission(pack_submission(read, assignment), tmp_path)
    assert got.program(assignment, "Mini") == read.program(assignment, "Mini")
