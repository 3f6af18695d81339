"""One session of pytest: collects a hidden suite and plays rounds of it."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import SimpleNamespace

import pytest

from autograder.errors import SettingsError
from autograder.grading.plugin import Judge, Play
from autograder.manifest import Assignment
from autograder.paths import Course

# No plugin that writes (cache, junit), prints, or changes how failures look; the suite's asserts
# stay plain because the text of a failure is never shown.
PYTEST_OPTIONS = (
    "-p", "no:cacheprovider", "-p", "no:terminal", "-p", "no:logging", "-p", "no:faulthandler",
    "-p", "no:warnings", "-p", "no:doctest", "-p", "no:junitxml", "--capture=no",
    "--disable-plugin-autoload",
    "--assert=plain", "--import-mode=importlib", "--strict-markers",
)  # fmt: skip


def run_suite(
    course: Course,
    assignment: Assignment,
    seed: int,
    reference: SimpleNamespace,
    body: Callable[[Play], None],
) -> None:
    """Collect the assignment's suite and let `body` play rounds of it.

    Parameters
    ----------
    seed : the course's, from which every check's is derived.

    Raises
    ------
    SettingsError
        If the suite cannot be collected; the message names file and line.
    """
    judge = Judge(assignment, seed, reference, body)
    suite = course.suite(assignment.id)
    options = (*PYTEST_OPTIONS, "-c", "/dev/null", f"--rootdir={course.root}")
    writes_bytecode, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    try:
        code = pytest.main([*options, str(suite)], [judge])
    finally:
        sys.dont_write_bytecode = writes_bytecode
    if judge.error is not None:
        raise judge.error
    if judge.collect_errors:
        raise SettingsError("\n".join(judge.collect_errors))
    if code not in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED):
        reason = pytest.ExitCode(code).name.lower().replace("_", " ")
        raise SettingsError(f"{suite}: pytest says {reason}")
