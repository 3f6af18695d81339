"""Is everything that would give a solution, a hidden test or an answer away caught and located?"""

from __future__ import annotations

import json

import pytest

from autograder.authoring.build import build_assignment
from autograder.authoring.gate import Gate, inspect
from autograder.authoring.secrets import course_secrets, secret_files
from autograder.authoring.trees import read_tree
from autograder.errors import AuthoringError

SOLUTION = "a solution, solutions/numbers.py:13"

# What is put into a shipped file, and what the gate says of it.
LEAKS = {
    "solution_line": ("    y = np.multiply(x, FACTOR)", SOLUTION),
    "formatted_otherwise": ("y=np.multiply( x,FACTOR )", SOLUTION),
    "over_two_lines": ("y = np.multiply(\n    x, FACTOR)", SOLUTION),
    "commented_out": ("# y = np.multiply(x, FACTOR)", SOLUTION),
    "with_a_comment": ("y = np.multiply(x, FACTOR)  # twice", SOLUTION),
    "inside_of_another_line": ("if x: y = np.multiply(x, FACTOR)", SOLUTION),
    "short_solution_line": ("    half = x / 2", "a solution, solutions/numbers.py:26"),
    "solution_in_authored_text": (
        "played = halve(x) + halve(x + 2)",
        "a solution, source/mini/Second.md:16",
    ),
    "hidden_test": (
        "x = rng.normal(size=(17, 4)) * 1000.5",
        "a hidden test, tests/mini/test_double.py:5",
    ),
    "misconception": (
        "y = np.add(x, FACTOR)",
        "a misconception, solutions/misconceptions/double.toml:14",
    ),
    "edit_of_a_misconception": (
        "y = np.multiply(y, FACTOR + 1)",
        "a misconception, solutions/misconceptions/double.toml:5",
    ),
    "line_of_an_edit": (
        "    z = y * FACTOR",
        "a misconception, solutions/misconceptions/double.toml:6",
    ),
    "variation": (
        "x = x.repeat(FACTOR).reshape(-1, FACTOR)",
        "a variation, solutions/variations/by_repeating.py:5",
    ),
    "model_answer": (
        "# Because doubling and halving undo each other.",
        "a model answer or rubric, solutions/answers/mini/why.md:1",
    ),
    "rubric": (
        "'4 points: says that they undo each other'",
        "a model answer or rubric, solutions/answers/mini/why.md:5",
    ),
    "marker_of_a_region": ("# END SOLUTION", "the marker END SOLUTION"),
    "marker_of_hidden_tests": ("### BEGIN HIDDEN TESTS", "the marker BEGIN HIDDEN TESTS"),
}

HARMLESS = {
    "line_that_students_see_anyway": "    return x - FACTOR",
    "line_that_says_nothing": "    return half",
    "short_solution_inside_of_a_longer_line": "my_half = half = x / 2 + 1",
    "longer_name": "my = np.multiply(x, FACTOR)",
    "hint_of_a_misconception": "Look at what you multiply by.",
    "short_line_of_a_variation": "x = x + 0",
}

MISCONCEPTIONS = '''\
[[misconceptions]]
id = "thrice"
check = "values"
hint = "Look at what you multiply by."
edits = [["y = np.multiply(x, FACTOR)", """y = np.multiply(y, FACTOR + 1)
    z = y * FACTOR"""]]

[[misconceptions]]
id = "adds"
check = "values"
hint = "Look at what you multiply by."
code = """
def double(x):
    y = np.add(x, FACTOR)
    return x - FACTOR
"""
'''
VARIATION = '''\
"""Doubling by repeating."""

def double(x):
    x = x + 0
    x = x.repeat(FACTOR).reshape(-1, FACTOR)
    return x.sum(axis=1)
'''


@pytest.fixture
def secrets(course):
    course.write("solutions/misconceptions/double.toml", MISCONCEPTIONS)
    course.write("solutions/variations/by_repeating.py", VARIATION)
    return course_secrets(course)


def findings(name, text, secrets):
    return [str(f) for f in inspect({name: text.encode()}, Gate(frozenset([name]), secrets, {}))]


@pytest.mark.parametrize(("leak", "said"), LEAKS.values(), ids=LEAKS)
def test_leak_in_a_shipped_module_is_located(secrets, leak, said):
    (found,) = findings("nnkit/a.py", f"import numpy as np\n\n{leak}\n", secrets)
    assert found.startswith("nnkit/a.py:3: ")
    assert said in found


@pytest.mark.parametrize("text", HARMLESS.values(), ids=HARMLESS)
def test_harmless_line_passes(secrets, text):
    assert findings("nnkit/a.py", text, secrets) == []


def test_leak_in_a_notebook_is_located_by_the_line_of_its_file(secrets):
    text = json.dumps({"cells": [{"source": ["x\n", "y = np.multiply(x, FACTOR)"]}]}, indent=1)
    line = 1 + next(i for i, row in enumerate(text.splitlines()) if "multiply" in row)
    assert findings("A.ipynb", text, secrets) == [f"A.ipynb:{line}: shows {SOLUTION}"]


@pytest.mark.parametrize(
    "ran",
    [{"outputs": [{"output_type": "stream"}]}, {"execution_count": 3}],
    ids=["output", "count"],
)
def test_cell_that_was_run_is_located(ran):
    text = json.dumps({"cells": [ran]}, indent=1)
    assert findings("A.ipynb", text, ()) == [
        "A.ipynb:4: a cell that was run; releases hold no outputs"
    ]


def test_cell_that_was_not_run_passes():
    text = json.dumps({"cells": [{"execution_count": None, "outputs": []}]}, indent=1)
    assert findings("A.ipynb", text, ()) == []


def test_foreign_file_is_named():
    gate = Gate(frozenset(["data.bin"]), (), {})
    found = inspect({"layers.py": b"", "data.bin": b"\xff"}, gate)
    assert [str(f) for f in found] == ["layers.py: this file does not belong in a release"]


@pytest.mark.parametrize("secret", ["solutions/given.py", "tests/mini/inputs.npz"])
def test_copy_of_a_secret_file_is_refused(course, secret):
    course.write(secret, b"LIMIT = 1\n\xff" if secret.endswith("npz") else b"LIMIT = 1\n")
    course.write("source/nnkit/copy.dat", (course.root / secret).read_bytes())
    with pytest.raises(
        AuthoringError, match=rf"^release/mini/nnkit/copy\.dat: a copy of {secret}$"
    ):
        build_assignment(course, "mini")


def test_sound_course_passes(course, secrets):
    release = read_tree(build_assignment(course, "mini").release)
    gate = Gate(frozenset(release), secrets, secret_files(course))
    assert list(inspect(release, gate)) == []


def test_build_refuses_a_leak_and_lists_all_of_them(course):
    course.write("source/nnkit/a.py", "y = np.multiply(x, FACTOR)\n")
    course.write("source/nnkit/b.py", "half = x / 2\n")
    with pytest.raises(AuthoringError) as caught:
        build_assignment(course, "mini")
    assert str(caught.value).splitlines() == [
        f"release/mini/nnkit/a.py:1: shows {SOLUTION}",
        "release/mini/nnkit/b.py:1: shows a solution, solutions/numbers.py:26",
    ]
    assert not course.release("mini").exists()


def test_solution_pasted_into_the_text_of_a_notebook_is_refused(course):
    course.edit("source/mini/First.md", "Some text.", "Write `y = np.multiply(x, FACTOR)`.")
    with pytest.raises(AuthoringError, match=rf"^release/mini/First\.ipynb:\d+: shows {SOLUTION}$"):
        build_assignment(course, "mini")
