"""Is a definition's source whole: decorators, comments above, regions to the last marker?"""

from __future__ import annotations

import pytest

from autograder.authoring.definitions import definitions
from autograder.authoring.pieces import defined_names
from autograder.errors import AuthoringError

MODULE = """\
import functools

# Far from f.

# About f,
# in two lines.
@functools.cache
def f():
    ### BEGIN SOLUTION
    return 1
    ### END SOLUTION


# About neither.

RATE: float = 0.5


class Net:
    def loss(self):
        return RATE  # at column 8
        # The last comment of the class.


LOW, HIGH = 0, 1
A = B = 3
"""


@pytest.fixture
def found():
    return definitions(MODULE, "m.py")


def test_function_comes_with_decorator_comment_and_end_marker(found):
    assert found["f"] == (
        "# About f,\n# in two lines.\n@functools.cache\ndef f():\n"
        "    ### BEGIN SOLUTION\n    return 1\n    ### END SOLUTION"
    )


def test_class_comes_with_its_last_comment(found):
    assert found["Net"].startswith("class Net:\n")
    assert found["Net"].endswith("    # The last comment of the class.")


def test_constants_are_definitions(found):
    assert found["RATE"] == "RATE: float = 0.5"
    assert found["B"] == "A = B = 3"


def test_imports_are_not_definitions(found):
    assert "functools" not in found


def test_broken_region_is_refused():
    with pytest.raises(AuthoringError, match=r"^m\.py:2: END SOLUTION in f\(\) has no BEGIN$"):
        definitions("def f():\n    ### END SOLUTION\n    return 1\n", "m.py")


def test_defined_names_are_those_of_the_top_level():
    assert defined_names("import os\nx = 1\ndef f():\n    y = 2\nclass C: pass\n") == {
        "x",
        "f",
        "C",
    }
