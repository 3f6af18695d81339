"""`autograder build` and `autograder build --check`."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console

from autograder.authoring import build_assignment, check_assignment
from autograder.commands.common import chosen
from autograder.paths import Course


def build_all(course: Course, assignments: Sequence[str] | None, console: Console) -> None:
    """Build the assignments, one after the other."""
    for name in chosen(course, assignments):
        build_assignment(course, name)
        console.print(
            f"[green]built[/] {name}: build/source/{name} (instructors), release/{name} (students)",
            soft_wrap=True,
        )


def check_all(course: Course, assignments: Sequence[str] | None, console: Console) -> bool:
    """Print the drift of release/ as a unified diff; True if there is none."""
    clean = True
    for name in chosen(course, assignments):
        diff = check_assignment(course, name)
        if diff:
            console.print(diff, markup=False, highlight=False, soft_wrap=True)
            console.print(
                f"[red]stale[/] release/{name}; run `autograder build {name}`", soft_wrap=True
            )
            clean = False
        else:
            console.print(f"[green]up to date[/] release/{name}", soft_wrap=True)
    return clean
