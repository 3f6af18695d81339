"""Files are written as a whole or not at all."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from autograder.replace import is_temporary, replace_file, sweep, try_to_write


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


def test_an_error_names_the_file_that_was_to_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(FileExistsError) as error:
        replace_file(tmp_path / "file" / "below", b"")
    assert error.value.filename == str(tmp_path / "file" / "below")


def test_what_a_killed_run_left_is_swept_away(tmp_path: Path) -> None:
    ends_while_writing = (
        "import os, sys; from pathlib import Path; from autograder import replace\n"
        "replace.os.replace = lambda old, new: os.kill(os.getpid(), 9)\n"
        "replace.replace_file(Path(sys.argv[1]), b'content', 0o444)\n"
    )
    code = subprocess.run(
        [sys.executable, "-c", ends_while_writing, str(tmp_path / "file")], check=False
    ).returncode
    (left,) = tmp_path.iterdir()
    assert (code, is_temporary(left)) == (-9, True)
    sweep(tmp_path)
    assert [*tmp_path.iterdir()] == []


def test_what_is_being_written_or_not_ours_is_not_swept_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    theirs = {".a.tmp", ".0123456789abcdef.tmp.x", "x.0123456789abcdef.tmp", ".123.tmp"}
    for name in theirs:
        (tmp_path / name).touch()
    (tmp_path / ".00000000000000aa.tmp").mkdir()
    (tmp_path / ".00000000000000bb.tmp").symlink_to(tmp_path / ".a.tmp")
    seen = []

    def replace(old: Path, new: Path) -> None:
        sweep(tmp_path)
        seen.append(old.read_bytes())
        real(old, new)

    real = os.replace
    monkeypatch.setattr("autograder.replace.os.replace", replace)
    replace_file(tmp_path / "file", b"content")
    assert seen == [b"content"]
    assert (tmp_path / "file").read_bytes() == b"content"
    assert theirs <= {path.name for path in tmp_path.iterdir()}
    assert (tmp_path / ".00000000000000aa.tmp").is_dir()


def test_a_folder_that_cannot_be_written_to_is_named(tmp_path: Path) -> None:
    try_to_write(tmp_path / "new")
    assert [*(tmp_path / "new").iterdir()] == []
    (tmp_path / "file").touch()
    with pytest.raises(OSError, match="file") as error:
        try_to_write(tmp_path / "file")
    assert error.value.filename == str(tmp_path / "file")
