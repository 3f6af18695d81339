"""Nets whose loss is a numpy number, or an array without axes.

Both are one number each; a float32 net may have a float32 loss.
"""

import numpy as np

from solutions.fc_net import FullyConnectedNet, TwoLayerNet


class TwoLayerNet(TwoLayerNet):
    def loss(self, X, y=None):
        result = super().loss(X, y)
        return result if y is None else (np.array(result[0]), result[1])


class FullyConnectedNet(FullyConnectedNet):
    def loss(self, X, y=None):
        result = super().loss(X, y)
        return result if y is None else (self.dtype(result[0]), result[1])
