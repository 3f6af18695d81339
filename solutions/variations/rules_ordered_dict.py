"""Update rules whose config is an OrderedDict with entries of the student's own.

It is a dict, and has the published keys.
"""

from collections import OrderedDict

import numpy as np


def rmsprop(w, dw, config=None):
    config = OrderedDict(config or {})
    defaults = {"learning_rate": 1e-2, "decay_rate": 0.99, "epsilon": 1e-8, "steps": 0}
    for key, value in {**defaults, "cache": np.zeros_like(w)}.items():
        config.setdefault(key, value)
    config["steps"] += 1
    rho = config["decay_rate"]
    config["cache"] = rho * config["cache"] + (1 - rho) * dw**2
    scale = np.sqrt(config["cache"]) + config["epsilon"]
    return w - config["learning_rate"] * dw / scale, config


def sgd_momentum(w, dw, config=None):
    config = OrderedDict(config or {})
    velocity = config.get("velocity", 0) * config.get("momentum", 0.9)
    velocity = velocity - config.get("learning_rate", 1e-2) * dw
    config["velocity"], config["name"] = velocity, "momentum"
    return w + velocity, config
