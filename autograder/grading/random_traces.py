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

from collections.abc import Sequence
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
# The arguments of a call and what it returned.
Pass = tuple[tuple[object, ...], object]

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
    """Whether a reading of this name gives a parameter that nobody has set."""
    return name.startswith("get.params.")


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
    return 1 / SIMILAR_SIZE < ratio < SIMILAR_SIZE and _distance(a, b) <= 2 * _bound(a.size)


def alike_masks(one: Sequence[Pass], other: Sequence[Pass]) -> bool:
    """Whether the passes of one check, all of dropout functions, treat units alike."""
    masks, others = [_mask(p) for p in one], [_mask(p) for p in other]
    if not all(_alike(a, b) for a, b in zip(masks, others, strict=True)):
        return False
    return _relations(masks) == _relations(others)


def _mask(call: Pass) -> Array | None:
    """What the first argument was multiplied by, or None where that can't be told."""
    arguments, out = call
    x = arguments[0] if arguments else None
    if not isinstance(x, np.ndarray) or not isinstance(out, np.ndarray) or x.shape != out.shape:
        return None
    if not x.size or out.dtype.kind != "f" or not np.isfinite(out).all() or not x.all():
        return None
    return _rounded(out.astype(np.float64) / x)


def _alike(one: Array | None, other: Array | None) -> bool:
    if one is None or other is None:
        return one is other
    if one.shape != other.shape or _copies(one) != _copies(other):
        return False
    if one.size >= ENOUGH and _equal_counts(one) != _equal_counts(other):
        return False
    independent = one.size
    for axis in _copies(one):
        independent //= one.shape[axis]
    if not _alike_scales(np.unique(one), np.unique(other)):
        return False
    return _distance(one.ravel(), other.ravel()) <= 2 * _bound(independent)


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


def _distance(one: Array, other: Array) -> float:
    """The largest difference of two empirical distribution functions."""
    # Halves of the grid's smallest steps: the two may round one scale to neighbouring numbers.
    grid = np.union1d(one, other) * (1 + 0.5 * 10.0 ** (1 - DIGITS))
    shares = [np.searchsorted(np.sort(v), grid, side="right") / v.size for v in (one, other)]
    return float(np.abs(shares[0] - shares[1]).max())


def _copies(mask: Array) -> tuple[int, ...]:
    """Axes along which all slices are equal."""
    return tuple(
        axis
        for axis in range(mask.ndim)
        if mask.shape[axis] > 1 and (mask == mask.take([0], axis=axis)).all()
    )


def _equal_counts(mask: Array) -> tuple[int, ...]:
    """Axes along which every slice keeps the same number of units."""
    kept = mask != 0
    counts = [
        kept.sum(axis=tuple(a for a in range(mask.ndim) if a != axis)) for axis in range(mask.ndim)
    ]
    return tuple(axis for axis, count in enumerate(counts) if np.ptp(count) == 0)


def _relations(masks: Sequence[Array | None]) -> list[bool]:
    """Which pairs of masks drop the same units; whether all of them drop equally many."""
    kept = [None if mask is None else mask != 0 for mask in masks]
    same = [
        a is not None and b is not None and a.shape == b.shape and bool((a == b).all())
        for a, b in combinations(kept, 2)
    ]
    counts = {int(units.sum()) for units in kept if units is not None}
    return [*same, len(masks) >= ENOUGH_CALLS and len(counts) == 1]
