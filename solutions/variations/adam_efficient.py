"""Adam with both corrections in the learning rate, as in section 2 of the paper.

Epsilon then is added to the root of the average as it is; the paper calls that epsilon hat.
"""

import numpy as np


def adam(w, dw, config=None):
    defaults = {"learning_rate": 1e-3, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8, "t": 0}
    config = {**defaults, "m": np.zeros_like(w), "v": np.zeros_like(w), **(config or {})}
    beta1, beta2, epsilon = config["beta1"], config["beta2"], config["epsilon"]
    config["t"] += 1
    t = config["t"]
    config["m"] = beta1 * config["m"] + (1 - beta1) * dw
    config["v"] = beta2 * config["v"] + (1 - beta2) * dw**2
    rate = config["learning_rate"] * np.sqrt(1 - beta2**t) / (1 - beta1**t)
    return w - rate * config["m"] / (np.sqrt(config["v"]) + epsilon), config
