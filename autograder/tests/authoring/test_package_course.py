"""Do this course's packages work as students use them: empty, solved, and while they write?"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import matplotlib
import nbformat
import pytest
from nbclient import NotebookClient

from autograder.authoring.build import build_package
from autograder.authoring.modules import renamed
from autograder.manifest import load_assignment
from autograder.paths import Course

COURSE = Course(Path(__file__).resolve().parents[3])
NEEDS_A_RUN = "best_model"  # its check wants the file that a long training writes
PASSED = r"^(\w+): (?:all \d+ checks )?passed$"
SECONDS = 120

every_notebook = pytest.mark.parametrize(
    ("assignment", "notebook"),
    [
        (name, notebook.name)
        for name in COURSE.assignments()
        for notebook in load_assignment(COURSE, name).notebooks
    ],
)


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """The packages of a copy of the course."""
    root = tmp_path_factory.mktemp("course")
    for name in ("source", "solutions", "tests", "nbgrader_config.py"):
        (root / name).symlink_to(COURSE.root / name)
    copy = Course(root)
    return {name: build_package(copy, name) for name in copy.assignments()}


@pytest.fixture
def offline(tmp_path, monkeypatch):
    monkeypatch.setenv("NNKIT_OFFLINE", "1")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))  # no CIFAR-10 in it
    monkeypatch.setenv("MPLCONFIGDIR", matplotlib.get_configdir())
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    monkeypatch.setenv("OPENBLAS_NUM_THREADS", "1")
    monkeypatch.delenv("CIFAR10_DIR", raising=False)


@pytest.fixture
def hand_out(built, tmp_path, offline):
    """Copy a package, its modules solved or not."""

    def copy(assignment, *, solved):
        folder = Path(shutil.copytree(built[assignment], tmp_path / assignment))
        for module in folder.glob("nets/[!_]*.py") if solved else ():
            module.write_text(solution(module.name))
        return folder

    return copy


def solution(name):
    return renamed((COURSE.solutions / name).read_text())


def python(folder, *words):
    return subprocess.run(
        [sys.executable, *words],
        cwd=folder,
        env=dict(os.environ),
        capture_output=True,
        text=True,
        check=False,
    )


def tasks(assignment, notebook):
    manifest = load_assignment(COURSE, assignment)
    return [task.id for task in manifest.tasks if task.notebook == notebook]


def execute(folder, notebook, cells):
    """Run cells as a notebook in a folder; return them with their outputs."""
    made = nbformat.v4.new_notebook(cells=cells, metadata=notebook.metadata)
    NotebookClient(made, timeout=SECONDS, resources={"metadata": {"path": folder}}).execute()
    return made.cells


def shown(cell):
    """What a check shows, as text."""
    found = [output.data["text/plain"] for output in cell.outputs if "data" in output]
    return "\n".join(found)


@pytest.mark.parametrize("assignment", COURSE.assignments())
def test_every_module_imports_cleanly(hand_out, assignment):
    folder = hand_out(assignment, solved=False)
    modules = [f"nets.{path.stem}" for path in sorted(folder.glob("nets/*.py"))]
    for module in modules:
        done = python(folder, "-W", "error", "-c", f"import {module}")
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@every_notebook
def test_nothing_is_written_yet(hand_out, assignment, notebook):
    folder = hand_out(assignment, solved=False)
    done = python(folder, "-m", "nnkit.check", f"{notebook}.ipynb")
    assert (done.returncode, done.stderr) == (1, "")
    ids = tasks(assignment, notebook)
    for task in ids:
        assert re.search(rf"^{task}: 0 of .*\n.*not written yet", done.stdout, re.M)
    assert f"{notebook}.ipynb: 0 of {len(ids)} tasks passed" in done.stdout


@every_notebook
def test_solved_modules_pass_the_checks_from_a_terminal(hand_out, assignment, notebook):
    folder = hand_out(assignment, solved=True)
    done = python(folder, "-m", "nnkit.check", f"{notebook}.ipynb")
    assert done.stderr == ""
    passed = set(re.findall(PASSED, done.stdout, re.M))
    assert passed == set(tasks(assignment, notebook)) - {NEEDS_A_RUN}


@every_notebook
def test_solved_modules_pass_the_checks_in_the_notebook(hand_out, assignment, notebook):
    folder = hand_out(assignment, solved=True)
    released = nbformat.read(folder / f"{notebook}.ipynb", as_version=4)
    cells = [cell for cell in released.cells if is_quick(cell)]
    ran = execute(folder, released, cells)
    passed = {task for cell in ran for task in re.findall(PASSED, shown(cell), re.M)}
    assert passed == set(tasks(assignment, notebook)) - {NEEDS_A_RUN}


@every_notebook
def test_text_holds_for_modules(built, assignment, notebook):
    text = (built[assignment] / f"{notebook}.ipynb").read_text()
    assert "from_notebook" not in text
    assert "folder `nets/`" in text  # which is to be handed in


def is_quick(cell):
    """Whether a cell sets up, imports or checks; the others train, plot and print."""
    if cell.cell_type != "code":
        return False
    if "nbgrader" in cell.metadata:
        return not cell.metadata.nbgrader.solution
    return all(line.startswith("from nets.") for line in cell.source.splitlines())


def test_saved_module_counts_without_a_restart(hand_out):
    folder = hand_out("quiz-8", solved=False)
    released = nbformat.read(folder / "Quiz8.ipynb", as_version=4)
    cells = [cell for cell in released.cells if is_quick(cell)]
    save = f"from pathlib import Path\nPath('nets/conv.py').write_text({solution('conv.py')!r})"
    again = nbformat.v4.new_code_cell(cells[-1].source)
    cells += [nbformat.v4.new_code_cell(save), again]
    *_, before, _, after = execute(folder, released, cells)
    assert "not written yet" in shown(before)
    assert re.findall(PASSED, shown(after), re.M) == ["conv_forward_naive"]


def test_mistake_in_a_module_is_named_with_its_line(hand_out):
    folder = hand_out("quiz-8", solved=False)
    module = folder / "nets" / "conv.py"
    module.write_text(module.read_text().replace("raise NotImplementedError()", "x = = 1"))
    line = 1 + module.read_text().splitlines().index("    x = = 1")
    done = python(folder, "-m", "nnkit.check", "Quiz8.ipynb")
    assert f"(conv.py, line {line})" in done.stdout
