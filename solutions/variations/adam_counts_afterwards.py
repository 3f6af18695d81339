"""Adam that uses t + 1 and counts t up at its end.

t still is the number of steps made so far.
"""

import numpy as np


def adam(w, dw, config=None):
    defaults = {"learning_rate": 1e-3, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8, "t": 0}
    config = {**defaults, "m": np.zeros_like(w), "v": np.zeros_like(w), **(config or {})}
    corrected = []
    for key, beta, new in (("m", config["beta1"], dw), ("v", config["beta2"], dw * dw)):
        config[key] = beta * config[key] + (1 - beta) * new
        corrected.append(config[key] / (1 - np.power(beta, config["t"] + 1)))
    m, v = corrected
    config["t"] = config["t"] + 1.0
    return w - config["learning_rate"] * m / (v**0.5 + config["epsilon"]), config
