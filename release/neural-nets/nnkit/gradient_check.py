"""Numerical gradients, to hold your analytic ones against.

The derivative of f at x is close to (f(x + h) - f(x - h)) / (2 h) for a small h. That costs two
calls of f for every entry of x: far too slow for training, just right for a test on small arrays.
Use float64: float32 carries only 7 digits and the difference above cancels most of them.
"""

import numpy as np


def rel_error(x, y):
    """Largest relative error between two arrays, max |x - y| / max(1e-8, |x| + |y|).

    Parameters
    ----------
    x, y : array_like of float, equal shapes
        Say, an analytic and a numerical gradient.

    Returns
    -------
    float
        0 for equal arrays, 1 where one entry is zero and the other is not or where signs differ.
        With nan in either array the result is nan.

    Raises
    ------
    ValueError
        If the shapes differ, or an array is None or empty.
    """
    if x is None or y is None:
        raise ValueError("rel_error compares two arrays, but one of them is None")
    x, y = np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)
    if x.shape != y.shape:
        raise ValueError(f"rel_error compares arrays of one shape, not {x.shape} and {y.shape}")
    if x.size == 0:
        raise ValueError("rel_error got empty arrays")
    return float(np.max(np.abs(x - y) / np.maximum(1e-8, np.abs(x) + np.abs(y))))


def eval_numerical_gradient(f, x, h=1e-5, verbose=False):
    """Gradient of a function that returns one number.

    Parameters
    ----------
    f : callable
        Takes x, returns a number. It may ignore its argument and use the array x itself, say as
        `model.params["W1"]`: x is changed in place, one entry at a time, and restored.
    x : ndarray of float, any shape
        Where to take the gradient.
    h : float
        Step to either side.
    verbose : bool
        Print every entry.

    Returns
    -------
    ndarray of float64, shape of x
        d f / d x, entry by entry.

    Raises
    ------
    ValueError
        If x is not an array of floats, or f returns more than one number.
    """

    def number(x):
        value = np.asarray(f(x))
        if value.size != 1:
            raise ValueError(f"f must return one number, not an array of shape {value.shape}")
        return float(value.reshape(()))

    gradient = _central_differences(number, x, h)
    if verbose:
        for index in np.ndindex(x.shape):
            print(index, gradient[index])
    return gradient


def eval_numerical_gradient_array(f, x, df, h=1e-5):
    """Gradient of sum(f(x) * df): what a backward pass makes of the upstream gradient df.

    Parameters
    ----------
    f : callable
        Takes x, returns an array.
    x : ndarray of float, any shape
        Where to take the gradient; changed in place while this runs, and restored.
    df : ndarray, shape of f(x)
        Upstream gradient.
    h : float
        Step to either side.

    Returns
    -------
    ndarray of float64, shape of x

    Raises
    ------
    ValueError
        If x is not an array of floats, or df does not have the shape of f(x).
    """
    df = np.asarray(df)

    def value(x):
        out = np.array(f(x), dtype=np.float64)  # a copy: f may return a view of x
        if out.shape != df.shape:
            raise ValueError(f"f(x) has shape {out.shape}, the upstream gradient {df.shape}")
        return out

    return _central_differences(value, x, h, df)


def _central_differences(f, x, h, df=1.0):
    """Sum of (f(x + h) - f(x - h)) / (2 h) * df, for a step in each entry of x in turn."""
    if not isinstance(x, np.ndarray) or x.dtype.kind != "f":
        kind = f"an array of {x.dtype}" if isinstance(x, np.ndarray) else type(x).__name__
        raise ValueError(f"x must be an array of floats, not {kind}: a step of {h} would be lost")
    gradient = np.empty(x.shape, dtype=np.float64)
    for index in np.ndindex(x.shape):
        before = x[index].copy()
        try:
            x[index] = before + h
            above = f(x)
            x[index] = before - h
            below = f(x)
        finally:
            x[index] = before
        gradient[index] = np.sum((above - below) * df) / (2 * h)
    return gradient
