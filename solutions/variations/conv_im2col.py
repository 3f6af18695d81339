"""Convolution as one matrix product: the windows become columns (im2col).

The sums are those of the loops.
"""

import numpy as np


def columns_of(x, height, width, stride):
    """Windows of padded images as rows, and the size of the output."""
    H_out, W_out = (x.shape[2] - height) // stride + 1, (x.shape[3] - width) // stride + 1
    windows = [
        x[:, :, i : i + height, j : j + width].reshape(len(x), -1)
        for i in range(0, H_out * stride, stride)
        for j in range(0, W_out * stride, stride)
    ]
    return np.stack(windows, axis=1), H_out, W_out


def conv_forward_naive(x, w, b, conv_param):
    pad = conv_param["pad"]
    padded = np.pad(x, [(0, 0), (0, 0), (pad, pad), (pad, pad)], mode="constant")
    columns, H_out, W_out = columns_of(padded, *w.shape[2:], conv_param["stride"])
    out = columns @ w.reshape(len(w), -1).T + b
    out = out.transpose(0, 2, 1).reshape(len(x), len(w), H_out, W_out)
    return out, (x, w, b, conv_param)
