import numpy as np
import pytest
from numpy.lib.stride_tricks import sliding_window_view

from autograder.tests.solutions.oracle import read_only
from solutions.conv import conv_forward_naive

# N, C, H, W, F, HH, WW, stride, pad
SIZES = [
    (2, 3, 4, 4, 3, 4, 4, 2, 1),
    (1, 1, 3, 3, 1, 2, 2, 1, 0),
    (2, 2, 5, 7, 4, 3, 3, 2, 1),
    (3, 1, 6, 4, 2, 2, 1, 1, 0),
    (1, 4, 1, 1, 5, 1, 1, 3, 0),
    (1, 2, 2, 3, 2, 6, 7, 1, 2),
    (2, 1, 7, 7, 1, 1, 1, 3, 0),
]


def arguments(N, C, H, W, F, HH, WW):
    rng = np.random.default_rng(3)
    return rng.normal(size=(N, C, H, W)), rng.normal(size=(F, C, HH, WW)), rng.normal(size=F)


def oracle(x, w, b, stride, pad):
    """All windows at once; every stride-th of them in both directions."""
    padded = np.zeros((*x.shape[:2], x.shape[2] + 2 * pad, x.shape[3] + 2 * pad))
    padded[:, :, pad : pad + x.shape[2], pad : pad + x.shape[3]] = x
    windows = sliding_window_view(padded, w.shape[2:], axis=(2, 3))[:, :, ::stride, ::stride]
    return np.einsum("ncijuv,fcuv->nfij", windows, w) + b[:, np.newaxis, np.newaxis]


@pytest.mark.parametrize("sizes", SIZES, ids=str)
def test_equals_a_sum_over_sliding_windows(sizes):
    *shape, stride, pad = sizes
    x, w, b = arguments(*shape)
    out, _ = conv_forward_naive(x, w, b, {"stride": stride, "pad": pad})
    want = oracle(x, w, b, stride, pad)
    np.testing.assert_allclose(out, want, rtol=1e-12, atol=1e-12, strict=True)


def test_of_a_3_by_3_image_worked_out_by_hand():
    x = np.arange(1.0, 10.0).reshape(1, 1, 3, 3)
    w = np.array([1.0, 0.0, 0.0, -2.0]).reshape(1, 1, 2, 2)
    out, _ = conv_forward_naive(x, w, np.array([0.5]), {"stride": 1, "pad": 0})
    want = np.array([[1 - 10, 2 - 12], [4 - 16, 5 - 18]]) + 0.5
    np.testing.assert_array_equal(out, want.reshape(1, 1, 2, 2), strict=True)


@pytest.mark.parametrize(
    "sizes",
    [
        (1, 1, 4, 5, 1, 2, 2, 2, 0),
        (1, 1, 5, 4, 1, 2, 2, 2, 0),
        (1, 1, 2, 5, 1, 3, 3, 1, 0),
        (1, 1, 5, 2, 1, 3, 3, 1, 0),
    ],
    ids=["width", "height", "too tall", "too wide"],
)
def test_refuses_a_filter_that_does_not_fit(sizes):
    *shape, stride, pad = sizes
    with pytest.raises(ValueError, match="does not fit evenly"):
        conv_forward_naive(*arguments(*shape), {"stride": stride, "pad": pad})


def test_refuses_filters_of_other_channels():
    """A single channel would otherwise stretch over all of them."""
    x, w, b = np.ones((1, 3, 4, 4)), np.ones((2, 1, 2, 2)), np.ones(2)
    with pytest.raises(ValueError, match="3 channels but the filters 1"):
        conv_forward_naive(x, w, b, {"stride": 1, "pad": 0})


def test_changes_no_argument_and_keeps_float32():
    arrays = read_only(*(array.astype(np.float32) for array in arguments(1, 2, 4, 4, 2, 3, 3)))
    conv_param = {"stride": 1, "pad": 1}
    out, cache = conv_forward_naive(*arrays, conv_param)
    assert out.dtype == np.float32
    assert conv_param == {"stride": 1, "pad": 1}
    assert all(kept is array for kept, array in zip(cache, arrays, strict=False))
