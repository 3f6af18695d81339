"""Files are written as a whole or not at all."""

import os
from pathlib import Path

import pytest

from autograder.replace import replace_file


def test_a_file_in_a_new_folder(tmp_path: Path) -> None:
    replace_file(tmp_path / "new" / "one" / "file", b"content")
    assert (tmp_path / "new" / "one" / "file").read_bytes() == b"content"


@pytest.mark.parametrize("mode", [0o444, 0o600, 0o644])
def test_a_read_only_file_is_replaced_and_gets_its_mode(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "file"
    path.write_text("old")
    path.chmod(0o444)
    replace_file(path, b"new", mode)
    assert (path.read_bytes(), path.stat().st_mode & 0o777) == (b"new", mode)


def test_without_a_mode_the_umask_decides(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        replace_file(tmp_path / "file", b"")
    finally:
        os.umask(before)
    assert (tmp_path / "file").stat().st_mode & 0o777 == 0o640


def test_the_longest_name_there_is(tmp_path: Path) -> None:
    replace_file(tmp_path / ("x" * 255), b"content")
    assert [path.name for path in tmp_path.iterdir()] == ["x" * 255]


def test_nothing_is_left_behind_when_it_fails(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    with pytest.raises(IsADirectoryError):
        replace_file(tmp_path / "folder", b"content")
    assert [path.name for path in tmp_path.iterdir()] == ["folder"]
