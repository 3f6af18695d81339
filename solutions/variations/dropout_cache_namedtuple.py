"""The cache of dropout is a namedtuple.

Caches may have any form.
"""

from typing import NamedTuple

import numpy as np


class DropoutCache(NamedTuple):
    training: bool
    mask: np.ndarray | None


def dropout_forward(x, dropout_param):
    if dropout_param["mode"] == "test":
        return x, DropoutCache(training=False, mask=None)
    if "seed" in dropout_param:
        np.random.seed(dropout_param["seed"])
    mask = (np.random.rand(*x.shape) < dropout_param["p"]) / dropout_param["p"]
    return x * mask, DropoutCache(training=True, mask=mask)


def dropout_backward(dout, cache):
    return dout * cache.mask if cache.training else dout
