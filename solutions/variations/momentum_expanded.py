"""Momentum with the new velocity written out in the step.

w + (mu * v - rate * dw) is the same sum in another order.
"""

import numpy as np


def sgd_momentum(w, dw, config=None):
    settings = {"learning_rate": 1e-2, "momentum": 0.9, "velocity": np.zeros_like(w)}
    settings.update(config or {})
    mu, rate, v = (settings[key] for key in ("momentum", "learning_rate", "velocity"))
    next_w = w + mu * v - rate * dw
    settings["velocity"] = next_w - w
    return next_w, settings
