"""What freshly made parameters of a net must look like."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from autograder.grading import expect
from autograder.sandbox import Path, StudentError, fetch

Params = Mapping[str, object] | Path


def params_of(net: Any) -> Params:
    """All parameters of the net, read in one message.

    What is no dict, but goes by names as well, is read entry by entry.
    """
    params = fetch(net.params)
    return params if isinstance(params, dict) else net.params


def parameter(params: Params, name: str) -> object:
    """A value of the net's params, or fail: they have no such entry."""
    try:
        return params[name]
    except (KeyError, StudentError) as error:
        if isinstance(error, StudentError) and error.etype != "KeyError":
            raise
        expect.fail(f"params has no entry {name!r}")


def bias(params: Params, layer: int) -> object:
    """The bias of a layer; one that is a row, (1, units), without its first axis.

    Added to scores, and changed by a gradient (units,), both are the same.
    """
    value = parameter(params, f"b{layer}")
    if isinstance(value, np.ndarray) and value.ndim == 2 and len(value) == 1:
        return value[0]
    return value


def check_shapes(net: Any, dims: Sequence[int]) -> None:
    """Every layer has its W and its b, in the shapes that `dims` (inputs first) asks for."""
    params = params_of(net)
    for layer, (fan_in, fan_out) in enumerate(pairwise(dims), 1):
        W = parameter(params, f"W{layer}")
        expect.floats(W, (fan_in, fan_out), name=f'params["W{layer}"]')
        expect.floats(bias(params, layer), (fan_out,), name=f'params["b{layer}"]')


def check_weights(params: Params, name: str, shape: tuple[int, ...], scale: float) -> None:
    """Weights of a net look drawn from a normal distribution around 0 with deviation `scale`.

    Needs a few thousand entries. By the tail bounds of the chi-square and the normal
    distribution each of the three conditions misses a right solution with a chance below 1e-12.
    """
    value, name = parameter(params, name), f'params["{name}"]'
    W = np.asarray(expect.floats(value, shape, name=name), dtype=np.float64) / scale
    deviation = float(np.sqrt(np.mean(W**2)))
    # mean(W**2) is within 2 * sqrt(t / n) + 2 * t / n of 1 but for a chance of 2 * exp(-t).
    share = 30 / W.size
    slack = 2 * share**0.5 + 2 * share
    expect.that(
        abs(deviation**2 - 1) <= slack,
        f"{name} has the wrong standard deviation; it should be weight_scale",
    )
    expect.that(abs(W.mean()) <= 8 / W.size**0.5, f"{name} should be distributed around 0")
    expect.that(
        bool(np.abs(W).max() > 2), f"{name} should be normally distributed; use np.random.randn"
    )


def check_biases(net: Any, dims: Sequence[int]) -> None:
    """All biases are zeros."""
    params = params_of(net)
    for layer, units in enumerate(dims[1:], 1):
        name = f'params["b{layer}"]'
        expect.close(bias(params, layer), np.zeros(units), name=name, hint="Biases start at 0.")
