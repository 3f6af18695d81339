"""Checks of the naive convolution."""

import numpy as np

from nnkit.check.judge import close, parts, unchanged
from nnkit.check.registry import checks

# Outputs for the inputs of the checks below.
ONE_FILTER = [[[[1.0625, 1.4375], [2.1875, 2.5625]]]]
STRIDE_TWO = [
    [
        [[3.6417310423, 0.8383372506], [1.833540663, -3.1207736051]],
        [[-2.7620511561, -0.879589163], [-1.4104432016, 0.8451540227]],
        [[-0.6289740367, 1.6266231877], [0.7858983364, 5.0838336598]],
    ],
    [
        [[4.1189454785, -1.2083804427], [-0.246742271, -2.4154800715]],
        [[-2.841602613, 0.1386255803], [-0.3270229542, 0.3225247798]],
        [[-1.0830389936, 3.3770403219], [2.5509059052, 4.5306252711]],
    ],
]
PADDED = [
    [
        [
            [0.2829490405, -2.2396494018, 0.5851809984],
            [-1.3121088975, -0.3443891844, 3.0445396781],
            [0.2869341431, 1.6089073205, 1.4143844696],
        ],
        [
            [-0.7812833303, -1.2629729547, -1.0979159882],
            [1.2103304217, -0.8535178975, -0.8398425147],
            [-0.265279591, -3.4203028551, -1.4355656692],
        ],
    ]
]


def _inputs():
    x = np.sin(np.arange(64.0)).reshape(2, 2, 4, 4)
    w = np.cos(np.arange(24.0)).reshape(3, 2, 2, 2)
    return x, w, np.array([0.5, -1.0, 2.0])


def _out(student, x, w, b, stride, pad):
    got = student.conv_forward_naive(x, w, b, {"stride": stride, "pad": pad})
    return parts(got, ("out", "cache"), "conv_forward_naive")[0]


@checks("conv_forward_naive", "one image, one filter")
def one_filter(student):
    x, w = np.linspace(-1, 2, 9).reshape(1, 1, 3, 3), np.linspace(-0.5, 1, 4).reshape(1, 1, 2, 2)
    out = _out(student, x, w, np.zeros(1), 1, 0)
    close(out, ONE_FILTER, "out", hint="The filter is not flipped; out[n, f, i, j] is one sum.")


@checks("conv_forward_naive", "channels, filters, bias, stride 2")
def stride_two(student):
    x, w, b = _inputs()
    out = _out(student, x, w, b, 2, 0)
    hint = "Sum over all channels, add b[f] once; windows start at stride * i and stride * j."
    suspects = {"The bias is missing: add b[f].": STRIDE_TWO - b[:, None, None]}
    close(out, STRIDE_TWO, "out", hint=hint, suspects=suspects)


@checks("conv_forward_naive", "padding")
def padding(student):
    x, w, b = _inputs()
    out = _out(student, x[:1], w[:2], b[:2], 2, 1)
    close(out, PADDED, "out", hint="Zeros go around height and width only, on all four sides.")


@checks("conv_forward_naive", "leaves its arguments alone")
def arguments(student):
    x, w, b = _inputs()
    before = x.copy()
    _out(student, x, w, b, 1, 1)
    unchanged(before, x, "x")
