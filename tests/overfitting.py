"""Trains a right net with a student's settings: 50 examples, to be learnt by heart.

The net is written out here: without regularisation and caches it returns the same numbers as the
reference in less time.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np

from autograder.grading import expect
from tests.images import training_images

EXAMPLES, BATCH, EPOCHS, RUNS = 50, 25, 20, 3
LARGEST = {"weight_scale": 10.0, "learning_rate": 100.0}
CLASSES = 10
Settings = dict[str, float]
# W and b of each layer.
Layers = list[tuple[np.ndarray, np.ndarray]]


@dataclass(frozen=True, eq=False)
class Run:
    """What a run is made of, whatever the settings: nobody may change the arrays.

    Attributes
    ----------
    X, y : the examples, of shape (EXAMPLES, EXAMPLES) and (EXAMPLES,).
    weights : of each layer, before they are scaled.
    batches : indices of the examples, of shape (EPOCHS, batches, BATCH).
    """

    X: np.ndarray
    y: np.ndarray
    weights: tuple[np.ndarray, ...]
    batches: np.ndarray


def check_settings(got: object) -> Settings:
    """Return the settings as plain floats within sane bounds, or fail."""
    values = expect.mapping(got, LARGEST, name="the returned value")
    settings = {key: expect.scalar(values[key], name=key) for key in LARGEST}
    for key, value in settings.items():
        expect.that(0 < value <= LARGEST[key], f"{key} should be above 0 and not huge")
    return settings


def check_learns(hidden: list[int], settings: Settings, seed: int, share: float) -> None:
    """Fail unless a net learns `share` of the examples, in one of a few runs.

    Each run has other images and other weights: settings that work do so for most of them.
    """
    expect.that(
        best_accuracy(tuple(hidden), *settings.values(), seed) >= share,
        f"a right net trained with these settings learns less than {share:.0%} of 50 examples; "
        "are weight scale and learning rate large enough, and does the loss stay finite?",
    )


@lru_cache(maxsize=64)  # one training serves the checks of a task
def best_accuracy(
    hidden: tuple[int, ...], weight_scale: float, learning_rate: float, seed: int
) -> float:
    """The best training accuracy of a few runs; the first that learns everything is the last."""
    best = 0.0
    for run in range(RUNS):
        best = max(best, _accuracy(draw_run(hidden, seed + run), weight_scale, learning_rate))
        if best == 1.0:
            break
    return best


# As many as the tasks of one suite need: they serve all submissions.
@lru_cache(maxsize=2 * RUNS)
def draw_run(hidden: tuple[int, ...], seed: int) -> Run:
    """Draw images, weights and minibatches."""
    X, y = coordinates(training_images(EXAMPLES, seed))
    rng = np.random.default_rng(seed)
    shapes = pairwise((EXAMPLES, *hidden, CLASSES))
    weights = tuple(rng.normal(size=shape) for shape in shapes)
    batches = rng.integers(EXAMPLES, size=(EPOCHS, EXAMPLES // BATCH, BATCH))
    return Run(X, y, weights, batches)


def draw_runs(hidden: list[int], seed: int) -> None:
    """Draw the runs of a task once for all submissions."""
    for run in range(RUNS):
        draw_run(tuple(hidden), seed + run)


def _accuracy(run: Run, weight_scale: float, learning_rate: float) -> float:
    """The best training accuracy at the end of an epoch of minibatch SGD."""
    layers = [(weight_scale * W, np.zeros(W.shape[1])) for W in run.weights]
    best = 0.0
    # A net with settings that are far too large overflows; that is its verdict, not a warning.
    with np.errstate(all="ignore"):
        for epoch in run.batches:
            for batch in epoch:
                if not _step(layers, run.X[batch], run.y[batch], learning_rate):
                    return best
            scores = _signals(layers, run.X)[-1]
            best = max(best, float(np.mean(np.argmax(scores, axis=1) == run.y)))
            if best == 1.0:
                break
    return best


def _signals(layers: Layers, X: np.ndarray) -> list[np.ndarray]:
    """What goes into each layer, and the scores that come out of the last."""
    signals = [X]
    for W, b in layers[:-1]:
        signals.append(np.maximum(signals[-1] @ W + b, 0))
    W, b = layers[-1]
    return [*signals, signals[-1] @ W + b]


def _step(layers: Layers, X: np.ndarray, y: np.ndarray, learning_rate: float) -> bool:
    """Move the layers against the gradient of the softmax loss; return whether that is finite."""
    *signals, scores = _signals(layers, X)
    shifted = scores - scores.max(axis=1, keepdims=True)
    log_probs = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    rows = np.arange(len(y))
    if not np.isfinite(log_probs[rows, y].sum()):
        return False
    dout = np.exp(log_probs)
    dout[rows, y] -= 1
    dout /= len(y)
    for (W, b), signal in zip(reversed(layers), reversed(signals), strict=True):
        dW, db = signal.T @ dout, dout.sum(axis=0)
        dout = (dout @ W.T) * (signal > 0)  # of the ReLU before this layer
        W -= learning_rate * dW
        b -= learning_rate * db
    return True


def coordinates(examples: tuple[np.ndarray, np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """Images as coordinates in an orthonormal basis of the space that they span.

    The weights of a first layer change within that space only, and normal weights are as normal in
    any orthonormal basis: training goes as on the pixels, with a first layer that is far smaller.
    """
    X, y = examples
    return np.linalg.qr(X.reshape(len(X), -1).T, mode="r").T, y
