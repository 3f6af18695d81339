"""Do instructor and release notebooks hold the right cells, with metadata that nbgrader takes?"""

from __future__ import annotations

import nbformat
import pytest
from nbgrader.nbgraderformat import MetadataValidator

from autograder.authoring.build import build_assignment


@pytest.fixture
def built(course):
    return build_assignment(course, "mini")


def read(folder, name):
    notebook = nbformat.read(folder / f"{name}.ipynb", as_version=nbformat.NO_CONVERT)
    nbformat.validate(notebook)
    return notebook


def cell(folder, name, cell_id):
    return next(c for c in read(folder, name).cells if c.id == cell_id)


def metadata(folder, name, cell_id):
    found = dict(cell(folder, name, cell_id).metadata.nbgrader)
    assert found.pop("schema_version") == 3
    return found


@pytest.mark.parametrize("name", ["First", "Second"])
@pytest.mark.parametrize("version", ["instructor", "release"])
def test_notebook_is_valid_for_nbformat_and_nbgrader(built, version, name):
    notebook = read(getattr(built, version), name)
    MetadataValidator().validate_nb(notebook)
    assert (notebook.nbformat, notebook.nbformat_minor) == (4, 5)
    assert notebook.metadata.kernelspec.name == "python3"
    assert "jupytext" not in notebook.metadata


def test_ids_come_from_the_grade_id_or_the_position(built):
    ids = [c.id for c in read(built.release, "First").cells]
    assert ids == [
        "cell-001",
        "given_setup",
        "double",
        "cell-004",
        "double_check",
        "cell-006",
        "why",
    ]


def test_task_cell_is_an_ungraded_solution(built):
    assert metadata(built.instructor, "First", "double") == {
        "cell_type": "code",
        "grade": False,
        "grade_id": "double",
        "locked": False,
        "solution": True,
        "task": False,
    }


def test_check_cell_carries_the_points_and_is_locked(built):
    assert metadata(built.instructor, "Second", "halve_check") == {
        "cell_type": "code",
        "grade": True,
        "grade_id": "halve_check",
        "locked": True,
        "points": 2.5,
        "solution": False,
        "task": False,
    }


def test_answer_cell_is_a_graded_solution(built):
    assert metadata(built.instructor, "First", "why") == {
        "cell_type": "markdown",
        "grade": True,
        "grade_id": "why",
        "locked": False,
        "points": 4,
        "solution": True,
        "task": False,
    }


def test_given_cell_is_locked_and_not_graded(built):
    found = metadata(built.instructor, "First", "given_setup")
    assert (found["grade"], found["solution"], found["locked"]) == (False, False, True)


def test_exercise_cell_is_an_ungraded_solution(built):
    found = metadata(built.instructor, "Second", "play")
    assert (found["grade"], found["solution"], found["locked"]) == (False, True, False)


def test_definitions_stand_two_blank_lines_apart(built):
    assert cell(built.release, "Second", "given_helper").source == (
        "# What doubling multiplies by.\nFACTOR = 2\n\n\n"
        'def helper(x):\n    """Shown to students as it is."""\n    return x - FACTOR'
    )


def test_other_lines_of_a_cell_stay_around_the_definitions(course):
    course.edit(
        "source/mini/Second.md",
        "from solutions.numbers import FACTOR, helper",
        "import numpy as np\n\nfrom solutions.numbers import FACTOR\n\nx = FACTOR",
    )
    folder = build_assignment(course, "mini").release
    assert cell(folder, "Second", "given_helper").source == (
        "import numpy as np\n\n\n# What doubling multiplies by.\nFACTOR = 2\n\n\nx = FACTOR"
    )


def test_instructor_sees_the_solution_and_the_model_answer(built):
    assert "    y = np.multiply(x, FACTOR)" in cell(built.instructor, "First", "double").source
    answer = cell(built.instructor, "First", "why").source
    assert answer == "Because doubling and halving undo each other."


def test_student_sees_the_signature_the_docstring_and_a_stub(built):
    assert cell(built.release, "First", "double").source == (
        'def double(x):\n    """Twice x."""\n    # TODO: compute y.\n'
        "    # YOUR CODE HERE\n    raise NotImplementedError()\n    return y"
    )


def test_stub_raises_not_implemented(built):
    namespace = {}
    exec(cell(built.release, "Second", "halve").source, namespace)
    with pytest.raises(NotImplementedError):
        namespace["halve"](4)


def test_answer_stub_is_that_of_the_nbgrader_config(built):
    assert cell(built.release, "First", "why").source == "*Write here.*"


def test_plain_text_cannot_shift_a_graded_id(course):
    course.edit("source/mini/First.md", "Some text.", "Some text.\n\n\nAnother cell.")
    ids = [c.id for c in read(build_assignment(course, "mini").release, "First").cells]
    assert [i for i in ids if not i.startswith("cell-")] == [
        "given_setup",
        "double",
        "double_check",
        "why",
    ]
