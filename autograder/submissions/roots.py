"""Chooses, among copies of a package in one tree, the folder that counts.

What that folder lacks is taken from the next best one: in some years the two-layer net belongs to
one assignment and the deeper nets to another, and a whole repository is handed in.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from autograder.submissions.text import shown


@dataclass(frozen=True)
class Definition:
    """A task's function in a file; a stub has not been written yet."""

    function: str
    file: str
    stub: bool

    @property
    def folder(self) -> str:
        return folder_of(self.file)


def folder_of(file: str) -> str:
    """The folder that a file or folder lies in, "" at the top."""
    parent = str(PurePosixPath(file).parent)
    return "" if parent == "." else parent


def is_inside(file: str, folder: str) -> bool:
    return not folder or file.startswith(folder + "/")


@dataclass(frozen=True)
class Choice:
    """Folders in the order of their rank, and for each function the file it is taken from."""

    roots: tuple[str, ...]
    homes: Mapping[str, str]

    def root(self, file: str) -> str | None:
        """The first folder that the file lies in, None if it lies in no folder that counts."""
        return next((root for root in self.roots if is_inside(file, root)), None)

    def of(self, root: str) -> dict[str, str]:
        """Functions that are taken from under `root`, and their files."""
        return {name: file for name, file in self.homes.items() if self.root(file) == root}


def choose(definitions: Sequence[Definition]) -> Choice:
    """Choose the best folder, then the best for what it lacks, until nothing is lacking."""
    roots: list[str] = []
    homes: dict[str, str] = {}
    left, wanted = list(definitions), {d.function for d in definitions}
    while wanted:
        root = choose_root(left, wanted)
        roots.append(root)
        homes = _homes(left, root) | homes
        left = [d for d in left if not is_inside(d.file, root)]
        wanted = {d.function for d in left if not d.stub} - homes.keys()
    order = dict.fromkeys(d.function for d in definitions)
    return Choice(tuple(roots), {name: homes[name] for name in order if name in homes})


def choose_root(definitions: Sequence[Definition], wanted: Collection[str]) -> str:
    """Return the folder whose files define most of what is wanted, "" for the top.

    A folder that holds such a file itself comes before one that only has subfolders with some:
    of `assignment1/cs231n` and `assignment2/cs231n` one is chosen and never both. Ties go to the
    shallowest (of folders without such a file, the deepest), then to the first by name.
    """
    direct = {definition.folder for definition in definitions}
    above = {folder for file in direct for folder in _ancestors(file)} - direct
    candidates = direct | {folder for folder in above if not _repeats(definitions, folder)}

    def rank(folder: str) -> tuple[int, int, int, int, bool, int, str]:
        inside = [d for d in definitions if is_inside(d.file, folder)]
        written = {d.function for d in inside if not d.stub}
        defined = {d.function for d in inside}
        depth = folder.count("/") + 1 if folder else 0
        rivals = sum(_is_ambiguous(inside, name) for name in written)
        missed, indirect = len(set(wanted) - written), folder not in direct
        order = -depth if indirect else depth
        return missed, rivals, -len(written), -len(defined), indirect, order, folder

    return min(candidates, key=rank)


def _homes(definitions: Sequence[Definition], root: str) -> dict[str, str]:
    """For each function, the file under `root` that it is taken from.

    Written before stub, near before far; of two files side by side, the one that defines more.
    """
    inside = [d for d in definitions if is_inside(d.file, root)]
    counts = Counter(d.file for d in inside)

    def rank(one: Definition) -> tuple[bool, int, int, str]:
        return one.stub, one.file.count("/"), -counts[one.file], one.file

    return {d.function: d.file for d in sorted(inside, key=rank, reverse=True)}


def sentences(definitions: Sequence[Definition], choice: Choice) -> list[str]:
    """Say what was read where there are several copies, and which were left out."""
    said = []
    others = {d.folder for d in definitions if choice.root(d.file) is None}
    if others or len(choice.roots) > 1:
        first, *more = choice.roots
        parts = [f"{_folder(root)} for {listed(list(choice.of(root)))}" for root in more]
        said.append(f"{', and '.join([f'{_folder(first)} was read', *parts])}.")
    if others:
        said.append(f"Not read, because a better copy was: {listed(sorted(others))}.")
    again: dict[tuple[str, str], list[str]] = {}
    for one in definitions:
        home = choice.homes.get(one.function)
        if home and one.file != home and choice.root(one.file) == choice.root(home):
            again.setdefault((home, one.file), []).append(one.function)
    for (file, other), names in again.items():
        said.append(f"{shown(other)} defines {listed(names)} again; {shown(file)} counts.")
    return said


def _folder(name: str) -> str:
    return shown(name) or "the top folder"


def listed(names: Sequence[str]) -> str:
    """`["a", "b", "c"]` as "a, b and c"."""
    *most, last = map(_folder, names)
    return f"{', '.join(most)} and {last}" if most else last


def _ancestors(folder: str) -> list[str]:
    found = []
    while folder:
        folder = folder_of(folder)
        found.append(folder)
    return found


def _repeats(definitions: Sequence[Definition], folder: str) -> bool:
    """Whether two files under `folder` define the same function."""
    files: dict[str, str] = {}
    inside = (d for d in definitions if is_inside(d.file, folder))
    return any(files.setdefault(d.function, d.file) != d.file for d in inside)


def _is_ambiguous(inside: Sequence[Definition], function: str) -> bool:
    """Whether two files at the same depth could be the function's home."""
    depths = {d.file: d.file.count("/") for d in inside if d.function == function and not d.stub}
    return list(depths.values()).count(min(depths.values())) > 1
