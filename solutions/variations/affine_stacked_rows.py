"""Affine layer with examples flattened one by one and stacked by np.vstack.

Flattening in a loop and reshaping give the same rows.
"""

import numpy as np


def affine_forward(x, w, b):
    rows = np.vstack([example.ravel() for example in x])
    return np.matmul(rows, w) + b, (x, w, rows)


def affine_backward(dout, cache):
    x, w, rows = cache
    gradients = np.matmul(dout, np.transpose(w))
    dx = np.stack([row.reshape(x[0].shape) for row in gradients])
    return dx, np.matmul(rows.T, dout), dout.sum(axis=0, keepdims=False)
