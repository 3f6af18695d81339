"""Hidden checks of `overfit_five_layers`: the settings are tried out on the trusted side."""

from __future__ import annotations

import pytest

from autograder.grading import expect
from tests.overfitting import best_accuracy, check_settings

TASK = "overfit_five_layers"
HIDDEN = [100, 100, 100, 100]


@pytest.mark.task(TASK, weight=0.5)
def test_settings(student):
    check_settings(student.overfit_five_layers())


@pytest.mark.task(TASK, weight=2)
@pytest.mark.parametrize("share", [0.8, 1.0], ids=["most", "all"])
def test_learns(student, reference, seed, share):
    settings = check_settings(student.overfit_five_layers())
    expect.that(
        best_accuracy(reference, HIDDEN, settings, seed, share) >= share,
        f"a right net trained with these settings learns less than {share:.0%} of 50 examples; "
        "are weight scale and learning rate large enough, and does the loss stay finite?",
    )
