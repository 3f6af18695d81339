"""What the docs say can be done: commands parse, links lead somewhere, examples apply."""

from __future__ import annotations

import re
import shlex
import tomllib
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from autograder.cli import app
from autograder.paths import Course

ROOT = Course.find(Path(__file__).parent).root
PAGES = (*sorted((ROOT / "docs").glob("*.md")), *sorted(ROOT.glob("*.md")))
COMMAND = re.compile(r"(?:^\$ |`\.venv/bin/)autograder ([^`\n]+)", re.MULTILINE)
LINK = re.compile(r"\]\((?!https?:)([^)#\s]*)(?:#([^)\s]+))?\)")
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)


def text(page: Path) -> str:
    return page.read_text("utf-8")


COMMANDS = sorted({line for page in PAGES for line in COMMAND.findall(text(page))})


def anchors(page: Path) -> set[str]:
    """Names of a page's sections, as GitHub makes them."""
    headings = (re.sub(r"[^\w\- ]", "", found.lower()) for found in HEADING.findall(text(page)))
    return {heading.replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("line", COMMANDS)
def test_every_command_parses(line: str) -> None:
    command: Any = get_command(app)
    words, context = shlex.split(line), None
    while hasattr(command, "commands"):
        name, *words = words
        context = command.context_class(command, parent=context, info_name=name)
        command = command.commands[name]
    command.make_context(command.name, words, parent=context)  # parses, does not run


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_to_files_and_sections(page: Path) -> None:
    for name, anchor in LINK.findall(text(page)):
        target = (page.parent / name) if name else page
        assert target.exists(), name
        if anchor:
            assert anchor in anchors(target), anchor


def test_the_example_of_a_known_mistake_applies_to_the_reference() -> None:
    (example,) = re.findall(r"```toml\n(.*?)```", text(ROOT / "docs" / "grading.md"), re.DOTALL)
    (entry,) = tomllib.loads(example)["misconceptions"]
    ((old, new),) = entry["edits"]
    assert text(ROOT / "solutions" / "conv.py").count(old) == 1
    assert old != new
    assert f"def test_{entry['check']}(" in text(
        ROOT / "tests" / "quiz-8" / "test_conv_forward_naive.py"
    )


def test_the_example_of_a_variation_is_one() -> None:
    path = ROOT / "solutions" / "variations" / "relu_subgradient_one.py"
    assert text(path) in text(ROOT / "docs" / "grading.md")
