"""The collected checks of a suite: what each judges, and what it is given."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from autograder.grading.rounds import FIXTURES


@dataclass(frozen=True)
class Check:
    """A collected check.

    Attributes
    ----------
    parameters : its arguments by `parametrize`.
    fixtures : names of what else it is given; None where it needs pytest to be run, because it has
        fixtures or marks that are not of this plugin.
    """

    item: pytest.Function
    task: str
    name: str
    weight: float
    parameters: dict[str, Any]
    fixtures: tuple[str, ...] | None

    @property
    def rests_on_answers(self) -> bool:
        """Whether what the student's code answers decides it, and nothing else of a submission."""
        given = self.fixtures or ()
        return "student" in given and "handed_in" not in given


def check_of(item: pytest.Function) -> Check:
    """Read what a collected function says; its task is empty where it has no mark.

    `test_values[4-D]` is the check `values[4-D]`.
    """
    marks = list(item.iter_markers())
    mark = next((mark for mark in marks if mark.name == "task" and len(mark.args) == 1), None)
    parameters = dict(item.callspec.params) if hasattr(item, "callspec") else {}
    fixtures = [name for name in item.fixturenames if name not in parameters]
    plain = (
        set(fixtures) <= set(FIXTURES)
        and not any(_is_their_own(item, name) for name in fixtures)
        and {mark.name for mark in marks} <= {"task", "parametrize"}
        and not any(mark.kwargs.get("indirect") for mark in marks)
        and item.cls is None
    )
    return Check(
        item,
        task=str(mark.args[0]) if mark else "",
        name=item.name.removeprefix("test_"),
        weight=float(mark.kwargs.get("weight", 1)) if mark else 0.0,
        parameters=parameters,
        fixtures=tuple(fixtures) if plain else None,
    )


def _is_their_own(item: pytest.Function, name: str) -> bool:
    """Whether a suite has a fixture of its own with a name of ours."""
    found = item.session._fixturemanager.getfixturedefs(name, item) or ()
    return any(fixture.baseid for fixture in found)
