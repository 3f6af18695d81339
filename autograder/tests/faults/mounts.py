"""File systems for tests: they are mounted for the processes of a `Machine`, and end with them."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from autograder.paths import Course
from autograder.tests.faults.victim import Outcome, Victims

# As root, and as root of a user namespace, which has no other users for workers to become.
NAMESPACES = ((), ("--map-root-user",))
DEGRADED = ("--allow-degraded-sandbox",)


class Machine:
    """Runs commands where file systems can be mounted.

    Parameters
    ----------
    user : what `unshare` needs besides to let this user mount.
    """

    def __init__(self, victims: Victims, user: Sequence[str]) -> None:
        self._victims = victims
        self._user = user

    def run(self, root: Path, words: Sequence[str]) -> Outcome:
        return self._victims.run(root, (*words, *(DEGRADED if self._user else ())))

    def mount(self, *words: str | Path) -> None:
        self._do("mount", *words)

    @contextmanager
    def read_only(self, place: Path) -> Iterator[None]:
        """Have a file or folder on a disk that can't be written to."""
        self.mount("--bind", place, place)
        self.mount("-o", "remount,ro,bind", place)
        try:
            yield
        finally:
            self.unmount(place)

    def unmount(self, place: Path) -> None:
        self._do("umount", "--lazy", place)

    def path(self, place: Path) -> Path:
        """What these processes see there, for all others."""
        return Path(f"/proc/{self._victims.pid}/root{place}")

    def _do(self, *words: str | Path) -> None:
        user = ("--user", "--preserve-credentials") if self._user else ()
        enter = ("nsenter", f"--target={self._victims.pid}", "--mount", *user, "--")
        subprocess.run([*enter, *words], check=True)


@contextmanager
def machine() -> Iterator[Machine]:
    """Start a machine; skip the test where nothing can be mounted, and say why."""
    reasons = ["no `unshare` and `nsenter`"]
    for user in NAMESPACES if shutil.which("unshare") and shutil.which("nsenter") else ():
        within = ("unshare", "--mount", *user, "--")
        tried = subprocess.run(
            [*within, "mount", "-t", "tmpfs", "none", "/tmp"],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        if tried.returncode == 0:
            with Victims(within) as victims:
                yield Machine(victims, user)
            return
        reasons = [tried.stderr.strip()]
    pytest.skip(f"this user can mount nothing here: {reasons[0]}")


class SmallDisk:
    """A disk that holds a folder of a course and is as full as a test wants.

    Parameters
    ----------
    folder : the folder, below the course's root; "." for the whole course.
    """

    def __init__(self, machine: Machine, course: Course, folder: str) -> None:
        self._machine = machine
        self._root = course.root
        self._place = course.root / folder
        files = self._place.rename(course.root.with_name("files"))
        self._place.mkdir()
        machine.mount("-t", "tmpfs", "-o", "size=1g", "none", self._place)
        shutil.copytree(files, machine.path(self._place), dirs_exist_ok=True)

    def leave_free(self, size: int) -> None:
        """Let there be room for so many more bytes."""
        about = os.statvfs(self._machine.path(self._place))
        used = (about.f_blocks - about.f_bfree) * about.f_bsize
        # With a source given `mount` repeats no earlier option, which a user namespace may refuse.
        self._machine.mount("-o", f"remount,size={used + size}", "none", self._place)

    def copy(self, place: Path) -> Course:
        """Copy the course as it is seen there: SQLite opens no file through /proc."""
        for name in ("course", "temporary"):
            shutil.copytree(self._machine.path(self._root.with_name(name)), place / name)
        return Course(place / "course")

    def __enter__(self) -> SmallDisk:
        return self

    def __exit__(self, *_: object) -> None:
        self._machine.unmount(self._place)
