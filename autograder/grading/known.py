"""Verdicts that need not be found again: what they depend on is what it was.

still_holds(result, student, digest, grader, allow_degraded=...) -> bool
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from autograder.grading.results import Result
from autograder.grading.runner import Grader
from autograder.sandbox.launcher import OPTIONAL


def still_holds(
    result: Result, student: str, digest: str, grader: Grader, *, allow_degraded: bool
) -> bool:
    """Whether grading the submission that has this digest now would give this result again."""
    same = (
        (result.assignment, result.student) == (grader.assignment.id, student)
        and result.digest == digest
        and result.versions == grader.versions()
    )
    return same and (allow_degraded or _is_whole(result.sandbox))


def _is_whole(sandbox: Mapping[str, Any]) -> bool:
    """Whether no layer was missing that grading insists on; False where nothing is said of it."""
    missing, escapes = sandbox.get("missing"), sandbox.get("escapes")
    return isinstance(missing, dict) and OPTIONAL.issuperset(missing) and escapes == []
