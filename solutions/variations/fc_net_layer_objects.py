"""FullyConnectedNet as a list of layer objects.

Each object keeps its own cache; affine ones look their parameters up in the net's dict at every
pass, so that a solver may replace them.
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


class Affine:
    def __init__(self, net, number):
        self.net, self.names = net, (f"W{number}", f"b{number}")

    def forward(self, x):
        out, self.cache = affine_forward(x, *(self.net.params[name] for name in self.names))
        return out

    def backward(self, dout, grads):
        dx, *found = affine_backward(dout, self.cache)
        grads.update(zip(self.names, found, strict=True))
        return dx


class Relu:
    def forward(self, x):
        out, self.cache = relu_forward(x)
        return out

    def backward(self, dout, grads):
        return relu_backward(dout, self.cache)


class Dropout:
    def __init__(self, param):
        self.param = param

    def forward(self, x):
        out, self.cache = dropout_forward(x, self.param)
        return out

    def backward(self, dout, grads):
        return dropout_backward(dout, self.cache)


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
        self.layers = []
        for number in range(1, self.num_layers):
            self.layers += [Affine(self, number), Relu()]
            if self.use_dropout:
                self.layers.append(Dropout(self.dropout_param))
        self.layers.append(Affine(self, self.num_layers))

    def loss(self, X, y=None):
        out = X.astype(self.dtype)
        self.dropout_param["mode"] = "test" if y is None else "train"
        for layer in self.layers:
            out = layer.forward(out)
        if y is None:
            return out
        loss, dout = softmax_loss(out, y)
        grads = {}
        for layer in reversed(self.layers):
            dout = layer.backward(dout, grads)
        for name in grads:
            if name.startswith("W"):
                loss += 0.5 * self.reg * np.sum(self.params[name] ** 2)
                grads[name] = grads[name] + self.reg * self.params[name]
        return loss, grads
