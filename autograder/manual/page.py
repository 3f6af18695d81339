"""The page that graders read: one HTML file that loads nothing and runs nothing.

render_page(assignment, sheets, title) -> str
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from importlib import resources

import jinja2

from autograder.manifest import Assignment
from autograder.manual.gather import Sheet
from autograder.manual.segments import segments

TEMPLATE = "page.html.j2"
PICTURES = tuple(f"data:image/{kind};base64," for kind in ("png", "jpeg", "gif", "webp"))
LARGEST_PICTURE = 4_000_000  # characters of its data: URI

# A line break within a paragraph or list item; not before another item, a formula or a code block.
SOFT_BREAK = re.compile(r"(?<=\S)(?<!\$\$)\n[ \t]*(?!\$\$)(?=[^\s\-*+\d>|#`\\])")


def render_page(assignment: Assignment, sheets: Sequence[Sheet], title: str) -> str:
    """Return the page; `title` is the course's."""
    environment = jinja2.Environment(
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {
        "segments": segments,
        "pictures": pictures,
        "points": points,
        "unwrapped": unwrapped,
    }
    text = (resources.files(__package__) / TEMPLATE).read_text(encoding="utf-8")
    return environment.from_string(text).render(assignment=assignment, sheets=sheets, title=title)


def pictures(images: Mapping[str, str]) -> dict[str, str]:
    """Return the pasted pictures that can be shown, name to `data:` URI."""
    return {
        name: uri
        for name, uri in images.items()
        if uri.startswith(PICTURES) and len(uri) <= LARGEST_PICTURE
    }


def unwrapped(text: str) -> str:
    """Join the lines of each paragraph, as Markdown does; authored text breaks them anywhere.

    Examples
    --------
    >>> unwrapped("one\\n  line\\n\\n- an item\\n- another")
    'one line\\n\\n- an item\\n- another'
    """
    return SOFT_BREAK.sub(" ", text)


def points(number: float) -> str:
    """`3` as "3 points"."""
    return f"{number:g} point{'' if number == 1 else 's'}"
