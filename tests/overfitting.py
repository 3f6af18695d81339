"""Trains the reference net with a student's settings: 50 examples, to be learnt by heart."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from types import SimpleNamespace

import numpy as np
from nnkit import Solver

from autograder.grading import expect
from tests.images import training_images

EXAMPLES, BATCH, EPOCHS, RUNS = 50, 25, 20, 3
LARGEST = {"weight_scale": 10.0, "learning_rate": 100.0}


def check_settings(got: object) -> dict[str, float]:
    """Return the settings as plain floats within sane bounds, or fail."""
    values = expect.mapping(got, LARGEST, name="the returned value")
    settings = {key: expect.scalar(values[key], name=key) for key in LARGEST}
    for key, value in settings.items():
        expect.that(0 < value <= LARGEST[key], f"{key} should be above 0 and not huge")
    return settings


def best_accuracy(
    reference: SimpleNamespace,
    hidden: list[int],
    settings: dict[str, float],
    seed: int,
    goal: float,
) -> float:
    """The best training accuracy of a few runs, each with other images and other weights.

    Settings that work do so for most images and weights; one run that reaches `goal` is enough.
    """
    best = 0.0
    for run in range(RUNS):
        best = max(best, _accuracy(reference, hidden, settings, seed + run))
        if best >= goal:
            break
    return best


def _accuracy(
    reference: SimpleNamespace, hidden: list[int], settings: dict[str, float], seed: int
) -> float:
    X, y = training_images(EXAMPLES, seed)
    data = {"X_train": X, "y_train": y, "X_val": X[:1], "y_val": y[:1]}
    # A net with settings that are far too large overflows; that is its verdict, not a warning.
    with _numpy_seed(seed % 2**32), redirect_stdout(io.StringIO()), np.errstate(all="ignore"):
        net = reference.FullyConnectedNet(
            hidden, weight_scale=settings["weight_scale"], dtype=np.float64
        )
        solver = Solver(
            net,
            data,
            update_rule=reference.sgd,
            optim_config={"learning_rate": settings["learning_rate"]},
            batch_size=BATCH,
            num_epochs=EPOCHS,
            verbose=False,
        )
        solver.train()
    return max(solver.train_acc_history)


@contextmanager
def _numpy_seed(seed: int) -> Iterator[None]:
    """Seed numpy's global generator, which nets and Solver draw from, for a while."""
    state = np.random.get_state()
    np.random.seed(seed)
    try:
        yield
    finally:
        np.random.set_state(state)
