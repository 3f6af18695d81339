"""Trains the reference net with a student's settings: 50 examples, to be learnt by heart."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from types import SimpleNamespace

import numpy as np

from autograder.grading import expect
from tests.images import training_images
from tests.nets import weights

EXAMPLES, BATCH, EPOCHS, RUNS = 50, 25, 20, 3
LARGEST = {"weight_scale": 10.0, "learning_rate": 100.0}
Settings = dict[str, float]


def check_settings(got: object) -> Settings:
    """Return the settings as plain floats within sane bounds, or fail."""
    values = expect.mapping(got, LARGEST, name="the returned value")
    settings = {key: expect.scalar(values[key], name=key) for key in LARGEST}
    for key, value in settings.items():
        expect.that(0 < value <= LARGEST[key], f"{key} should be above 0 and not huge")
    return settings


def check_learns(
    reference: SimpleNamespace, hidden: list[int], settings: Settings, seed: int, share: float
) -> None:
    """Fail unless a net learns `share` of the examples, in one of a few runs.

    Each run has other images and other weights: settings that work do so for most of them.
    """
    expect.that(
        best_accuracy(reference.FullyConnectedNet, tuple(hidden), *settings.values(), seed)
        >= share,
        f"a right net trained with these settings learns less than {share:.0%} of 50 examples; "
        "are weight scale and learning rate large enough, and does the loss stay finite?",
    )


@lru_cache(maxsize=64)  # one training serves the checks of a task
def best_accuracy(
    make_net: Callable[..., object],
    hidden: tuple[int, ...],
    weight_scale: float,
    learning_rate: float,
    seed: int,
) -> float:
    """The best training accuracy of a few runs; the first that learns everything is the last."""
    best = 0.0
    for run in range(RUNS):
        best = max(best, _accuracy(make_net, hidden, weight_scale, learning_rate, seed + run))
        if best == 1.0:
            break
    return best


def _accuracy(
    make_net: Callable[..., object],
    hidden: tuple[int, ...],
    weight_scale: float,
    learning_rate: float,
    seed: int,
) -> float:
    """The best training accuracy at the end of an epoch of minibatch SGD."""
    X, y = coordinates(training_images(EXAMPLES, seed))
    rng, best = np.random.default_rng(seed), 0.0
    net = make_net(list(hidden), input_dim=EXAMPLES, dtype=np.float64)
    for name in weights(net.params):  # the same ones again, whatever was drawn before
        net.params[name] = weight_scale * rng.normal(size=net.params[name].shape)
    # A net with settings that are far too large overflows; that is its verdict, not a warning.
    with np.errstate(all="ignore"):
        for _ in range(EPOCHS):
            for batch in rng.integers(EXAMPLES, size=(EXAMPLES // BATCH, BATCH)):
                loss, grads = net.loss(X[batch], y[batch])
                if not np.isfinite(loss):
                    return best
                for name, gradient in grads.items():
                    net.params[name] -= learning_rate * gradient
            best = max(best, float(np.mean(np.argmax(net.loss(X), axis=1) == y)))
            if best == 1.0:
                break
    return best


def coordinates(examples: tuple[np.ndarray, np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """Images as coordinates in an orthonormal basis of the space that they span.

    The weights of a first layer change within that space only, and normal weights are as normal in
    any orthonormal basis: training goes as on the pixels, with a first layer that is far smaller.
    """
    X, y = examples
    return np.linalg.qr(X.reshape(len(X), -1).T, mode="r").T, y
