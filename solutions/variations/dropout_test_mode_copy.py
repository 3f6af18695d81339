"""Test mode returns a copy of x, and dout as a copy.

x itself, a view or a copy: the values are the same, and nobody is promised which it is.
"""

import numpy as np


def dropout_forward(x, dropout_param):
    mask = None
    if dropout_param["mode"] == "test":
        out = np.array(x)
    else:
        if "seed" in dropout_param:
            np.random.seed(dropout_param["seed"])
        mask = (np.random.rand(*x.shape) < dropout_param["p"]) / dropout_param["p"]
        out = np.multiply(x, mask)
    return out, (dropout_param, mask)


def dropout_backward(dout, cache):
    dropout_param, mask = cache
    return dout.copy() if dropout_param["mode"] == "test" else np.multiply(dout, mask)
