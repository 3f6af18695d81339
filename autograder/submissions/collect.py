"""Which files were handed in: regular ones only, within bounds, links never followed."""

from __future__ import annotations

import itertools
import os
import stat
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from autograder.errors import SubmissionError
from autograder.submissions.archive import is_archive, list_archive
from autograder.submissions.files import MAX_FILE, MEGABYTE, File, FileFault, Zipped, size_of
from autograder.submissions.text import shown

MAX_FILES = 1000
MAX_ENTRIES = 50_000  # files that are looked at in a whole tree
MAX_DEPTH = 6
NOTEBOOK_ENDINGS = (".ipynb", ".ipynb.txt", ".ipynb.json")  # browsers append the latter two
UNOPENED = (".zip", ".tar", ".gz", ".tgz", ".bz2", ".xz", ".7z", ".rar")
BY_COLLECTOR = "timestamp.txt"  # written beside a hand-in, by nbgrader; in it, by the student


@dataclass(frozen=True)
class HandedIn:
    """Regular files of one submission by their name relative to its notebooks, and problems."""

    files: Mapping[str, File]
    problems: tuple[str, ...]

    @property
    def notebooks(self) -> dict[str, File]:
        """Notebooks that lie at the top."""
        return {n: p for n, p in self.files.items() if is_notebook(n) and "/" not in n}

    @property
    def others(self) -> dict[str, File]:
        """Everything that is no notebook and not too large."""
        return {
            name: file
            for name, file in self.files.items()
            if not is_notebook(name) and size_of(file) <= MAX_FILE
        }


def is_notebook(name: str) -> bool:
    return name.lower().endswith(NOTEBOOK_ENDINGS)


def collect(path: Path, expected: frozenset[str] = frozenset()) -> HandedIn:
    """List what was handed in at `path`: a folder, a zip file or a single notebook.

    Parameters
    ----------
    expected : names that belong to the assignment. Beside a single notebook only these count; in
        a folder each of them gets a sentence when it is there but is not usable.

    Raises
    ------
    SubmissionError
        If there is nothing at `path`, or files go away meanwhile.
    """
    if not os.path.lexists(path):
        raise SubmissionError(f"{path}: no such file or folder")
    if path.is_symlink():
        return HandedIn({}, (f"{shown(path.name)} is a symbolic link, which is not followed.",))
    problems: list[str] = []
    if path.is_dir():
        loose = dict(_walk(path, "", expected, problems))
    else:
        beside = [] if is_archive(path.name) else sorted(expected - {path.name})
        names = [path.name, *(n for n in beside if os.path.lexists(path.parent / n))]
        loose = {n: path.parent / n for n in names if _is_usable(path.parent / n, n, problems)}
    found = _with_archive(loose, is_notebook, problems, whole=False)
    if len(found) > MAX_FILES:
        wanted = sorted(found, key=lambda name: PurePosixPath(name).name not in expected)
        found = {name: found[name] for name in wanted[:MAX_FILES]}
        problems.append(f"More than {MAX_FILES} files were handed in; only these many are read.")
    found = _descend(found, problems)
    problems += [
        f"{shown(name)} is larger than {MAX_FILE // MEGABYTE} MB and was not used."
        for name in sorted(expected & found.keys())
        if not is_notebook(name) and size_of(found[name]) > MAX_FILE
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

    def kept(name: str) -> bool:
        packed = "/" not in name and name.lower().endswith(UNOPENED)
        return packed or wanted(name) or PurePosixPath(name).name in expected

    zipped = path.is_file() and is_archive(path.name)
    if path.is_symlink() or not (path.is_dir() or zipped):
        return collect(path, expected)
    problems: list[str] = []
    entries = iter([(path.name, path)]) if zipped else _walk(path, "", expected, problems)
    loose = {name: entry for name, entry in itertools.islice(entries, MAX_ENTRIES) if kept(name)}
    if next(entries, None):
        problems.append(f"More than {MAX_ENTRIES} files lie here; hand in only the package itself.")
    found = _with_archive(loose, wanted, problems, whole=True)
    found = {name: file for name, file in found.items() if kept(name)}
    nearest = sorted(found, key=lambda name: (name.count("/"), name))
    if len(nearest) > MAX_FILES:
        problems.append(f"More than {MAX_FILES} files were handed in; only these many are read.")
    return HandedIn({name: found[name] for name in nearest[:MAX_FILES]}, tuple(problems))


def _with_archive(
    loose: Mapping[str, Path], is_work: Callable[[str], bool], problems: list[str], *, whole: bool
) -> dict[str, File]:
    """Add what is in the zip file that was handed in; a file beside it counts before one in it.

    Parameters
    ----------
    is_work : whether a file of this name is what is graded. No archive is opened where there is
        such a file already.
    whole : keep the name of a folder even if everything in the archive lies in it.
    """
    found: dict[str, File] = dict(loose)
    archives = [name for name in loose if is_archive(name) and "/" not in name]
    if any(map(is_work, loose)):
        problems += [f"{shown(n)} was not opened; what lies beside it counts." for n in archives]
        return found
    if len(archives) == 1:
        (name,) = archives
        try:
            members, faults = list_archive(loose[name])
        except FileFault as fault:
            problems.append(f"{shown(name)} {fault}.")
            return found
        problems += faults
        del found[name]
        found = _submitted(members, whole=whole) | found
    if not any(map(is_work, found)):
        problems += [
            f"{shown(name)} was not opened; hand in the files, or one zip file with them."
            for name in found
            if name.lower().endswith(UNOPENED)
        ]
    return found


def _submitted(members: dict[str, Zipped], *, whole: bool) -> dict[str, File]:
    """Leave out what `_walk` does in folders; unless `whole`, a folder around everything."""
    files = {name: file for name, file in members.items() if name.count("/") <= MAX_DEPTH}
    tops = {name.partition("/")[0] for name in files}
    while not whole and len(tops) == 1 and not tops & files.keys():
        files = {name.partition("/")[2]: file for name, file in files.items()}
        tops = {name.partition("/")[0] for name in files}
    return {name: file for name, file in files.items() if name != BY_COLLECTOR}


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
        if _is_folder(path) and not _is_file_name(name, expected):
            subfolders.append((path, relative + "/"))
        elif _is_usable(path, relative, problems):
            yield relative, path
    if prefix.count("/") < MAX_DEPTH:
        for path, relative in subfolders:
            yield from _walk(path, relative, expected, problems)


def _is_folder(path: Path) -> bool:
    try:
        return stat.S_ISDIR(path.lstat().st_mode)
    except OSError:
        return False  # `_is_usable` has a sentence for it


def _is_file_name(name: str, expected: frozenset[str]) -> bool:
    return is_notebook(name) or name in expected


def _is_usable(path: Path, name: str, problems: list[str]) -> bool:
    try:
        mode = path.lstat().st_mode
    except OSError as error:
        problems.append(f"{shown(name)} cannot be read: {error.strerror}.")
        return False
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


def _descend(found: dict[str, File], problems: list[str]) -> dict[str, File]:
    """Take a folder's inside to the top if all notebooks lie in it; what the collector wrote is not
    taken from there, where the student can write it.
    """
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
    top = {name: file for name, file in found.items() if "/" not in name}
    return top | {
        name.removeprefix(inside): file
        for name, file in found.items()
        if name.startswith(inside) and name != inside + BY_COLLECTOR
    }
