"""Hidden checks of `dropout_forward`."""

from __future__ import annotations

import numpy as np
import pytest

from autograder.grading import expect
from tests.masks import bound, check_independent, drop, inputs, kept, units_for

TASK = "dropout_forward"


def check_values(out, x, p, keep, *, tol=1e-6):
    """Every entry of out is 0 or x / keep."""
    units = out != 0
    expect.that(bool(units.any()), "every unit was dropped")
    mistakes = {
        "Kept units are not rescaled in training: that is vanilla, not inverted dropout.": x
        * units,
        "Kept units are multiplied by the probability to keep; should that be a division?": x
        * units
        * keep,
        "Kept units are divided by the probability to drop, not by the one to keep.": x
        * units
        / (1 - keep),
    }
    hint = "An entry that is not 0 should be x divided by the probability to keep it."
    expect.close(out, x * units / keep, name="out", tol=tol, hint=hint, mistakes=mistakes)


@pytest.mark.task(TASK, weight=3)
@pytest.mark.parametrize("p", [0.3, 0.6, 0.9])
def test_kept_values(student, convention, rng, p):
    x = inputs(rng, (60, 50))
    out, _ = drop(student, x, p)
    expect.that(not out.all(), "nothing was dropped in training mode")
    check_values(out, x, p, convention.keep_prob(p))


@pytest.mark.task(TASK, weight=0.75)
@pytest.mark.parametrize("p", [0.2, 0.5, 0.75, 0.97])
def test_kept_share(student, convention, rng, p):
    keep = convention.keep_prob(p)
    # So many units that a share is judged as sharply for each p: a 2-D x of 90 600 for p = 0.5, of
    # 12 000 for 0.97. Which numbers they are says nothing about how many are kept: rows are reused,
    # and float32 is half as much to send.
    rows = -(-units_for(keep, 0.0125) // 300)
    x = inputs(rng, (10, 300)).astype(np.float32)
    out, _ = drop(student, np.resize(x, (rows, 300)), p)
    share, slack = (out != 0).mean(), bound(out.size, keep * (1 - keep))
    reversed_ = abs(share - (1 - keep)) <= slack
    advice = " It looks as if p were taken the other way round." if reversed_ else ""
    message = f"with p = {p} a wrong share of the units is kept.{advice}"
    expect.that(abs(share - keep) <= slack, message)


# Large enough that nothing of what is looked at happens to independent units: two equal slices of
# 100 fair bits, nine slices of 1320 that keep the same number, a covariance of 0.04 (equal units:
# 0.25).
@pytest.mark.task(TASK)
@pytest.mark.parametrize("shape", [(100, 100), (10, 9, 12, 11)], ids=["2-D", "4-D"])
def test_independent_units(student, rng, shape):
    check_independent(kept(student, inputs(rng, shape), 0.5))


@pytest.mark.task(TASK, weight=0.5)
def test_number_kept_varies(student, rng):
    x = inputs(rng, (30, 30))
    # That nine binomial numbers of 900 fair units are equal has a chance below 1e-13.
    counts = {int(kept(student, x, 0.5).sum()) for _ in range(9)}
    expect.that(
        len(counts) > 1,
        "every call keeps the same number of units; each unit should be kept or dropped "
        "whatever becomes of the others",
    )


@pytest.mark.task(TASK, weight=0.5)
def test_calls_differ_without_seed(student, rng):
    x = inputs(rng, (20, 20))
    first, second = kept(student, x, 0.5), kept(student, x, 0.5)
    expect.that(
        bool((first != second).any()),
        "two training passes without a seed dropped the same units; draw a new mask in every pass",
    )


@pytest.mark.task(TASK)
def test_seed(student, rng):
    x, seed = inputs(rng, (20, 20)), int(rng.integers(1, 2**31))
    first, other, again = (kept(student, x, 0.5, s) for s in (seed, seed + 1, seed))
    expect.that(np.array_equal(first, again), "the same seed should give the same mask")
    expect.that(bool((first != other).any()), "another seed should give another mask")


@pytest.mark.task(TASK, weight=1.5)
def test_test_mode(student, convention, rng):
    x, p = inputs(rng, (25, 20)), 0.4
    param = {"mode": "test", "p": p, "seed": 1}
    out, _ = expect.results(student.dropout_forward(x, param), "out", "cache")
    mistakes = {
        "Inverted dropout scales in training, so nothing is left to do here.": x
        * convention.keep_prob(p),
        "Nothing is scaled in test mode.": x / convention.keep_prob(p),
    }
    hint = "In test mode out equals x: nothing is dropped."
    expect.close(out, x, name="out", hint=hint, mistakes=mistakes)


@pytest.mark.task(TASK, weight=0.5)
def test_test_mode_whatever_p(student, rng):
    # Never without p: classic skeletons read it before they look at the mode.
    x = inputs(rng, (3, 4, 5))
    for p in (0.1, 0.5, 0.9):
        result = student.dropout_forward(x, {"mode": "test", "p": p})
        out, _ = expect.results(result, "out", "cache")
        expect.close(out, x, name="out", hint="In test mode out equals x, whatever p is.")


@pytest.mark.task(TASK, weight=0.5)
def test_keep_all(student, convention, rng):
    x, p = inputs(rng, (20, 15)), convention.no_dropout
    expect.that(not kept(student, x, 0.5).all(), "nothing was dropped in training mode")
    out, _ = drop(student, x, p)
    expect.close(out, x, name="out", hint=f"With p = {p:g} every unit is kept.")


@pytest.mark.task(TASK, weight=0.5)
def test_x_unchanged(student, rng):
    x = inputs(rng, (12, 10))
    result, after = student.dropout_forward.inout(x, {"mode": "train", "p": 0.5})
    out, _ = expect.results(result, "out", "cache")
    expect.array(out, x.shape, name="out")
    expect.unchanged(x, after[0], name="x")


@pytest.mark.task(TASK, weight=0.25)
@pytest.mark.parametrize("shape", [(200,), (4, 5, 6, 7)], ids=["1-D", "4-D"])
def test_shape(student, convention, rng, shape):
    x = inputs(rng, shape)
    out, _ = drop(student, x, 0.6)
    expect.that(not out.all(), "nothing was dropped in training mode")
    check_values(out, x, 0.6, convention.keep_prob(0.6))


@pytest.mark.task(TASK, weight=0.25)
def test_float32(student, convention, rng):
    x = inputs(rng, (40, 30)).astype(np.float32)
    out, _ = drop(student, x, 0.7)
    expect.floats(out, x.shape, name="out")
    expect.that(not out.all(), "nothing was dropped in training mode")
    check_values(out, x, 0.7, convention.keep_prob(0.7), tol=1e-5)
