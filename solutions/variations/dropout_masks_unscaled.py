"""The mask holds 0.0 and 1.0; the scale goes into the cache beside it.

The form of a cache is its author's: only forward and backward pass of one student ever see it.
"""

import numpy as np


def dropout_forward(x, dropout_param):
    if dropout_param["mode"] == "test":
        return x, (np.ones(x.shape), 1.0)
    if "seed" in dropout_param:
        np.random.seed(dropout_param["seed"])
    keep = dropout_param["p"]
    mask = (np.random.rand(*x.shape) < keep).astype(float)
    return x * mask * (1 / keep), (mask, 1 / keep)


def dropout_backward(dout, cache):
    mask, scale = cache
    return scale * mask * dout
