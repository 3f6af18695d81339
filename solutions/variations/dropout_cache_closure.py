"""The cache of dropout is the backward pass itself, as a closure.

Caches may have any form, functions too.
"""

import numpy as np


def dropout_forward(x, dropout_param):
    if dropout_param["mode"] == "test":
        return x, lambda dout: dout
    if "seed" in dropout_param:
        np.random.seed(dropout_param["seed"])
    mask = (np.random.rand(*x.shape) < dropout_param["p"]) / dropout_param["p"]
    return x * mask, lambda dout: dout * mask


def dropout_backward(dout, cache):
    return cache(dout)
