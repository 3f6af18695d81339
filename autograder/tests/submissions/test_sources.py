"""How one `.py` file is read: encodings, indentation, what Python 2 and old NumPy left in it."""

from __future__ import annotations

import ast

import numpy as np
import pytest

from autograder.submissions.numpy_names import GONE, SUCCESSORS
from autograder.submissions.sources import (
    Source,
    leftover_sentences,
    read_source,
    repair_sentences,
)
from autograder.tests.submissions.conftest import HandInPackage
from autograder.tests.submissions.packages import DROP_2016


def mended(source: str) -> str:
    """The whole text after repair."""
    return "\n".join(piece.source for piece in repaired(source).pieces)


def repaired(source: str) -> Source:
    return read_source(source.encode(), repair=True)


@pytest.mark.parametrize(
    "data",
    [
        b"\xef\xbb\xbfdef f():\n    return '\xc3\xa9'\n",
        b"# -*- coding: latin-1 -*-\ndef f():\n    return '\xe9'\n",
        b"#!/usr/bin/python\n# vim: set fileencoding=cp1252 :\ndef f():\r\n    return '\xe9'\r\n",
        b"# coding: gbk\rdef f():\r    return '\xa8\xa6'\r",
    ],
    ids=["mark", "latin-1", "cp1252-crlf", "gbk-cr"],
)
def test_encodings_and_line_ends(data: bytes) -> None:
    (piece,) = read_source(data, repair=False).pieces
    assert ast.unparse(piece.node) == "def f():\n    return 'é'"


@pytest.mark.parametrize(
    "codec", ["rot13", "punycode", "utf-7", "zip", "no-such", "unicode_escape"]
)
def test_other_encodings_are_refused(codec: str) -> None:
    source = read_source(f"# coding: {codec}\nx = 1\n".encode(), repair=True)
    assert source.fault == (
        ", line 1: names an encoding that is not known here; save it as UTF-8; "
        "the file was left out"
    )


def test_text_that_is_not_utf_8_is_named_with_its_line() -> None:
    source = read_source(b"x = 1\ny = '\xe9'\n", repair=False)
    assert source.fault == (", line 2: is not utf-8 text; save it as UTF-8; the file was left out")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("print 'a', b", "print('a', b)"),
        ("print", "print()"),
        ("print >>f, 'a',", "print('a', end=' ', file=f)"),
        ("try:\n    f()\nexcept E, e:\n    g(e)", "try:\n    f()\nexcept E as e:\n    g(e)"),
        ("a <> b", "a != b"),
        ("x = `a`", "x = repr(a)"),
        ("raise E, 'x'", "raise E('x')"),
        ("exec 'a = 1'", "exec('a = 1')"),
        ("x = 0777 + 10L", "x = 0o777 + 10"),
        ("for i in xrange(3): pass", "for i in range(3): pass"),
        ("x = d.iteritems()", "x = d.items()"),
        ("x = d.itervalues(), d.iterkeys()", "x = d.values(), d.keys()"),
        ("x = d.has_key(k)", "x = d.__contains__(k)"),
        ("x = isinstance(s, basestring)", "x = isinstance(s, str)"),
        ("x = unicode(long(raw_input()))", "x = str(int(input()))"),
        ("x = d.keys() + ['b']", "x = list(d.keys()) + ['b']"),
        ("x = d.values()[0]", "x = list(d.values())[0]"),
        ("x = range(3) + range(n)", "x = list(range(3)) + list(range(n))"),
        ("from itertools import izip, imap", "izip = zip\nimap = map"),
    ],
)
def test_python_2_is_mended(old: str, new: str) -> None:
    assert mended(old) == new


@pytest.mark.parametrize(
    "source",
    [
        "x = map(f, a), zip(a, b), filter(f, a)",
        "x = 3 / 2",
        "def f(xrange):\n    return xrange(3)",
        "try:\n    xrange\nexcept NameError:\n    xrange = range",
        "from past.builtins import xrange",
        "def has_key(self, k):\n    return self.d.has_key(k)",
        "x = range(10)[0], a.keys(b) + c",
        "s = 'print 3; np.int; xrange'  # print 3",
        "print('a')",
        "x = unicode.normalize\nunicode = 3",
        "x = obj.xrange, np.random.rand(3).astype(np.float64)",
    ],
)
def test_what_is_right_stays_as_it_is(source: str) -> None:
    assert mended(source) == source.partition("  #")[0]
    assert repaired(source).leftovers == ()


def test_reduce_is_imported_on_the_line_of_an_import() -> None:
    old = '"""Doc."""\nfrom __future__ import division\nimport os  # why\n\nx = reduce(f, a)'
    assert [(p.source, p.line) for p in repaired(old).pieces] == [
        ("from __future__ import division", 2),
        ("import os", 3),
        ("from functools import reduce", 3),
        ("x = reduce(f, a)", 5),
    ]


