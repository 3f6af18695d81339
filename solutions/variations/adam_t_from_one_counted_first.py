"""Adam whose t starts at 1 and is counted up before it is used.

Skeletons of some years start t at 1, while their checks, which give a t, ask for counting up first.
Who follows both corrects the first step as if it were the second. That costs nothing here: given a
t, the rule is right, and where t starts was not the student's choice.
"""

import numpy as np


def adam(x, dx, config=None):
    if config is None:
        config = {}
    config.setdefault("learning_rate", 1e-3)
    config.setdefault("beta1", 0.9)
    config.setdefault("beta2", 0.999)
    config.setdefault("epsilon", 1e-8)
    config.setdefault("m", np.zeros_like(x))
    config.setdefault("v", np.zeros_like(x))
    config.setdefault("t", 1)
    config["t"] += 1
    config["m"] += (1 - config["beta1"]) * (dx - config["m"])
    config["v"] += (1 - config["beta2"]) * (dx * dx - config["v"])
    m = config["m"] / (1 - config["beta1"] ** config["t"])
    v = config["v"] / (1 - config["beta2"] ** config["t"])
    return x - config["learning_rate"] * m / (np.sqrt(v) + config["epsilon"]), config
