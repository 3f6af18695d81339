"""Masks drawn by np.random.choice among the scaled values themselves.

Each entry is 0 or 1 / p, with the probabilities that the choice is given.
"""

import numpy as np


def dropout_forward(x, dropout_param):
    if dropout_param["mode"] == "test":
        return x, (dropout_param, None)
    if "seed" in dropout_param:
        np.random.seed(dropout_param["seed"])
    keep = dropout_param["p"]
    mask = np.random.choice([0, 1 / keep], size=x.shape, p=[1 - keep, keep])
    return x * mask, (dropout_param, mask)
