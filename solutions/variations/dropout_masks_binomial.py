"""Masks drawn by np.random.binomial.

A binomial draw with one trial is 1 with the probability of success: what rand() < p is.
"""

import numpy as np


def dropout_forward(x, dropout_param):
    if dropout_param["mode"] == "test":
        return x, (dropout_param, None)
    if "seed" in dropout_param:
        np.random.seed(dropout_param["seed"])
    keep = dropout_param["p"]
    mask = np.random.binomial(1, keep, size=x.shape) / keep
    return x * mask, (dropout_param, mask)
