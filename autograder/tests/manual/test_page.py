"""The page: pictures that were pasted, points, paragraphs."""

from __future__ import annotations

import pytest

from autograder.manual.page import LARGEST_PICTURE, pictures, points, unwrapped

PNG = "data:image/png;base64,iVBORw0KGgo="


def test_pasted_pictures_are_shown() -> None:
    assert pictures({"work.png": PNG}) == {"work.png": PNG}


@pytest.mark.parametrize(
    "uri",
    [
        "data:image/svg+xml;base64,PHN2Zz4=",
        "data:text/html;base64,PGI+",
        "https://evil.example/a.png",
        "javascript:alert(1)",
        PNG + "A" * LARGEST_PICTURE,
    ],
    ids=["svg", "html", "address", "script", "huge"],
)
def test_what_is_no_picture_is_not_shown(uri: str) -> None:
    assert pictures({"work.png": uri}) == {}


def test_points_are_counted() -> None:
    assert [points(n) for n in (0, 1, 2.5)] == ["0 points", "1 point", "2.5 points"]


def test_lines_of_a_paragraph_are_joined_and_others_are_not() -> None:
    text = "one\nline\n\n- item\n  goes on\n- next\n\n$$\na\n$$\n"
    assert unwrapped(text) == "one line\n\n- item goes on\n- next\n\n$$\na\n$$\n"
