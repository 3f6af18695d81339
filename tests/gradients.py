"""Gradient checks of a student's layers, through the proxy and with few messages."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
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
    gradient = expect.array(gradient, arguments[position].shape, name=name)
    direction = rng.normal(size=gradient.shape)
    numeric = _slope(forward, arguments, {position: direction}, dout)
    expect.that(numeric != 0, f"out does not depend on what {name} is the gradient of")
    error = abs(numeric - float(np.sum(gradient * direction)))
    expect.that(
        error <= tol * max(abs(numeric), float(np.linalg.norm(gradient))),
        f"{name} does not agree with a numerical gradient of your own forward pass",
    )


def check_slopes(
    forward: Callable[..., Any],
    arguments: Sequence[Any],
    dout: np.ndarray,
    gradients: Mapping[str, object],
    rng: np.random.Generator,
    *,
    tol: float = 1e-6,
) -> None:
    """Do as `check_slope` for all arguments, with two forward passes where all gradients are right.

    Whatever is wrong about one of them changes the slope along a direction of all arguments
    together as well. So that no mistake is missed that a look at each would see, the tolerance is a
    tenth of that of the smallest gradient, and a gradient that is 0 gets that look.

    Parameters
    ----------
    gradients : by what students call them, in the order of the arguments.
    """
    points = dict(enumerate(arguments))
    got = [
        expect.array(gradient, points[position].shape, name=name)
        for position, (name, gradient) in enumerate(gradients.items())
    ]
    directions = {position: rng.normal(size=point.shape) for position, point in points.items()}
    numeric = _slope(forward, arguments, directions, dout)
    error = abs(numeric - sum(float(np.sum(got[at] * directions[at])) for at in points))
    smallest = min(float(np.linalg.norm(gradient)) for gradient in got)
    if smallest and error <= tol / 10 * smallest:
        return
    for position, name in enumerate(gradients):
        check_slope(forward, arguments, position, dout, got[position], rng, name=name, tol=tol)


def _slope(
    forward: Callable[..., Any],
    arguments: Sequence[Any],
    directions: Mapping[int, np.ndarray],
    dout: np.ndarray,
) -> float:
    """Derivative of sum(out * dout) along directions of the arguments at these positions."""

    def output(sign: int) -> float:
        moved = list(arguments)
        for position, direction in directions.items():
            moved[position] = arguments[position] + sign * STEP * direction
        out, _ = expect.results(forward(*moved), "out", "cache")
        return float(np.sum(expect.array(out, dout.shape, name="out") * dout))

    return (output(+1) - output(-1)) / (2 * STEP)
