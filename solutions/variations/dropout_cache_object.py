"""Dropout as a class with both passes, whose objects are the caches.

The functions that are asked for are thin wrappers; that is good style in a larger program.
"""

import numpy as np


class Dropout:
    def __init__(self, keep, seed=None):
        self.keep = keep
        if seed is not None:
            np.random.seed(seed)

    def forward(self, x):
        self.mask = (np.random.rand(*x.shape) < self.keep) / self.keep
        return x * self.mask

    def backward(self, dout):
        return dout * self.mask


def dropout_forward(x, dropout_param):
    if dropout_param["mode"] == "test":
        return x, None
    layer = Dropout(dropout_param["p"], dropout_param.get("seed"))
    return layer.forward(x), layer


def dropout_backward(dout, cache):
    return dout if cache is None else cache.backward(dout)
