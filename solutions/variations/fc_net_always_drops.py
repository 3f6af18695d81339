"""FullyConnectedNet that has its dropout layers always, and a fresh dict for each pass.

With the p that keeps all units dropout does nothing.
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
        self.dropout_param = {"p": dropout} | ({} if seed is None else {"seed": seed})

    def loss(self, X, y=None):
        X = X.astype(self.dtype)
        param = {**self.dropout_param, "mode": "test" if y is None else "train"}
        caches, grads, out = [], {}, X
        for layer in range(1, self.num_layers):
            out, first = affine_relu_forward(
                out, self.params[f"W{layer}"], self.params[f"b{layer}"]
            )
            out, second = dropout_forward(out, param)
            caches.append((first, second))
        last = self.num_layers
        scores, final = affine_forward(out, self.params[f"W{last}"], self.params[f"b{last}"])
        if y is None:
            return scores
        loss, dscores = softmax_loss(scores, y)
        dout, grads[f"W{last}"], grads[f"b{last}"] = affine_backward(dscores, final)
        for layer in range(last - 1, 0, -1):
            first, second = caches[layer - 1]
            dout = dropout_backward(dout, second)
            dout, grads[f"W{layer}"], grads[f"b{layer}"] = affine_relu_backward(dout, first)
        for layer in range(1, last + 1):
            W = self.params[f"W{layer}"]
            loss += 0.5 * self.reg * np.sum(W * W)
            grads[f"W{layer}"] += self.reg * W
        return loss, grads
