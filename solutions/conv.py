"""Convolution, written for clarity instead of speed."""

import numpy as np


def conv_forward_naive(x, w, b, conv_param):
    """Forward pass of a convolutional layer.

    Each of F filters slides over the height and width of every image and, at each position, takes
    the sum of the products with what lies under it in all C channels, plus its bias. As usual in
    deep learning the filter is not flipped (strictly: a cross-correlation) [1]_.

    Parameters
    ----------
    x : ndarray of float, shape (N, C, H, W)
        N images of C channels.
    w : ndarray of float, shape (F, C, HH, WW)
        F filters; each spans all channels.
    b : ndarray of float, shape (F,)
        Biases, one for each filter.
    conv_param : dict
        - stride : int >= 1, pixels between neighbouring positions, down and across alike.
        - pad : int >= 0, rows and columns of zeros put around each side of every image.

    Returns
    -------
    out : ndarray, shape (N, F, H_out, W_out)
        H_out = 1 + (H + 2 * pad - HH) / stride, W_out = 1 + (W + 2 * pad - WW) / stride; in the
        dtype of the inputs.
    cache : tuple
        (x, w, b, conv_param), as they came in.

    Raises
    ------
    ValueError
        If H_out or W_out is not a whole number of at least 1, that is, if the positions of the
        filter do not cover the padded image evenly; or if x and w differ in C.

    References
    ----------
    .. [1] Y. LeCun, L. Bottou, Y. Bengio and P. Haffner, "Gradient-Based Learning Applied to
       Document Recognition", Proceedings of the IEEE 86, 1998.
    """
    stride, pad = conv_param["stride"], conv_param["pad"]
    # TODO: check the sizes, pad a copy of `x`, and compute `out`. Plain loops are fine.
    ### BEGIN SOLUTION
    N, C, H, W = x.shape
    F, filter_channels, HH, WW = w.shape
    free_rows, free_columns = H + 2 * pad - HH, W + 2 * pad - WW
    if filter_channels != C:
        raise ValueError(f"the images have {C} channels but the filters {filter_channels}")
    if min(free_rows, free_columns) < 0 or free_rows % stride or free_columns % stride:
        raise ValueError(
            f"a {HH} x {WW} filter with stride {stride} does not fit evenly on a "
            f"{H + 2 * pad} x {W + 2 * pad} padded image"
        )
    padded = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    H_out, W_out = 1 + free_rows // stride, 1 + free_columns // stride
    out = np.empty((N, F, H_out, W_out), dtype=np.result_type(x, w, b))
    for i in range(H_out):
        for j in range(W_out):
            top, left = i * stride, j * stride
            window = padded[:, :, top : top + HH, left : left + WW]
            out[:, :, i, j] = np.tensordot(window, w, axes=([1, 2, 3], [1, 2, 3])) + b
    ### END SOLUTION
    cache = (x, w, b, conv_param)
    return out, cache
