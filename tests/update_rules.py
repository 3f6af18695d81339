"""Runs of an update rule, the student's and the reference's, from the same start."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from autograder.grading import expect

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


def with_published_t(adam: Rule, rng: np.random.Generator) -> Rule:
    """`adam` with a t that counts the steps made so far, from 0, as the docstring says.

    A run that starts without a t shows with its own first step that nothing is to be done.
    """
    published: Rule | None = None

    def counting_from_0(w: np.ndarray, dw: np.ndarray, config: Any = None) -> tuple[Any, Any]:
        nonlocal published
        if published is None:
            if "t" not in (config or {}):
                next_w, after = step(adam, w, dw, config)
                if not _counts_from_1(after):
                    published = adam
                    return next_w, after
            published = _corrected(adam, rng)
        return step(published, w, dw, config)

    return counting_from_0


def _counts_from_1(config: Any) -> bool:
    """Whether this is what comes back from a first step that started at t = 1."""
    return expect.mapping(config, (), name="config").get("t") == 2


def _corrected(adam: Rule, rng: np.random.Generator) -> Rule:
    """`adam` with the published t, whatever its own is.

    Skeletons of some years let t start at 1. Counted up after its use, that is the same rule with
    another t in its config. Counted up before, which the checks of those years asked for, only
    a start without a t differs: its first step is step 2. A first step shows which it is.
    """
    w, (dw,) = draw(rng, (2, 3), 1)
    next_w, config = step(adam, w, dw)
    if not _counts_from_1(config):
        return adam
    # The corrected averages of step 1 are dw and dw**2.
    moved = np.abs(w - expect.array(next_w, w.shape, name="next_w"))
    ahead = 1 if np.allclose(moved, 1e-3, rtol=1e-3) else 0

    def counting_from_0(w: np.ndarray, dw: np.ndarray, config: Any = None) -> tuple[Any, Any]:
        config = config or {}
        next_w, config = step(adam, w, dw, {**config, "t": config.get("t", 0) + ahead})
        config = expect.mapping(config, ["t"], name="config")
        return next_w, {**config, "t": expect.scalar(config["t"], name='config["t"]') - ahead}

    return counting_from_0


def check_state(config: Any, want: Mapping[str, Any], *, tol: float = 1e-6) -> None:
    """The returned config holds what the rule remembers, under the published keys."""
    values = expect.mapping(config, want, name="config")
    for key, wanted in want.items():
        hint = "The next step starts from it: store the new one."
        expect.close(values[key], wanted, name=f'config["{key}"]', tol=tol, hint=hint)


def check_epsilon(student: Rule, rng: np.random.Generator) -> None:
    """Epsilon keeps 0 / 0 away and makes steps smaller, wherever in the denominator it stands."""
    w, (dw,) = draw(rng, (3, 4), 1)
    still, _ = step(student, w, np.zeros_like(w))
    hint = "A gradient of 0 moves nothing; epsilon keeps the division from being 0 / 0."
    expect.close(still, w, name="next_w", hint=hint)
    moves = []
    for epsilon in (1e-8, 10.0):
        next_w, _ = step(student, w, dw, {"epsilon": epsilon})
        moves.append(np.sign(dw) * (w - expect.array(next_w, w.shape, name="next_w")))
    expect.that(
        bool((moves[1] < 0.9 * moves[0]).all()),
        "a larger epsilon should make smaller steps; is epsilon read from config?",
    )
    expect.that(
        bool((moves[1] > 0).all()), "with a large epsilon, too, steps go against the gradient"
    )


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
    """Parameters and a gradient for each step, no entry of which is close to 0.

    So it does not matter whether epsilon stands inside or outside of the root, or before or after
    the correction of it.
    """
    signs = rng.choice([-1, 1], size=(steps, *shape))
    return rng.normal(size=shape), list(signs * rng.uniform(1, 3, size=(steps, *shape)))
