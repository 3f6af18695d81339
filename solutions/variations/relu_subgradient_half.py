"""ReLU that lets half of dout through where x is exactly 0.

There is no derivative at 0. Any subgradient, dout times a number from 0 to 1, is accepted.
"""

import numpy as np


def relu_backward(dout, cache):
    return dout * (np.sign(cache) + 1) / 2
