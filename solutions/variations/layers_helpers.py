"""Layers built on helper functions and constants of the student's own.

Helpers may stand anywhere in the notebook or module.
"""

import numpy as np

FLOOR = 0.0


def rows_of(x):
    """Examples as rows."""
    return x.reshape(x.shape[0], -1)


def is_active(x):
    """Where a ReLU lets gradients through."""
    return x > FLOOR


def affine_forward(x, w, b):
    return rows_of(x) @ w + b, (x, w)


def affine_backward(dout, cache):
    x, w = cache
    return (dout @ w.T).reshape(x.shape), rows_of(x).T @ dout, dout.sum(axis=0)


def relu_forward(x):
    return np.maximum(x, FLOOR), is_active(x)


def relu_backward(dout, cache):
    return np.where(cache, dout, FLOOR)
