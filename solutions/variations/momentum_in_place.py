"""Momentum that changes velocity and parameters in place, and returns them.

The rules' docstrings promise new arrays; what is judged is where the parameters move and what the
next call gets, so in-place updates are accepted.
"""

import numpy as np


def sgd_momentum(w, dw, config=None):
    config = config if config is not None else {}
    config.setdefault("learning_rate", 1e-2)
    config.setdefault("momentum", 0.9)
    velocity = config.setdefault("velocity", np.zeros_like(w))
    velocity *= config["momentum"]
    velocity -= config["learning_rate"] * dw
    w += velocity
    return w, config
