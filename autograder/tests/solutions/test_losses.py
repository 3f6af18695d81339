import math

import numpy as np
import pytest

from autograder.tests.solutions.oracle import assert_gradient, central_differences, read_only
from solutions.losses import softmax_loss, svm_loss

LOSSES = pytest.mark.parametrize("loss", [svm_loss, softmax_loss])
SCORES = np.random.default_rng(2).normal(scale=2, size=(6, 4))
LABELS = np.array([0, 3, 1, 1, 2, 0])


def test_svm_loss_of_scores_worked_out_by_hand():
    """Margins 0 and 1.5 in the first row, 3 and 0.5 in the second."""
    loss, dx = svm_loss(np.array([[2.0, 1.0, 2.5], [1.0, -1.0, -1.5]]), np.array([0, 1]))
    assert loss == (0 + 1.5 + 3 + 0.5) / 2
    want = np.array([[-0.5, 0.0, 0.5], [0.5, -1.0, 0.5]])
    np.testing.assert_array_equal(dx, want, strict=True)


def test_softmax_loss_is_the_mean_log_odds():
    loss, _ = softmax_loss(SCORES, LABELS)
    terms = [
        math.log(math.fsum(math.exp(score - row[label]) for score in row))
        for row, label in zip(SCORES, LABELS, strict=True)
    ]
    assert loss == pytest.approx(math.fsum(terms) / len(terms), rel=1e-14)


def test_softmax_loss_of_huge_scores_stays_finite():
    loss, dx = softmax_loss(np.array([[1e4, -1e4], [1e4, -1e4]]), np.array([0, 1]))
    assert loss == pytest.approx(1e4)
    np.testing.assert_allclose(dx, [[0, 0], [0.5, -0.5]], atol=1e-12)


@LOSSES
def test_gradient(loss):
    want = central_differences(lambda x: loss(x, LABELS)[0], SCORES)
    assert_gradient(loss(SCORES, LABELS)[1], want)


@LOSSES
def test_changes_no_argument_and_keeps_float32(loss):
    scores, labels = read_only(SCORES.astype(np.float32), LABELS)
    value, dx = loss(scores, labels)
    assert type(value) is float
    assert dx.dtype == np.float32


@LOSSES
def test_of_one_example_with_one_class_is_zero(loss):
    value, dx = loss(np.array([[3.0]]), np.array([0]))
    assert (value, dx.tolist()) == (0.0, [[0.0]])
