"""Does a package hold what its notebooks import, with stubs, and no word that is not true there?"""

from __future__ import annotations

import os

import nbformat
import pytest
from nbgrader import nbgraderformat

from autograder.authoring.build import build_assignment, build_package, check_package
from autograder.authoring.trees import read_tree
from autograder.errors import AuthoringError, SettingsError

NUMBERS = '''\
"""Numbers."""

import numpy as np

# What doubling multiplies by.
FACTOR = 2


def double(x):
    """Twice x."""
    # TODO: compute y.
    # YOUR CODE HERE
    raise NotImplementedError()
    return y


def helper(x):
    """Shown to students as it is."""
    return x - FACTOR


def halve(x):
    """Half of x."""
    # YOUR CODE HERE
    raise NotImplementedError()
'''
NOTE = """\
**Where your code goes.** Your functions and classes live in files, and this notebook imports them:

| file | what you write in it, from top to bottom of this notebook |
| --- | --- |
| `nets/numbers.py` | `double` |

"""
WORDING = """\
[[replace]]
notebook = "First"
old = "Some text."
new = "Another text."
"""


def read(folder, name):
    """The cells of a notebook by id, in their order."""
    notebook = nbformat.read(folder / f"{name}.ipynb", as_version=nbformat.NO_CONVERT)
    return {cell.id: cell for cell in notebook.cells}


def sources(folder, name):
    return [cell.source for cell in read(folder, name).values()]


def test_package_is_the_release_and_the_modules(course):
    release = read_tree(build_assignment(course, "mini").release)
    package = read_tree(build_package(course, "mini"))
    assert package.keys() - release.keys() == {"nets/__init__.py", "nets/numbers.py"}
    assert release.keys() - package.keys() == set()
    different = {name for name in release if release[name] != package[name]}
    assert different == {"First.ipynb", "Second.ipynb", "README.md"}


def test_module_is_the_solution_with_nbgraders_stubs(course):
    assert (build_package(course, "mini") / "nets/numbers.py").read_text() == NUMBERS


def test_stub_is_the_one_that_the_course_chose(course):
    config = (course.root / "nbgrader_config.py").read_text()
    stub = 'c.ClearSolutions.code_stub = {"python": "...  # yours"}\n'
    course.write("nbgrader_config.py", config + stub)
    module = (build_package(course, "mini") / "nets/numbers.py").read_text()
    assert module == NUMBERS.replace(
        "# YOUR CODE HERE\n    raise NotImplementedError()", "...  # yours"
    )


def test_imports_stand_where_the_definitions_would(course):
    folder = build_package(course, "mini")
    assert sources(folder, "First")[2:6] == [
        "%load_ext autoreload\n%autoreload 2\n\nimport numpy as np",
        "from nets.numbers import double",
        "double(np.ones(3))",
        "assert double(2) == 4",
    ]
    cells = read(folder, "Second")
    assert cells["given_helper"].source.endswith("from nets.numbers import FACTOR, helper")
    assert cells["given_helper"].metadata.nbgrader.locked
    imports = next(cell for cell in cells.values() if cell.source.endswith("import halve"))
    assert "nbgrader" not in imports.metadata


def test_exercise_with_code_of_its_own_stays_in_the_notebook(course):
    play = read(build_package(course, "mini"), "Second")["play"]
    assert play.source.endswith("    # YOUR CODE HERE\n    raise NotImplementedError()")
    assert play.metadata.nbgrader.solution


def test_task_with_code_of_its_own_stays_a_task(course):
    course.edit(
        "source/mini/First.md",
        "from solutions.numbers import double\n",
        "from solutions.numbers import FACTOR\n\n\ndef double(x):\n"
        "    ### BEGIN SOLUTION\n    return x + x\n    ### END SOLUTION\n",
    )
    folder = build_package(course, "mini")
    double = read(folder, "First")["double"]
    assert double.source.startswith("from nets.numbers import FACTOR\n\n\ndef double(x):\n")
    assert double.source.endswith("raise NotImplementedError()")
    assert double.metadata.nbgrader.solution
    assert not any("Where your code goes" in source for source in sources(folder, "First"))


def test_graded_cells_are_those_of_the_release(course):
    def graded(folder, name):
        cells = read(folder, name)
        found = {i: c.metadata.nbgrader for i, c in cells.items() if "nbgrader" in c.metadata}
        return {i: n.points for i, n in found.items() if n.grade}

    release, package = build_assignment(course, "mini").release, build_package(course, "mini")
    for name in ("First", "Second"):
        assert graded(package, name) == graded(release, name) != {}


@pytest.mark.parametrize("name", ["First", "Second"])
def test_nbgrader_accepts_the_notebook(course, name):
    notebook = nbgraderformat.read(build_package(course, "mini") / f"{name}.ipynb", as_version=4)
    nbformat.validate(notebook)
    ids = [cell.id for cell in notebook.cells]
    assert len(set(ids)) == len(ids)


def test_note_below_the_title_says_what_goes_where(course):
    title, note, *_ = sources(build_package(course, "mini"), "First")
    assert title.startswith("# First")
    assert note.startswith(NOTE)


def test_note_of_a_notebook_without_title_is_at_its_top(course):
    note = sources(build_package(course, "mini"), "Second")[0]
    assert "| `nets/numbers.py` | `halve` |" in note
    assert "for code of this notebook alone" in note


def test_notebook_without_code_for_the_modules_has_no_note(course):
    rows = (course.root / "source/mini/assignment.toml").read_text()
    course.write("source/mini/assignment.toml", rows + '[[notebooks]]\nname = "Third"\n')
    course.write("source/mini/Third.md", "# Third\n\nText.\n")
    assert sources(build_package(course, "mini"), "Third") == ["# Third\n\nText."]


