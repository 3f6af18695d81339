"""Hidden checks of `relu_backward`."""

from __future__ import annotations

import numpy as np
import pytest

from autograder.grading import expect
from tests.gradients import cache_of, check_slope

TASK = "relu_backward"


def draw(rng, shape):
    """Inputs of both signs, at least 0.1 away from the kink at 0, and dout of both signs."""
    x = rng.uniform(0.1, 2, size=shape) * rng.choice([-1, 1], size=shape)
    return x, rng.normal(size=shape)


def backward(student, x, dout):
    """dx of the student's backward pass, with the cache of their forward pass."""
    return student.relu_backward(dout, cache_of(student, "relu_forward", (x,), x))


@pytest.mark.task(TASK, weight=2)
def test_values(student, reference, rng):
    x, dout = draw(rng, (8, 9))
    want = reference.relu_backward(dout, x)
    mistakes = {
        "Which entries get through depends on x, not on dout.": np.maximum(dout, 0),
        "dout should get through as it is, not multiplied by x.": want * x,
        "The chain rule is missing: multiply by dout.": (x > 0).astype(float),
    }
    hint = "dout gets through unchanged where x is positive, and is 0 where x is negative."
    expect.close(backward(student, x, dout), want, name="dx", hint=hint, mistakes=mistakes)


@pytest.mark.task(TASK)
@pytest.mark.parametrize("shape", [(9,), (2, 3, 4, 5)], ids=["1-D", "4-D"])
def test_shape(student, reference, rng, shape):
    x, dout = draw(rng, shape)
    want = reference.relu_backward(dout, x)
    expect.close(backward(student, x, dout), want, name="dx", hint="x may have any shape.")


@pytest.mark.task(TASK)
def test_gradient(student, rng):
    x, dout = draw(rng, (5, 6))
    x[0, 0] = abs(x[0, 0])  # at least one unit is active
    got = backward(student, x, dout)
    check_slope(student.relu_forward, (x,), 0, dout, got, rng, name="dx")


@pytest.mark.task(TASK, weight=0.5)
def test_zero(student, rng):
    x, dout = draw(rng, (6, 5))
    x[::2] = 0
    got = expect.array(backward(student, x, dout), x.shape, name="dx")
    # Any subgradient is right at 0: dout times a number within [0, 1].
    want = np.where(x > 0, dout, np.clip(got, np.minimum(dout, 0), np.maximum(dout, 0)) * (x == 0))
    hint = "Where x is exactly 0, dx should lie between 0 and dout."
    expect.close(got, want, name="dx", hint=hint)


@pytest.mark.task(TASK, weight=0.5)
def test_float32(student, reference, rng):
    x, dout = (value.astype(np.float32) for value in draw(rng, (4, 7)))
    got = expect.floats(backward(student, x, dout), x.shape, name="dx")
    expect.close(got, reference.relu_backward(dout, x), name="dx", tol=1e-6)
