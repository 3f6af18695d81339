"""Hidden checks of `conv_forward_naive`."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest

from autograder.grading import expect

TASK = "conv_forward_naive"


@dataclass(frozen=True)
class Case:
    """Sizes of images (N, C, H, W) and filters (F, HH, WW), stride and padding."""

    images: tuple[int, int, int, int]
    filters: tuple[int, int, int]
    stride: int = 1
    pad: int = 0


def draw(rng, case, dtype=np.float64):
    """x, w, b and conv_param of a case."""
    count, height, width = case.filters
    sizes = (case.images, (count, case.images[1], height, width), (count,))
    x, w, b = (rng.normal(size=size).astype(dtype) for size in sizes)
    return x, w, b, {"stride": case.stride, "pad": case.pad}


def forward(student, x, w, b, param):
    """`out` of the student's forward pass."""
    out, _ = expect.results(student.conv_forward_naive(x, w, b, param), "out", "cache")
    return out


def check(student, reference, rng, case, hint=""):
    """The student's output is the reference's."""
    x, w, b, param = draw(rng, case)
    want, _ = reference.conv_forward_naive(x, w, b, param)
    flipped, _ = reference.conv_forward_naive(x, w[:, :, ::-1, ::-1], b, param)
    mistakes = {
        "The bias is missing.": want - b[:, np.newaxis, np.newaxis],
        "In deep learning the filter is not flipped.": flipped,
    }
    got = forward(student, x, w, b, param)
    expect.close(got, want, name="out", hint=hint, mistakes=mistakes)


@pytest.mark.task(TASK)
def test_one_channel(student, reference, rng):
    hint = "Each output is the sum of the products of the filter with what lies under it, plus b."
    check(student, reference, rng, Case((1, 1, 4, 5), (1, 2, 3)), hint)


@pytest.mark.task(TASK)
def test_channels(student, reference, rng):
    hint = "A filter spans all channels: sum over them, too."
    check(student, reference, rng, Case((1, 3, 5, 4), (1, 3, 2)), hint)


@pytest.mark.task(TASK)
def test_filters_and_images(student, reference, rng):
    hint = "Every image meets every filter; out has the shape (N, F, H_out, W_out)."
    check(student, reference, rng, Case((3, 2, 5, 6), (4, 2, 3)), hint)


@pytest.mark.task(TASK)
@pytest.mark.parametrize("pad", [1, 3])
def test_pad(student, reference, rng, pad):
    hint = "Put `pad` rows and columns of zeros around each side of every image."
    check(student, reference, rng, Case((2, 3, 5, 4), (2, 3, 2), pad=pad), hint)


@pytest.mark.task(TASK)
@pytest.mark.parametrize("stride", [2, 3])
def test_stride(student, reference, rng, stride):
    case = Case((2, 2, 2 + 2 * stride, 3 + 3 * stride), (3, 2, 3), stride=stride)
    hint = "Neighbouring positions are `stride` pixels apart, down and across alike."
    check(student, reference, rng, case, hint)


@pytest.mark.task(TASK, weight=2)
def test_pad_and_stride(student, reference, rng):
    hint = "The padded image is what the filter slides over in steps of `stride`."
    check(student, reference, rng, Case((3, 3, 7, 5), (4, 3, 3), stride=2, pad=1), hint)


@pytest.mark.task(TASK, weight=0.5)
@pytest.mark.parametrize(
    "case",
    [Case((2, 3, 4, 5), (2, 1, 1)), Case((2, 3, 4, 5), (2, 4, 5)), Case((1, 1, 1, 1), (1, 1, 1))],
    ids=["one_pixel_filter", "filter_as_large_as_image", "one_pixel"],
)
def test_edge(student, reference, rng, case):
    check(student, reference, rng, case, "Keep all four axes, also of size 1.")


@pytest.mark.task(TASK, weight=0.5)
def test_float32(student, reference, rng):
    x, w, b, param = draw(rng, Case((2, 3, 5, 5), (3, 3, 3), pad=1), np.float32)
    want, _ = reference.conv_forward_naive(x, w, b, param)
    out = expect.floats(forward(student, x, w, b, param), want.shape, name="out")
    expect.close(out, want, name="out", tol=1e-4)


@pytest.mark.task(TASK, weight=0.5)
def test_x_unchanged(student, rng):
    x, w, b, param = draw(rng, Case((2, 2, 4, 4), (2, 3, 3), pad=1))
    result, after = student.conv_forward_naive.inout(x, w, b, param)
    out, _ = expect.results(result, "out", "cache")
    expect.floats(out, (2, 2, 4, 4), name="out")
    expect.unchanged(x, after[0], name="x")