def test_readme_names_the_folder_to_hand_in(course):
    readme = (build_package(course, "mini") / "README.md").read_text()
    assert "- the folder `nets/` with `nets/numbers.py`\n" in readme
    assert "builds on your own" not in readme


def test_modules_that_a_wanted_one_imports_come_along_and_no_others(course):
    course.edit("solutions/numbers.py", "FACTOR = 2\n", "from solutions.base import FACTOR\n")
    course.edit("source/mini/Second.md", "FACTOR, helper", "helper")
    course.write("solutions/base.py", "FACTOR = 2\n")
    course.write("solutions/other.py", "OTHER = 3\n")
    folder = build_package(course, "mini")
    assert sorted(path.name for path in (folder / "nets").iterdir()) == [
        "__init__.py",
        "base.py",
        "numbers.py",
    ]
    assert "from nets.base import FACTOR\n" in (folder / "nets/numbers.py").read_text()
    assert (folder / "nets/base.py").read_text() == "FACTOR = 2\n"


def test_text_is_reworded(course):
    course.write("source/mini/package.toml", WORDING)
    assert sources(build_package(course, "mini"), "First")[0] == "# First\n\nAnother text."
    release = build_assignment(course, "mini").release
    assert sources(release, "First")[0] == "# First\n\nSome text."


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("Some text.", "No text.", r"package\.toml:3: this text is 0 times in source/mini/First"),
        ("Some text.", "double", r"package\.toml:3: this text is \d times in source/mini/First"),
        ("First", "Third", r"package\.toml:3: there is no notebook 'Third'"),
        ("Some text.", " ", r"replace\[1\]: every key is a string, and old not empty"),
        ('"Another text."', "3", r"replace\[1\]: every key is a string, and old not empty"),
        ("[[replace]]", "[replace]", r"replace must be written as \[\[replace\]\]"),
        ("old", "odl", r"unknown key replace\[1\]\.odl"),
    ],
)
def test_wording_that_fits_nowhere_is_refused(course, old, new, message):
    course.write("source/mini/package.toml", WORDING.replace(old, new))
    with pytest.raises((AuthoringError, SettingsError), match=message):
        build_package(course, "mini")


def test_wording_may_bring_an_import_and_a_wrong_one_is_named(course):
    swap = '[[replace]]\nnotebook = "First"\nold = "double(np.ones(3))"\nnew = "{}"\n'
    course.write("source/mini/package.toml", swap.format("from solutions.numbers import halve"))
    assert "from nets.numbers import halve" in sources(build_package(course, "mini"), "First")
    course.write("source/mini/package.toml", swap.format("from solutions.numbers import third"))
    with pytest.raises(AuthoringError, match=r"First\.md:\d+: solutions/numbers\.py does not def"):
        build_package(course, "mini")


def test_module_that_imports_in_another_form_is_named(course):
    course.edit("solutions/numbers.py", "import numpy as np\n", "import solutions.base\n")
    with pytest.raises(AuthoringError, match=r"^solutions/numbers\.py:3: write it as `from"):
        build_package(course, "mini")


def test_solution_in_a_wording_does_not_pass_the_gate(course):
    before = read_tree(build_package(course, "mini"))
    course.write("source/mini/package.toml", WORDING.replace("Another text.", "half = x / 2"))
    with pytest.raises(AuthoringError, match=r"^build/package/mini/First\.ipynb:\d+: shows a sol"):
        build_package(course, "mini")
    assert read_tree(course.package("mini")) == before


def test_solution_in_a_docstring_does_not_pass_the_gate(course):
    course.edit("solutions/numbers.py", "Twice x.", "Twice x: y = np.multiply(x, FACTOR).")
    with pytest.raises(
        AuthoringError, match=r"^build/package/mini/nets/numbers\.py:10: shows a sol"
    ):
        build_package(course, "mini")


def test_two_builds_make_the_same_bytes(course):
    first = read_tree(build_package(course, "mini"))
    assert read_tree(build_package(course, "mini")) == first


def test_build_touches_neither_the_release_nor_the_instructors_notebooks(course):
    build_package(course, "mini")
    assert not course.release("mini").exists()
    assert not course.instructor("mini").exists()
    assert [path.name for path in course.build.iterdir()] == ["package"]


def test_failed_swap_puts_the_old_package_back(course, monkeypatch):
    folder = build_package(course, "mini")
    before = read_tree(folder)
    course.edit("source/mini/First.md", "Some text.", "Other text.")
    rename = os.rename

    def full_disk(old, new):
        if new == folder and old.name == "package":
            raise OSError("no space left")
        rename(old, new)

    monkeypatch.setattr(os, "rename", full_disk)
    with pytest.raises(OSError, match="no space left"):
        build_package(course, "mini")
    assert read_tree(folder) == before


def test_drift_of_a_package_is_shown_and_not_mended(course):
    folder = build_package(course, "mini")
    assert check_package(course, "mini") == ""
    (folder / "nets/numbers.py").write_text("mine\n")
    diff = check_package(course, "mini")
    assert diff.startswith("--- a/build/package/mini/nets/numbers.py\n")
    assert "\n-mine\n" in diff
    assert (folder / "nets/numbers.py").read_text() == "mine\n"


def test_package_that_was_never_built_is_named(course):
    with pytest.raises(AuthoringError, match=r"^build/package/mini: not built; run `autograder"):
        check_package(course, "mini")
