"""Hidden checks of `overfit_three_layers`: the settings are tried out on the trusted side."""

from __future__ import annotations

import pytest

from tests.overfitting import check_learns, check_settings, draw_runs

TASK = "overfit_three_layers"
HIDDEN = [100, 100]


@pytest.mark.task(TASK, weight=0.5)
def test_settings(student):
    check_settings(student.overfit_three_layers())


@pytest.mark.task(TASK, weight=2)
@pytest.mark.parametrize("share", [0.8, 1.0], ids=["most", "all"])
def test_learns(student, task_seed, share):
    settings = check_settings(student.overfit_three_layers())
    check_learns(HIDDEN, settings, task_seed, share)


def warm_up(task_seed):
    """Draw what nets are trained on once for all submissions."""
    draw_runs(HIDDEN, task_seed)
