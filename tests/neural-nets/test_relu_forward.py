"""Hidden checks of `relu_forward`."""

from __future__ import annotations

import numpy as np
import pytest

from autograder.grading import expect

TASK = "relu_forward"


def forward(student, x):
    """`out` of the student's forward pass."""
    out, _ = expect.results(student.relu_forward(x), "out", "cache")
    return out


@pytest.mark.task(TASK, weight=2)
def test_values(student, reference, rng):
    x = 3 * rng.normal(size=(7, 9))
    want, _ = reference.relu_forward(x)
    mistakes = {
        "Negative entries become 0; they do not change their sign.": np.abs(x),
        "Negative entries should become 0, positive ones should stay.": np.minimum(x, 0),
    }
    hint = "Negative entries become 0, all others stay exactly as they are."
    expect.close(forward(student, x), want, name="out", hint=hint, mistakes=mistakes)


@pytest.mark.task(TASK)
@pytest.mark.parametrize("shape", [(8,), (2, 3, 4, 5), (1, 1)], ids=["1-D", "4-D", "one_number"])
def test_shape(student, reference, rng, shape):
    x = rng.normal(size=shape)
    for sign in (1, -1):
        want, _ = reference.relu_forward(sign * x)
        expect.close(forward(student, sign * x), want, name="out", hint="x may have any shape.")


@pytest.mark.task(TASK)
def test_x_unchanged(student, rng):
    x = rng.normal(size=(4, 5))
    result, after = student.relu_forward.inout(x)
    out, _ = expect.results(result, "out", "cache")
    expect.floats(out, x.shape, name="out")
    expect.unchanged(x, after[0], name="x")


@pytest.mark.task(TASK, weight=0.5)
def test_float32(student, reference, rng):
    x = rng.normal(size=(5, 6)).astype(np.float32)
    out = expect.floats(forward(student, x), x.shape, name="out")
    expect.close(out, reference.relu_forward(x)[0], name="out", tol=1e-6)
