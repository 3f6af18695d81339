"""TwoLayerNet as a FullyConnectedNet with one hidden layer.

The larger net is written already; its parameters are this one's.
"""

import numpy as np

from solutions.fc_net import FullyConnectedNet


class TwoLayerNet:
    def __init__(
        self, input_dim=3 * 32 * 32, hidden_dim=100, num_classes=10, weight_scale=1e-3, reg=0.0
    ):
        self.net = FullyConnectedNet(
            [hidden_dim],
            input_dim=input_dim,
            num_classes=num_classes,
            weight_scale=weight_scale,
            reg=reg,
            dtype=np.float64,
        )

    @property
    def params(self):
        return self.net.params

    @params.setter
    def params(self, params):
        self.net.params = params

    def loss(self, X, y=None):
        return self.net.loss(X, y)
