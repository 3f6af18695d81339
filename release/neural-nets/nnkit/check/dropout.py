"""Checks of dropout. p is the probability to KEEP a unit."""

import math

import numpy as np

from nnkit.check.judge import Wrong, array, close, parts, unchanged
from nnkit.check.registry import checks
from nnkit.gradient_check import eval_numerical_gradient_array

KEEP = (0.25, 0.4, 0.7)
SWAPPED = "p is the probability to keep a unit, not to drop it."


def _forward(student, x, **dropout_param):
    # A copy: a forward pass that changes its argument has a check of its own.
    got = student.dropout_forward(x.copy(), dropout_param)
    out, cache = parts(got, ("out", "cache"), "dropout_forward")
    return array(out, x.shape, "out"), cache


def _around_ten():
    return np.random.randn(500, 500) + 10


@checks("dropout_forward", "training: share of zeros")
def zero_fraction(student):
    x, found = _around_ten(), []
    for p in KEEP:
        zeros = float(np.mean(_forward(student, x, mode="train", p=p)[0] == 0))
        if abs(zeros - (1 - p)) > 0.01:
            raise Wrong(
                f"p = {p}: {zeros:.4f} of out is zero, expected about {1 - p:.2f}."
                f"{_wrong_share(zeros, p)}"
            )
        found.append(f"{zeros:.4f} for p = {p}")
    return ", ".join(found)


@checks("dropout_forward", "training: mean")
def mean_is_kept(student):
    x, found = _around_ten(), []
    for p in KEEP:
        mean = float(_forward(student, x, mode="train", p=p)[0].mean())
        if abs(mean - x.mean()) > 0.2:
            raise Wrong(
                f"p = {p}: the mean of out is {mean:.3f}, that of x is {x.mean():.3f}."
                f"{_wrong_scale(mean / x.mean(), p)}"
            )
        found.append(f"{mean:.3f} for p = {p}")
    return ", ".join(found)


def _wrong_share(zeros, p):
    """A sentence on the mistake that gives this share of zeros, or nothing."""
    if abs(zeros - p) < 0.01:
        return f" {SWAPPED}"
    if abs(zeros - math.erfc(p / math.sqrt(2)) / 2) < 0.01:  # P(normal number > p)
        return " The numbers seem to be normal (randn); they should be uniform on [0, 1)."
    return ""


def _wrong_scale(factor, p):
    """A sentence on the mistake that changes the mean by this factor, or nothing."""
    mistakes = {
        "Inverted dropout divides by p in training.": p,
        SWAPPED: (1 - p) / p,
        "Divide by p, the probability to keep a unit, not by 1 - p.": p / (1 - p),
        "Divide by p, don't multiply by it.": p * p,
    }
    return next((f" {why}" for why, wrong in mistakes.items() if abs(factor - wrong) < 0.02), "")


@checks("dropout_forward", "training: each entry for itself")
def entries_are_independent(student):
    out, _ = _forward(student, np.ones((200, 200)), mode="train", p=0.5)
    if not np.all((out == 0) | (np.abs(out - 2) < 1e-6)):
        raise Wrong("For p = 0.5 and x = 1 every entry of out must be 0 or 2.")
    for axis, name in ((0, "columns"), (1, "rows")):
        if np.std(np.mean(out, axis=axis)) > 0.3:
            raise Wrong(f"Whole {name} share their fate: draw one number for each entry of x.")
    return "kept entries are x / p, all others 0"


@checks("dropout_forward", "test mode")
def test_mode(student):
    x = np.random.randn(50, 50)
    out, _ = _forward(student, x, mode="test", p=0.3)
    close(out, x, "out", hint="At test time nothing is dropped and nothing is scaled.")


@checks("dropout_forward", "leaves its argument alone")
def argument(student):
    x = np.random.randn(5, 4)
    before = x.copy()
    student.dropout_forward(x, {"mode": "train", "p": 0.5})
    unchanged(before, x, "x")


@checks("dropout_backward", "training")
def gradient(student):
    x, dout = np.random.randn(10, 10) + 10, np.random.randn(10, 10)
    param = {"mode": "train", "p": 0.2, "seed": 123}
    _, cache = _forward(student, x, **param)
    dx = student.dropout_backward(dout.copy(), cache)
    numerical = eval_numerical_gradient_array(lambda x: _forward(student, x, **param)[0], x, dout)
    hint = "The same mask as in the forward pass, with the same scaling: is it in the cache?"
    suspects = {
        "It is too small by the factor p: out was divided by p, so dx has to be as well.": numerical
        * param["p"],
        "That is dout itself: the mask has to be applied.": dout,
    }
    return f"relative error {close(dx, numerical, 'dx', hint=hint, suspects=suspects):.1e}"


@checks("dropout_backward", "without a seed")
def mask_of_the_forward_pass(student):
    x = np.ones((20, 20))
    out, cache = _forward(student, x, mode="train", p=0.5)
    dx = array(student.dropout_backward(np.ones_like(x), cache), x.shape, "dx")
    if not np.array_equal(dx == 0, out == 0):
        raise Wrong("dx is zero at other places than out: reuse the mask, don't draw a new one.")


@checks("dropout_backward", "test mode")
def gradient_in_test_mode(student):
    dout = np.random.randn(6, 5)
    _, cache = _forward(student, np.random.randn(6, 5), mode="test", p=0.3)
    dx = student.dropout_backward(dout.copy(), cache)
    close(dx, dout, "dx", hint="At test time the layer does nothing, so dout passes unchanged.")
