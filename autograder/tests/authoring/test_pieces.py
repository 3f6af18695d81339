"""The course's own code, cut into statements."""

from __future__ import annotations

import pytest

from autograder.authoring.pieces import Piece, defined_names, pieces_of

MODULE = '''"""A docstring."""
import numpy as np
from solutions.layers import affine_forward

A, B = C = 1, 2


@staticmethod
def f(x):
    return x


class G: ...
'''


def test_a_module_is_cut_into_its_statements() -> None:
    docstring, numpy, local, constants, f, G = pieces_of(MODULE)
    assert f == Piece("@staticmethod\ndef f(x):\n    return x", 8, frozenset({"f"}), True, True)
    assert [piece.line for piece in (numpy, local, constants, G)] == [2, 3, 5, 13]
    assert [piece.runs for piece in (docstring, numpy, local, constants, G)] == [
        *(False, True, False, True, True)
    ]
    assert [piece.defines for piece in (numpy, constants, G)] == [False, False, True]
    assert defined_names(MODULE) == {"C", "f", "G"}


def test_each_text_is_parsed_once() -> None:
    source = "# this text stands nowhere else\nx = 1"
    before = pieces_of.cache_info().misses
    assert pieces_of(source) is pieces_of(source)
    assert pieces_of.cache_info().misses == before + 1


def test_what_is_no_python_is_refused() -> None:
    with pytest.raises(SyntaxError):
        pieces_of("def")
