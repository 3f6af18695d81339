"""Nets whose weights come from a Generator of their own.

Which generator draws the weights is no matter; their distribution is.
"""

import numpy as np

from solutions.fc_net import FullyConnectedNet, TwoLayerNet

GENERATOR = np.random.default_rng()


def redraw(net, weight_scale):
    for name, value in net.params.items():
        if name.startswith("W"):
            weights = weight_scale * GENERATOR.standard_normal(value.shape)
            net.params[name] = weights.astype(value.dtype)


class TwoLayerNet(TwoLayerNet):
    def __init__(self, *sizes, weight_scale=1e-3, **settings):
        super().__init__(*sizes, **settings)
        redraw(self, weight_scale)


class FullyConnectedNet(FullyConnectedNet):
    def __init__(self, *sizes, weight_scale=1e-2, **settings):
        super().__init__(*sizes, **settings)
        redraw(self, weight_scale)
