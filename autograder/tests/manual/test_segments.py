"""Markdown is cut into pieces of text; no piece is lost but the addresses of pictures."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.manual.segments import LONGEST, UNPRINTABLE, Segment, segments


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("$x_i$", "math"),
        ("$$\nx\n$$", "math"),
        ("`a = 1`", "code"),
        ("```python\na = '$'\n```", "code"),
        ("**no**", "strong"),
        ("plain", "text"),
        ("$ 5 and no end", "text"),
        ("3 * 4 ** 2", "text"),
    ],
)
def test_formulas_code_and_emphasis_are_set_apart(text: str, kind: str) -> None:
    assert segments(text) == [Segment(kind, text)]


@pytest.mark.parametrize(
    "target", ["https://evil.example/a.png", "data:image/png;base64,AAAA", "work.png", "a b.png"]
)
def test_a_pictures_address_is_left_out(target: str) -> None:
    shown = "".join(piece.text for piece in segments(f'see ![my work]({target} "title")'))
    assert ("evil" in shown, "data:" in shown) == (False, False)


def test_a_pasted_picture_is_pointed_to_where_it_is_shown() -> None:
    text = "![x](attachment:work.png)"
    assert segments(text, {"work.png"}) == [Segment("note", "[picture below: work.png]")]
    assert segments(text) == [Segment("note", "[picture left out: x]")]


def test_control_characters_cannot_turn_text_around() -> None:
    (piece,) = segments("a\u202eb\x00c\x1b[1m\ud800\n\td\u200de")
    assert piece.text == "a�b�c�[1m�\n\td\u200de"


def test_what_is_very_long_is_cut_and_says_so() -> None:
    *pieces, note = segments("x" * (LONGEST + 1))
    assert sum(len(piece.text) for piece in pieces) == LONGEST
    assert "see the submission" in note.text


@pytest.mark.parametrize("part", ["![", "![](", "$", "$$", "`", "```", "**", '![a](b "', "![a]("])
def test_time_is_linear_whatever_was_handed_in(part: str) -> None:
    begun = time.perf_counter()
    segments(part * (2_000_000 // len(part)))
    assert time.perf_counter() - begun < 10


@given(st.text(st.characters(exclude_characters="!", exclude_categories=["Cc", "Cs"]), max_size=60))
def test_without_pictures_no_character_is_lost(text: str) -> None:
    shown = "".join(piece.text for piece in segments(text))
    assert shown == UNPRINTABLE.sub("�", text)
