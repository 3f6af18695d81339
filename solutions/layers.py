"""Layers of a fully-connected net: each one a forward and a backward pass.

A forward pass returns `(out, cache)`; the cache holds whatever the backward pass needs. A backward
pass takes the upstream gradient `dout`, the derivative of the loss with respect to `out`, and
returns the derivative with respect to each of the forward pass' arguments. No pass changes its
arguments, and float32 stays float32.
"""

import numpy as np


def affine_forward(x, w, b):
    """Forward pass of an affine (fully-connected) layer.

    Every example is flattened to a row of D = d_1 * ... * d_k numbers, then mapped to M outputs.

    Parameters
    ----------
    x : ndarray of float, shape (N, d_1, ..., d_k)
        A minibatch of N examples, each of any shape.
    w : ndarray of float, shape (D, M)
        Weights.
    b : ndarray of float, shape (M,)
        Biases, one for each output.

    Returns
    -------
    out : ndarray, shape (N, M)
        Outputs, in the dtype of the inputs.
    cache : tuple
        (x, w, b), as they came in.

    Raises
    ------
    ValueError
        If an example does not hold exactly D numbers; numpy raises it for you.
    """
    # TODO: flatten each example and compute `out`. Leave `x` itself in its shape: the backward pass
    # needs it.
    ### BEGIN SOLUTION
    out = x.reshape(x.shape[0], w.shape[0]) @ w + b
    ### END SOLUTION
    cache = (x, w, b)
    return out, cache


def affine_backward(dout, cache):
    """Backward pass of an affine layer.

    Parameters
    ----------
    dout : ndarray of float, shape (N, M)
        Upstream gradient: how the loss changes with each output.
    cache : tuple
        What `affine_forward` returned: x of shape (N, d_1, ..., d_k), w of shape (D, M) and b of
        shape (M,).

    Returns
    -------
    dx : ndarray, shape (N, d_1, ..., d_k)
        Gradient with respect to x, in the shape of x.
    dw : ndarray, shape (D, M)
        Gradient with respect to w, summed over the minibatch.
    db : ndarray, shape (M,)
        Gradient with respect to b, summed over the minibatch.

    Notes
    -----
    The shapes leave little choice: look for the products of `dout` with the other arrays that come
    out in the shape of each gradient.
    """
    x, w, _ = cache
    # TODO: compute dx, dw and db.
    ### BEGIN SOLUTION
    dx = (dout @ w.T).reshape(x.shape)
    dw = x.reshape(x.shape[0], w.shape[0]).T @ dout
    db = dout.sum(axis=0)
    ### END SOLUTION
    return dx, dw, db


def relu_forward(x):
    """Forward pass of rectified linear units (ReLU) [1]_.

    Negative entries become 0, all others stay as they are.

    Parameters
    ----------
    x : ndarray of float, any shape
        Inputs.

    Returns
    -------
    out : ndarray, shape of x
        Outputs, in the dtype of x.
    cache : ndarray
        x.

    References
    ----------
    .. [1] V. Nair and G. E. Hinton, "Rectified Linear Units Improve Restricted Boltzmann Machines",
       ICML 2010.
    """
    # TODO: compute `out`, without changing `x`.
    ### BEGIN SOLUTION
    out = np.maximum(x, 0)
    ### END SOLUTION
    cache = x
    return out, cache


def relu_backward(dout, cache):
    """Backward pass of rectified linear units.

    Parameters
    ----------
    dout : ndarray of float, any shape
        Upstream gradient.
    cache : ndarray of float, shape of dout
        The inputs x of the forward pass.

    Returns
    -------
    dx : ndarray, shape of x
        Gradient with respect to x, in the dtype of dout.

    Notes
    -----
    ReLU has no derivative at exactly 0: any value between 0 and dout is right there.
    """
    x = cache
    # TODO: which entries of `dout` get through?
    ### BEGIN SOLUTION
    dx = dout.copy()
    dx[x <= 0] = 0
    ### END SOLUTION
    return dx


def dropout_forward(x, dropout_param):
    """Forward pass of inverted dropout [1]_.

    While training, every unit is kept with probability p, independently of all others, and set to 0
    otherwise. Inverted dropout rescales in the training pass, so that the expected value of each
    output equals its input and the test pass has nothing left to do.

    Parameters
    ----------
    x : ndarray of float, any shape
        Inputs.
    dropout_param : dict
        - mode : "train" or "test".
        - p : float, 0 < p <= 1, the probability to KEEP a unit (dimensionless). Read in training
          mode only; in test mode it may be absent.
        - seed : int, optional. Seeds numpy's global generator before the mask is drawn, so that the
          pass can be repeated exactly: gradient checks need that, training does not.

    Returns
    -------
    out : ndarray, shape and dtype of x
        Outputs. In test mode they equal x.
    cache : tuple
        (dropout_param, mask); mask has the shape of x in training mode and is None in test mode.

    Raises
    ------
    ValueError
        If the mode is neither "train" nor "test".

    References
    ----------
    .. [1] N. Srivastava, G. Hinton, A. Krizhevsky, I. Sutskever and R. Salakhutdinov, "Dropout:
       A Simple Way to Prevent Neural Networks from Overfitting", JMLR 15, 2014.
    """
    mode = dropout_param["mode"]
    if mode == "train" and dropout_param.get("seed") is not None:
        np.random.seed(dropout_param["seed"])
    # TODO: set `mask` and `out` for both modes, drawing the mask from np.random; refuse every other
    # mode. A mask that includes the rescaling makes the backward pass short.
    ### BEGIN SOLUTION
    if mode == "train":
        keep_prob = float(dropout_param["p"])
        mask = (np.random.rand(*x.shape) < keep_prob).astype(x.dtype) / keep_prob
        out = x * mask
    elif mode == "test":
        mask = None
        out = x
    else:
        raise ValueError(f'dropout mode must be "train" or "test", not {mode!r}')
    ### END SOLUTION
    cache = (dropout_param, mask)
    return out.astype(x.dtype, copy=False), cache


def dropout_backward(dout, cache):
    """Backward pass of inverted dropout.

    Parameters
    ----------
    dout : ndarray of float, any shape
        Upstream gradient.
    cache : tuple
        (dropout_param, mask), as `dropout_forward` returned it.

    Returns
    -------
    dx : ndarray, shape and dtype of dout
        Gradient with respect to the inputs of the forward pass, in the mode of that pass.
    """
    dropout_param, mask = cache
    mode = dropout_param["mode"]
    # TODO: compute `dx` for both modes.
    ### BEGIN SOLUTION
    dx = dout * mask if mode == "train" else dout
    ### END SOLUTION
    return dx.astype(dout.dtype, copy=False)
