"""Dropout by setting dropped entries of a scaled copy to 0.

x itself stays as it is: x / p is a new array.
"""

import numpy as np


def dropout_forward(x, dropout_param):
    if dropout_param["mode"] == "test":
        return x, (dropout_param, None)
    if "seed" in dropout_param:
        np.random.seed(dropout_param["seed"])
    dropped = np.random.rand(*x.shape) >= dropout_param["p"]
    out = x / dropout_param["p"]
    out[dropped] = 0
    return out, (dropout_param, dropped)


def dropout_backward(dout, cache):
    dropout_param, dropped = cache
    if dropout_param["mode"] == "test":
        return dout
    dx = dout / dropout_param["p"]
    dx[dropped] = 0
    return dx
