"""Affine layer that adds the bias in place, to the new product.

out is the student's own array; x, w and b stay as they are.
"""


def affine_forward(x, w, b):
    out = x.reshape(x.shape[0], -1).dot(w)
    out += b
    return out, (x, w, b)


def affine_backward(dout, cache):
    x, w, b = cache
    dx = dout.dot(w.T)
    dx.shape = x.shape
    dw = x.reshape(x.shape[0], -1).T.dot(dout)
    return dx, dw, dout.sum(axis=0).reshape(b.shape)
