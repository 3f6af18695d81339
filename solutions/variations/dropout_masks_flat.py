"""Masks drawn as one long row and put into shape afterwards.

The numbers are independent, so their order is no matter.
"""

import numpy as np


def dropout_forward(x, dropout_param):
    if dropout_param["mode"] == "test":
        return x, (dropout_param, None)
    if "seed" in dropout_param:
        np.random.seed(dropout_param["seed"])
    keep = dropout_param["p"]
    mask = ((np.random.rand(x.size) < keep) / keep).reshape(x.shape)
    return x * mask, (dropout_param, mask)
