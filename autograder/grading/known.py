"""Verdicts that need not be found again: what they depend on is what it was.

stamped(result, terms, settings) -> Result                          (says how it was asked for)
still_holds(result, student, digest, grader, allow_degraded=...) -> bool
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from autograder.grading.results import Result
from autograder.grading.runner import Grader
from autograder.grading.terms import Terms
from autograder.sandbox.launcher import OPTIONAL
from autograder.settings import Settings


def stamped(result: Result, terms: Terms, settings: Settings) -> Result:
    """Return the result with the terms it was graded under among its `versions`.

    `layout` and `convention` of a result say how a submission was read in the end; whether another
    run would read it the same way depends on what was asked for.
    """
    return replace(result, versions={**result.versions, "terms": _asked(terms, settings)})


def still_holds(
    result: Result, student: str, digest: str, grader: Grader, *, allow_degraded: bool
) -> bool:
    """Whether grading the submission that has this digest now would give this result again."""
    versions = {**grader.versions(), "terms": _asked(grader.terms, grader.settings)}
    same = (
        (result.assignment, result.student) == (grader.assignment.id, student)
        and result.digest == digest
        and result.versions == versions
    )
    return same and (allow_degraded or _is_whole(result.sandbox))


def _asked(terms: Terms, settings: Settings) -> str:
    words = [terms.layout, terms.convention or settings.convention]
    return " ".join([*words, "repair"] if terms.repair else words)


def _is_whole(sandbox: Mapping[str, Any]) -> bool:
    """Whether no layer was missing that grading insists on; False where nothing is said of it."""
    missing, escapes = sandbox.get("missing"), sandbox.get("escapes")
    return isinstance(missing, dict) and OPTIONAL.issuperset(missing) and escapes == []
