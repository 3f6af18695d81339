"""Writes a file as a whole or not at all.

replace_file(path, content, mode=None) -> None
sweep(folder) -> None                             (what killed runs left of files they were writing)
try_to_write(folder) -> None                      (raises OSError where replace_file would)
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

TEMPORARY = re.compile(r"\.[0-9a-f]{16}\.tmp")


def replace_file(path: Path, content: bytes, mode: int | None = None) -> None:
    """Put `content` in the place of `path`: a reader sees the old file or the new one.

    Parameters
    ----------
    mode : permissions of the file, which nobody else can read before; the umask's if None.

    Raises
    ------
    OSError
        Of `path`, which is as it was before.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with _temporary(path.parent, 0o666 if mode is None else 0o600) as (temporary, handle):
            with open(handle, "wb", closefd=False) as file:
                file.write(content)
            if mode is not None:
                os.fchmod(handle, mode)
            os.close(os.dup(handle))  # a network drive says only here that it has no room
            os.replace(temporary, path)
    except OSError as error:
        error.filename, error.filename2 = str(path), None
        raise


def sweep(folder: Path) -> None:
    """Remove what killed runs were writing into a folder; what is being written stays."""
    with contextlib.suppress(FileNotFoundError, NotADirectoryError):
        for path in folder.iterdir():
            if is_temporary(path):
                _remove_unless_locked(path)


def is_temporary(path: Path) -> bool:
    """Whether a file is called like what `replace_file` writes before it is in its place."""
    return TEMPORARY.fullmatch(path.name) is not None


def try_to_write(folder: Path) -> None:
    """Find out before the work, not after it, that nothing can be written to a folder."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with _temporary(folder, 0o600):
            pass
    except OSError as error:
        error.filename, error.filename2 = str(folder), None
        raise


@contextmanager
def _temporary(folder: Path, permissions: int) -> Iterator[tuple[Path, int]]:
    """A new file of any name (the final one may be at its limit); removed if it is still there."""
    path, handle = _locked_file(folder, permissions)
    try:
        yield path, handle
    finally:
        path.unlink(missing_ok=True)
        os.close(handle)


def _locked_file(folder: Path, permissions: int) -> tuple[Path, int]:
    """Make a file with a lock that says it is in use: process ids are the same in all containers.

    The lock ends with the process, in whatever way that ends.
    """
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
    while True:
        path = folder / f".{secrets.token_hex(8)}.tmp"
        handle = os.open(path, flags, permissions)
        with contextlib.suppress(OSError):  # a drive without locks: nothing is swept there either
            fcntl.flock(handle, fcntl.LOCK_EX)
        if os.fstat(handle).st_nlink:
            return path, handle
        os.close(handle)  # swept away before it was locked


def _remove_unless_locked(path: Path) -> None:
    with contextlib.suppress(OSError):  # in use, gone, or not a file
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            path.unlink()
        finally:
            os.close(handle)
