"""Masks drawn from another distribution, at the right quantile.

An exponential number exceeds -log(p) with probability p. Odd, and right: what counts is how often a
unit is kept, not which generator decides it.
"""

import numpy as np


def dropout_forward(x, dropout_param):
    if dropout_param["mode"] == "test":
        return x, (dropout_param, None)
    if "seed" in dropout_param:
        np.random.seed(dropout_param["seed"])
    keep = dropout_param["p"]
    mask = (np.random.exponential(size=x.shape) > -np.log(keep)) / keep
    return x * mask, (dropout_param, mask)
