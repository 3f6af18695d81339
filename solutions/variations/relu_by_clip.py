"""ReLU by np.clip without an upper end; the cache is the output.

An output is positive exactly where its input is.
"""

import numpy as np


def relu_forward(x):
    out = np.clip(x, 0, None)
    return out, out


def relu_backward(dout, cache):
    return np.multiply(dout, cache > 0)
