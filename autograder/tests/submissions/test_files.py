"""The content of files and their digest."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from autograder.errors import SubmissionError
from autograder.submissions import files
from autograder.submissions.files import FileFault, digest, read_bytes


def test_a_fifo_does_not_block_its_reader(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(FileFault, match="is not a regular file"):
        read_bytes(tmp_path / "pipe", 10)


def test_a_file_above_the_limit_is_not_read(tmp_path: Path) -> None:
    with open(tmp_path / "Layers.ipynb", "wb") as file:
        file.truncate(files.MAX_NOTEBOOK + 1)
    with pytest.raises(FileFault, match="is larger than 25 MB; clear its outputs"):
        read_bytes(tmp_path / "Layers.ipynb", files.MAX_NOTEBOOK)


class TestDigest:
    def test_it_does_not_depend_on_times(self, tmp_path: Path) -> None:
        path = tmp_path / "a.txt"
        path.write_text("x")
        before = digest({"a.txt": path})
        os.utime(path, (1, 1))
        assert digest({"a.txt": path}) == before

    def test_it_depends_on_names(self, tmp_path: Path) -> None:
        path = tmp_path / "a.txt"
        path.write_text("x")
        assert digest({"a.txt": path}) != digest({"b.txt": path})

    def test_it_depends_on_contents(self, tmp_path: Path) -> None:
        path = tmp_path / "a.txt"
        path.write_text("x")
        before = digest({"a.txt": path})
        path.write_text("y")
        assert digest({"a.txt": path}) != before

    def test_it_does_not_depend_on_the_order(self, tmp_path: Path) -> None:
        paths = {name: tmp_path / name for name in ("a", "b")}
        for path in paths.values():
            path.write_text(path.name)
        assert digest(paths) == digest(dict(reversed(paths.items())))

    def test_a_huge_file_enters_by_name_and_size(self, tmp_path: Path) -> None:
        with open(tmp_path / "huge", "wb") as file:
            file.truncate(files.MAX_FILE + 1)
        before = digest({"huge": tmp_path / "huge"})
        with open(tmp_path / "huge", "r+b") as file:
            file.write(b"changed")
        assert digest({"huge": tmp_path / "huge"}) == before

    def test_a_file_that_went_away_is_named(self, tmp_path: Path) -> None:
        with pytest.raises(SubmissionError, match=f"{tmp_path}/gone: cannot be read any more"):
            digest({"gone": tmp_path / "gone"})
