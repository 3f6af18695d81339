"""Nets whose weights come from np.random.normal.

A normal number with deviation `weight_scale` and weight_scale * randn() are the same.
"""

import numpy as np

from solutions.fc_net import FullyConnectedNet, TwoLayerNet


def redraw(net, weight_scale, dtype):
    for name, value in net.params.items():
        if name.startswith("W"):
            net.params[name] = np.random.normal(0.0, weight_scale, size=value.shape).astype(dtype)


class TwoLayerNet(TwoLayerNet):
    def __init__(self, *sizes, weight_scale=1e-3, **settings):
        super().__init__(*sizes, **settings)
        redraw(self, weight_scale, np.float64)


class FullyConnectedNet(FullyConnectedNet):
    def __init__(self, *sizes, weight_scale=1e-2, **settings):
        super().__init__(*sizes, **settings)
        redraw(self, weight_scale, self.dtype)
