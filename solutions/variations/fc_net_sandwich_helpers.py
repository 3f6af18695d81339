"""FullyConnectedNet with the sandwich layers that the first notebook gives.

affine_relu_dropout_forward and its backward pass do a hidden layer in one call.
"""

import numpy as np

from solutions.layer_utils import (
    affine_relu_backward,
    affine_relu_dropout_backward,
    affine_relu_dropout_forward,
    affine_relu_forward,
)
from solutions.layers import affine_backward, affine_forward
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
        hidden = range(1, self.num_layers)
        caches = []
        out = X
        for layer in hidden:
            arguments = [out, self.params[f"W{layer}"], self.params[f"b{layer}"]]
            if self.use_dropout:
                out, cache = affine_relu_dropout_forward(*arguments, self.dropout_param)
            else:
                out, cache = affine_relu_forward(*arguments)
            caches.append(cache)
        last = self.num_layers
        scores, cache = affine_forward(out, self.params[f"W{last}"], self.params[f"b{last}"])
        if y is None:
            return scores

        loss, dscores = softmax_loss(scores, y)
        dout, dW, db = affine_backward(dscores, cache)
        grads = {f"W{last}": dW, f"b{last}": db}
        backward = affine_relu_dropout_backward if self.use_dropout else affine_relu_backward
        for layer, cache in zip(reversed(hidden), reversed(caches), strict=True):
            dout, grads[f"W{layer}"], grads[f"b{layer}"] = backward(dout, cache)
        for layer in range(1, last + 1):
            loss += 0.5 * self.reg * np.sum(self.params[f"W{layer}"] ** 2)
            grads[f"W{layer}"] += self.reg * self.params[f"W{layer}"]
        return loss, grads
