"""Code of the sample class: each text replaces the source of one solution cell."""

EINSUM_AFFINE = '''\
def flatten(x):
    """One row per example."""
    return np.reshape(x, (len(x), -1))


def affine_forward(x, w, b):
    out = np.einsum("nd,dm->nm", flatten(x), w) + b
    return out, dict(x=x, w=w, b=b)
'''

DICT_CACHE_AFFINE_BACKWARD = """\
def affine_backward(dout, cache):
    x, w = cache["x"], cache["w"]
    dx = np.einsum("nm,dm->nd", dout, w).reshape(x.shape)
    dw = np.einsum("nd,nm->dm", flatten(x), dout)
    return dx, dw, dout.sum(0)
"""

BINOMIAL_DROPOUT = """\
def dropout_forward(x, dropout_param):
    if dropout_param["mode"] == "test":
        return x, (dropout_param, None)
    keep = dropout_param["p"]
    if dropout_param.get("seed") is not None:
        np.random.seed(dropout_param["seed"])
    mask = np.random.binomial(1, keep, size=x.shape).astype(bool)
    return np.where(mask, x / keep, 0.0), (dropout_param, mask / keep)
"""

IN_PLACE_MOMENTUM = """\
def sgd_momentum(w, dw, config=None):
    config = dict(config or {})
    lr = config.setdefault("learning_rate", 1e-2)
    momentum = config.setdefault("momentum", 0.9)
    v = np.array(config.get("velocity", np.zeros_like(w)))
    v *= momentum
    v -= lr * dw
    config["velocity"] = v
    return w + v, config
"""

WINDOW_CONV = """\
def conv_forward_naive(x, w, b, conv_param):
    stride, pad = conv_param["stride"], conv_param["pad"]
    n, c, height, width = x.shape
    f, _, hh, ww = w.shape
    padded = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    rows = 1 + (height + 2 * pad - hh) // stride
    columns = 1 + (width + 2 * pad - ww) // stride
    out = np.empty((n, f, rows, columns))
    for i in range(rows):
        for j in range(columns):
            window = padded[:, :, i * stride : i * stride + hh, j * stride : j * stride + ww]
            out[:, :, i, j] = np.tensordot(window, w, axes=([1, 2, 3], [1, 2, 3])) + b
    return out, (x, w, b, conv_param)
"""

ADAM_WITHOUT_BIAS_CORRECTION = """\
def adam(w, dw, config=None):
    if config is None:
        config = {}
    config.setdefault("learning_rate", 1e-3)
    config.setdefault("beta1", 0.9)
    config.setdefault("beta2", 0.999)
    config.setdefault("epsilon", 1e-8)
    config.setdefault("m", np.zeros_like(w))
    config.setdefault("v", np.zeros_like(w))
    config.setdefault("t", 0)
    config["t"] += 1
    config["m"] = config["beta1"] * config["m"] + (1 - config["beta1"]) * dw
    config["v"] = config["beta2"] * config["v"] + (1 - config["beta2"]) * dw**2
    step = config["learning_rate"] * config["m"] / (np.sqrt(config["v"]) + config["epsilon"])
    return w - step, config
"""

DROPOUT_WITHOUT_SCALING = """\
def dropout_forward(x, dropout_param):
    p, mode = dropout_param.get("p"), dropout_param["mode"]
    if "seed" in dropout_param:
        np.random.seed(dropout_param["seed"])
    mask = None
    if mode == "train":
        mask = np.random.rand(*x.shape) < p
        x = x * mask
    return x, (dropout_param, mask)
"""

SYNTAX_ERROR = """\
def rmsprop(w, dw, config=None):
    if config is None
        config = {}
    return w, config
"""

ENDLESS_RELU = """\
def relu_forward(x):
    while True:
        x = np.maximum(0, x)
"""

EXIT_IN_DROPOUT = """\
import os


def dropout_forward(x, dropout_param):
    os._exit(0)
"""

EXIT_IN_CONV = """\
import os


def conv_forward_naive(x, w, b, conv_param):
    os._exit(0)
"""

EQUAL_TO_EVERYTHING = """\
class Equal(np.ndarray):
    def __eq__(self, other):
        return True

    def __sub__(self, other):
        return np.zeros(())

    __rsub__ = __sub__


np.allclose = np.array_equal = lambda *args, **kwargs: True
np.testing.assert_allclose = lambda *args, **kwargs: None
np.abs = np.absolute = lambda x: np.zeros_like(x)


def affine_forward(x, w, b):
    return np.zeros((len(x), len(b))).view(Equal), (x, w, b)
"""

REPLACED_ALLCLOSE = """\
import builtins

np.allclose = np.isclose = lambda *args, **kwargs: True
builtins.AssertionError = type("Quiet", (Exception,), {})


def conv_forward_naive(x, w, b, conv_param):
    return np.zeros((1, 1, 1, 1)), None
"""

LOOK_FOR_THE_REFERENCE = """\
def sgd_momentum(w, dw, config=None):
    import gc
    import os
    import sys

    for frame in sys._current_frames().values():
        while frame is not None:
            if "reference" in frame.f_locals:
                return frame.f_locals["reference"].sgd_momentum(w, dw, config)
            frame = frame.f_back
    for thing in gc.get_objects():
        if getattr(thing, "__module__", "") == "solutions.optim":
            return thing(w, dw, config)
    for folder in ("/", os.getcwd(), os.path.expanduser("~")):
        for name in os.listdir(folder):
            if name == "solutions":
                sys.path.insert(0, folder)
    from solutions.optim import sgd_momentum as reference

    return reference(w, dw, config)
"""
