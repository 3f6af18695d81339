"""`autograder build` and `autograder build --check`, in either layout."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console

from autograder.authoring.build import (
    build_assignment,
    build_package,
    check_assignment,
    check_package,
)
from autograder.commands.common import chosen
from autograder.paths import Course


def build_all(
    course: Course, assignments: Sequence[str] | None, console: Console, *, package: bool = False
) -> None:
    """Build the assignments, one after the other."""
    for name in chosen(course, assignments):
        if package:
            build_package(course, name)
            made = f"build/package/{name} (students)"
        else:
            build_assignment(course, name)
            made = f"build/source/{name} (instructors), release/{name} (students)"
        console.print(f"[green]built[/] {name}: {made}", soft_wrap=True)


def check_all(
    course: Course, assignments: Sequence[str] | None, console: Console, *, package: bool = False
) -> bool:
    """Print the drift of what was built as a unified diff; True if there is none."""
    clean = True
    for name in chosen(course, assignments):
        diff = check_package(course, name) if package else check_assignment(course, name)
        folder = f"build/package/{name}" if package else f"release/{name}"
        if diff:
            console.print(diff, markup=False, highlight=False, soft_wrap=True)
            command = f"autograder build {name}{' --layout package' if package else ''}"
            console.print(f"[red]stale[/] {folder}; run `{command}`", soft_wrap=True)
            clean = False
        else:
            console.print(f"[green]up to date[/] {folder}", soft_wrap=True)
    return clean
