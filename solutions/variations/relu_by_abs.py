"""ReLU as (x + abs(x)) / 2.

x + x is exact in floating point, and so is halving.
"""

import numpy as np


def relu_forward(x):
    return (x + np.abs(x)) / 2, x


def relu_backward(dout, cache):
    return dout * np.heaviside(cache, 0)
