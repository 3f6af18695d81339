"""Layers that return lists in place of tuples.

A list of results unpacks like a tuple.
"""

import numpy as np


def affine_forward(x, w, b):
    return [x.reshape(len(x), -1) @ w + b, [x, w, b]]


def affine_backward(dout, cache):
    x, w, _ = cache
    return [(dout @ w.T).reshape(x.shape), x.reshape(len(x), -1).T @ dout, dout.sum(axis=0)]


def relu_forward(x):
    return [np.maximum(x, 0), [x]]


def relu_backward(dout, cache):
    [x] = cache
    return dout * (x > 0)
