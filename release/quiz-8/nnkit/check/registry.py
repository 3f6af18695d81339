"""Which checks a task has, and running them so that nothing a student wrote can stop them."""

import contextlib
import difflib
import io
import linecache
import re
import traceback
from pathlib import Path

import numpy as np

from nnkit.check.judge import Wrong
from nnkit.check.report import Outcome, Report

CHECKS = {}  # task id -> list of (name of the check, function)
NOT_WRITTEN = "not written yet"
MATMUL = re.compile(r"^matmul: .* \(size (\d+) is different from (\d+)\)")
PACKAGE = Path(__file__).resolve().parent.parent


class Student:
    """The student's names as attributes: `student.affine_forward(x, w, b)`."""

    def __init__(self, namespace):
        self._namespace = namespace

    def __getattr__(self, name):
        try:
            return self._namespace[name]
        except KeyError:
            raise Wrong(
                f"{name} is not defined: run the cell that defines it, and leave its name as it is."
            ) from None

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
        return Report(str(task), (Outcome("task", False, no_such_task(task)),))
    random_state = np.random.get_state()
    # A check calls a function up to thousands of times: what it prints would bury the table.
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        outcomes = [_run_check(name, check, Student(namespace)) for name, check in CHECKS[task]]
    np.random.set_state(random_state)  # a check must not change what the notebook draws next
    lines = len(printed.getvalue().splitlines())
    note = f"Your code printed {lines} line{'s' * (lines > 1)}, left out here." if lines else ""
    return Report(task, tuple(outcomes), note)


def no_such_task(task):
    """A sentence for a task that does not exist, with the one that may have been meant."""
    close = difflib.get_close_matches(str(task), CHECKS, n=1, cutoff=0.4)
    meant = f"Did you mean {close[0]}?" if close else f"There are: {', '.join(CHECKS)}."
    return f"There is no task {str(task)!r}. {meant}"


def _run_check(name, check, student):
    np.random.seed(231)
    try:
        with np.errstate(all="ignore"):
            return Outcome(name, True, check(student) or "")
    except Wrong as wrong:
        return Outcome(name, False, str(wrong))
    except NotImplementedError as error:
        return Outcome(name, False, f"{_culprit(error)[0]} is {NOT_WRITTEN}.")
    # Whatever a student's code raises is a finding, and so is an exit().
    except (Exception, SystemExit) as error:  # noqa: BLE001
        function, line = _culprit(error)
        what = f"{type(error).__name__}: {_in_plain_words(error)}".splitlines()[0][:300]
        return Outcome(name, False, f"{function} raised {what}{line}")


def _in_plain_words(error):
    """An error's message; numpy's on @ speaks of gufunc signatures."""
    match = MATMUL.search(str(error))
    if not match:
        return str(error)
    rows, columns = match.groups()
    return f"the shapes do not fit for @: {columns} columns on its left, {rows} rows on its right"


def _culprit(error):
    """Name the innermost function of the student's on the way to an error, and its line."""
    places = [
        (frame.f_code, number)
        for frame, number in traceback.walk_tb(error.__traceback__)
        if not _is_library(frame.f_code.co_filename)
    ]
    if not places:
        return "your code", "."
    code, number = places[-1]
    text = linecache.getline(code.co_filename, number).strip()
    line = f" in the line `{text}`." if text else f" in line {number}."
    return _name(code), line


def _name(code):
    """A function's name, a method's with its class; for a lambda that of the function around it."""
    scopes = code.co_qualname.split(".<locals>.")
    return next((scope for scope in reversed(scopes) if not scope.startswith("<")), "your code")


def _is_library(filename):
    path = Path(filename)
    return PACKAGE in path.resolve().parents or "site-packages" in path.parts
