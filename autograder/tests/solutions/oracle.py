"""What the tests compare the solutions with, written independently of them."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

Function = Callable[[np.ndarray], np.ndarray | float]


def central_differences(
    function: Function, x: np.ndarray, upstream: np.ndarray | float = 1.0, step: float = 1e-5
) -> np.ndarray:
    """Return the numerical gradient of sum(function(x) * upstream) with respect to x.

    The outputs are subtracted before they are summed, which loses fewer digits than the
    difference of two sums.
    """
    gradient = np.zeros(x.shape)
    for index in np.ndindex(*x.shape):
        above, below = x.copy(), x.copy()
        above[index] += step
        below[index] -= step
        change = np.asarray(function(above)) - np.asarray(function(below))
        gradient[index] = np.sum(change * upstream) / (2 * step)
    return gradient


def relative_error(x: np.ndarray, y: np.ndarray) -> float:
    """Return max |x - y| / max(1e-8, |x| + |y|), the measure of the notebooks."""
    return float(np.max(np.abs(x - y) / np.maximum(1e-8, np.abs(x) + np.abs(y))))


def assert_gradient(got: np.ndarray, want: np.ndarray, tol: float = 1e-7) -> None:
    """Fail unless shapes are equal and `got` is within `tol` of the largest entry of `want`."""
    assert got.shape == want.shape
    assert np.abs(want).max() > 0, "a gradient of zeros proves nothing"
    assert np.abs(got - want).max() <= tol * np.abs(want).max()


def read_only(*arrays: np.ndarray) -> tuple[np.ndarray, ...]:
    """Return copies that raise when a call writes into them."""
    copies = tuple(array.copy() for array in arrays)
    for copy in copies:
        copy.flags.writeable = False
    return copies
