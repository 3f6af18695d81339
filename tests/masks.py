"""What a dropout mask must look like, with bounds that a right solution never misses.

Every bound is Hoeffding's: for n independent values in [0, 1], the mean is further than t from its
expectation with probability at most 2 exp(-2 n t**2). Bernstein's is sharper where their variance v
is small: at most 2 exp(-n t**2 / (2 v + 2 t / 3)). CHANCE makes that probability so small that no
seed and no course will ever see a right solution fail.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from autograder.grading import expect

CHANCE = 1e-12


def bound(count: int, variance: float = 0.25) -> float:
    """How far the mean of `count` independent values in [0, 1] may be from its expectation."""
    exponent = np.log(2 / CHANCE)
    hoeffding = np.sqrt(exponent / (2 * count))
    third = exponent / (3 * count)
    bernstein = third + np.sqrt(third**2 + 2 * variance * exponent / count)
    return float(min(hoeffding, bernstein))


def units_for(share: float, off: float) -> int:
    """How many units it takes for `bound` to be `off`, if `share` of them are kept."""
    exponent, variance = np.log(2 / CHANCE), share * (1 - share)
    return int(np.ceil(exponent / off**2 * min(0.5, 2 * (variance + off / 3))))


def inputs(rng: np.random.Generator, shape: tuple[int, ...]) -> np.ndarray:
    """Inputs of both signs, at least 1 away from 0, so that a mask can be read off as out / x."""
    return rng.uniform(1, 3, size=shape) * rng.choice([-1, 1], size=shape)


def drop(student: Any, x: np.ndarray, p: float, seed: int | None = None) -> tuple[np.ndarray, Any]:
    """`out` and `cache` of the student's training pass."""
    param = {"mode": "train", "p": p} | ({} if seed is None else {"seed": seed})
    out, cache = expect.results(student.dropout_forward(x, param), "out", "cache")
    return expect.array(out, x.shape, name="out"), cache


def kept(student: Any, x: np.ndarray, p: float, seed: int | None = None) -> np.ndarray:
    """Which units the student's training pass kept, as booleans."""
    return drop(student, x, p, seed)[0] != 0


def check_independent(units: np.ndarray) -> None:
    """Fail if `units` (booleans of any shape) were not decided one by one.

    Along each axis no two slices may be equal, or keep the same number each, and neighbours may not
    be correlated: the covariance of independent units is 0; that of equal ones is p * (1 - p).
    """
    for axis in range(units.ndim):
        slices = np.moveaxis(units, axis, 0).reshape(units.shape[axis], -1)
        where = f"along axis {axis} of x"
        expect.that(
            len({row.tobytes() for row in np.packbits(slices, axis=1)}) == len(slices),
            f"the same units are dropped at several places {where}; decide for every entry of x",
        )
        # With z a unit minus its expectation, the covariance is mean(z * z') - mean(z) * mean(z').
        # Both factors of the latter are within a bound. So is the former: given all slices before
        # it, z' has expectation 0, and z * z' a range of at most 1 (Azuma's inequality).
        one, next_one = slices[:-1], slices[1:]
        covariance = (one & next_one).mean() - one.mean() * next_one.mean()
        limit = bound(one.size)
        expect.that(
            abs(covariance) <= limit + limit**2,
            f"whether a unit is dropped depends on its neighbour {where}",
        )
        expect.that(
            np.ptp(slices.sum(axis=1)) > 0,
            f"exactly the same number of units is kept in every slice {where}; each unit should "
            "be kept or dropped whatever becomes of the others",
        )
