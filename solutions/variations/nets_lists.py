"""Nets that return loss and gradients as a list.

A list of results unpacks like a tuple.
"""

from solutions.fc_net import FullyConnectedNet, TwoLayerNet


class TwoLayerNet(TwoLayerNet):
    def loss(self, X, y=None):
        result = super().loss(X, y)
        return result if y is None else [*result]


class FullyConnectedNet(FullyConnectedNet):
    def loss(self, X, y=None):
        result = super().loss(X, y)
        return result if y is None else list(result)
