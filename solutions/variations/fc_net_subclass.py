"""Both nets as subclasses of one base class.

What is alike stands once: the parameters, regularisation and the softmax.
"""

from itertools import pairwise

import numpy as np

from solutions.layer_utils import affine_relu_backward, affine_relu_forward
from solutions.layers import (
    affine_backward,
    affine_forward,
    dropout_backward,
    dropout_forward,
)
from solutions.losses import softmax_loss


class Net:
    """Parameters, loss and regularisation of a net; subclasses say what happens between layers."""

    def __init__(self, dims, weight_scale, reg, dtype):
        self.reg, self.dtype, self.num_layers = reg, dtype, len(dims) - 1
        self.params = {}
        for number, (inputs, outputs) in enumerate(pairwise(dims), 1):
            weights = weight_scale * np.random.standard_normal((inputs, outputs))
            self.params[f"W{number}"] = weights.astype(dtype)
            self.params[f"b{number}"] = np.zeros(outputs, dtype)

    def after(self, out, training):
        """What follows a hidden layer: the output and the way back."""
        return out, lambda dout: dout

    def loss(self, X, y=None):
        out, back = X.astype(self.dtype), []
        for number in range(1, self.num_layers):
            W, b = self.params[f"W{number}"], self.params[f"b{number}"]
            out, cache = affine_relu_forward(out, W, b)
            out, way = self.after(out, y is not None)
            back.append((cache, way))
        last = self.num_layers
        scores, cache = affine_forward(out, self.params[f"W{last}"], self.params[f"b{last}"])
        if y is None:
            return scores
        loss, dout = softmax_loss(scores, y)
        dout, *found = affine_backward(dout, cache)
        grads = {f"W{last}": found[0], f"b{last}": found[1]}
        for number in range(last - 1, 0, -1):
            cache, way = back[number - 1]
            dout, grads[f"W{number}"], grads[f"b{number}"] = affine_relu_backward(way(dout), cache)
        for number in range(1, last + 1):
            W = self.params[f"W{number}"]
            loss, grads[f"W{number}"] = (
                loss + self.reg * np.sum(W * W) / 2,
                grads[f"W{number}"] + self.reg * W,
            )
        return loss, grads


class TwoLayerNet(Net):
    def __init__(
        self, input_dim=3 * 32 * 32, hidden_dim=100, num_classes=10, weight_scale=1e-3, reg=0.0
    ):
        super().__init__([input_dim, hidden_dim, num_classes], weight_scale, reg, np.float64)


class FullyConnectedNet(Net):
    def __init__(
        self,
        hidden_dims,
        input_dim=3 * 32 * 32,
        num_classes=10,
        dropout=1,
        reg=0.0,
        weight_scale=1e-2,
        dtype=np.float32,
        seed=None,
    ):
        super().__init__([input_dim, *hidden_dims, num_classes], weight_scale, reg, dtype)
        self.use_dropout = dropout != 1
        self.dropout_param = {"p": dropout}
        if seed is not None:
            self.dropout_param["seed"] = seed

    def after(self, out, training):
        if not self.use_dropout:
            return super().after(out, training)
        self.dropout_param["mode"] = "train" if training else "test"
        out, cache = dropout_forward(out, self.dropout_param)
        return out, lambda dout: dropout_backward(dout, cache)
