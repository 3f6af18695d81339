"""Gradient of the biases as a product with ones; db sums over examples.

np.ones(N) @ dout is the sum over the minibatch.
"""

import numpy as np


def affine_backward(dout, cache):
    x, w, _ = cache
    dx = (w @ dout.T).T.reshape(x.shape)
    dw = (dout.T @ x.reshape(x.shape[0], -1)).T
    return dx, dw, np.ones(len(dout)) @ dout
