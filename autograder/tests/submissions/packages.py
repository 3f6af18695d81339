"""Packages to hand in, written as such were in three years; as text, for some are not Python 3."""

from __future__ import annotations

from autograder.manifest import Assignment, Notebook, Question, Task

Files = dict[str, str]

ASSIGNMENT = Assignment(
    id="nets",
    title="Nets",
    notebooks=(Notebook("Nets"), Notebook("Dropout", uses="Nets")),
    tasks=(
        Task("affine", "Nets", 4, ("affine_forward",)),
        Task("two_layer_net", "Nets", 9, ("TwoLayerNet",), needs=("affine",)),
        Task("fc_net", "Nets", 12, ("FullyConnectedNet",), needs=("affine",)),
        Task("adam", "Nets", 6, ("adam",), files=("best_model.npz",)),
        Task("dropout", "Dropout", 7, ("dropout_forward",)),
        Task("fc_net_dropout", "Dropout", 9, ("FullyConnectedNet",)),
    ),
    questions=(Question("why", "Nets", 2, "Why?"),),
)
FUNCTIONS = ("affine_forward", "TwoLayerNet", "FullyConnectedNet", "adam", "dropout_forward")

# 2016: Python 2, p is the probability to drop, everything in one folder beside the notebooks.
DROP_2016: Files = {
    "layers.py": '''\
import numpy as np


def affine_forward(x, w, b):
    """Multiply and add."""
    rows = x.reshape(x.shape[0], np.product(x.shape[1:]))
    return rows.dot(w) + b, (x, w, b)


def dropout_forward(x, dropout_param):
    """
    Inverted dropout.

    - p: We drop each neuron output with probability p.
    """
    p, mask = dropout_param['p'], None
    if dropout_param.has_key('seed'):
        np.random.seed(dropout_param['seed'])
    out = x
    if dropout_param['mode'] == 'train':
        mask = (np.random.rand(*x.shape) >= p).astype(np.float) / (1 - p)
        out = x * mask
    return out, (dropout_param, mask)
''',
    "optim.py": """\
import numpy as np


def adam(x, dx, config=None):
    if config is None: config = {}
    config.setdefault('t', 0)
    if config['t'] <> 0:
        print 'step', config['t']
    for i in xrange(1):
        config['t'] += 1
    return x - 0.1 * dx, config
""",
    "fc_net.py": """\
import numpy as np

from layers import *


class TwoLayerNet(object):
    def __init__(self, input_size=12, hidden_size=5, num_classes=3, weight_scale=1e-3, reg=0.0):
        self.params = {'W1': np.zeros((input_size, hidden_size))}


class FullyConnectedNet(object):
    def __init__(self, hidden_dims, input_dim=12, num_classes=3, dropout=0, use_batchnorm=False):
        self.use_dropout = dropout > 0
        self.params = {}
        for i in xrange(len(hidden_dims)):
            self.params['W%d' % (i + 1)] = np.zeros(3)
        for k, v in self.params.iteritems():
            print k, v.shape
        try:
            affine_forward(v, v, v)
        except ValueError, e:
            raise ValueError, 'shapes of layers'
""",
}

# 2019: a package with absolute imports, helpers to compile that are not compiled, p keeps.
KEEP_2019: Files = {
    "cs231n/__init__.py": "",
    "cs231n/classifiers/__init__.py": "",
    "cs231n/layers.py": '''\
from builtins import range
import numpy as np


def affine_forward(x, w, b):
    out = x.reshape(len(x), -1).dot(w) + b
    return out, (x, w, b)


def dropout_forward(x, dropout_param):
    """Inverted dropout: we keep each neuron output with probability p."""
    mask = (np.random.rand(*x.shape) < dropout_param['p']) / dropout_param['p']
    return x * mask, (dropout_param, mask)
''',
    "cs231n/layer_utils.py": """\
from cs231n.layers import *
from cs231n.fast_layers import *


def affine_relu_forward(x, w, b):
    out, cache = affine_forward(x, w, b)
    return np.maximum(out, 0), cache
""",
    "cs231n/fast_layers.py": """\
from __future__ import print_function
import numpy as np
try:
    from .im2col_cython import col2im_cython
except ImportError:
    print('compile it first')
""",
    "cs231n/optim.py": """\
import numpy as np
from past.builtins import xrange


def adam(w, dw, config=None):
    for _ in xrange(1):
        w = w - 0.1 * dw
    return w, config or {}
""",
    "cs231n/classifiers/fc_net.py": """\
from builtins import object
import numpy as np

from cs231n import optim
from cs231n.layers import *
from cs231n.layer_utils import *


class TwoLayerNet(object):
    def __init__(self, input_dim=12, hidden_dim=5, num_classes=3, weight_scale=1e-3, reg=0.0):
        self.params = {}


class FullyConnectedNet(object):
    def __init__(self, hidden_dims, input_dim=12, dropout=1, normalization=None, reg=0.0):
        self.use_dropout = dropout != 1
""",
    "cs231n/solver.py": "import cPickle as pickle\nprint('not needed, not read')\n",
    "setup.py": "from distutils.core import setup\nsetup()\n",
}

# 2023: relative imports, one constructor argument with a new name, a backup that was never removed.
KEEP_2023: Files = {
    "assignment2/cs231n/layers.py": '''\
import numpy as np


def affine_forward(x: np.ndarray, w, b):
    return np.einsum("nd,dm->nm", x.reshape(len(x), -1), w) + b, (x, w, b)


def dropout_forward(x, dropout_param):
    """NOTE: Keep in mind that p is the probability of **keep** a neuron output; elsewhere it may
    be the probability of dropping a neuron output."""
    return x, (dropout_param, None)
''',
    "assignment2/cs231n/optim.py": """\
def adam(w, dw, config=None):
    return w - 0.1 * dw, {**(config or {}), "t": 1}
""",
    "assignment2/cs231n/classifiers/fc_net.py": """\
from ..layers import *
from .. import optim
from .helpers import initialise


class TwoLayerNet:
    def __init__(self, input_dim=12, hidden_dim=5):
        self.params = initialise(input_dim, hidden_dim)


class FullyConnectedNet:
    def __init__(self, hidden_dims, input_dim=12, dropout_keep_ratio=1, normalization=None):
        self.use_dropout = dropout_keep_ratio != 1
""",
    "assignment2/cs231n/classifiers/helpers.py": "def initialise(*dims):\n    return {}\n",
    "assignment1/cs231n/layers.py": """\
def affine_forward(x, w, b):
    return x, None
""",
    "assignment3/cs231n/optim.py": """\
def adam(w, dw, config=None):
    next_w = None
    return next_w, config
""",
}
