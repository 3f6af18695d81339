"""What happens to files between a student's desk and the grader's."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

Damage = Callable[[Path], None]


def remove(name: str) -> Damage:
    """The file is not handed in."""
    return lambda folder: (folder / name).unlink(missing_ok=True)


remove_model = remove("best_model.npz")


def truncate(name: str) -> Damage:
    """Half of the file got lost: no longer JSON."""

    def damage(folder: Path) -> None:
        path = folder / name
        if path.is_file():
            text = path.read_text(encoding="utf-8")
            path.write_text(text[: len(text) // 2], encoding="utf-8")

    return damage


def empty(name: str) -> Damage:
    """The file has no content."""

    def damage(folder: Path) -> None:
        if (folder / name).is_file():
            (folder / name).write_text("", encoding="utf-8")

    return damage


def drop_metadata(folder: Path) -> None:
    """An editor that does not know nbgrader saved every notebook: no metadata, new cell ids."""
    for path in sorted(folder.glob("*.ipynb")):
        notebook = json.loads(path.read_text(encoding="utf-8"))
        for number, cell in enumerate(notebook["cells"]):
            cell["metadata"] = {}
            cell["id"] = f"cell-{number}"
        path.write_text(json.dumps(notebook), encoding="utf-8")


def rename(folder: Path) -> None:
    """A browser that had the file already."""
    for path in sorted(folder.glob("*.ipynb")):
        path.rename(path.with_name(f"{path.stem} (1).ipynb"))
