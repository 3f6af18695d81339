"""Dropout in the classic skeleton: branches by mode, more arguments with defaults.

Extra parameters with defaults change nothing for those who do not know of them.
"""

import numpy as np


def dropout_forward(x, dropout_param, dtype=None, *, verbose=False):
    mode = dropout_param["mode"]
    if "seed" in dropout_param:
        np.random.seed(dropout_param["seed"])

    mask = None
    out = None

    if mode == "train":
        p = dropout_param["p"]
        mask = (np.random.rand(*x.shape) < p) / p
        out = x * mask
    elif mode == "test":
        out = x
    if verbose:
        print(mode, out.mean())

    cache = (dropout_param, mask)
    out = out.astype(dtype or x.dtype, copy=False)
    return out, cache


def dropout_backward(dout, cache, **unused):
    dropout_param, mask = cache
    mode = dropout_param["mode"]
    dx = None
    if mode == "train":
        dx = mask * dout
    elif mode == "test":
        dx = dout
    return dx
