"""Loss functions: from class scores and labels to a loss and the gradient of the scores."""

import numpy as np


def svm_loss(x, y):
    """Multiclass hinge loss [1]_, averaged over the minibatch.

    An example costs nothing once its own class scores at least 1 higher than each other class.

    Parameters
    ----------
    x : ndarray of float, shape (N, C)
        Scores: x[i, j] is the score of class j for example i.
    y : ndarray of int, shape (N,)
        Labels, 0 <= y[i] < C.

    Returns
    -------
    loss : float
        Mean loss of an example.
    dx : ndarray, shape (N, C)
        Gradient of the loss with respect to x, in the dtype of x.

    References
    ----------
    .. [1] J. Weston and C. Watkins, "Support Vector Machines for Multi-Class Pattern Recognition",
       ESANN 1999.
    """
    rows = np.arange(x.shape[0])
    margins = np.maximum(0, x - x[rows, y][:, np.newaxis] + 1)
    margins[rows, y] = 0
    loss = float(margins.sum() / x.shape[0])
    dx = (margins > 0).astype(x.dtype)
    dx[rows, y] = -dx.sum(axis=1)
    return loss, dx / x.shape[0]


def softmax_loss(x, y):
    """Cross-entropy of the softmax probabilities, averaged over the minibatch.

    Parameters
    ----------
    x : ndarray of float, shape (N, C)
        Scores: x[i, j] is the score of class j for example i.
    y : ndarray of int, shape (N,)
        Labels, 0 <= y[i] < C.

    Returns
    -------
    loss : float
        Mean negative log probability (in nats) of the right class.
    dx : ndarray, shape (N, C)
        Gradient of the loss with respect to x, in the dtype of x.
    """
    rows = np.arange(x.shape[0])
    # Shifting a row does not change its probabilities; with a maximum of 0, exp can't overflow.
    shifted = x - x.max(axis=1, keepdims=True)
    log_probs = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    loss = float(-log_probs[rows, y].sum() / x.shape[0])
    dx = np.exp(log_probs)
    dx[rows, y] -= 1
    return loss, dx / x.shape[0]
