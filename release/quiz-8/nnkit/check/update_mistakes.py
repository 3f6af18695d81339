"""What well-known mistakes in the update rules give, each under the sentence that names it."""

import numpy as np


def step_mistakes(rule, w, dw, settings):
    """Wrong values of one step from a given state.

    Parameters
    ----------
    rule : str
        sgd_momentum, rmsprop or adam.
    w, dw : ndarray
        Parameters and gradient.
    settings : dict
        The config of the step, with its state.

    Returns
    -------
    dict of str to dict
        For `next_w` and each part of the state: wrong values by the sentence for the student.
    """
    return {"sgd_momentum": _momentum, "rmsprop": _rmsprop, "adam": _adam}[rule](w, dw, settings)


def _momentum(w, dw, settings):
    old, rate = settings["velocity"], settings["learning_rate"]
    new = 0.9 * old - rate * dw
    return {
        "next_w": {
            "The velocity holds the step with its sign, so it is added to w.": w - new,
            "w moves by the old velocity; it should be the new one.": w + old,
            "The gradient has the wrong sign: the velocity points downhill.": (
                w + 0.9 * old + rate * dw
            ),
            "The velocity plays no part: these are the values of plain SGD.": w - rate * dw,
        },
        "velocity": {_unchanged("velocity"): old},
    }


def _rmsprop(w, dw, settings):
    old, rate = settings["cache"], settings["learning_rate"]
    new = 0.99 * old + 0.01 * dw**2
    return {
        "next_w": {
            "It uses the old running average: update it first.": w - rate * dw / np.sqrt(old),
            "The root of the running average is missing.": w - rate * dw / new,
        },
        "cache": {
            _unchanged("running average"): old,
            "The average is one of squared gradients.": 0.99 * old + 0.01 * dw,
        },
    }


def _adam(w, dw, settings):
    rate, t = settings["learning_rate"], settings["t"]
    m = 0.9 * settings["m"] + 0.1 * dw
    v = 0.999 * settings["v"] + 0.001 * dw**2

    def step(m, v, t):
        return w - rate * (m / (1 - 0.9**t)) / np.sqrt(v / (1 - 0.999**t))

    kept = "The bias correction is for this step only: store the average without it."
    return {
        "next_w": {
            "t has to be raised before it is used.": step(m, v, t),
            "The bias correction is missing.": w - rate * m / np.sqrt(v),
            "It uses the old averages: update them first.": step(
                settings["m"], settings["v"], t + 1
            ),
        },
        "m": {_unchanged("average"): settings["m"], kept: m / (1 - 0.9 ** (t + 1))},
        "v": {_unchanged("average"): settings["v"], kept: v / (1 - 0.999 ** (t + 1))},
    }


def _unchanged(what):
    return f"That is still the old {what}: store the new one."
