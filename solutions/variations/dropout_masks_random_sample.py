"""Masks drawn by np.random.random_sample, kept above 1 - p.

1 - u is as uniform as u, so u >= 1 - p keeps with probability p.
"""

import numpy as np


def dropout_forward(x, dropout_param):
    if dropout_param["mode"] == "test":
        return x, (dropout_param, None)
    if "seed" in dropout_param:
        np.random.seed(dropout_param["seed"])
    keep = dropout_param["p"]
    mask = np.where(np.random.random_sample(size=x.shape) >= 1 - keep, 1 / keep, 0)
    return x * mask, (dropout_param, mask)
