"""FullyConnectedNet with dropout before each ReLU.

A mask of zeros and positive numbers and a ReLU may change places: the outputs and gradients are the
same, so this is as right as the order in the docstring.
"""

import numpy as np

from solutions.layers import (
    affine_backward,
    affine_forward,
    dropout_backward,
    dropout_forward,
    relu_backward,
    relu_forward,
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
        caches, out = [], X
        for layer in range(1, self.num_layers):
            out, affine = affine_forward(out, self.params[f"W{layer}"], self.params[f"b{layer}"])
            dropped = None
            if self.use_dropout:
                out, dropped = dropout_forward(out, self.dropout_param)
            out, active = relu_forward(out)
            caches.append((affine, dropped, active))
        last = self.num_layers
        scores, final = affine_forward(out, self.params[f"W{last}"], self.params[f"b{last}"])
        if y is None:
            return scores
        grads = {}
        loss, dscores = softmax_loss(scores, y)
        dout, grads[f"W{last}"], grads[f"b{last}"] = affine_backward(dscores, final)
        for layer, (affine, dropped, active) in zip(
            range(last - 1, 0, -1), caches[::-1], strict=True
        ):
            dout = relu_backward(dout, active)
            if self.use_dropout:
                dout = dropout_backward(dout, dropped)
            dout, grads[f"W{layer}"], grads[f"b{layer}"] = affine_backward(dout, affine)
        for layer in range(1, last + 1):
            loss += 0.5 * self.reg * np.einsum("ij,ij", *[self.params[f"W{layer}"]] * 2)
            grads[f"W{layer}"] += self.reg * self.params[f"W{layer}"]
        return loss, grads
