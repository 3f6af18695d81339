"""Which checks a task has, and running them so that nothing a student wrote can stop them."""

import difflib
import traceback
from pathlib import Path

import numpy as np

from nnkit.check.judge import Wrong
from nnkit.check.report import Outcome, Report

CHECKS = {}  # task id -> list of (name of the check, function)
NOT_WRITTEN = "not written yet"
PACKAGE = Path(__file__).resolve().parent.parent


class Student:
    """The student's names as attributes: `student.affine_forward(x, w, b)`."""

    def __init__(self, namespace):
        self._namespace = namespace

    def __getattr__(self, name):
        try:
            return self._namespace[name]
        except KeyError:
            raise Wrong(f"{name} is not defined yet: run the cell that defines it.") from None

    def get(self, name, default=None):
        """Like `dict.get`."""
        return self._namespace.get(name, default)


def checks(task, name):
    """Register a function as a check of a task.

    It takes a `Student`, raises `Wrong` for a mistake, and returns what to say if all is well.
    """

    def register(function):
        CHECKS.setdefault(task, []).append((name, function))
        return function

    return register


def run(task, namespace):
    """Run all checks of a task on a namespace; a mistake of a student's never raises."""
    if task not in CHECKS:
        close = difflib.get_close_matches(str(task), CHECKS, n=1, cutoff=0.4)
        meant = f"Did you mean {close[0]}?" if close else f"There are: {', '.join(CHECKS)}."
        return Report(str(task), (Outcome("task", False, f"There is no such task. {meant}"),))
    random_state = np.random.get_state()
    outcomes = [_run_check(name, check, Student(namespace)) for name, check in CHECKS[task]]
    np.random.set_state(random_state)  # a check must not change what the notebook draws next
    if len({outcome.message for outcome in outcomes}) == 1 and NOT_WRITTEN in outcomes[0].message:
        outcomes = [Outcome("all checks", False, outcomes[0].message)]
    return Report(task, tuple(outcomes))


def _run_check(name, check, student):
    np.random.seed(231)
    try:
        with np.errstate(all="ignore"):
            return Outcome(name, True, check(student) or "")
    except Wrong as wrong:
        return Outcome(name, False, str(wrong))
    except NotImplementedError as error:
        return Outcome(name, False, f"{_culprit(error)[0]} is {NOT_WRITTEN}.")
    except Exception as error:  # noqa: BLE001 - whatever a student's code raises is a finding
        function, line = _culprit(error)
        what = f"{type(error).__name__}: {error}".splitlines()[0][:300]
        return Outcome(name, False, f"{function} raised {what}{line}")


def _culprit(error):
    """Name the innermost function of the student's on the way to an error, and its line."""
    frames = [
        frame
        for frame in traceback.extract_tb(error.__traceback__)
        if not _is_library(frame.filename)
    ]
    if not frames:
        return "your code", "."
    frame = frames[-1]
    line = f" in the line `{frame.line.strip()}`." if frame.line else f" in line {frame.lineno}."
    return frame.name, line


def _is_library(filename):
    path = Path(filename)
    return PACKAGE in path.resolve().parents or "site-packages" in path.parts
