"""Layers made by functools.partial of one helper.

What is called, not how it came to be, decides.
"""

from functools import partial

import numpy as np


def _clipped(x, low, high):
    return np.clip(x, low, high), (x, low, high)


def _through(dout, cache, scale):
    x, low, high = cache
    return scale * dout * ((x > low) & (x < high))


relu_forward = partial(_clipped, low=0, high=np.inf)
relu_backward = partial(_through, scale=1)
