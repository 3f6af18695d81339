"""Fully-connected nets: two layers, and any number of layers with dropout."""

import numpy as np

from solutions.layer_utils import affine_relu_backward, affine_relu_forward
from solutions.layers import (
    affine_backward,
    affine_forward,
    dropout_backward,
    dropout_forward,
)
from solutions.losses import softmax_loss


class TwoLayerNet:
    """A net with one hidden layer: affine - ReLU - affine - softmax loss.

    The net holds parameters and computes a loss with its gradients; a Solver does the learning.

    Parameters
    ----------
    input_dim : int
        Numbers in one example, D.
    hidden_dim : int
        Units of the hidden layer, H.
    num_classes : int
        Classes, C.
    weight_scale : float
        Standard deviation of the initial weights; small values break the symmetry between units
        without saturating anything.
    reg : float
        Strength of the L2 regularisation.

    Attributes
    ----------
    params : dict of str to ndarray of float64
        W1 of shape (D, H), b1 of shape (H,), W2 of shape (H, C), b2 of shape (C,).
    """

    def __init__(
        self, input_dim=3 * 32 * 32, hidden_dim=100, num_classes=10, weight_scale=1e-3, reg=0.0
    ):
        self.params = {}
        self.reg = reg
        # TODO: fill self.params. Weights are normally distributed around 0 with standard deviation
        # `weight_scale` (np.random.randn), biases start at 0.
        ### BEGIN SOLUTION
        self.params["W1"] = weight_scale * np.random.randn(input_dim, hidden_dim)
        self.params["b1"] = np.zeros(hidden_dim)
        self.params["W2"] = weight_scale * np.random.randn(hidden_dim, num_classes)
        self.params["b2"] = np.zeros(num_classes)
        ### END SOLUTION

    def loss(self, X, y=None):
        """Scores of a minibatch, or its loss and gradients.

        Parameters
        ----------
        X : ndarray of float, shape (N, d_1, ..., d_k)
            Examples; d_1 * ... * d_k = D.
        y : ndarray of int, shape (N,), optional
            Labels, 0 <= y[i] < C. Without them this is a test-time pass.

        Returns
        -------
        scores : ndarray, shape (N, C)
            If y is None: the score of each class for each example.
        loss, grads : float, dict of str to ndarray
            Otherwise: the softmax loss plus 0.5 * reg * (sum of W**2) for each weight matrix, and
            its gradient for every entry of self.params, under the same names and in the same
            shapes. Biases are not regularised.
        """
        # TODO: forward pass; compute `scores` and keep what the backward pass needs.
        ### BEGIN SOLUTION
        hidden, hidden_cache = affine_relu_forward(X, self.params["W1"], self.params["b1"])
        scores, scores_cache = affine_forward(hidden, self.params["W2"], self.params["b2"])
        ### END SOLUTION

        if y is None:
            return scores

        # TODO: backward pass; compute `loss` and `grads`, both with their share of regularisation.
        ### BEGIN SOLUTION
        loss, dscores = softmax_loss(scores, y)
        dhidden, dW2, db2 = affine_backward(dscores, scores_cache)
        _, dW1, db1 = affine_relu_backward(dhidden, hidden_cache)
        grads = {"W1": dW1, "b1": db1, "W2": dW2, "b2": db2}
        for name in ("W1", "W2"):
            W = self.params[name]
            loss += 0.5 * self.reg * float(np.sum(W * W))
            grads[name] += self.reg * W
        ### END SOLUTION
        return loss, grads


