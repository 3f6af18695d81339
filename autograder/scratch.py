"""Folders for temporary files that do not pile up: a killed run's are removed by the next one.

with scratch("autograder-release") as folder: ...
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC


@contextmanager
def scratch(name: str, place: Path | None = None) -> Iterator[Path]:
    """Make a new folder, which is removed at the end.

    Parameters
    ----------
    name : what its own name begins with. Folders of that name that nobody uses go first.
    place : where to make it; beside all temporary files if None.
    """
    place = place or Path(tempfile.gettempdir())
    for left in place.glob(f"{name}-*"):
        _remove_unless_locked(left)
    folder, handle = _locked_folder(name, place)
    try:
        yield folder
    finally:
        shutil.rmtree(folder)
        os.close(handle)


def _locked_folder(name: str, place: Path) -> tuple[Path, int]:
    """Make a folder with a lock that says it is in use; the lock ends with the process."""
    while True:
        folder = Path(tempfile.mkdtemp(prefix=f"{name}-", dir=place))
        with contextlib.suppress(FileNotFoundError):  # swept away before it was locked
            handle = os.open(folder, FOLDER)
            with contextlib.suppress(OSError):  # a drive without locks: nothing is swept there
                fcntl.flock(handle, fcntl.LOCK_EX)
            if folder.is_dir():
                return folder, handle
            os.close(handle)


def _remove_unless_locked(folder: Path) -> None:
    with contextlib.suppress(OSError):  # in use, gone, not a folder, or somebody else's
        handle = os.open(folder, FOLDER)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if os.fstat(handle).st_uid == os.geteuid():
                shutil.rmtree(folder)
        finally:
            os.close(handle)
