"""The files of a submission: regular ones only, within bounds, links never followed."""

from __future__ import annotations

import hashlib
import itertools
import os
import stat
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from autograder.errors import SubmissionError
from autograder.submissions.text import shown

MEGABYTE = 1_000_000
MAX_NOTEBOOK = 25 * MEGABYTE
MAX_FILE = 50 * MEGABYTE
MAX_TOTAL = 500 * MEGABYTE  # what a digest reads of one submission
MAX_FILES = 1000
MAX_ENTRIES = 50_000  # files that are looked at in a whole tree
MAX_DEPTH = 6
NOTEBOOK_ENDINGS = (".ipynb", ".ipynb.txt", ".ipynb.json")  # browsers append the latter two


class FileFault(Exception):
    """A file cannot be read; `str(fault)` completes the sentence "<name> ..."."""


@dataclass(frozen=True)
class HandedIn:
    """Regular files of one submission by their name relative to its notebooks, and problems."""

    files: Mapping[str, Path]
    problems: tuple[str, ...]

    @property
    def notebooks(self) -> dict[str, Path]:
        """Notebooks that lie at the top."""
        return {n: p for n, p in self.files.items() if is_notebook(n) and "/" not in n}

    @property
    def others(self) -> dict[str, Path]:
        """Everything that is no notebook and not too large."""
        return {
            name: path
            for name, path in self.files.items()
            if not is_notebook(name) and path.lstat().st_size <= MAX_FILE
        }


def is_notebook(name: str) -> bool:
    return name.lower().endswith(NOTEBOOK_ENDINGS)


def collect(path: Path, expected: frozenset[str] = frozenset()) -> HandedIn:
    """List what was handed in at `path`, a folder or a single notebook.

    Parameters
    ----------
    expected : names that belong to the assignment. Beside a single notebook only these count; in
        a folder each of them gets a sentence when it is there but is not usable.

    Raises
    ------
    SubmissionError
        If there is nothing at `path`.
    """
    if not os.path.lexists(path):
        raise SubmissionError(f"{path}: no such file or folder")
    if path.is_symlink():
        return HandedIn({}, (f"{shown(path.name)} is a symbolic link, which is not followed.",))
    problems: list[str] = []
    if path.is_dir():
        found = dict(_walk(path, "", expected, problems))
    else:
        beside = sorted(expected - {path.name})
        names = [path.name, *(n for n in beside if os.path.lexists(path.parent / n))]
        found = {n: path.parent / n for n in names if _is_usable(path.parent / n, n, problems)}
    if len(found) > MAX_FILES:
        wanted = sorted(found, key=lambda name: PurePosixPath(name).name not in expected)
        found = {name: found[name] for name in wanted[:MAX_FILES]}
        problems.append(f"More than {MAX_FILES} files were handed in; only these many are read.")
    found = _descend(found, problems)
    problems += [
        f"{shown(name)} is larger than {MAX_FILE // MEGABYTE} MB and was not used."
        for name in sorted(expected & found.keys())
        if not is_notebook(name) and found[name].lstat().st_size > MAX_FILE
    ]
    return HandedIn(found, tuple(problems))


def collect_tree(path: Path, wanted: Callable[[str], bool], expected: frozenset[str]) -> HandedIn:
    """List files at `path` that are wanted or expected by name, wherever in a folder they lie.

    Unlike `collect`, which looks for notebooks in one folder, this is for trees in which much else
    lies around.

    Raises
    ------
    SubmissionError
        If there is nothing at `path`.
    """
    if not path.is_dir() or path.is_symlink():
        return collect(path, expected)
    problems: list[str] = []
    entries = _walk(path, "", expected, problems)
    found = {
        name: entry
        for name, entry in itertools.islice(entries, MAX_ENTRIES)
        if wanted(name) or PurePosixPath(name).name in expected
    }
    if next(entries, None):
        problems.append(f"More than {MAX_ENTRIES} files lie here; hand in only the package itself.")
    nearest = sorted(found, key=lambda name: (name.count("/"), name))
    if len(nearest) > MAX_FILES:
        problems.append(f"More than {MAX_FILES} files were handed in; only these many are read.")
    return HandedIn({name: found[name] for name in nearest[:MAX_FILES]}, tuple(problems))


