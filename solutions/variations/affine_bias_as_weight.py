"""Affine layer with the bias as one more row of the weights.

A constant input of 1 makes the bias a weight: one product gives both gradients.
"""

import numpy as np


def affine_forward(x, w, b):
    inputs = np.column_stack([x.reshape(len(x), -1), np.ones(len(x))])
    weights = np.vstack([w, b])
    return inputs @ weights, (inputs, weights, x.shape)


def affine_backward(dout, cache):
    inputs, weights, shape = cache
    dweights = inputs.T @ dout
    dx = (dout @ weights.T)[:, :-1].reshape(shape)
    return dx, dweights[:-1], dweights[-1]