def test_tabs_are_eight_spaces_as_in_python_2() -> None:
    old = "def f(x):\n        if x:\n\t    y = 1\n        return y\n"
    assert mended(old) == "def f(x):\n        if x:\n            y = 1\n        return y"
    assert [one.kind.was for one in repaired(old).leftovers] == ["tabs"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("x = np.int(3)", "x = int(3)"),
        ("x = a.astype(np.float)", "x = a.astype(float)"),
        ("x = np.object, np.str", "x = object, str"),
        ("x = np.product(np.cumproduct(a))", "x = np.prod(np.cumprod(a))"),
        ("x = np.float_, np.complex_", "x = np.float64, np.complex128"),
        ("x = np.Inf, np.NaN, np.NINF", "x = np.inf, np.nan, (-np.inf)"),
        ("x = np.asscalar(a + b)", "x = (a + b).item()"),
        ("x = [1] + d.keys() + [np.alltrue(a)]", "x = [1] + list(d.keys()) + [np.all(a)]"),
        ("é = 'é', np.in1d(a, b)", "é = 'é', np.isin(a, b)"),
        ("from numpy import product as p, array", "from numpy import prod as p, array"),
        ("x = np.lib.pad(np.ones(3), 1, 'edge')", "x = np.pad(np.ones(3), 1, 'edge')"),
        ("x = np.math.ceil(a)", 'x = __import__("math").ceil(a)'),
        ("x = np.reshape(a, newshape=(3, -1))", "x = np.reshape(a, shape=(3, -1))"),
        ("x = a.reshape(newshape=3)", "x = a.reshape(newshape=3)"),
    ],
)
def test_numpy_names_that_are_gone_are_mended(old: str, new: str) -> None:
    assert mended(f"import numpy as np\n{old}") == f"import numpy as np\n{new}"


def test_numpy_goes_by_the_name_it_was_imported_under() -> None:
    assert mended("import numpy as N\nx = N.float_, np.float_") == (
        "import numpy as N\nx = N.float64, np.float64"
    )
    assert mended("import jax.numpy as np\nx = np.product") == (
        "import jax.numpy as np\nx = np.product"
    )


def test_every_successor_is_there() -> None:
    assert GONE
    for name, text in SUCCESSORS.items():
        value = eval(text.format(np="np"), {"np": np})  # noqa: S307 - our own table
        assert value is not None, name


def test_a_leftover_is_one_sentence_for_its_kind() -> None:
    source = "for i in xrange(3):\n    pass\n\nfor i in xrange(4):\n    pass\n"
    leftovers = read_source(source.encode(), repair=False).leftovers
    (sentence,) = leftover_sentences("layers.py", leftovers)
    assert sentence == (
        "layers.py, line 1 and 1 more: xrange is gone since Python 3; "
        "grade again with --repair to have it mended."
    )
    assert repair_sentences("layers.py", leftovers) == ["layers.py: xrange -> range (2 times)"]


def test_without_repair_a_file_in_python_3_runs_as_it_is() -> None:
    source = read_source(b"x = xrange(3)\n", repair=False)
    assert [piece.source for piece in source.pieces] == ["x = xrange(3)"]


def test_without_repair_a_file_in_python_2_does_not_run() -> None:
    source = read_source(b"print 'a'\n", repair=False)
    assert (source.pieces, source.fault) == ((), " is Python 2 and was left out")


def test_a_print_statement_that_python_3_takes_for_something_else_is_found() -> None:
    source = read_source(b"print\n", repair=False)
    assert [piece.source for piece in source.pieces] == ["print"]
    assert [one.kind.was for one in source.leftovers] == ["print statement"]


def test_a_package_of_2016_without_repair(hand_in_package: HandInPackage) -> None:
    submission = hand_in_package(DROP_2016)
    again = "grade again with --repair to have it mended."
    assert submission.repairs == ()
    assert submission.problems == (
        f"layers.py, line 6: np.product is gone from NumPy; {again}",
        f"layers.py, line 17: .has_key() is gone since Python 3; {again}",
        f"layers.py, line 21: np.float is gone from NumPy; {again}",
        "fc_net.py is Python 2 and was left out.",
        f"fc_net.py, line 15: xrange is gone since Python 3; {again}",
        f"fc_net.py, line 17: .iteritems() is gone since Python 3; {again}",
        f"fc_net.py, line 18: print is a function since Python 3; {again}",
        f"fc_net.py, line 21: except E, e is no longer Python; {again}",
        f"fc_net.py, line 22: raise E, x is no longer Python; {again}",
        "optim.py is Python 2 and was left out.",
        f"optim.py, line 7: <> is no longer Python; {again}",
        f"optim.py, line 8: print is a function since Python 3; {again}",
        f"optim.py, line 9: xrange is gone since Python 3; {again}",
    )


def test_a_package_of_2016_with_repair(hand_in_package: HandInPackage) -> None:
    submission = hand_in_package(DROP_2016, repair=True)
    assert submission.problems == ()
    assert submission.repairs == (
        "layers.py: np.product -> np.prod (1 time)",
        "layers.py: .has_key() -> .__contains__() (1 time)",
        "layers.py: np.float -> float (1 time)",
        "fc_net.py: xrange -> range (1 time)",
        "fc_net.py: .iteritems() -> .items() (1 time)",
        "fc_net.py: print statement -> print() (1 time)",
        "fc_net.py: except E, e -> except E as e (1 time)",
        "fc_net.py: raise E, x -> raise E(x) (1 time)",
        "optim.py: <> -> != (1 time)",
        "optim.py: print statement -> print() (1 time)",
        "optim.py: xrange -> range (1 time)",
    )
