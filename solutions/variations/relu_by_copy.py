"""ReLU by setting entries of a copy to 0.

The argument stays as it is.
"""


def relu_forward(x):
    out = x.copy()
    out[x < 0] = 0
    return out, x


def relu_backward(dout, cache):
    dx = dout.copy()
    dx[cache < 0] = 0
    return dx
