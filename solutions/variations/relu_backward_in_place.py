"""ReLU whose backward pass works on dout itself.

The upstream gradient is not needed afterwards: backward passes may overwrite it. Forward passes may
not change x.
"""


def relu_backward(dout, cache):
    dout[cache <= 0] = 0
    return dout
