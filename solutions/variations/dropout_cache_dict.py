"""The cache of dropout is a dict.

Caches may have any form.
"""

import numpy as np


def dropout_forward(x, dropout_param):
    cache = {"mode": dropout_param["mode"]}
    if dropout_param["mode"] == "test":
        return x, cache
    if "seed" in dropout_param:
        np.random.seed(dropout_param["seed"])
    cache["mask"] = (np.random.rand(*x.shape) < dropout_param["p"]) / dropout_param["p"]
    return x * cache["mask"], cache


def dropout_backward(dout, cache):
    return cache["mask"] * dout if cache["mode"] == "train" else dout
