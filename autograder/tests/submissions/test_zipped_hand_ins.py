"""A zip file is read as what it was made of."""

from __future__ import annotations

import io
import json
import os
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from autograder.submissions import Submission, read_package, read_submission
from autograder.submissions.collect import collect
from autograder.submissions.files import read_bytes
from autograder.tests.submissions.archives import zipped, zipped_in_order
from autograder.tests.submissions.conftest import Put
from autograder.tests.submissions.notebooks import ASSIGNMENT, RELEASE, solved
from autograder.tests.submissions.packages import ASSIGNMENT as NETS
from autograder.tests.submissions.packages import KEEP_2023

EXPECTED = frozenset({"Layers.ipynb", "Nets.ipynb", "best_model.npz"})
WORK = {f"{name}.ipynb": json.dumps(solved(name)).encode() for name in ("Layers", "Nets")}
WORK["best_model.npz"] = zipped({"W1.npy": bytes(100)}, compression=zipfile.ZIP_STORED)
PACKAGE = {name: text.encode() for name, text in KEEP_2023.items()}


def read(path: Path) -> Submission:
    return read_submission(path, ASSIGNMENT, RELEASE, "ada")


def inside(folder: str, files: Mapping[str, bytes]) -> dict[str, bytes]:
    return {f"{folder}/{name}": content for name, content in files.items()}


def assert_all_is_read(submission: Submission, problems: tuple[str, ...] = ()) -> None:
    assert submission.problems == problems
    assert submission.present == {"Layers", "Nets"}
    model = read_bytes(submission.files["best_model.npz"], 10_000)
    assert model == WORK["best_model.npz"]


LAYOUTS = {
    "files": WORK,
    "a_folder": inside("neural-nets", WORK),
    "a_folder_with_entries_of_its_own": {"hw/": b"", **inside("hw", WORK)},
    "a_folder_in_a_folder": inside("hw/hw", WORK),
    "by_macos": {
        **inside("hw", WORK),
        **inside("__MACOSX/hw", {f"._{name}": b"\0\5\x16\7" for name in WORK}),
        "hw/.DS_Store": b"x",
        "__MACOSX/._hw": b"x",
    },
    "by_windows": {f"hw\\{name}": content for name, content in WORK.items()},
    "by_jupyter": {**WORK, ".ipynb_checkpoints/Layers-checkpoint.ipynb": b"{}"},
    "by_colab": inside("content/drive", {**WORK, "nnkit/__pycache__/x.pyc": b"x"}),
    "from_here": inside(".", WORK),
}


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("place", ["folder", "file"])
def test_it_is_read_however_it_was_zipped(put: Put, layout: str, place: str) -> None:
    path = put(zipped(LAYOUTS[layout]))
    assert_all_is_read(read(path if place == "file" else path.parent))


def test_it_is_the_same_as_what_it_was_made_of(put: Put, tmp_path: Path) -> None:
    loose = tmp_path / "loose"
    loose.mkdir()
    for name, content in WORK.items():
        (loose / name).write_bytes(content)
    one, other = read(loose), read(put(zipped(WORK)))
    assert one.digest == other.digest
    assert one.statements == other.statements
    assert one.answers == other.answers
    assert one.notebooks == other.notebooks
    assert set(one.files) == set(other.files)


def test_the_digest_says_what_is_in_it_and_not_how(put: Put) -> None:
    first = read(put(zipped(WORK))).digest
    stored = dict(reversed(WORK.items()))
    assert read(put(zipped(stored, compression=zipfile.ZIP_STORED))).digest == first
    assert read(put(zipped(WORK | {"best_model.npz": b"x"}))).digest != first


def test_nothing_is_written_and_nothing_stays_open(put: Put) -> None:
    path = put(zipped(inside("hw", WORK)))
    descriptors = len(os.listdir("/proc/self/fd"))
    submission = read(path.parent)
    assert read_bytes(submission.files["best_model.npz"], 10_000)
    assert len(os.listdir("/proc/self/fd")) == descriptors
    assert list(path.parent.iterdir()) == [path]


def test_the_name_may_end_in_capitals(put: Put) -> None:
    path = put(zipped(WORK))
    assert_all_is_read(read(path.rename(path.with_name("HAND_IN.ZIP"))))


def test_an_archive_behind_a_program_is_read(put: Put) -> None:
    assert_all_is_read(read(put(b"#!/bin/sh\nexec unzip $0\n" + zipped(WORK))))


def test_an_archive_with_a_comment_is_read(put: Put) -> None:
    path = put(zipped(WORK))
    with zipfile.ZipFile(path, "a") as archive:
        archive.comment = b"my homework"
    assert_all_is_read(read(path))


def test_an_archive_that_was_written_as_a_stream_is_read(put: Put) -> None:
    class Stream(io.BytesIO):
        def seekable(self) -> bool:
            return False

        def tell(self) -> int:
            raise OSError

    stream = Stream()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in WORK.items():
            archive.writestr(name, content)
    assert_all_is_read(read(put(stream.getvalue())))


