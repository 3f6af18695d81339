"""What a dropout mask must look like, with bounds that a right solution never misses.

Every bound is Hoeffding's: for n independent values in [0, 1], the mean is further than t from its
expectation with probability at most 2 exp(-2 n t**2). CHANCE makes that probability so small that
no seed and no course will ever see a right solution fail.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from autograder.grading import expect

CHANCE = 1e-12


def bound(count: int) -> float:
    """How far the mean of `count` independent values in [0, 1] may be from its expectation."""
    return float(np.sqrt(np.log(2 / CHANCE) / (2 * count)))


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
    share = units.mean()
    for axis in range(units.ndim):
        slices = np.moveaxis(units, axis, 0).reshape(units.shape[axis], -1)
        where = f"along axis {axis} of x"
        expect.that(
            len({row.tobytes() for row in np.packbits(slices, axis=1)}) == len(slices),
            f"the same units are dropped at several places {where}; decide for every entry of x",
        )
        # The share of pairs that are both kept is a mean over pairs, half of which are
        # independent of each other: sqrt(2) bounds; share**2 is within 2 more.
        together = (slices[1:] & slices[:-1]).mean()
        expect.that(
            abs(together - share**2) <= 4 * bound(slices[1:].size),
            f"whether a unit is dropped depends on its neighbour {where}",
        )
        expect.that(
            np.ptp(slices.sum(axis=1)) > 0,
            f"exactly the same number of units is kept in every slice {where}; each unit should "
            "be kept or dropped whatever becomes of the others",
        )
