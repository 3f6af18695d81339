"""A right hand-in as they are written for the classic course since 2021, as text.

p is the probability to keep; the two-layer net was an assignment of its own, with its own layers.
Biases are rows.
"""

from __future__ import annotations

from autograder.tests.end_to_end.classic_2016 import LAYER_UTILS, Files

KEEP_2021: Files = {
    "a1/cs231n/layers.py": """\
from builtins import range
import numpy as np


def affine_forward(x, w, b):
    pass


def softmax_loss(x, y):
    shifted = x - x.max(axis=1, keepdims=True)
    logs = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    rows = range(len(x))
    dx = np.exp(logs)
    dx[rows, y] -= 1
    return -logs[rows, y].mean(), dx / len(x)
""",
    "a1/cs231n/classifiers/fc_net.py": """\
from builtins import object
import numpy as np

from ..layers import *


class TwoLayerNet(object):
    def __init__(self, input_dim=3072, hidden_dim=100, num_classes=10, weight_scale=1e-3, reg=0.0):
        self.params, self.reg = {}, reg
        self.params["W1"] = np.random.normal(0, weight_scale, (input_dim, hidden_dim))
        self.params["W2"] = np.random.normal(0, weight_scale, (hidden_dim, num_classes))
        self.params["b1"], self.params["b2"] = np.zeros(hidden_dim), np.zeros(num_classes)

    def loss(self, X, y=None):
        rows = X.reshape(len(X), -1)
        hidden = np.maximum(0, rows @ self.params["W1"] + self.params["b1"])
        scores = hidden @ self.params["W2"] + self.params["b2"]
        if y is None:
            return scores
        loss, d = softmax_loss(scores, y)
        grads = {"W2": hidden.T @ d, "b2": d.sum(0)}
        d = d @ self.params["W2"].T * (hidden > 0)
        grads["W1"], grads["b1"] = rows.T @ d, d.sum(0)
        for name in ("W1", "W2"):
            loss += 0.5 * self.reg * (self.params[name] ** 2).sum()
            grads[name] = grads[name] + self.reg * self.params[name]
        return loss, grads
""",
    "a2/cs231n/layers.py": """\
from builtins import range
import numpy as np


def affine_forward(x, w, b):
    return x.reshape(len(x), -1) @ w + b, (x, w, b)


def affine_backward(dout, cache):
    x, w, b = cache
    return (dout @ w.T).reshape(x.shape), x.reshape(len(x), -1).T @ dout, dout.sum(0)


def relu_forward(x):
    return x * (x > 0), x


def relu_backward(dout, cache):
    return dout * (cache > 0)


def dropout_forward(x, dropout_param):
    p, mode = dropout_param["p"], dropout_param["mode"]
    if "seed" in dropout_param:
        np.random.seed(dropout_param["seed"])
    mask = None
    if mode == "train":
        mask = (np.random.rand(*x.shape) < p) / p
        out = x * mask
    elif mode == "test":
        out = x
    return out.astype(x.dtype, copy=False), (dropout_param, mask)


def dropout_backward(dout, cache):
    dropout_param, mask = cache
    return dout * mask if dropout_param["mode"] == "train" else dout


def softmax_loss(x, y):
    probs = np.exp(x - x.max(axis=1, keepdims=True))
    probs /= probs.sum(axis=1, keepdims=True)
    loss = -np.log(probs[np.arange(len(x)), y]).sum() / len(x)
    probs[np.arange(len(x)), y] -= 1
    return loss, probs / len(x)
""",
    "a2/cs231n/layer_utils.py": LAYER_UTILS.replace(
        "import *", "import *\nfrom .fast_layers import *"
    ),
    "a2/cs231n/classifiers/fc_net.py": """\
from builtins import object
import numpy as np
from IPython.display import clear_output

from ..layers import *
from ..layer_utils import *


class FullyConnectedNet(object):
    def __init__(
        self,
        hidden_dims,
        input_dim=3 * 32 * 32,
        num_classes=10,
        dropout_keep_ratio=1,
        normalization=None,
        reg=0.0,
        weight_scale=1e-2,
        dtype=np.float32,
        seed=None,
    ):
        self.normalization = normalization
        self.use_dropout = dropout_keep_ratio != 1
        self.reg, self.dtype = reg, dtype
        self.num_layers = 1 + len(hidden_dims)
        self.params = {}
        dims = np.hstack((input_dim, hidden_dims, num_classes))
        for i in range(self.num_layers):
            self.params[f"W{i + 1}"] = weight_scale * np.random.randn(dims[i], dims[i + 1])
            self.params[f"b{i + 1}"] = np.zeros((1, dims[i + 1]))
        self.dropout_param = {}
        if self.use_dropout:
            self.dropout_param = {"mode": "train", "p": dropout_keep_ratio}
            if seed is not None:
                self.dropout_param["seed"] = seed
        for k, v in self.params.items():
            self.params[k] = v.astype(dtype)

    def loss(self, X, y=None):
        X = X.astype(self.dtype)
        self.dropout_param["mode"] = "test" if y is None else "train"
        caches = {}
        for i in range(1, self.num_layers + 1):
            W, b = self.params[f"W{i}"], self.params[f"b{i}"]
            if i == self.num_layers:
                X, caches[i] = affine_forward(X, W, b)
                continue
            X, caches[i] = affine_relu_forward(X, W, b)
            if self.use_dropout:
                X, caches[f"dropout{i}"] = dropout_forward(X, self.dropout_param)
        if y is None:
            return X
        loss, dX = softmax_loss(X, y)
        grads = {}
        for i in range(self.num_layers, 0, -1):
            if i == self.num_layers:
                dX, dW, db = affine_backward(dX, caches[i])
            else:
                if self.use_dropout:
                    dX = dropout_backward(dX, caches[f"dropout{i}"])
                dX, dW, db = affine_relu_backward(dX, caches[i])
            W = self.params[f"W{i}"]
            loss += 0.5 * self.reg * np.sum(W**2)
            grads[f"W{i}"], grads[f"b{i}"] = dW + self.reg * W, db
        return loss, grads
""",
}
