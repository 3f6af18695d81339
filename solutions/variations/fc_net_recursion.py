"""FullyConnectedNet by recursion: a layer's call makes the rest of the net's.

The call comes back with the loss and the gradient of what went in.
"""

import numpy as np

from solutions.layer_utils import affine_relu_backward, affine_relu_forward
from solutions.layers import (
    affine_backward,
    affine_forward,
    dropout_backward,
    dropout_forward,
)
from solutions.losses import softmax_loss


class FullyConnectedNet:
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
        self.use_dropout = dropout != 1
        self.reg = reg
        self.num_layers = len(hidden_dims) + 1
        self.dtype = dtype
        self.params = {}
        dims = [input_dim, *hidden_dims, num_classes]
        for layer in range(self.num_layers):
            inputs, outputs = dims[layer], dims[layer + 1]
            W = weight_scale * np.random.randn(inputs, outputs)
            self.params[f"W{layer + 1}"] = W.astype(dtype)
            self.params[f"b{layer + 1}"] = np.zeros(outputs, dtype=dtype)
        self.dropout_param = {}
        if self.use_dropout:
            self.dropout_param = {"mode": "train", "p": dropout}
            if seed is not None:
                self.dropout_param["seed"] = seed

    def loss(self, X, y=None):
        X = X.astype(self.dtype)
        if self.use_dropout:
            self.dropout_param["mode"] = "test" if y is None else "train"
        grads = {}
        result = self._from(1, X, y, grads)
        if y is None:
            return result
        weights = {name: W for name, W in self.params.items() if name.startswith("W")}
        for name, W in weights.items():
            grads[name] += self.reg * W
        return result[0] + sum(
            0.5 * self.reg * float((W**2).sum()) for W in weights.values()
        ), grads

    def _from(self, layer, x, y, grads):
        W, b = self.params[f"W{layer}"], self.params[f"b{layer}"]
        if layer == self.num_layers:
            scores, cache = affine_forward(x, W, b)
            if y is None:
                return scores
            loss, dscores = softmax_loss(scores, y)
            dx, grads[f"W{layer}"], grads[f"b{layer}"] = affine_backward(dscores, cache)
            return loss, dx
        out, cache = affine_relu_forward(x, W, b)
        if self.use_dropout:
            out, dropped = dropout_forward(out, self.dropout_param)
        result = self._from(layer + 1, out, y, grads)
        if y is None:
            return result
        loss, dout = result
        if self.use_dropout:
            dout = dropout_backward(dout, dropped)
        dx, grads[f"W{layer}"], grads[f"b{layer}"] = affine_relu_backward(dout, cache)
        return loss, dx
