"""Small notebooks to hand in: the release under `data/release`, solved, and edits of it."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

from autograder.manifest import Assignment, Notebook, Question, Task

Json = dict[str, Any]

DATA = Path(__file__).parent / "data"
RELEASE = DATA / "release"
ASSIGNMENT = Assignment(
    id="small",
    title="Two small notebooks",
    notebooks=(Notebook("Layers"), Notebook("Nets", uses="Layers")),
    tasks=(
        Task("double", "Layers", 3, ("double",)),
        Task("triple", "Layers", 5, ("triple",)),
        Task("net", "Nets", 6, ("Net",), files=("best_model.npz",)),
    ),
    questions=(
        Question("why_layer", "Layers", 2, "Why is it called a layer?"),
        Question("how_deep", "Nets", 2, "How deep should it be?"),
        Question("how_wide", "Nets", 2, "How wide should it be?"),
    ),
)
SOLUTIONS = {
    "double": "def double(x):\n    return 2 * x",
    "triple": "def triple(x):\n    return double(x) + x",
    "net": "class Net:\n    def __call__(self, x):\n        return triple(double(x))",
    "why_layer": "Because it lies between two others.",
    "how_deep": "Not very.",
    "how_wide": "As wide as needed.",
    "try_it_out": "def try_it_out():\n    return triple(np.ones(3))",
}


def released(name: str) -> Json:
    """Return the release notebook as a student gets it."""
    notebook: Json = json.loads((RELEASE / f"{name}.ipynb").read_text(encoding="utf-8"))
    for row in notebook["cells"]:
        row["source"] = "".join(row["source"])
    return notebook


def solved(name: str) -> Json:
    """Return the release notebook with every answer written."""
    notebook = released(name)
    for row in notebook["cells"]:
        row["source"] = SOLUTIONS.get(row["id"], row["source"])
    return notebook


def cell(notebook: Json, cell_id: str) -> Json:
    """Return the cell with this id, to change it in place."""
    found: Json = next(row for row in notebook["cells"] if row.get("id") == cell_id)
    return found


def drop(notebook: Json, *cell_ids: str) -> Json:
    notebook["cells"] = [row for row in notebook["cells"] if row.get("id") not in cell_ids]
    return notebook


def code(source: str, **fields: Any) -> Json:
    return {"cell_type": "code", "source": source, "metadata": {}, "outputs": []} | fields


def prose(source: str, **fields: Any) -> Json:
    return {"cell_type": "markdown", "source": source, "metadata": {}} | fields


def insert_below(notebook: Json, cell_id: str, *rows: Json) -> Json:
    place = notebook["cells"].index(cell(notebook, cell_id)) + 1
    notebook["cells"][place:place] = copy.deepcopy(list(rows))
    return notebook


def unmarked(notebook: Json) -> Json:
    """Take away all metadata and ids, as some editors do."""
    for row in notebook["cells"]:
        row["metadata"] = {}
        row.pop("id", None)
    return notebook


def number(notebook: Json, cell_id: str) -> int:
    """1-based number of a cell as the student counts."""
    place: int = notebook["cells"].index(cell(notebook, cell_id))
    return place + 1
