"""Affine layer by np.tensordot over all axes of an example, without flattening x.

w is given the axes of an example instead.
"""

import numpy as np


def affine_forward(x, w, b):
    axes = x.ndim - 1
    return np.tensordot(x, w.reshape(*x.shape[1:], -1), axes=axes) + b, (x, w, b)


def affine_backward(dout, cache):
    x, w, _ = cache
    dx = np.tensordot(dout, w, axes=(1, 1)).reshape(x.shape)
    dw = np.tensordot(x, dout, axes=(0, 0)).reshape(w.shape)
    return dx, dw, dout.sum(0)
