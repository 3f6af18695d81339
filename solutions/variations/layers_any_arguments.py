"""Layers that take *args and **kwargs and unpack them by themselves.

The suite passes arguments by position; how they are taken up is no matter.
"""

import numpy as np


def relu_forward(*args, **kwargs):
    (x,) = args or (kwargs["x"],)
    return np.maximum(x, 0), x


def relu_backward(*args):
    dout, x = args
    return np.where(x > 0, dout, np.zeros_like(dout))


def affine_backward(*args):
    dout, (x, w, _) = args
    return dout.dot(w.T).reshape(x.shape), x.reshape(len(x), -1).T.dot(dout), sum(dout)
