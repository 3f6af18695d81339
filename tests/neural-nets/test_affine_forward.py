"""Hidden checks of `affine_forward`."""

from __future__ import annotations

import numpy as np
import pytest

from autograder.grading import expect

TASK = "affine_forward"


def forward(student, x, w, b):
    """`out` of the student's forward pass."""
    out, _ = expect.results(student.affine_forward(x, w, b), "out", "cache")
    return out


@pytest.mark.task(TASK, weight=2)
def test_values(student, reference, rng):
    x, w, b = rng.normal(size=(6, 9)), rng.normal(size=(9, 4)), rng.normal(size=4)
    want, _ = reference.affine_forward(x, w, b)
    mistakes = {"The bias is missing.": want - b, "The bias is subtracted.": want - 2 * b}
    hint = "Each row of out is that example times w, plus b."
    expect.close(forward(student, x, w, b), want, name="out", hint=hint, mistakes=mistakes)


@pytest.mark.task(TASK)
def test_bias(student, rng):
    x, w, b = rng.normal(size=(5, 3)), rng.normal(size=(3, 6)), rng.normal(size=6)
    shift = expect.array(forward(student, x, w, b), (5, 6), name="out")
    shift = shift - expect.array(forward(student, x, w, np.zeros(6)), (5, 6), name="out")
    want = np.broadcast_to(b, (5, 6))
    hint = "Adding b should move every row of out by b."
    expect.close(shift, want, name="The part of out that comes from b", hint=hint)


@pytest.mark.task(TASK, weight=2)
def test_images(student, reference, rng):
    x, w, b = rng.normal(size=(4, 3, 2, 5)), rng.normal(size=(30, 7)), rng.normal(size=7)
    want, _ = reference.affine_forward(x, w, b)
    hint = "An example of any shape is flattened to one row of D numbers, in C order."
    expect.close(forward(student, x, w, b), want, name="out", hint=hint)


@pytest.mark.task(TASK, weight=0.5)
@pytest.mark.parametrize(
    ("n", "d", "m"),
    [(1, 7, 4), (5, 1, 3), (5, 4, 1)],
    ids=["one_example", "one_input", "one_output"],
)
def test_edge(student, reference, rng, n, d, m):
    x, w, b = rng.normal(size=(n, d)), rng.normal(size=(d, m)), rng.normal(size=m)
    want, _ = reference.affine_forward(x, w, b)
    expect.close(
        forward(student, x, w, b), want, name="out", hint="Keep both axes, also of size 1."
    )


@pytest.mark.task(TASK, weight=0.5)
def test_float32(student, reference, rng):
    x, w, b = (rng.normal(size=s).astype(np.float32) for s in [(5, 2, 3), (6, 4), (4,)])
    out = expect.floats(forward(student, x, w, b), (5, 4), name="out")
    expect.close(out, reference.affine_forward(x, w, b)[0], name="out", tol=1e-4)


@pytest.mark.task(TASK, weight=0.5)
def test_x_unchanged(student, rng):
    x, w, b = rng.normal(size=(3, 2, 4)), rng.normal(size=(8, 5)), rng.normal(size=5)
    result, after = student.affine_forward.inout(x, w, b)
    out, _ = expect.results(result, "out", "cache")
    expect.floats(out, (3, 5), name="out")
    expect.unchanged(x, after[0], name="x")
