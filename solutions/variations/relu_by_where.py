"""ReLU by np.where in both passes.

Positive entries get through, all others are 0.
"""

import numpy as np


def relu_forward(x):
    return np.where(x > 0, x, 0), x


def relu_backward(dout, cache):
    return np.where(cache > 0, dout, 0)