def _walk(
    folder: Path, prefix: str, expected: frozenset[str], problems: list[str]
) -> Iterator[tuple[str, Path]]:
    """Yield names and paths, files of a folder before those of its subfolders."""
    try:
        names = sorted(os.listdir(folder))
    except OSError as error:
        problems.append(f"{shown(prefix) or 'The folder'} cannot be read: {error.strerror}.")
        return
    subfolders = []
    for name in names:
        path, relative = folder / name, prefix + name
        if name.startswith(".") or name == "__pycache__":
            continue
        if path.is_dir() and not path.is_symlink() and not _is_file_name(name, expected):
            subfolders.append((path, relative + "/"))
        elif _is_usable(path, relative, problems):
            yield relative, path
    if prefix.count("/") < MAX_DEPTH:
        for path, relative in subfolders:
            yield from _walk(path, relative, expected, problems)


def _is_file_name(name: str, expected: frozenset[str]) -> bool:
    return is_notebook(name) or name in expected


def _is_usable(path: Path, name: str, problems: list[str]) -> bool:
    mode = path.lstat().st_mode
    if not name.isprintable():
        reason = "has a name that holds control characters; rename it"
    elif stat.S_ISLNK(mode):
        reason = "is a symbolic link, which is not followed; hand in the file itself"
    elif stat.S_ISDIR(mode):
        reason = "is a folder, not a file"
    elif not stat.S_ISREG(mode):
        reason = "is not a regular file"
    else:
        return True
    problems.append(f"{shown(name)} {reason}.")
    return False


def _descend(found: dict[str, Path], problems: list[str]) -> dict[str, Path]:
    """Take a zipped folder's inside for the submission: all notebooks lie in one subfolder."""
    notebooks = [name for name in found if is_notebook(name)]
    folders = {str(PurePosixPath(name).parent) for name in notebooks}
    if len(folders) != 1 or folders == {"."}:
        problems += [
            f"{shown(name)} lies in a subfolder and was not read."
            for name in notebooks
            if "/" in name
        ]
        return found
    (folder,) = folders
    problems.append(f"The notebooks lie in the subfolder {shown(folder)}; it was read instead.")
    inside = folder + "/"
    return {n.removeprefix(inside): path for n, path in found.items() if n.startswith(inside)}


def read_bytes(path: Path, limit: int) -> bytes:
    """Read a regular file of at most `limit` bytes.

    Raises
    ------
    FileFault
        If it is something else, too large or not readable.
    """
    try:
        # Not blocking: a FIFO would hang here, and a link put in its place would be followed.
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        with open(handle, "rb") as file:
            if not stat.S_ISREG(os.fstat(handle).st_mode):
                raise FileFault("is not a regular file")
            data = file.read(limit + 1)
    except OSError as error:
        raise FileFault(f"cannot be read ({error.strerror})") from None
    if len(data) > limit:
        raise FileFault(f"is larger than {limit // MEGABYTE} MB; clear its outputs and save it")
    return data


def digest(files: Mapping[str, Path]) -> str:
    """sha256 over the sorted names and the contents of files; times do not enter.

    Of files beyond the size limits and of unreadable ones, name and size only.
    """
    whole = hashlib.sha256()
    budget = MAX_TOTAL
    for name in sorted(files):
        size = files[name].lstat().st_size
        whole.update(os.fsencode(name) + b"\0" + str(size).encode() + b"\0")
        if size <= min(MAX_FILE, budget):
            budget -= size
            try:
                whole.update(hashlib.sha256(read_bytes(files[name], MAX_FILE)).digest())
            except FileFault as fault:
                whole.update(str(fault).encode())
    return whole.hexdigest()
