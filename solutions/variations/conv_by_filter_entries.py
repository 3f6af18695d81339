"""Convolution as a sum over the entries of the filter.

Each entry of a filter meets a shifted copy of all images: the loops are over the filter, not over
the image.
"""

import numpy as np


def conv_forward_naive(x, w, b, conv_param):
    stride, pad = int(conv_param["stride"]), int(conv_param["pad"])
    padded = np.pad(x, ((0,), (0,), (pad,), (pad,)), "constant", constant_values=0)
    F, _, HH, WW = w.shape
    H_out = int(1 + (x.shape[2] + 2 * pad - HH) / stride)
    W_out = int(1 + (x.shape[3] + 2 * pad - WW) / stride)
    out = np.tile(b.reshape(1, F, 1, 1), (len(x), 1, H_out, W_out))
    for k in range(HH):
        for m in range(WW):
            bottom, right = k + stride * (H_out - 1) + 1, m + stride * (W_out - 1) + 1
            shifted = padded[:, :, k:bottom:stride, m:right:stride]
            out += np.einsum("ncij,fc->nfij", shifted, w[:, :, k, m])
    return out, (x, w, b, conv_param)
