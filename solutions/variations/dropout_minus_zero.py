"""Dropped entries are -0.0.

-0.0 == 0.0 in every comparison and sum; a product of a negative number with 0 gives it, too.
"""

import numpy as np


def dropout_forward(x, dropout_param):
    if dropout_param["mode"] == "test":
        return x, (dropout_param, None)
    if "seed" in dropout_param:
        np.random.seed(dropout_param["seed"])
    kept = np.random.rand(*x.shape) < dropout_param["p"]
    return np.where(kept, x / dropout_param["p"], -0.0), (dropout_param, kept)


def dropout_backward(dout, cache):
    dropout_param, kept = cache
    if dropout_param["mode"] == "test":
        return dout
    return np.where(kept, dout / dropout_param["p"], -0.0)
