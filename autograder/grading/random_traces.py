"""Do two programs draw in the same way, although each draws random numbers of its own?

Of dropout masks compared is what decides about them: the distribution of their values (is a unit
dropped, how is it scaled), whether parts of one are copies of each other, and how the masks of one
check are related (the same in each pass? the same in forward and backward pass?). Of initial
parameters it is the distribution alone. Bounds are Hoeffding's and its relative for distributions,
the inequality of Dvoretzky, Kiefer, Wolfowitz and Massart [1]_: two programs of one kind are
taken for different ones with a chance below `CHANCE`.

References
----------
.. [1] P. Massart, "The Tight Constant in the Dvoretzky-Kiefer-Wolfowitz Inequality", Annals of
   Probability 18, 1990.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
# Distinct numbers in order, and how many there are of each.
Counted = tuple[Array, Array]

CHANCE = 1e-9
DIGITS = 5
# Smaller masks show by chance what is taken for structure in larger ones.
ENOUGH = 400
ENOUGH_CALLS = 5
FEW_SCALES = 3
# Of two draws of a few numbers from one normal distribution; a scale that was forgotten is far off.
SIMILAR_SIZE = 10.0


def draws_mask(name: str) -> bool:
    """Whether a call of this name returns something a mask was applied to."""
    return name.endswith((".dropout_forward", ".dropout_backward"))


def draws_parameters(name: str) -> bool:
    """Whether a reading of this name gives parameters that nobody has set, one or all."""
    return name == "get.params" or name.startswith("get.params.")


def alike_draws(one: object, other: object) -> bool:
    """Whether two arrays may have been drawn from one continuous distribution."""
    if not isinstance(one, np.ndarray) or not isinstance(other, np.ndarray):
        return False
    if (one.shape, one.dtype, one.dtype.kind) != (other.shape, other.dtype, "f") or not one.size:
        return False
    a, b = (v.astype(np.float64).ravel() for v in (one, other))
    if not (np.isfinite(a).all() and np.isfinite(b).all()) or (a == 0).any() or (b == 0).any():
        return False
    ratio = float(np.sqrt(np.mean(a**2) / np.mean(b**2)))
    if not 1 / SIMILAR_SIZE < ratio < SIMILAR_SIZE:
        return False
    return _distance(_counted(a), _counted(b)) <= 2 * _bound(a.size)


@dataclass(frozen=True, eq=False)
class Mask:
    """What decides about a dropout mask; a small part of what the mask itself would take.

    Attributes
    ----------
    scales : what units are multiplied by, and how many by each.
    copies : axes along which all slices are equal.
    equal_counts : axes along which every slice keeps the same number of units.
    kept : digest of which units are kept.
    kept_count : how many are.
    """

    shape: tuple[int, ...]
    scales: Counted
    copies: tuple[int, ...]
    equal_counts: tuple[int, ...]
    kept: bytes
    kept_count: int


def mask_of(x: object, out: object) -> Mask | None:
    """What `x` was multiplied by to make `out`, or None where that can't be told."""
    if not isinstance(x, np.ndarray) or not isinstance(out, np.ndarray) or x.shape != out.shape:
        return None
    if not x.size or out.dtype.kind != "f" or not np.isfinite(out).all() or not x.all():
        return None
    mask = _rounded(out.astype(np.float64) / x)
    kept = mask != 0
    return Mask(
        mask.shape,
        _counted(mask),
        _copies(mask),
        _equal_counts(kept),
        hashlib.sha256(np.packbits(kept).tobytes()).digest(),
        int(kept.sum()),
    )


def alike_masks(one: Sequence[Mask | None], other: Sequence[Mask | None]) -> bool:
    """Whether the passes of one check, all of dropout functions, treat units alike."""
    if not all(_alike(a, b) for a, b in zip(one, other, strict=True)):
        return False
    return _relations(one) == _relations(other)


def _alike(one: Mask | None, other: Mask | None) -> bool:
    if one is None or other is None:
        return one is other
    if one.shape != other.shape or one.copies != other.copies:
        return False
    size = independent = math.prod(one.shape)
    if size >= ENOUGH and one.equal_counts != other.equal_counts:
        return False
    for axis in one.copies:
        independent //= one.shape[axis]
    if not _alike_scales(one.scales[0], other.scales[0]):
        return False
    return _distance(one.scales, other.scales) <= 2 * _bound(independent)


def _bound(count: int) -> float:
    """How far the distribution of `count` independent numbers may be from the one drawn from."""
    return float(np.sqrt(np.log(2 / CHANCE) / (2 * max(count, 1))))


def _rounded(mask: Array) -> Array:
    """Values to a few digits: 1 / 0.3 and 1 / (1 - 0.7) are the same scale."""
    exponent = np.floor(np.log10(np.abs(mask), where=mask != 0, out=np.zeros_like(mask)))
    unit = 10.0 ** (exponent - DIGITS + 1)
    return np.asarray(np.round(mask / unit) * unit)


def _alike_scales(one: Array, other: Array) -> bool:
    """Whether kept units are scaled alike, where there are but a few scales."""
    one, other = one[one != 0], other[other != 0]
    if min(one.size, other.size) > FEW_SCALES:
        return True
    return one.size == other.size and bool(np.allclose(one, other, rtol=10.0 ** (2 - DIGITS)))


def _counted(numbers: Array) -> Counted:
    return np.unique(numbers, return_counts=True)


def _distance(one: Counted, other: Counted) -> float:
    """The largest difference of two empirical distribution functions."""
    # Halves of the grid's smallest steps: the two may round one scale to neighbouring numbers.
    grid = np.union1d(one[0], other[0]) * (1 + 0.5 * 10.0 ** (1 - DIGITS))
    shares = [
        np.append(0, counts.cumsum())[values.searchsorted(grid, side="right")] / counts.sum()
        for values, counts in (one, other)
    ]
    return float(np.abs(shares[0] - shares[1]).max())


def _copies(mask: Array) -> tuple[int, ...]:
    """Axes along which all slices are equal."""
    return tuple(
        axis
        for axis in range(mask.ndim)
        if mask.shape[axis] > 1 and (mask == mask.take([0], axis=axis)).all()
    )


def _equal_counts(kept: Array) -> tuple[int, ...]:
    """Axes along which every slice keeps the same number of units."""
    counts = [
        kept.sum(axis=tuple(a for a in range(kept.ndim) if a != axis)) for axis in range(kept.ndim)
    ]
    return tuple(axis for axis, count in enumerate(counts) if np.ptp(count) == 0)


def _relations(masks: Sequence[Mask | None]) -> list[bool]:
    """Which pairs of masks drop the same units; whether all of them drop equally many."""
    same = [
        a is not None and b is not None and (a.shape, a.kept) == (b.shape, b.kept)
        for a, b in combinations(masks, 2)
    ]
    counts = {mask.kept_count for mask in masks if mask is not None}
    return [*same, len(masks) >= ENOUGH_CALLS and len(counts) == 1]
