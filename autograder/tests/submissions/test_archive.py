"""The files of an archive: their names, their content, and what they may cost."""

from __future__ import annotations

import os
import pickle

import pytest

from autograder.submissions import archive as archives
from autograder.submissions.archive import list_archive
from autograder.submissions.files import MAX_NOTEBOOK, FileFault, read_bytes
from autograder.tests.submissions.archives import SIZES, listed, patched, renamed, zipped
from autograder.tests.submissions.conftest import Put

WORK = {"Layers.ipynb": b"{}", "best_model.npz": os.urandom(100)}


def test_a_file_in_it_can_be_read_in_another_process(put: Put) -> None:
    files, _ = list_archive(put(zipped(WORK)))
    again = pickle.loads(pickle.dumps(files))  # noqa: S301 - our own
    assert {name: read_bytes(file, 10**6) for name, file in again.items()} == WORK


class TestNames:
    NAME = "Übung, Lösung.txt"

    def files(self, put: Put, archive: bytes) -> list[str]:
        files, problems = list_archive(put(archive))
        assert problems == []
        return list(files)

    def test_utf_8_is_read(self, put: Put) -> None:
        assert self.files(put, zipped({self.NAME: b""})) == [self.NAME]

    def test_utf_8_that_is_not_said_to_be_is_read(self, put: Put) -> None:
        meant = self.NAME.encode()
        archive = renamed(zipped({"x" * len(meant): b""}), b"x" * len(meant), meant)
        assert self.files(put, archive) == [self.NAME]

    def test_the_old_code_page_is_read(self, put: Put) -> None:
        meant = self.NAME.encode("cp437")
        archive = renamed(zipped({"x" * len(meant): b""}), b"x" * len(meant), meant)
        assert self.files(put, archive) == [self.NAME]


class TestLimits:
    def test_a_file_in_it_has_the_limit_of_any(self, put: Put) -> None:
        noise = os.urandom(MAX_NOTEBOOK // 50)  # so that it is no bomb
        files, _ = list_archive(put(zipped({"a": bytes(MAX_NOTEBOOK), "b": noise})))
        assert len(read_bytes(files["a"], MAX_NOTEBOOK)) == MAX_NOTEBOOK
        with pytest.raises(FileFault, match="is larger than 24 MB"):
            read_bytes(files["a"], MAX_NOTEBOOK - 1)

    def test_too_many_files_are_refused(self, put: Put, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(archives, "MAX_MEMBERS", 1)
        with pytest.raises(FileFault, match="lists more than 10000 files"):
            list_archive(put(zipped(WORK)))

    def test_a_long_list_is_refused_before_it_is_read(
        self, put: Put, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(archives, "MAX_DIRECTORY", 200)
        with pytest.raises(FileFault, match="lists more than 10000 files"):
            list_archive(put(zipped({f"{number}.txt": b"" for number in range(20)})))

    def test_too_much_is_refused(self, put: Put, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(archives, "MAX_TOTAL", 100)
        with pytest.raises(FileFault, match="would unpack to more than"):
            list_archive(put(zipped(WORK)))

    def test_no_more_is_inflated_than_was_said(self, put: Put) -> None:
        archive = zipped({"a.txt": bytes(1000)})
        archive = patched(archive, listed(archive) + SIZES + 4, "I", 10)
        (file,) = list_archive(put(archive))[0].values()
        assert file.size == 10
        with pytest.raises(FileFault, match="is damaged within the archive"):
            read_bytes(file, 10**6)
