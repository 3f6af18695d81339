"""Convolution by sliding_window_view and np.einsum.

The view holds every window; the step of a slice is the stride.
"""

import numpy as np


def conv_forward_naive(x, w, b, conv_param):
    stride, pad = conv_param["stride"], conv_param["pad"]
    padded = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, w.shape[2:], axis=(2, 3))
    windows = windows[:, :, ::stride, ::stride]
    out = np.einsum("ncijkl,fckl->nfij", windows, w) + b[:, None, None]
    return out, (x, w, b, conv_param)
