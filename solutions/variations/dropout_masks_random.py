"""Masks drawn by np.random.random, compared from the other side.

np.random.random, random_sample, ranf and rand are one generator under four names.
"""

import numpy as np


def dropout_forward(x, dropout_param):
    if dropout_param["mode"] == "test":
        return x, (dropout_param, None)
    if "seed" in dropout_param:
        np.random.seed(dropout_param["seed"])
    keep = dropout_param["p"]
    mask = (keep > np.random.random(x.shape)).astype(x.dtype) / keep
    return x * mask, (dropout_param, mask)
