"""Update rules: from parameters and their gradient to better parameters.

Each rule is `f(w, dw, config=None) -> (next_w, config)`. `config` holds the rule's settings and
what it remembers from step to step; the config that comes back is a new dict, to be passed to the
next call. Neither `w` nor `dw` nor anything in the config that came in is changed. A learning rate
scales one update (one minibatch); like all other settings it has no unit.
"""

import numpy as np


def sgd(w, dw, config=None):
    """Plain stochastic gradient descent: a step against the gradient [1]_.

    Parameters
    ----------
    w : ndarray of float, any shape
        Parameters.
    dw : ndarray of float, shape of w
        Gradient of the loss with respect to w.
    config : dict, optional
        learning_rate (default 1e-2): size of one step.

    Returns
    -------
    next_w : ndarray, shape and dtype of w
        Parameters after the step.
    config : dict
        Settings for the next call.

    References
    ----------
    .. [1] H. Robbins and S. Monro, "A Stochastic Approximation Method", Annals of Mathematical
       Statistics 22, 1951.
    """
    config = {"learning_rate": 1e-2, **(config or {})}
    next_w = w - config["learning_rate"] * dw
    return next_w, config


def sgd_momentum(w, dw, config=None):
    """Stochastic gradient descent with (classical) momentum [1]_.

    A velocity accumulates past steps: each call first scales the old velocity down by the momentum
    and adds a plain gradient step to it, then moves the parameters by the new velocity.

    Parameters
    ----------
    w : ndarray of float, any shape
        Parameters.
    dw : ndarray of float, shape of w
        Gradient of the loss with respect to w.
    config : dict, optional
        - learning_rate (default 1e-2): size of one step.
        - momentum (default 0.9): share of the velocity that is kept, within [0, 1]; 0 is plain sgd.
        - velocity (default zeros): ndarray, shape of w.

    Returns
    -------
    next_w : ndarray, shape and dtype of w
        Parameters after the step.
    config : dict
        Settings with the new velocity, for the next call.

    References
    ----------
    .. [1] I. Sutskever, J. Martens, G. Dahl and G. Hinton, "On the importance of initialization and
       momentum in deep learning", ICML 2013.
    """
    defaults = {"learning_rate": 1e-2, "momentum": 0.9, "velocity": np.zeros_like(w)}
    config = {**defaults, **(config or {})}
    # TODO: compute the new velocity and `next_w`; store the velocity in `config`.
    ### BEGIN SOLUTION
    velocity = config["momentum"] * config["velocity"] - config["learning_rate"] * dw
    next_w = w + velocity
    config["velocity"] = velocity
    ### END SOLUTION
    return next_w, config


def rmsprop(w, dw, config=None):
    """RMSProp: a step size of its own for each parameter [1]_.

    A running average of squared gradients tells how large a parameter's gradients usually are; each
    step is measured by the root of that average.

    Parameters
    ----------
    w : ndarray of float, any shape
        Parameters.
    dw : ndarray of float, shape of w
        Gradient of the loss with respect to w.
    config : dict, optional
        - learning_rate (default 1e-2): size of one step.
        - decay_rate (default 0.99): weight of the past in the running average, within [0, 1).
        - epsilon (default 1e-8): added to the root, so that nothing is divided by 0.
        - cache (default zeros): ndarray, shape of w, the running average of squared gradients.

    Returns
    -------
    next_w : ndarray, shape and dtype of w
        Parameters after the step.
    config : dict
        Settings with the new cache, for the next call.

    Notes
    -----
    The step uses the running average that already includes the current gradient.

    References
    ----------
    .. [1] T. Tieleman and G. Hinton, "Lecture 6.5 - RMSProp: Divide the gradient by a running
       average of its recent magnitude", COURSERA: Neural Networks for Machine Learning, 2012.
    """
    defaults = {
        "learning_rate": 1e-2,
        "decay_rate": 0.99,
        "epsilon": 1e-8,
        "cache": np.zeros_like(w),
    }
    config = {**defaults, **(config or {})}
    # TODO: compute the new running average and `next_w`; store the average in `config`.
    ### BEGIN SOLUTION
    cache = config["decay_rate"] * config["cache"] + (1 - config["decay_rate"]) * dw * dw
    next_w = w - config["learning_rate"] * dw / (np.sqrt(cache) + config["epsilon"])
    config["cache"] = cache
    ### END SOLUTION
    return next_w, config


def adam(w, dw, config=None):
    """Adam: running averages of the gradient and of its square, with bias correction [1]_.

    Parameters
    ----------
    w : ndarray of float, any shape
        Parameters.
    dw : ndarray of float, shape of w
        Gradient of the loss with respect to w.
    config : dict, optional
        - learning_rate (default 1e-3): size of one step.
        - beta1, beta2 (defaults 0.9, 0.999): weight of the past in the running average of the
          gradient and of the squared gradient, within [0, 1).
        - epsilon (default 1e-8): added to the root, so that nothing is divided by 0.
        - m, v (default zeros): ndarray, shape of w, the two running averages, not bias-corrected.
        - t (default 0): number of steps made so far.

    Returns
    -------
    next_w : ndarray, shape and dtype of w
        Parameters after the step.
    config : dict
        Settings with the new m, v and t, for the next call.

    Notes
    -----
    Both averages start at 0 and so are too small in the first steps; the paper's Algorithm 1 shows
    the correction. The first step is step 1: count t up before it is used. The corrected averages
    are for this step only; m and v are stored without the correction.

    References
    ----------
    .. [1] D. P. Kingma and J. L. Ba, "Adam: A Method for Stochastic Optimization", ICLR 2015.
    """
    defaults = {
        "learning_rate": 1e-3,
        "beta1": 0.9,
        "beta2": 0.999,
        "epsilon": 1e-8,
        "m": np.zeros_like(w),
        "v": np.zeros_like(w),
        "t": 0,
    }
    config = {**defaults, **(config or {})}
    # TODO: compute `next_w`; store the new m, v and t in `config`.
    ### BEGIN SOLUTION
    beta1, beta2 = config["beta1"], config["beta2"]
    t = config["t"] + 1
    m = beta1 * config["m"] + (1 - beta1) * dw
    v = beta2 * config["v"] + (1 - beta2) * dw * dw
    m_corrected = m / (1 - beta1**t)
    v_corrected = v / (1 - beta2**t)
    step = config["learning_rate"] * m_corrected / (np.sqrt(v_corrected) + config["epsilon"])
    next_w = w - step
    config.update(m=m, v=v, t=t)
    ### END SOLUTION
    return next_w, config
