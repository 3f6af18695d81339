"""FullyConnectedNet with one list of caches that is emptied on the way back.

How caches travel from the forward to the backward pass is the net's own affair.
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
        caches = []
        out = X
        for layer in range(1, self.num_layers):
            out, cache = affine_relu_forward(
                out, self.params[f"W{layer}"], self.params[f"b{layer}"]
            )
            dropped = None
            if self.use_dropout:
                out, dropped = dropout_forward(out, self.dropout_param)
            caches.append((cache, dropped))
        last = str(self.num_layers)
        scores, final = affine_forward(out, self.params["W" + last], self.params["b" + last])
        if y is None:
            return scores
        loss, dout = softmax_loss(scores, y)
        grads = {}
        dout, grads["W" + last], grads["b" + last] = affine_backward(dout, final)
        for layer in reversed(range(1, self.num_layers)):
            cache, dropped = caches.pop()
            if self.use_dropout:
                dout = dropout_backward(dout, dropped)
            dout, dW, db = affine_relu_backward(dout, cache)
            grads[f"W{layer}"], grads[f"b{layer}"] = dW, db
        for name, value in self.params.items():
            if name[0] == "W":
                loss += 0.5 * self.reg * np.linalg.norm(value) ** 2
                grads[name] = grads[name] + self.reg * value
        return loss, grads
