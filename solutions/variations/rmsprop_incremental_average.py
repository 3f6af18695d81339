"""RMSProp with the running average as old + (1 - rho) * (new - old).

That is rho * old + (1 - rho) * new in another form.
"""

import numpy as np


def rmsprop(w, dw, config=None):
    config = dict(config or {})
    rate = config.setdefault("learning_rate", 1e-2)
    rho = config.setdefault("decay_rate", 0.99)
    epsilon = config.setdefault("epsilon", 1e-8)
    old = config.get("cache", np.zeros(w.shape, dtype=w.dtype))
    config["cache"] = old + (1 - rho) * (np.power(dw, 2) - old)
    return w - np.divide(rate * dw, config["cache"] ** 0.5 + epsilon), config
