"""Temporary folders are gone after their use, and after a killed run with the next one."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from autograder.scratch import scratch


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where temporary folders are made."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def test_a_folder_is_new_empty_private_and_gone_afterwards(temporary: Path) -> None:
    with scratch("some") as folder:
        assert (folder.parent, [*folder.iterdir()]) == (temporary, [])
        assert folder.stat().st_mode & 0o777 == 0o700
        (folder / "file").touch()
    assert [*temporary.iterdir()] == []


def test_it_may_be_made_elsewhere(temporary: Path) -> None:
    place = temporary / "elsewhere"
    (place / "some-left").mkdir(parents=True)
    with scratch("some", place) as folder:
        assert [*place.iterdir()] == [folder]
    assert [*place.iterdir()] == []


def test_it_is_gone_after_an_error(temporary: Path) -> None:
    with pytest.raises(ZeroDivisionError), scratch("some"):
        _ = 1 / 0
    assert [*temporary.iterdir()] == []


def test_what_a_killed_run_left_goes_with_the_next_one(temporary: Path) -> None:
    program = (
        "import os, sys, tempfile; from autograder.scratch import scratch\n"
        "tempfile.tempdir = sys.argv[1]\n"
        "with scratch('some') as folder: (folder / 'file').touch(); os.kill(os.getpid(), 9)\n"
    )
    code = subprocess.run([sys.executable, "-c", program, temporary], check=False).returncode
    (left,) = temporary.iterdir()
    assert (code, [path.name for path in left.iterdir()]) == (-9, ["file"])
    with scratch("some"):
        assert not left.exists()


def test_what_is_in_use_or_called_otherwise_or_a_link_stays(temporary: Path) -> None:
    (temporary / "other-1").mkdir()
    (temporary / "some-file").touch()
    (temporary / "some-link").symlink_to(temporary / "other-1")
    with scratch("some") as first, scratch("some") as second:
        assert first.is_dir()
        assert second.is_dir()
    assert {path.name for path in temporary.iterdir()} == {"other-1", "some-file", "some-link"}


@pytest.mark.skipif(os.geteuid() != 0, reason="only root could remove another user's folder")
def test_another_users_stays(temporary: Path) -> None:
    (temporary / "some-other").mkdir()
    os.chown(temporary / "some-other", 65534, 65534)
    with scratch("some"):
        assert (temporary / "some-other").is_dir()
