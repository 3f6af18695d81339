"""Hidden checks of `affine_backward`."""

from __future__ import annotations

import numpy as np
import pytest

from autograder.grading import expect
from tests.gradients import cache_of, check_slopes

TASK = "affine_backward"
NAMES = ("dx", "dw", "db")


def draw(rng, shape=(5, 6), outputs=4, dtype=np.float64):
    """x, w, b and dout; examples of any shape."""
    inputs = int(np.prod(shape[1:]))
    sizes = (shape, (inputs, outputs), (outputs,), (shape[0], outputs))
    return tuple(rng.normal(size=size).astype(dtype) for size in sizes)


def backward(student, x, w, b, dout):
    """dx, dw and db of the student's backward pass, with the cache of their forward pass."""
    cache = cache_of(student, "affine_forward", (x, w, b), (x, w, b))
    return expect.results(student.affine_backward(dout, cache), *NAMES)


@pytest.mark.task(TASK)
@pytest.mark.parametrize("name", NAMES)
def test_values(student, reference, rng, name):
    x, w, b, dout = draw(rng)
    position = NAMES.index(name)
    want = reference.affine_backward(dout, (x, w, b))[position]
    mistakes = {
        "Do not average over the minibatch: the loss does that.": want / len(x),
        "The sign is wrong.": -want,
    }
    hint = "Every term of the sum over examples or outputs counts once."
    got = backward(student, x, w, b, dout)[position]
    expect.close(got, want, name=name, hint=hint, mistakes=mistakes)


@pytest.mark.task(TASK)
def test_images(student, reference, rng):
    x, w, b, dout = draw(rng, (3, 2, 4, 3), 5)
    want = reference.affine_backward(dout, (x, w, b))
    got = backward(student, x, w, b, dout)
    for name, value, wanted in zip(NAMES, got, want, strict=True):
        hint = "x has four axes here: flatten it for the products, give dx its shape back."
        expect.close(value, wanted, name=name, hint=hint)


@pytest.mark.task(TASK)
def test_gradient(student, rng):
    x, w, b, dout = draw(rng, (4, 3, 2), 5)
    got = backward(student, x, w, b, dout)
    gradients = dict(zip(NAMES, got, strict=True))
    check_slopes(student.affine_forward, (x, w, b), dout, gradients, rng)


@pytest.mark.task(TASK, weight=0.5)
@pytest.mark.parametrize(
    ("shape", "outputs"),
    [((1, 7), 4), ((5, 1), 3), ((5, 4), 1)],
    ids=["one_example", "one_input", "one_output"],
)
def test_edge(student, reference, rng, shape, outputs):
    x, w, b, dout = draw(rng, shape, outputs)
    want = reference.affine_backward(dout, (x, w, b))
    for name, value, wanted in zip(NAMES, backward(student, x, w, b, dout), want, strict=True):
        expect.close(value, wanted, name=name, hint="Keep every axis, also of size 1.")


@pytest.mark.task(TASK, weight=0.5)
def test_float32(student, reference, rng):
    x, w, b, dout = draw(rng, (4, 5), 3, np.float32)
    want = reference.affine_backward(dout, (x, w, b))
    for name, value, wanted in zip(NAMES, backward(student, x, w, b, dout), want, strict=True):
        value = expect.floats(value, wanted.shape, name=name)
        expect.close(value, wanted, name=name, tol=1e-4)
