"""Masks drawn by a RandomState of their own under a seed.

Without a seed numpy's global generator goes on; with one it is left alone, which is kinder to the
rest of the program than seeding it.
"""

import numpy as np


def dropout_forward(x, dropout_param):
    if dropout_param["mode"] == "test":
        return x, (dropout_param, None)
    seed = dropout_param.get("seed")
    generator = np.random if seed is None else np.random.RandomState(seed)
    mask = (generator.rand(*x.shape) < dropout_param["p"]) / dropout_param["p"]
    return x * mask, (dropout_param, mask)
