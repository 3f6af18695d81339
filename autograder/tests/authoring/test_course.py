"""Does this repository's own course build, and do its instructor notebooks run?"""

from __future__ import annotations

from pathlib import Path

import matplotlib
import nbformat
import pytest
from nbclient import NotebookClient

from autograder.authoring.build import check_assignment
from autograder.authoring.instructor import instructor_tree
from autograder.authoring.material import load_material
from autograder.authoring.trees import write_tree
from autograder.manifest import load_assignment
from autograder.paths import Course

COURSE = Course(Path(__file__).resolve().parents[3])
ASSIGNMENTS = {name: load_assignment(COURSE, name) for name in COURSE.assignments()}
NOTEBOOKS = [(a.id, notebook.name) for a in ASSIGNMENTS.values() for notebook in a.notebooks]
SECONDS = 120


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_committed_release_is_up_to_date(assignment):
    assert check_assignment(COURSE, assignment) == ""


@pytest.mark.parametrize(("assignment", "name"), NOTEBOOKS)
def test_release_notebook_is_valid_and_holds_every_graded_cell(assignment, name):
    path = COURSE.release(assignment) / f"{name}.ipynb"
    notebook = nbformat.read(path, as_version=nbformat.NO_CONVERT)
    nbformat.validate(notebook)
    manifest = ASSIGNMENTS[assignment]
    tasks = [task for task in manifest.tasks if task.notebook == name]
    wanted = {task.id: None for task in tasks}
    wanted |= {task.check_id: task.points for task in tasks}
    wanted |= {q.id: q.points for q in manifest.questions if q.notebook == name}
    cells = {c.id: c.metadata.nbgrader.get("points") for c in notebook.cells if c.id in wanted}
    assert cells == wanted


@pytest.mark.parametrize(("assignment", "name"), NOTEBOOKS)
def test_stub_stands_in_every_task_cell_of_the_release(assignment, name):
    path = COURSE.release(assignment) / f"{name}.ipynb"
    cells = nbformat.read(path, as_version=nbformat.NO_CONVERT).cells
    tasks = {t.id for t in ASSIGNMENTS[assignment].tasks if t.notebook == name}
    stubbed = {c.id for c in cells if "    raise NotImplementedError()" in c.source}
    assert tasks <= stubbed


@pytest.mark.parametrize(("assignment", "name"), NOTEBOOKS)
def test_instructor_notebook_runs_from_top_to_bottom(tmp_path, monkeypatch, assignment, name):
    monkeypatch.setenv("NNKIT_OFFLINE", "1")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))  # no CIFAR-10 in it
    monkeypatch.setenv("MPLCONFIGDIR", matplotlib.get_configdir())
    monkeypatch.delenv("CIFAR10_DIR", raising=False)
    # Where all cores are busy, BLAS threads that wait for one another take ten times as long.
    monkeypatch.setenv("OPENBLAS_NUM_THREADS", "1")
    folder = tmp_path / assignment
    write_tree(folder, instructor_tree(COURSE, load_material(COURSE, ASSIGNMENTS[assignment])))
    notebook = nbformat.read(folder / f"{name}.ipynb", as_version=nbformat.NO_CONVERT)
    client = NotebookClient(notebook, timeout=SECONDS, resources={"metadata": {"path": folder}})
    client.execute()
