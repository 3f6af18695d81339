"""Gradient checks of a student's layers, through the proxy and with few messages."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from autograder.grading import expect
from autograder.sandbox import StudentError

STEP = 1e-5


def cache_of(student: Any, forward: str, arguments: Sequence[Any], published: Any) -> Any:
    """Return the cache of the student's own forward pass.

    Where that pass is not written yet, return the published form of the cache, so that a right
    backward pass earns its points without it.
    """
    try:
        result = getattr(student, forward)(*arguments)
    except StudentError:
        return published
    _, cache = expect.results(result, "out", "cache")
    return cache


def check_slope(
    forward: Callable[..., Any],
    arguments: Sequence[Any],
    position: int,
    dout: np.ndarray,
    gradient: object,
    rng: np.random.Generator,
    *,
    name: str,
    tol: float = 1e-6,
) -> None:
    """Fail unless `gradient` agrees with the student's own forward pass.

    Compares the derivative of sum(out * dout) along a random direction of the argument at
    `position` with what the gradient says about it: a wrong entry changes the slope along almost
    every direction, so two forward passes check them all.

    Parameters
    ----------
    forward : returns (out, cache) for `arguments`.
    gradient : what the student's backward pass returned for that argument.
    name : what students call the gradient, e.g. "dw".
    """
    point = arguments[position]
    gradient = expect.array(gradient, point.shape, name=name)
    direction = rng.normal(size=point.shape)

    def output(sign: int) -> float:
        moved = list(arguments)
        moved[position] = point + sign * STEP * direction
        out, _ = expect.results(forward(*moved), "out", "cache")
        return float(np.sum(expect.array(out, dout.shape, name="out") * dout))

    numeric = (output(+1) - output(-1)) / (2 * STEP)
    expect.that(numeric != 0, f"out does not depend on what {name} is the gradient of")
    error = abs(numeric - float(np.sum(gradient * direction)))
    expect.that(
        error <= tol * max(abs(numeric), float(np.linalg.norm(gradient))),
        f"{name} does not agree with a numerical gradient of your own forward pass",
    )
