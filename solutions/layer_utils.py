"""Sandwich layers: layers that often follow each other, as one forward and one backward pass."""

from solutions.layers import (
    affine_backward,
    affine_forward,
    dropout_backward,
    dropout_forward,
    relu_backward,
    relu_forward,
)


def affine_relu_forward(x, w, b):
    """Forward pass of an affine layer followed by a ReLU.

    Parameters
    ----------
    x : ndarray of float, shape (N, d_1, ..., d_k)
        Inputs of the affine layer.
    w, b : ndarray of float, shapes (D, M) and (M,)
        Weights and biases of the affine layer.

    Returns
    -------
    out : ndarray, shape (N, M)
        Outputs of the ReLU.
    cache : tuple
        The caches of both layers, for the backward pass.
    """
    scores, affine_cache = affine_forward(x, w, b)
    out, relu_cache = relu_forward(scores)
    return out, (affine_cache, relu_cache)


def affine_relu_backward(dout, cache):
    """Backward pass of an affine layer followed by a ReLU.

    Parameters
    ----------
    dout : ndarray of float, shape (N, M)
        Upstream gradient.
    cache : tuple
        What `affine_relu_forward` returned.

    Returns
    -------
    dx, dw, db : ndarray, shapes (N, d_1, ..., d_k), (D, M) and (M,)
        Gradients with respect to x, w and b.
    """
    affine_cache, relu_cache = cache
    return affine_backward(relu_backward(dout, relu_cache), affine_cache)


def affine_relu_dropout_forward(x, w, b, dropout_param):
    """Forward pass of an affine layer, a ReLU and dropout.

    Parameters
    ----------
    x : ndarray of float, shape (N, d_1, ..., d_k)
        Inputs of the affine layer.
    w, b : ndarray of float, shapes (D, M) and (M,)
        Weights and biases of the affine layer.
    dropout_param : dict
        mode, p and seed as `dropout_forward` takes them.

    Returns
    -------
    out : ndarray, shape (N, M)
        Outputs of the dropout.
    cache : tuple
        The caches of all layers, for the backward pass.
    """
    activations, affine_relu_cache = affine_relu_forward(x, w, b)
    out, dropout_cache = dropout_forward(activations, dropout_param)
    return out, (affine_relu_cache, dropout_cache)


def affine_relu_dropout_backward(dout, cache):
    """Backward pass of an affine layer, a ReLU and dropout.

    Parameters
    ----------
    dout : ndarray of float, shape (N, M)
        Upstream gradient.
    cache : tuple
        What `affine_relu_dropout_forward` returned.

    Returns
    -------
    dx, dw, db : ndarray, shapes (N, d_1, ..., d_k), (D, M) and (M,)
        Gradients with respect to x, w and b.
    """
    affine_relu_cache, dropout_cache = cache
    return affine_relu_backward(dropout_backward(dout, dropout_cache), affine_relu_cache)
