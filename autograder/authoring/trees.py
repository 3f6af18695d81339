"""Folders as data: relative POSIX path -> content, so that a build can be compared before it is
written."""

from __future__ import annotations

import difflib
import os
from collections.abc import Iterator, Mapping
from pathlib import Path

Tree = Mapping[str, bytes]

MODE = 0o644
# What running or opening a notebook leaves behind; never part of a tree.
LITTER = ("__pycache__", ".ipynb_checkpoints")


def read_tree(folder: Path, skip: tuple[str, ...] = LITTER) -> dict[str, bytes]:
    """Return every file below `folder`, sorted; folders named in `skip` are left out."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    named = ((path.relative_to(folder), path) for path in files)
    return {
        name.as_posix(): path.read_bytes()
        for name, path in named
        if not any(part in skip for part in name.parts)
    }


def write_tree(folder: Path, tree: Tree) -> None:
    """Write all files, readable by everyone, into a folder that does not exist yet."""
    folder.mkdir(parents=True)
    for name, content in tree.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        path.chmod(MODE)


def replace_folder(new: Path, target: Path) -> None:
    """Put the folder `new` in the place of `target`; on failure the old one is put back."""
    target.parent.mkdir(parents=True, exist_ok=True)
    old = new.with_name(f"{new.name}.old")
    had_one = target.exists()
    if had_one:
        os.rename(target, old)
    try:
        os.rename(new, target)
    except OSError:
        if had_one:
            os.rename(old, target)
        raise


def diff_trees(old: Tree, new: Tree, prefix: str) -> str:
    """Return a unified diff that leads from `old` to `new`, empty when they are equal."""
    changed = sorted(name for name in old.keys() | new.keys() if old.get(name) != new.get(name))
    return "".join(line for name in changed for line in _diff(old, new, name, prefix))


def _diff(old: Tree, new: Tree, name: str, prefix: str) -> Iterator[str]:
    before = f"a/{prefix}/{name}" if name in old else "/dev/null"
    after = f"b/{prefix}/{name}" if name in new else "/dev/null"
    try:
        was, now = (tree.get(name, b"").decode("utf-8").splitlines(True) for tree in (old, new))
    except UnicodeDecodeError:
        yield f"Binary files {before} and {after} differ\n"
        return
    lines = list(difflib.unified_diff(was, now, before, after))
    # Nothing to compare: an empty file that was added or removed.
    for line in lines or [f"--- {before}\n", f"+++ {after}\n"]:
        yield line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"
