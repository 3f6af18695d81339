"""Which copy of a package counts."""

from __future__ import annotations

import ast

import pytest

from autograder.submissions.roots import Definition, choose, sentences
from autograder.submissions.stubs import is_stub
from autograder.tests.submissions.conftest import HandInPackage
from autograder.tests.submissions.packages import DROP_2016, KEEP_2019, KEEP_2023


def defined(*rows: str) -> list[Definition]:
    """`"a/layers.py f g"` defines f and g; a name with ? is a stub."""
    return [
        Definition(name.rstrip("?"), file, name.endswith("?"))
        for file, *names in map(str.split, rows)
        for name in names
    ]


@pytest.mark.parametrize(
    ("rows", "root"),
    [
        (["layers.py f", "nets/fc_net.py g"], ""),
        (["cs231n/layers.py f", "cs231n/classifiers/fc_net.py g"], "cs231n"),
        (["layers.py f g", "backup/layers.py f g"], ""),
        (["layers.py f", "backup/layers.py f g"], ""),
        (["a1/layers.py f", "a2/layers.py f g", "a3/layers.py f g?"], "a2"),
        (["a1/layers.py f? g?", "a2/x/layers.py f"], "a2/x"),
        (["b/layers.py f", "a/layers.py f"], "a"),
        (["a/b/layers.py f", "c/layers.py f"], "c"),
        (["src/layers/l.py f", "src/nets/n.py g"], "src"),
        (["a/layers.py f?", "b/layers.py f? g?"], "b"),
    ],
)
def test_the_folder_with_most_counts(rows: list[str], root: str) -> None:
    assert choose(defined(*rows)).roots[0] == root


@pytest.mark.parametrize(
    ("rows", "home"),
    [
        (["layers.py f g", "old/layers.py f g"], "layers.py"),
        (["layers.py f? g", "old/layers.py f g"], "old/layers.py"),
        (["a.py f", "fc_net.py f g"], "fc_net.py"),
        (["a.py f", "b.py f"], "a.py"),
    ],
)
def test_a_function_comes_from_the_file_that_fits_best(rows: list[str], home: str) -> None:
    assert choose(defined(*rows)).homes["f"] == home


def test_what_the_best_folder_lacks_comes_from_the_next() -> None:
    definitions = defined(
        "a1/layers.py f", "a1/nets/fc_net.py two", "a2/layers.py f g", "a2/fc_net.py deep"
    )
    choice = choose(definitions)
    assert choice.roots == ("a2", "a1")
    assert choice.homes == {
        "f": "a2/layers.py",
        "two": "a1/nets/fc_net.py",
        "g": "a2/layers.py",
        "deep": "a2/fc_net.py",
    }
    assert sentences(definitions, choice) == ["a2 was read, and a1 for two."]


def test_what_was_left_out_is_said(hand_in_package: HandInPackage) -> None:
    assert hand_in_package(KEEP_2023).problems == (
        "assignment2/cs231n was read.",
        "Not read, because a better copy was: assignment1/cs231n and assignment3/cs231n.",
    )


def test_a_backup_below_the_package_is_said(hand_in_package: HandInPackage) -> None:
    backup = {"cs231n/old/optim.py": KEEP_2019["cs231n/optim.py"]}
    assert hand_in_package(KEEP_2019 | backup).problems == (
        "cs231n/old/optim.py defines adam again; cs231n/optim.py counts.",
    )


def test_a_package_in_python_2_counts_although_it_needs_repair(
    hand_in_package: HandInPackage,
) -> None:
    stub = "def adam(w, dw):\n    raise NotImplementedError()\n"
    submission = hand_in_package(DROP_2016 | {"release/optim.py": stub})
    assert "optim.py is Python 2 and was left out." in submission.problems


@pytest.mark.parametrize(
    "source",
    [
        "def f(x):\n    pass",
        'def f(x):\n    """What to do."""\n    raise NotImplementedError()',
        "def f(x):\n    out = None\n    cache = (x,)\n    return out, cache",
        "def f(x):\n    dx, dw = None, None\n    return dx, dw",
        "def f(x):\n    out = None\n    if x: pass\n    out = out.copy()\n    return out, x",
        "class Net:\n  def __init__(self): self.x = 1\n  def loss(self): y = None; return y",
    ],
)
def test_what_was_handed_out_is_a_stub(source: str) -> None:
    assert is_stub(ast.parse(source).body[0])


@pytest.mark.parametrize(
    "source",
    [
        "def f(x):\n    return x",
        "def f(x):\n    out = None\n    out = x + 1\n    return out, None",
        "def f(x):\n    out, cache = None, None\n    out, cache = g(x)\n    return out, cache",
        "def f(x):\n    out = None\n    for out in x:\n        pass\n    return out",
        "def f(x):\n    if x:\n        raise NotImplementedError(x)\n    return x",
        "class Net:\n    def loss(self, X):\n        return X",
        "f = lambda x: x",
    ],
)
def test_what_was_written_is_none(source: str) -> None:
    assert not is_stub(ast.parse(source).body[0])
