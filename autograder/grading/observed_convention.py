"""Finds out what p means to a submission by watching what its dropout drops."""

from __future__ import annotations

from typing import Literal

import numpy as np

from autograder.grading.student_run import StudentRun
from autograder.manifest import Assignment
from autograder.sandbox import StudentFault

FUNCTION = "dropout_forward"
P = 0.2
UNITS = (200, 200)
# Far more than chance allows for, far less than what lies between the two conventions.
SLACK = 0.1


def observed_convention(run: StudentRun, assignment: Assignment) -> Literal["keep", "drop"] | None:
    """Return the convention that fits the share of units dropped; None where none does."""
    task = next((task for task in assignment.tasks if FUNCTION in task.functions), None)
    if task is None:
        return None
    try:
        student = run.worker(task, 0).student
        returned = student.dropout_forward(np.ones(UNITS), {"mode": "train", "p": P})
    except StudentFault:
        return None
    finally:
        run.close()
    out = returned[0] if isinstance(returned, tuple) and returned else returned
    if not isinstance(out, np.ndarray) or out.shape != UNITS:
        return None
    dropped = float(np.mean(out == 0))
    if abs(dropped - P) < SLACK:
        return "drop"
    return "keep" if abs(dropped - (1 - P)) < SLACK else None
