"""Which file is which notebook: by what is in it, then by its name."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache

from autograder.submissions.cells import Cell
from autograder.submissions.names import guessed
from autograder.submissions.release import Release


def match_files(
    files: Mapping[str, Sequence[Cell]], releases: Mapping[str, Release], preferred: str = ""
) -> dict[str, str]:
    """Assign files to notebooks, each at most once; returns notebook name to file name.

    A file under a notebook's own name is that notebook, unless what it holds resembles another
    notebook more (two files with their names swapped). Other files are assigned to what is left,
    the most similar first. A file that neither resembles a notebook nor is named like one is left
    alone. `preferred` is a file that comes before all others.
    """
    ranked = []
    for file, cells in files.items():
        keys = _keys(cells)
        shares = {name: _share(keys, release) for name, release in releases.items()}
        best = max(shares.values())
        for order, (name, share) in enumerate(shares.items()):
            if 0 < share == best or named_like(file, name):
                rank = (file != preferred, share < best, stem(file) != name, -share, file, order)
                ranked.append((rank, file, name))
    matched: dict[str, str] = {}
    for _, file, name in sorted(ranked):
        if name not in matched and file not in matched.values():
            matched[name] = file
    return matched


def stem(file: str) -> str:
    """The name without what a notebook's name ends in."""
    return re.sub(r"\.ipynb(\.txt|\.json)?$", "", file, flags=re.IGNORECASE)


def named_like(file: str, notebook: str) -> bool:
    """Whether `file` is `notebook` renamed: "Dropout (1).ipynb", "dropout-final.ipynb"."""
    return _letters(notebook) in _letters(stem(file))


def _letters(name: str) -> str:
    return re.sub(r"[\W_]", "", name).casefold()


def _share(keys: set[str], release: Release) -> float:
    """Share of the release that is found again; 0 without any task or question of it."""
    own, wanted = _wanted(release)
    return len(keys & wanted) / len(wanted) if keys & own else 0.0


@lru_cache(maxsize=64)
def _wanted(release: Release) -> tuple[frozenset[str], frozenset[str]]:
    """What names a release's tasks and questions; the same and the texts of its cells."""
    own = {f"def {function}" for task in release.tasks for function in task.functions}
    own |= {f"id {cell.grade_id}" for cell in release.of("task", "question")}
    return frozenset(own), frozenset(own | {cell.key for cell in release.cells})


def _keys(cells: Sequence[Cell]) -> set[str]:
    """What identifies a file: ids, sources, names of functions and classes."""
    keys = {f"id {cell.grade_id}" for cell in cells}
    for cell in cells:
        keys.add(cell.key)
        if cell.kind == "code":
            keys |= {f"def {name}" for name in guessed(cell.source)}
    return keys
