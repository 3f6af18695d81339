"""Layers as lambdas.

A lambda with a name is a function like any other.
"""

import numpy as np

relu_forward = lambda x: (np.maximum(x, 0), x)
relu_backward = lambda dout, cache: dout * (cache > 0)
affine_forward = lambda x, w, b: (x.reshape(len(x), -1) @ w + b, (x, w, b))
