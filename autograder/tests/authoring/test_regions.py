"""Are solution regions found, and is every mistake in them named by file, line and function?"""

from __future__ import annotations

import pytest

from autograder.authoring.regions import cell_regions, module_regions, solutions, strip
from autograder.errors import AuthoringError

SOUND = """\
import numpy as np


class Net:
    def loss(self, x):
        ### BEGIN SOLUTION
        y = x
        y += 1
        ### END SOLUTION
        if y:
            return y
        ### BEGIN SOLUTION
        return None
        ### END SOLUTION


def last(x):
    ### BEGIN SOLUTION
    return x
    ### END SOLUTION
"""


def test_regions_know_their_lines_and_function():
    regions = module_regions(SOUND, "m.py")
    assert [(r.begin, r.end, r.function) for r in regions] == [
        (6, 9, "Net.loss"),
        (12, 14, "Net.loss"),
        (18, 20, "last"),
    ]


def test_solutions_are_the_lines_between_the_markers():
    assert list(solutions(SOUND, module_regions(SOUND, "m.py"))) == [
        (7, "        y = x\n        y += 1\n"),
        (13, "        return None\n"),
        (19, "    return x\n"),
    ]


def test_strip_leaves_a_stub_for_each_region():
    assert strip(SOUND, module_regions(SOUND, "m.py")) == (
        "import numpy as np\n\n\nclass Net:\n    def loss(self, x):\n"
        "        raise NotImplementedError()\n        if y:\n            return y\n"
        "        raise NotImplementedError()\n\n\ndef last(x):\n    raise NotImplementedError()\n"
    )


BROKEN = {
    "begin_without_end": (
        "def adam(w):\n    ### BEGIN SOLUTION\n    return w\n",
        "m.py:2: BEGIN SOLUTION in adam() has no END",
    ),
    "begin_without_end_before_another_function": (
        (
            "def adam(w):\n    ### BEGIN SOLUTION\n    return w\n\n\n"
            "def sgd(w):\n    ### BEGIN SOLUTION\n    return w\n    ### END SOLUTION\n"
        ),
        "m.py:2: BEGIN SOLUTION in adam() has no END",
    ),
    "end_without_begin": (
        "def adam(w):\n    return w\n    ### END SOLUTION\n",
        "m.py:3: END SOLUTION in adam() has no BEGIN",
    ),
    "nested": (
        (
            "def adam(w):\n    ### BEGIN SOLUTION\n    a = w\n    ### BEGIN SOLUTION\n"
            "    return a\n    ### END SOLUTION\n    ### END SOLUTION\n"
        ),
        "m.py:4: BEGIN SOLUTION in adam() inside of that of line 2",
    ),
    "outside_of_a_function": (
        "### BEGIN SOLUTION\nx = 1\n### END SOLUTION\n",
        "m.py:1: BEGIN SOLUTION outside of a function; put it inside",
    ),
    "between_methods": (
        (
            "class A:\n    def f(self):\n        pass\n\n    ### BEGIN SOLUTION\n    x = 1\n"
            "    ### END SOLUTION\n"
        ),
        "m.py:5: BEGIN SOLUTION outside of a function; put it inside",
    ),
    "end_indented_otherwise": (
        "def f(x):\n    ### BEGIN SOLUTION\n    if x:\n        y = x\n        ### END SOLUTION\n",
        "m.py:5: END SOLUTION in f() is not indented like its BEGIN",
    ),
    "line_left_of_its_begin": (
        (
            "def f(x):\n    if x:\n        ### BEGIN SOLUTION\n        x += 1\n    y = x\n"
            "        ### END SOLUTION\n    return y\n"
        ),
        "m.py:5: solution line in f() is left of its BEGIN",
    ),
    "empty": (
        "def f(x):\n    ### BEGIN SOLUTION\n\n    ### END SOLUTION\n    return x\n",
        "m.py:2: the solution region in f() is empty",
    ),
    "marker_in_other_words": (
        "def f(x):\n    # BEGIN SOLUTION\n    return x\n    ### END SOLUTION\n",
        "m.py:2: write the marker as `### BEGIN SOLUTION` or `### END SOLUTION`, alone on its line",
    ),
    "stub_that_is_not_python": (
        "def f(x):\n    ### BEGIN SOLUTION\n    if x:\n    ### END SOLUTION\n        return x\n",
        "m.py: without its solution regions this is not valid Python (unexpected indent)",
    ),
    "not_python": ("def f(x:\n    pass\n", "m.py:1: not valid Python: '(' was never closed"),
}


@pytest.mark.parametrize(("text", "message"), BROKEN.values(), ids=BROKEN)
def test_broken_region_is_located(text, message):
    with pytest.raises(AuthoringError) as caught:
        module_regions(text, "m.py")
    assert str(caught.value) == message


def test_cell_may_hold_a_region_at_top_level_beside_a_magic():
    source = "%matplotlib inline\n### BEGIN SOLUTION\nrate = 1e-3\n### END SOLUTION\n"
    assert [(r.begin, r.end) for r in cell_regions(source, "A.md", 10)] == [(2, 4)]


def test_broken_region_of_a_cell_is_located_in_the_authored_file():
    with pytest.raises(AuthoringError, match=r"^A\.md:11: BEGIN SOLUTION in f\(\) has no END$"):
        cell_regions("def f():\n    ### BEGIN SOLUTION\n    return 1\n", "A.md", 10)
