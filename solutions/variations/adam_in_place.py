"""Adam that works in place on w, m and v.

In-place updates are accepted: the caller goes on with what is returned.
"""

import numpy as np


def adam(w, dw, config=None):
    config = {} if config is None else config
    defaults = {"learning_rate": 1e-3, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8, "t": 0}
    for key, value in defaults.items():
        config.setdefault(key, value)
    m = config.setdefault("m", np.zeros_like(w))
    v = config.setdefault("v", np.zeros_like(w))
    config["t"] += 1
    m *= config["beta1"]
    m += (1 - config["beta1"]) * dw
    v *= config["beta2"]
    v += (1 - config["beta2"]) * dw * dw
    w -= (
        config["learning_rate"]
        * (m / (1 - config["beta1"] ** config["t"]))
        / (np.sqrt(v / (1 - config["beta2"] ** config["t"])) + config["epsilon"])
    )
    return w, config
