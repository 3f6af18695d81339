"""`autograder manual collect`."""

from __future__ import annotations

from rich.console import Console
from rich.markup import escape

from autograder.manifest import load_assignment
from autograder.manual import collect
from autograder.paths import Course
from autograder.settings import load_settings


def collect_answers(course: Course, assignment: str, console: Console) -> None:
    """Gather the written answers and say where they are."""
    page, data = collect(course, load_assignment(course, assignment), load_settings(course))
    console.print(f"[green]collected[/] {escape(str(page))}", soft_wrap=True, highlight=False)
    console.print(f"          {escape(str(data))}", soft_wrap=True, highlight=False)
