"""Is what a student reads about an error short, located and free of the grader's paths?"""

from __future__ import annotations

import pytest

from autograder.sandbox.faults import MESSAGE_LENGTH, StudentError, clean_text, read_error

CELLS = {"Notebook, cell 3"}


def sentence(etype: object, message: object, places: object) -> str:
    fault = read_error([etype, message, places], CELLS)
    assert isinstance(fault, StudentError)
    return fault.sentence


def test_it_names_type_message_and_the_innermost_known_place() -> None:
    places = [["Notebook, cell 3", 4], ["Notebook, cell 3", 9], ["/usr/lib/numpy/core.py", 70]]
    assert sentence("ValueError", "bad shape", places) == (
        "ValueError: bad shape (Notebook, cell 3, line 9)"
    )


def test_a_place_outside_of_the_cells_is_not_shown() -> None:
    assert sentence("ValueError", "", [["/root/grader.py", 4]]) == "ValueError"


@pytest.mark.parametrize("place", [["Notebook, cell 3", -1], ["Notebook, cell 3", "1"], 5, []])
def test_a_malformed_place_is_not_shown(place: object) -> None:
    assert sentence("ValueError", "", [place]) == "ValueError"


@pytest.mark.parametrize("etype", ["a b", "<b>", "x" * 200, "", "Größe"])
def test_a_type_that_is_no_name_is_called_exception(etype: str) -> None:
    fault = read_error([etype, "m", []], CELLS)
    assert fault is not None
    assert fault.etype == "Exception"


@pytest.mark.parametrize(
    "value", [None, [], ["ValueError", "m"], [1, "m", []], ["ValueError", "m", 3], {"a": 1}]
)
def test_a_malformed_error_is_none(value: object) -> None:
    assert read_error(value, CELLS) is None


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("No module in '/opt/site-packages/numpy/__init__.py'", "No module in '__init__.py'"),
        ("(/a/b/c.py, line 3)", "(c.py, line 3)"),
        ("[Errno 1] x: '/etc/passwd'", "[Errno 1] x: 'passwd'"),
        ("n/m is 3/4 and a / b", "n/m is 3/4 and a / b"),
        ("two\nlines\tand \x1b[31mcolour\u202e", "two lines and [31mcolour"),
    ],
)
def test_text_is_one_line_without_directories(text: str, clean: str) -> None:
    assert clean_text(text) == clean


def test_long_text_is_cut() -> None:
    assert clean_text("x" * 10_000) == "x" * (MESSAGE_LENGTH - 1) + "…"
