"""Masks drawn one number at a time, in a loop.

Slow and right: each entry has a number of its own.
"""

import numpy as np


def dropout_forward(x, dropout_param):
    if dropout_param["mode"] == "test":
        return x, (dropout_param, None)
    if "seed" in dropout_param:
        np.random.seed(dropout_param["seed"])
    keep = dropout_param["p"]
    mask = np.zeros(x.shape)
    for place in np.ndindex(x.shape):
        if np.random.rand() < keep:
            mask[place] = 1 / keep
    return x * mask, (dropout_param, mask)
