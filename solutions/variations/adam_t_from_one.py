"""Adam whose t starts at 1 and is counted up after it is used.

Some skeletons have it so. The t in config then is the number of the step to come, not of the last
one; a first step tells the grader which it is, and what it checks is shifted by it.
"""

import numpy as np


def adam(w, dw, config=None):
    if config is None:
        config = {}
    config.setdefault("learning_rate", 1e-3)
    config.setdefault("beta1", 0.9)
    config.setdefault("beta2", 0.999)
    config.setdefault("epsilon", 1e-8)
    config.setdefault("m", np.zeros_like(w))
    config.setdefault("v", np.zeros_like(w))
    config.setdefault("t", 1)
    t = config["t"]
    config["m"] = config["beta1"] * config["m"] + (1 - config["beta1"]) * dw
    config["v"] = config["beta2"] * config["v"] + (1 - config["beta2"]) * (dw**2)
    m = config["m"] / (1 - config["beta1"] ** t)
    v = config["v"] / (1 - config["beta2"] ** t)
    next_w = w - config["learning_rate"] * m / (np.sqrt(v) + config["epsilon"])
    config["t"] = t + 1
    return next_w, config
