"""ReLU with booleans in the cache, and in Fortran order for good measure.

Caches may have any form, and arrays any order in memory.
"""

import numpy as np


def relu_forward(x):
    mask = np.asfortranarray(x > 0)
    return mask * x, mask


def relu_backward(dout, cache):
    return cache * dout
