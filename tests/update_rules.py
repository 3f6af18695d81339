"""Runs of an update rule, the student's and the reference's, from the same start."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from autograder.grading import expect
from autograder.sandbox import Remote, fetch

Rule = Callable[[np.ndarray, np.ndarray, dict[str, Any] | None], Any]


def step(rule: Rule, w: np.ndarray, dw: np.ndarray, config: Any = None) -> tuple[Any, Any]:
    """One step: next_w and the config for the next call."""
    next_w, config = expect.results(rule(w, dw, config), "next_w", "config")
    return next_w, config


def run(
    rule: Rule, w: np.ndarray, gradients: Sequence[np.ndarray], config: Any = None
) -> tuple[list[np.ndarray], Any]:
    """Parameters after each step and the last config; each step uses the config of the last."""
    path = []
    for dw in gradients:
        w, config = step(rule, w, dw, config)
        w = expect.array(w, dw.shape, name="next_w")
        path.append(w)
    return path, config


def check_run(
    student: Rule,
    reference: Rule,
    w: np.ndarray,
    gradients: Sequence[np.ndarray],
    config: dict[str, Any] | None = None,
    *,
    hint: str,
    tol: float = 1e-5,
) -> None:
    """After every step the student's parameters moved as the reference's did.

    What is compared is the way from `w`: the parameters themselves are much larger. The tolerance
    admits every usual place for epsilon.
    """
    got, _ = run(student, w, gradients, config)
    want, _ = run(reference, w, gradients, config)
    for number, (value, wanted) in enumerate(zip(got, want, strict=True), 1):
        later = " with the config that came back" if number > 1 else ""
        expect.close(
            value - w, wanted - w, name=f"The move of step {number}{later}", tol=tol, hint=hint
        )


def check_state(config: Any, want: Mapping[str, Any], *, tol: float = 1e-6) -> None:
    """The returned config holds what the rule remembers, under the published keys."""
    values = fetch(config) if isinstance(config, Remote) else config
    values = expect.mapping(values, want, name="config")
    for key, wanted in want.items():
        expect.close(values[key], wanted, name=f'config["{key}"]', tol=tol)


def check_shapes(
    student: Rule, reference: Rule, rng: np.random.Generator, shapes: Sequence[tuple[int, ...]]
) -> None:
    """Parameters of any shape are moved entry by entry."""
    for shape in shapes:
        w, gradients = draw(rng, shape, 2)
        check_run(student, reference, w, gradients, hint="w may have any shape.")


def check_float32(student: Rule, reference: Rule, rng: np.random.Generator) -> None:
    """Parameters and gradients may be float32."""
    w, gradients = draw(rng, (4, 3), 3)
    single = [dw.astype(np.float32) for dw in gradients]
    got, _ = run(student, w.astype(np.float32), single)
    want, _ = run(reference, w, gradients)
    expect.floats(got[-1], w.shape, name="next_w")
    expect.close(got[-1], want[-1], name="next_w", tol=1e-4)


def draw(
    rng: np.random.Generator, shape: tuple[int, ...], steps: int
) -> tuple[np.ndarray, list[np.ndarray]]:
    """Parameters and a gradient for each step, no entry of which is close to 0."""
    signs = rng.choice([-1, 1], size=(steps, *shape))
    return rng.normal(size=shape), list(signs * rng.uniform(0.3, 2, size=(steps, *shape)))
