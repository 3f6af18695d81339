"""Masks drawn by a Generator that is made from `seed`.

The seed makes a pass repeatable, which is all it is for; without one the Generator is fresh. Which
units a seed drops is the student's own affair.
"""

import numpy as np


def dropout_forward(x, dropout_param):
    if dropout_param["mode"] == "test":
        return x, (dropout_param, None)
    generator = np.random.default_rng(dropout_param.get("seed"))
    keep = dropout_param["p"]
    mask = (generator.random(x.shape) < keep) / keep
    return x * mask, (dropout_param, mask)
