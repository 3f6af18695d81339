"""A course with one small assignment, so that a suite of any content can be tried."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest
from nbformat import v4

from autograder.paths import Course

ROOT = Course.find(Path(__file__).parent).root
MANIFEST = """\
id = "mini"
title = "Mini"
[[notebooks]]
name = "Mini"
[[tasks]]
id = "double"
notebook = "Mini"
points = 4
functions = ["double"]
[[tasks]]
id = "triple"
notebook = "Mini"
points = 6
functions = ["triple"]
"""
SUITE = """\
import numpy as np
import pytest
from autograder.grading import expect

@pytest.mark.task("double", weight=3)
def test_values(student, rng):
    x = rng.normal(size=5)
    expect.close(student.double(x), 2 * x, name="out")

@pytest.mark.task("double")
def test_zero(student):
    expect.close(student.double(np.zeros(3) + 0.0), np.zeros(3), name="out")

@pytest.mark.task("triple")
def test_values_of_triple(student, rng):
    x = rng.normal(size=5)
    expect.close(student.triple(x), 3 * x, name="out")
"""
COURSE = """\
title = "T"
seed = 1
[limits]
call_seconds = 1.0
task_seconds = 4.0
"""
RIGHT = {
    "double": "import numpy as np\n\ndef double(x):\n    return 2 * x\n",
    "triple": "def triple(x):\n    return 3 * x\n",
}
STUB = "def {0}(x):\n    # YOUR CODE HERE\n    raise NotImplementedError()\n"


def write_notebook(path: Path, sources: dict[str, str]) -> None:
    """Write a notebook with one marked solution cell per entry."""
    cells = []
    for grade_id, source in sources.items():
        about = {
            "grade": False, "solution": True, "locked": False, "grade_id": grade_id,
            "schema_version": 3, "cell_type": "code",
        }  # fmt: skip
        cells.append(v4.new_code_cell(source, id=grade_id, metadata={"nbgrader": about}))
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(v4.new_notebook(cells=cells), path)


@pytest.fixture
def course(tmp_path: Path) -> Course:
    """A course whose only assignment is `mini`: double and triple a vector."""
    return make_course(tmp_path / "course")


def make_course(root: Path, settings: str = COURSE) -> Course:
    """Write the course of the fixture `course`, with any settings."""
    course = Course(root)
    for folder in (course.authored("mini"), course.suite("mini")):
        folder.mkdir(parents=True)
    (course.root / "nbgrader_config.py").write_text("")
    course.settings_file.write_text(settings)
    (course.authored("mini") / "assignment.toml").write_text(MANIFEST)
    (course.suite("mini") / "test_mini.py").write_text(SUITE)
    about_tasks = shutil.ignore_patterns("misconceptions", "variations")
    shutil.copytree(ROOT / "solutions", course.solutions, ignore=about_tasks)
    write_notebook(course.release("mini") / "Mini.ipynb", {n: STUB.format(n) for n in RIGHT})
    return course


def write_solutions(course: Course) -> None:
    """Let the course's own solutions have what `mini` asks for: checks can be rehearsed then."""
    layers = course.solutions / "layers.py"
    layers.write_text("\n\n".join([layers.read_text(), *RIGHT.values()]))


@pytest.fixture
def hand_in(course: Course) -> Callable[..., Path]:
    """Write a student's submission: `hand_in("ada", double="def double...")`; the rest is right."""

    def write(student: str, **sources: str) -> Path:
        folder = course.submission("mini", student)
        write_notebook(folder / "Mini.ipynb", {**RIGHT, **sources})
        return folder

    return write
