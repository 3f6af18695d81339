"""ReLU as a product with the mask.

Negative entries times False give -0.0, which equals 0.
"""


def relu_forward(x):
    return x * (x > 0), x


def relu_backward(dout, cache):
    return dout * (cache > 0)
