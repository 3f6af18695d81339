"""Which statements are definitions."""

from __future__ import annotations

import ast

import pytest

from autograder.submissions.names import Definitions, defines


def admitted(source: str) -> list[bool]:
    definitions = Definitions()
    return [definitions.admit(node) for node in ast.parse(source).body]


@pytest.mark.parametrize(
    "source",
    [
        "import numpy as np",
        "from nnkit import *",
        "def f(): pass",
        "async def f(): pass",
        "class A: pass",
        "x = 1",
        "x = y = 'text'",
        "a, b = 1, [2.0, -3]",
        "x = {'a': (1, None), 'b': {2, 3}}",
        "x: int = 10 ** 6 // 7",
        "f = lambda x, y=1: x @ y",
        "try:\n    import matplotlib\nexcept ImportError:\n    matplotlib = None",
    ],
)
def test_it_is_a_definition(source: str) -> None:
    assert admitted(source) == [True]


@pytest.mark.parametrize(
    "source",
    [
        "f()",
        "x = f()",
        "x = [f()]",
        "x = y",
        "x.y = 1",
        "x[0] = 1",
        "x, *y = 1, 2",
        "x += 1",
        "x: int",
        "x = [i for i in ()]",
        "x = f'{y}'",
        "x = {**y}",
        "x = lambda y=f(): y",
        "del x",
        "for x in (): pass",
        "if True:\n    x = 1",
        "with x: pass",
        "try:\n    f()\nexcept ImportError:\n    pass",
    ],
)
def test_it_is_no_definition(source: str) -> None:
    assert admitted(source) == [False]


def test_a_constant_may_name_earlier_definitions() -> None:
    source = (
        "import numpy as np\nrows = 2\nsize = rows * 3\ndtype = np.float32\ndef f(): pass\ng = f"
    )
    assert admitted(source) == [True] * 6


def test_an_attribute_of_anything_but_a_module_is_no_constant() -> None:
    assert admitted("class A:\n    x = 1\ny = A.x") == [True, False]


@pytest.mark.parametrize("change", ["x = f()", "for x in y: pass", "del x", "with y as x: pass"])
def test_a_name_that_something_else_may_have_changed_is_forgotten(change: str) -> None:
    assert admitted(f"x = 1\n{change}\nz = x") == [True, False, False]


def test_a_name_local_to_a_function_is_not_known_outside() -> None:
    assert admitted("def f():\n    x = 1\ny = x") == [True, False]


def test_an_expression_of_a_thousand_levels_is_no_definition() -> None:
    assert admitted("x = " + "-" * 1500 + "1") == [False]


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("def f(): pass", {"f"}),
        ("class A: pass", {"A"}),
        ("f = g = lambda x: x", {"f", "g"}),
        ("import f", set()),
        ("f()", set()),
        ("f.x = 1", set()),
    ],
)
def test_what_a_statement_defines(source: str, names: set[str]) -> None:
    (node,) = ast.parse(source).body
    assert defines(node) == names
