"""RMSProp entry by entry.

All operations of the update rules are entry by entry, so a loop is as right.
"""

import numpy as np


def rmsprop(w, dw, config=None):
    config = {"learning_rate": 1e-2, "decay_rate": 0.99, "epsilon": 1e-8, **(config or {})}
    rho, cache, next_w = config["decay_rate"], np.zeros(w.shape), np.zeros(w.shape)
    for place in np.ndindex(w.shape):
        before = config["cache"][place] if "cache" in config else 0.0
        cache[place] = rho * before + (1 - rho) * dw[place] ** 2
        scale = np.sqrt(cache[place]) + config["epsilon"]
        next_w[place] = w[place] - config["learning_rate"] * dw[place] / scale
    config["cache"] = cache
    return next_w, config
