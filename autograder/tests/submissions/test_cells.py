"""A notebook file as plain cells."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.submissions.cells import MAX_CELLS, Cell, Unreadable, read_cells


def read(notebook: Any) -> tuple[Cell, ...]:
    return read_cells(json.dumps(notebook).encode())[0]


def test_a_source_may_be_a_text_or_a_list_of_lines() -> None:
    cells = read(
        {
            "cells": [
                {"cell_type": "code", "source": "a = 1\nb = 2"},
                {"cell_type": "code", "source": ["a = 1\n", "b = 2"]},
            ]
        }
    )
    assert [cell.source for cell in cells] == ["a = 1\nb = 2"] * 2


def test_numbers_count_every_cell_from_one() -> None:
    cells = read({"cells": [{"cell_type": "markdown", "source": "a"}, None, {"cell_type": "code"}]})
    assert [(cell.number, cell.kind) for cell in cells] == [(1, "markdown"), (3, "code")]


def test_line_ends_become_newlines() -> None:
    (cell,) = read({"cells": [{"cell_type": "code", "source": "a\r\nb\rc"}]})
    assert cell.source == "a\nb\nc"


def test_a_lone_surrogate_does_not_survive() -> None:
    (cell,) = read({"cells": [{"cell_type": "code", "source": "a\ud800"}]})
    assert cell.source == "a\ufffd"


def test_a_heading_of_format_3_is_prose() -> None:
    (cell,) = read(
        {"worksheets": [{"cells": [{"cell_type": "heading", "level": 2, "source": "T"}]}]}
    )
    assert (cell.kind, cell.source) == ("markdown", "## T")


def test_an_unknown_kind_is_read_as_raw() -> None:
    (cell,) = read({"cells": [{"cell_type": "diagram", "source": "a"}]})
    assert cell.kind == "raw"


def test_pasted_pictures_are_kept() -> None:
    picture = {"image.png": {"image/png": ["iVBO\n", "Rw=="]}}
    (cell,) = read({"cells": [{"cell_type": "markdown", "source": "", "attachments": picture}]})
    assert cell.images == {"image.png": {"image/png": "iVBO\nRw=="}}


@pytest.mark.parametrize(
    "attachments",
    [
        {"x.svg": {"image/svg+xml": "<script>"}},
        {"x.png": {"image/png": '"><script>'}},
        {"x.html": {"text/html": "aGk="}},
        {"x.png": ["image/png"]},
        ["x.png"],
    ],
)
def test_an_attachment_that_is_no_picture_is_dropped(attachments: Any) -> None:
    row = {"cell_type": "markdown", "source": "", "attachments": attachments}
    assert read({"cells": [row]})[0].images == {}


def test_too_many_cells_are_cut_off_with_a_sentence() -> None:
    rows = [{"cell_type": "code", "source": ""}] * (MAX_CELLS + 1)
    cells, problems = read_cells(json.dumps({"cells": rows}).encode())
    assert len(cells) == MAX_CELLS
    assert problems == ("has 2001 cells; only the first 2000 were read",)


@pytest.mark.parametrize("notebook", [{}, {"cells": {}}, {"worksheets": 3}, None, 3, "cells", []])
def test_json_without_cells_is_no_notebook(notebook: Any) -> None:
    with pytest.raises(Unreadable, match="not a notebook"):
        read(notebook)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=8,
)
FIELDS = ["cell_type", "source", "input", "metadata", "id", "attachments", "level"]
KINDS = st.sampled_from(["code", "markdown", "raw", "heading"])
ROW = st.dictionaries(st.sampled_from(FIELDS), JSON) | st.builds(
    lambda kind, row: row | {"cell_type": kind},
    KINDS,
    st.dictionaries(st.sampled_from(FIELDS), JSON),
)


@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.lists(ROW | JSON, max_size=5))
def test_cells_of_any_types_are_read_or_reported(rows: list[Any]) -> None:
    cells, problems = read_cells(json.dumps({"cells": rows}).encode())
    assert len(cells) + len(problems) == len(rows)
    for cell in cells:
        cell.source.encode()
        assert cell.kind in ("code", "markdown", "raw")
