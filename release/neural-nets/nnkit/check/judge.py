"""What the visible checks assert with: strict comparisons whose messages teach.

A comparison that fails raises `Wrong`. Shapes must be equal (nothing is broadcast), numbers must be
finite, and NaN equals nothing.
"""

import numpy as np


class Wrong(Exception):
    """A check's verdict; the message is written for the student."""


def array(got, shape, name):
    """Return `got` as an array of finite numbers of this shape, or say what it is instead."""
    if got is None:
        raise Wrong(f"{name} is None: is it computed, and returned?")
    if not isinstance(got, np.ndarray | np.generic | int | float):
        raise Wrong(f"{name} should be a numpy array, but it is a {type(got).__name__}.")
    value = np.asarray(got)
    if value.dtype.kind not in "fiu":
        hint = " Is it a mask that has yet to be multiplied?" if value.dtype.kind == "b" else ""
        raise Wrong(f"{name} should hold numbers, but its dtype is {value.dtype}.{hint}")
    if value.shape != shape:
        hint = _shape_hint(value, shape)
        raise Wrong(f"{name} has shape {value.shape}, it should be {shape}.{hint}")
    bad = int(np.sum(~np.isfinite(value)))
    if bad:
        raise Wrong(
            f"{name}: {bad} of {value.size} values are nan or inf. "
            "Look for a division by 0, or the log or square root of a negative number."
        )
    return value


def number(got, name):
    """Return `got` as a finite float, or say what it is instead."""
    if isinstance(got, np.ndarray) and got.size == 1:
        got = got.reshape(())
    return float(array(got, (), name))


def close(got, want, name, tol=1e-6, hint="", suspects=None):
    """Compare with the right values; return the relative error.

    Parameters
    ----------
    got : what the student's code returned.
    want : array_like, or a number
        What it should be.
    name : str
        What the student calls it.
    tol : float
        The largest error, relative to the largest magnitude in `want`.
    hint : str
        A sentence on where to look, for values that are wrong.
    suspects : dict of str to array_like
        What well-known mistakes give, each under a sentence that names the mistake; it replaces
        the hint.
    """
    want = np.asarray(want, dtype=np.float64)
    value = array(got, want.shape, name) if want.ndim else np.asarray(number(got, name))
    error = relative_error(value, want)
    if error <= tol:
        return error
    named = [why for why, wrong in (suspects or {}).items() if _agrees(value, wrong, tol)]
    why = named[0] if named else f"{_pattern(value, want)} {hint.strip()}".strip()
    raise Wrong(f"{_difference(value, want, name, error)} {why}".rstrip())


def relative_error(value, want):
    """Largest difference, relative to the largest magnitude in `want`."""
    return float(np.max(np.abs(value - want)) / max(float(np.max(np.abs(want))), 1e-8))


def parts(got, names, function):
    """Return the several values that a function returned, or say what is missing."""
    wanted = ", ".join(names)
    if got is None:
        raise Wrong(f"{function} returned None: does it end with `return {wanted}`?")
    if not isinstance(got, tuple | list) or len(got) != len(names):
        kind = f"{len(got)} values" if isinstance(got, tuple | list) else type(got).__name__
        raise Wrong(f"{function} should return {wanted}, but it returned {kind}.")
    return got


def unchanged(before, after, name):
    """Say so if a function changed one of its arguments."""
    if not np.array_equal(before, after):
        raise Wrong(
            f"{name} was changed in place; make a new array instead (a view, as from reshape or "
            "a slice, is not a new one)."
        )


def _agrees(value, wrong, tol):
    """Whether these are the values that a well-known mistake gives."""
    return relative_error(value, np.asarray(wrong, dtype=np.float64)) <= tol


def _difference(value, want, name, error):
    """A sentence with the entry that is furthest off."""
    if not want.ndim:
        return f"{name} is {value:.6g}, it should be {want:.6g}."
    worst = np.unravel_index(np.argmax(np.abs(value - want)), want.shape)
    return (
        f"{name} has the right shape but wrong values (relative error {error:.1e}): "
        f"{name}[{', '.join(map(str, worst))}] is {value[worst] + 0.0:.6g}, "
        f"it should be {want[worst] + 0.0:.6g}."
    )


def _shape_hint(value, shape):
    """A sentence on what a wrong shape has in common with the right one, or nothing."""
    if value.ndim == 2 and value.shape == shape[::-1]:
        return " It looks transposed."
    if value.size == np.prod(shape):
        return " It has the right number of values, so it only wants a reshape."
    if value.ndim < len(shape):
        return " Was it summed or reduced along an axis that should stay?"
    return ""


def _pattern(value, want):
    """A sentence on what the wrong values have in common with the right ones, or nothing."""
    scale = float(np.sum(value * want) / np.sum(want * want)) if np.any(want) else 0.0
    if not np.any(value):
        return "Everything is 0."
    if want.size > 1 and relative_error(value, scale * want) < 1e-6:
        if abs(scale + 1) < 1e-6:
            return "Only the sign is wrong."
        return f"Everything is off by the same factor, {scale:.4g}."
    return ""
