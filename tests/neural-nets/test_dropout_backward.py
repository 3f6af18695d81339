"""Hidden checks of `dropout_backward`.

What it should return is read off the student's own forward pass: the mask is out / x. So a right
backward pass earns its points even where the forward pass keeps the wrong share of units.
"""

from __future__ import annotations

import numpy as np
import pytest

from autograder.grading import expect
from tests.gradients import check_slope
from tests.masks import drop, inputs

TASK = "dropout_backward"


def train(student, x, p, seed=None):
    """Mask and cache of the student's training pass; some units are dropped, some are kept."""
    out, cache = drop(student, x, p, seed)
    expect.that(
        bool((out == 0).any() and (out != 0).any()),
        "dropout_forward drops nothing or everything, so dropout_backward can't be checked",
    )
    return out / x, cache


def check_dx(got, dout, mask, *, tol=1e-6):
    """dx is dout * mask."""
    mistakes = {
        "dout gets through where the forward pass dropped the unit.": dout,
        "The right units are dropped, but kept ones should be scaled as in the forward pass.": dout
        * (mask != 0),
        "The mask is applied twice.": dout * mask**2,
    }
    hint = "Use the mask of the forward pass, which is in the cache, scaling included."
    expect.close(got, dout * mask, name="dx", tol=tol, hint=hint, mistakes=mistakes)


@pytest.mark.task(TASK, weight=1.5)
@pytest.mark.parametrize("p", [0.4, 0.8])
def test_mask_of_forward(student, rng, p):
    x, dout = inputs(rng, (20, 30)), inputs(rng, (20, 30))
    mask, cache = train(student, x, p)
    check_dx(student.dropout_backward(dout, cache), dout, mask)


@pytest.mark.task(TASK)
def test_scale(student, rng):
    x, dout = inputs(rng, (20, 30)), inputs(rng, (20, 30))
    mask, cache = train(student, x, 0.3)
    dx = expect.array(student.dropout_backward(dout, cache), x.shape, name="dx")
    hint = "An entry of dout whose unit was kept is scaled as x was in the forward pass."
    expect.close(dx, dout * mask, name="dx", tol=1e-6, hint=hint)


@pytest.mark.task(TASK)
def test_own_cache(student, rng):
    x, dout = inputs(rng, (15, 12)), inputs(rng, (15, 12))
    first, second = train(student, x, 0.5), train(student, x, 0.5)
    for mask, cache in (second, first):
        check_dx(student.dropout_backward(dout, cache), dout, mask)


@pytest.mark.task(TASK)
def test_gradient(student, rng):
    x, dout, p = inputs(rng, (12, 10)), rng.normal(size=(12, 10)), 0.6
    seed = int(rng.integers(1, 2**31))
    _, cache = train(student, x, p, seed)
    dx = student.dropout_backward(dout, cache)
    param = {"mode": "train", "p": p, "seed": seed}
    check_slope(student.dropout_forward, (x, param), 0, dout, dx, rng, name="dx")


@pytest.mark.task(TASK)
def test_test_mode(student, rng):
    x, dout = inputs(rng, (8, 9)), rng.normal(size=(8, 9))
    result = student.dropout_forward(x, {"mode": "test", "p": 0.5})
    _, cache = expect.results(result, "out", "cache")
    hint = "The forward pass of test mode returns x, so dout gets through as it is."
    expect.close(student.dropout_backward(dout, cache), dout, name="dx", hint=hint)


@pytest.mark.task(TASK, weight=0.25)
@pytest.mark.parametrize("shape", [(90,), (3, 4, 5, 6)], ids=["1-D", "4-D"])
def test_shape(student, rng, shape):
    x, dout = inputs(rng, shape), inputs(rng, shape)
    mask, cache = train(student, x, 0.5)
    check_dx(student.dropout_backward(dout, cache), dout, mask)


@pytest.mark.task(TASK, weight=0.25)
def test_float32(student, rng):
    x, dout = (inputs(rng, (15, 20)).astype(np.float32) for _ in range(2))
    mask, cache = train(student, x, 0.5)
    dx = expect.floats(student.dropout_backward(dout, cache), x.shape, name="dx")
    check_dx(dx, dout, mask, tol=1e-5)