class FullyConnectedNet:
    """A net with any number of hidden layers, ReLU, and dropout where asked for.

    With L layers: {affine - ReLU - [dropout]} x (L - 1) - affine - softmax loss. The hidden layers
    all have the same form, so this class is about loops.

    Parameters
    ----------
    hidden_dims : list of int
        Units of each hidden layer, L - 1 numbers.
    input_dim : int
        Numbers in one example, D.
    num_classes : int
        Classes, C.
    dropout : float
        Probability to KEEP a unit, 0 < dropout <= 1; 1 means that the net has no dropout at all.
    reg : float
        Strength of the L2 regularisation.
    weight_scale : float
        Standard deviation of the initial weights.
    dtype : numpy dtype
        Of parameters and computations. float32 is faster; use float64 to check gradients.
    seed : int, optional
        Handed to the dropout layers so that they draw the same masks in every pass; for gradient
        checks only.

    Attributes
    ----------
    params : dict of str to ndarray of `dtype`
        W1, b1 of the first layer to WL, bL of the last.

    Raises
    ------
    ValueError
        If dropout is not within (0, 1].
    """

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
        if not 0 < dropout <= 1:
            raise ValueError(f"dropout is the probability to keep a unit, not {dropout!r}")
        self.use_dropout = dropout != 1
        self.reg = reg
        self.num_layers = 1 + len(hidden_dims)
        self.dtype = dtype
        self.params = {}

        # TODO: fill self.params with W1, b1, W2, b2, ... Weights are normally distributed around 0
        # with standard deviation `weight_scale` (np.random.randn), biases start at 0.
        ### BEGIN SOLUTION
        dims = [input_dim, *hidden_dims, num_classes]
        for layer in range(1, self.num_layers + 1):
            weights = np.random.randn(dims[layer - 1], dims[layer])
            self.params[f"W{layer}"] = weight_scale * weights
            self.params[f"b{layer}"] = np.zeros(dims[layer])
        ### END SOLUTION

        # All dropout layers share these settings; loss() sets the mode.
        self.dropout_param = {}
        if self.use_dropout:
            self.dropout_param = {"mode": "train", "p": dropout}
            if seed is not None:
                self.dropout_param["seed"] = seed

        for name, value in self.params.items():
            self.params[name] = value.astype(dtype)

    def loss(self, X, y=None):
        """Scores of a minibatch, or its loss and gradients.

        Parameters
        ----------
        X : ndarray of float, shape (N, d_1, ..., d_k)
            Examples; d_1 * ... * d_k = D. They are converted to the dtype of the net.
        y : ndarray of int, shape (N,), optional
            Labels, 0 <= y[i] < C. Without them this is a test-time pass: nothing is dropped.

        Returns
        -------
        scores : ndarray, shape (N, C)
            If y is None: the score of each class for each example.
        loss, grads : float, dict of str to ndarray
            Otherwise: the softmax loss plus 0.5 * reg * (sum of W**2) for each weight matrix, and
            its gradient for every entry of self.params, under the same names and in the same
            shapes. Biases are not regularised.
        """
        X = X.astype(self.dtype)
        if self.use_dropout:
            self.dropout_param["mode"] = "test" if y is None else "train"

        # TODO: forward pass; compute `scores` and keep what the backward pass needs. With
        # self.use_dropout every ReLU is followed by dropout with self.dropout_param.
        ### BEGIN SOLUTION
        out = X
        hidden_caches, dropout_caches = [], []
        for layer in range(1, self.num_layers):
            W, b = self.params[f"W{layer}"], self.params[f"b{layer}"]
            out, cache = affine_relu_forward(out, W, b)
            hidden_caches.append(cache)
            if self.use_dropout:
                out, cache = dropout_forward(out, self.dropout_param)
                dropout_caches.append(cache)
        last = self.num_layers
        scores, scores_cache = affine_forward(out, self.params[f"W{last}"], self.params[f"b{last}"])
        ### END SOLUTION

        if y is None:
            return scores

        # TODO: backward pass; compute `loss` and `grads`, both with their share of regularisation.
        ### BEGIN SOLUTION
        grads = {}
        loss, dscores = softmax_loss(scores, y)
        dout, grads[f"W{last}"], grads[f"b{last}"] = affine_backward(dscores, scores_cache)
        for layer in range(self.num_layers - 1, 0, -1):
            if self.use_dropout:
                dout = dropout_backward(dout, dropout_caches[layer - 1])
            dout, dW, db = affine_relu_backward(dout, hidden_caches[layer - 1])
            grads[f"W{layer}"], grads[f"b{layer}"] = dW, db
        for layer in range(1, self.num_layers + 1):
            W = self.params[f"W{layer}"]
            loss += 0.5 * self.reg * float(np.sum(W * W))
            grads[f"W{layer}"] += self.reg * W
        ### END SOLUTION
        return loss, grads
