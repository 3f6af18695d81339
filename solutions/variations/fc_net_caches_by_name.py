"""FullyConnectedNet that keeps its caches in a dict, by layer.

And counts layers from 0 inside: only the names in params are published.
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
        caches, out = {}, X
        for i in range(self.num_layers):
            W, b = self.params[f"W{i + 1}"], self.params[f"b{i + 1}"]
            if i == self.num_layers - 1:
                out, caches["affine", i] = affine_forward(out, W, b)
                break
            out, caches["hidden", i] = affine_relu_forward(out, W, b)
            if self.use_dropout:
                out, caches["dropout", i] = dropout_forward(out, self.dropout_param)
        if y is None:
            return out

        grads = {}
        loss, dout = softmax_loss(out, y)
        for i in range(self.num_layers - 1, -1, -1):
            W = self.params[f"W{i + 1}"]
            if ("dropout", i) in caches:
                dout = dropout_backward(dout, caches["dropout", i])
            if ("hidden", i) in caches:
                dout, dW, db = affine_relu_backward(dout, caches["hidden", i])
            else:
                dout, dW, db = affine_backward(dout, caches["affine", i])
            grads[f"W{i + 1}"], grads[f"b{i + 1}"] = dW + self.reg * W, db
            loss += self.reg * np.sum(W**2) / 2
        return loss, grads
