"""A right hand-in as they were written for the classic course in 2016: Python 2, as text.

p is the probability to drop, parameters are x and dx, Adam's t starts at 1 and is counted first.
"""

from __future__ import annotations

Files = dict[str, str]

LAYER_UTILS = """\
from .layers import *


def affine_relu_forward(x, w, b):
    a, fc_cache = affine_forward(x, w, b)
    out, relu_cache = relu_forward(a)
    return out, (fc_cache, relu_cache)


def affine_relu_backward(dout, cache):
    fc_cache, relu_cache = cache
    return affine_backward(relu_backward(dout, relu_cache), fc_cache)


def conv_relu_forward(x, w, b, conv_param):
    a, conv_cache = conv_forward_fast(x, w, b, conv_param)
    out, relu_cache = relu_forward(a)
    return out, (conv_cache, relu_cache)
"""
FAST_LAYERS = """\
import numpy as np
try:
    from cs231n.im2col_cython import col2im_cython
except ImportError:
    print "run: python setup.py build_ext --inplace"
from cs231n.im2col import *


def conv_forward_fast(x, w, b, conv_param):
    cols = im2col_cython(x, w.shape[2], w.shape[3], 1, 1)
    return cols, cols
"""

DROP_2016: Files = {
    "assignment2/cs231n/__init__.py": "",
    "assignment2/cs231n/classifiers/__init__.py": "",
    "assignment2/cs231n/fast_layers.py": FAST_LAYERS,
    "assignment2/cs231n/layer_utils.py": LAYER_UTILS.replace(
        "from .layers import *", "from cs231n.layers import *\nfrom cs231n.fast_layers import *"
    ),
    "assignment2/cs231n/layers.py": """\
import numpy as np


def affine_forward(x, w, b):
  rows = np.reshape(x, newshape=(x.shape[0], np.product(x.shape[1:])))
  return rows.dot(w) + b, (x, w, b)


def affine_backward(dout, cache):
  x, w, b = cache
  dx = dout.dot(w.T).reshape(x.shape)
  dw = x.reshape(x.shape[0], -1).T.dot(dout)
  return dx, dw, np.sum(dout, axis=0)


def relu_forward(x):
  return np.maximum(0, x), x


def relu_backward(dout, cache):
  return np.where(cache > 0, dout, 0)


def dropout_forward(x, dropout_param):
  \"\"\"
  - p: Dropout parameter. We drop each neuron output with probability p.
  \"\"\"
  p, mode = dropout_param['p'], dropout_param['mode']
  if dropout_param.has_key('seed'):
    np.random.seed(dropout_param['seed'])
  mask = None
  out = x
  if mode == 'train':
    mask = (np.random.rand(*x.shape) >= p).astype(np.float) / (1 - p)
    out = x * mask
  elif mode <> 'test':
    raise ValueError, 'Unknown mode %s' % mode
  out = out.astype(x.dtype, copy=False)
  return out, (dropout_param, mask)


def dropout_backward(dout, cache):
  dropout_param, mask = cache
  if dropout_param['mode'] == 'train':
    return dout * mask
  return dout


def softmax_loss(x, y):
  probs = np.exp(x - np.max(x, axis=1, keepdims=True))
  probs /= np.sum(probs, axis=1, keepdims=True)
  N = x.shape[0]
  loss = -np.sum(np.log(probs[np.arange(N), y])) / N
  dx = probs.copy()
  dx[np.arange(N), y] -= 1
  return loss, dx / N
""",
    "assignment2/cs231n/optim.py": """\
import numpy as np


def sgd_momentum(w, dw, config=None):
  if config is None: config = {}
  config.setdefault('learning_rate', 1e-2)
  config.setdefault('momentum', 0.9)
  v = config.get('velocity', np.zeros_like(w))
  v = config['momentum'] * v - config['learning_rate'] * dw
  config['velocity'] = v
  return w + v, config


def rmsprop(x, dx, config=None):
  if config is None: config = {}
  for key, value in {'learning_rate': 1e-2, 'decay_rate': 0.99, 'epsilon': 1e-8}.iteritems():
    config.setdefault(key, value)
  config.setdefault('cache', np.zeros_like(x))
  rate = config['decay_rate']
  config['cache'] = rate * config['cache'] + (1 - rate) * dx**2
  step = config['learning_rate'] * dx / (np.sqrt(config['cache']) + config['epsilon'])
  return x - step, config


def adam(x, dx, config=None):
  if config is None: config = {}
  config.setdefault('learning_rate', 1e-3)
  config.setdefault('beta1', 0.9)
  config.setdefault('beta2', 0.999)
  config.setdefault('epsilon', 1e-8)
  config.setdefault('m', np.zeros_like(x))
  config.setdefault('v', np.zeros_like(x))
  config.setdefault('t', 1)
  beta1, beta2 = config['beta1'], config['beta2']
  config['t'] += 1
  config['m'] = beta1 * config['m'] + (1 - beta1) * dx
  config['v'] = beta2 * config['v'] + (1 - beta2) * dx**2
  m = config['m'] / (1 - beta1**config['t'])
  v = config['v'] / (1 - beta2**config['t'])
  return x - config['learning_rate'] * m / (np.sqrt(v) + config['epsilon']), config
""",
    "assignment2/cs231n/classifiers/fc_net.py": """\
import numpy as np

from cs231n.layers import *
from cs231n.layer_utils import *


class TwoLayerNet(object):

  def __init__(self, input_dim=3*32*32, hidden_dim=100, num_classes=10,
               weight_scale=1e-3, reg=0.0):
    self.reg = reg
    self.params = {
      'W1': weight_scale * np.random.randn(input_dim, hidden_dim),
      'b1': np.zeros(hidden_dim),
      'W2': weight_scale * np.random.randn(hidden_dim, num_classes),
      'b2': np.zeros(num_classes),
    }

  def loss(self, X, y=None):
    W1, b1, W2, b2 = [self.params[k] for k in ('W1', 'b1', 'W2', 'b2')]
    hidden, hidden_cache = affine_relu_forward(X, W1, b1)
    scores, cache = affine_forward(hidden, W2, b2)
    if y is None:
      return scores
    loss, dscores = softmax_loss(scores, y)
    loss += 0.5 * self.reg * (np.sum(W1**2) + np.sum(W2**2))
    grads = {}
    dhidden, grads['W2'], grads['b2'] = affine_backward(dscores, cache)
    _, grads['W1'], grads['b1'] = affine_relu_backward(dhidden, hidden_cache)
    grads['W1'] += self.reg * W1
    grads['W2'] += self.reg * W2
    return loss, grads


class FullyConnectedNet(object):

  def __init__(self, hidden_dims, input_dim=3*32*32, num_classes=10,
               dropout=0, use_batchnorm=False, reg=0.0,
               weight_scale=1e-2, dtype=np.float32, seed=None):
    self.use_batchnorm = use_batchnorm
    self.use_dropout = dropout > 0
    self.reg = reg
    self.num_layers = 1 + len(hidden_dims)
    self.dtype = dtype
    self.params = {}
    dims = [input_dim] + list(hidden_dims) + [num_classes]
    for i in xrange(self.num_layers):
      self.params['W%d' % (i + 1)] = weight_scale * np.random.randn(dims[i], dims[i + 1])
      self.params['b%d' % (i + 1)] = np.zeros(dims[i + 1])
    self.dropout_param = {}
    if self.use_dropout:
      self.dropout_param = {'mode': 'train', 'p': dropout}
      if seed is not None:
        self.dropout_param['seed'] = seed
    for k, v in self.params.iteritems():
      self.params[k] = v.astype(dtype)

  def loss(self, X, y=None):
    X = X.astype(self.dtype)
    mode = 'test' if y is None else 'train'
    if self.dropout_param is not None:
      self.dropout_param['mode'] = mode
    out, caches = X, []
    for i in xrange(1, self.num_layers):
      out, cache = affine_relu_forward(out, self.params['W%d' % i], self.params['b%d' % i])
      drop_cache = None
      if self.use_dropout:
        out, drop_cache = dropout_forward(out, self.dropout_param)
      caches.append((cache, drop_cache))
    last = `self.num_layers`
    scores, cache = affine_forward(out, self.params['W' + last], self.params['b' + last])
    if mode == 'test':
      return scores
    loss, dout = softmax_loss(scores, y)
    grads = {}
    dout, grads['W' + last], grads['b' + last] = affine_backward(dout, cache)
    for i in xrange(self.num_layers - 1, 0, -1):
      cache, drop_cache = caches[i - 1]
      if self.use_dropout:
        dout = dropout_backward(dout, drop_cache)
      dout, grads['W%d' % i], grads['b%d' % i] = affine_relu_backward(dout, cache)
    for i in xrange(1, self.num_layers + 1):
      W = self.params['W%d' % i]
      loss += 0.5 * self.reg * np.sum(W * W)
      grads['W%d' % i] += self.reg * W
    return loss, grads
""",
}
