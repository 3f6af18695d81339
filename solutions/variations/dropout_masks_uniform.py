"""Masks drawn by np.random.uniform, with <= in place of <.

A uniform number meets the bound exactly about once in 2**53 draws: < and <= are the same.
"""

import numpy as np


def dropout_forward(x, dropout_param):
    if dropout_param["mode"] == "test":
        return x, (dropout_param, None)
    if "seed" in dropout_param:
        np.random.seed(dropout_param["seed"])
    keep = dropout_param["p"]
    mask = (np.random.uniform(0, 1, size=x.shape) <= keep) / keep
    return x * mask, (dropout_param, mask)