def test_an_archive_with_64_bits_a_size_is_read(put: Put) -> None:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, data in WORK.items():
            with archive.open(name, "w", force_zip64=True) as member:
                member.write(data)
    assert_all_is_read(read(put(content.getvalue())))


class TestBeside:
    def test_notebooks_beside_it_count_and_a_note_says_so(self, put: Put) -> None:
        path = put(zipped({"Layers.ipynb": b"{}", "Nets.ipynb": b"{}"}))
        for name, content in WORK.items():
            (path.parent / name).write_bytes(content)
        problem = "hand_in.zip was not opened; what lies beside it counts."
        assert_all_is_read(read(path.parent), (problem,))

    def test_a_model_beside_it_counts_before_the_one_in_it(self, put: Put) -> None:
        path = put(zipped(inside("hw", WORK | {"best_model.npz": b"old"})))
        (path.parent / "best_model.npz").write_bytes(WORK["best_model.npz"])
        assert_all_is_read(read(path.parent))

    def test_what_lies_beside_an_archive_that_was_named_itself_does_not_count(
        self, put: Put
    ) -> None:
        path = put(zipped(WORK))
        (path.parent / "Layers.ipynb").write_text("{}")
        (path.parent / "best_model.npz").write_text("x")
        assert_all_is_read(read(path))

    def test_of_two_none_is_opened(self, put: Put) -> None:
        path = put(zipped(WORK))
        path.with_name("again.zip").write_bytes(zipped(WORK))
        assert read(path.parent).problems[:2] == (
            "again.zip was not opened; hand in the files, or one zip file with them.",
            "hand_in.zip was not opened; hand in the files, or one zip file with them.",
        )

    def test_an_archive_of_another_kind_is_not_opened(self, tmp_path: Path) -> None:
        (tmp_path / "hand_in.tar.gz").write_text("x")
        assert read(tmp_path).problems[0] == (
            "hand_in.tar.gz was not opened; hand in the files, or one zip file with them."
        )

    def test_the_time_of_handing_in_is_not_taken_from_it(self, put: Put) -> None:
        archive = zipped(inside("hw", WORK | {"timestamp.txt": b"2020-01-01 00:00:00 UTC"}))
        assert "timestamp.txt" not in read(put(archive)).files

    def test_the_time_beside_it_is_kept(self, put: Put) -> None:
        path = put(zipped(inside("hw", WORK)))
        path.with_name("timestamp.txt").write_text("2026-01-01 00:00:00 UTC")
        assert read(path.parent).files["timestamp.txt"] == path.with_name("timestamp.txt")


class TestPackages:
    @pytest.mark.parametrize("files", [PACKAGE, inside("repository", PACKAGE)], ids=["top", "in"])
    def test_it_is_the_same_as_what_it_was_made_of(
        self, put: Put, tmp_path: Path, files: dict[str, bytes]
    ) -> None:
        loose = tmp_path / "loose"
        for name, content in files.items():
            (loose / name).parent.mkdir(parents=True, exist_ok=True)
            (loose / name).write_bytes(content)
        path = put(zipped(files))
        one = read_package(loose, NETS, "ada")
        for other in (read_package(path, NETS, "ada"), read_package(path.parent, NETS, "ada")):
            assert other.digest == one.digest
            assert other.statements == one.statements
            assert other.problems == one.problems

    def test_its_model_is_found(self, put: Put) -> None:
        archive = zipped(inside("hw", PACKAGE | {"models/best_model.npz": b"x"}))
        files = read_package(put(archive), NETS, "ada").files
        assert read_bytes(files["best_model.npz"], 10) == b"x"

    def test_modules_beside_it_count_and_a_note_says_so(self, put: Put) -> None:
        path = put(zipped({"layers.py": b"raise SystemExit"}))
        for name, content in PACKAGE.items():
            (path.parent / name).parent.mkdir(parents=True, exist_ok=True)
            (path.parent / name).write_bytes(content)
        submission = read_package(path.parent, NETS, "ada")
        assert submission.problems[0] == "hand_in.zip was not opened; what lies beside it counts."

    def test_an_archive_that_cannot_be_read_is_said(self, put: Put) -> None:
        submission = read_package(put(b"x"), NETS, "ada")
        assert submission.problems[0].startswith("hand_in.zip is no zip file or is damaged;")


def test_more_than_one_of_a_name_is_said_and_the_last_one_counts(put: Put) -> None:
    archive = zipped_in_order(("Layers.ipynb", b"{}"), *WORK.items())
    problem = "Layers.ipynb is in the archive twice; the last one counts."
    assert_all_is_read(read(put(archive)), (problem,))


def test_a_file_too_large_to_be_used_is_said(put: Put, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("autograder.submissions.collect.MAX_FILE", 10)
    assert collect(put(zipped(WORK)), EXPECTED).problems == (
        "best_model.npz is larger than 0 MB and was not used.",
    )
