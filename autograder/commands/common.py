"""What several commands share."""

from __future__ import annotations

from collections.abc import Sequence

from autograder.errors import SettingsError
from autograder.paths import Course


def chosen(course: Course, assignments: Sequence[str] | None) -> list[str]:
    """The assignments that were asked for, or all of the course's."""
    known = course.assignments()
    if not known:
        raise SettingsError(f"{course.root}/source: no assignment (no */assignment.toml)")
    for name in assignments or []:
        if name not in known:
            raise SettingsError(f"no assignment {name!r}; known: {', '.join(known)}")
    return list(dict.fromkeys(assignments or known))
