"""The images that handed-in settings and models are judged on, all on the trusted side.

With CIFAR10_DIR set these are CIFAR-10's own, else images of nnkit's artificial sample, drawn with
a seed of the check: the same task as the students', other images.
"""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path

import numpy as np
from nnkit.data import sample_data
from nnkit.data.batches import BatchError, find_batches, read_batches

from autograder.grading import expect

Split = tuple[np.ndarray, np.ndarray]


def has_cifar10() -> bool:
    """Whether CIFAR10_DIR names a folder with CIFAR-10's batches."""
    return _batches() is not None


def _batches() -> Path | None:
    folder = os.environ.get("CIFAR10_DIR")
    return find_batches(folder) if folder else None


def training_images(count: int, seed: int) -> Split:
    """Draw images to train on: float64, mean subtracted, and their labels."""
    if not has_cifar10():
        return sample_images(count, seed)
    images, labels, _, _, mean = _cifar10()
    return _pick(images, labels, mean, count, seed)


def unseen_images(dataset: str, count: int, seed: int) -> Split:
    """Draw up to `count` images of `dataset` that no student has trained on.

    Parameters
    ----------
    dataset : "sample" or "cifar10"; the latter needs `has_cifar10()`.
    """
    if dataset == "sample":
        return sample_images(count, seed, "float32")  # the dtype that models are judged in
    _, _, images, labels, mean = _cifar10()
    return _pick(images, labels, mean, count, seed)


# As many as the checks of one submission draw: those of the next one are the same.
@lru_cache(maxsize=16)
def sample_images(count: int, seed: int, dtype: str = "float64") -> Split:
    """Draw images of the artificial sample; nobody may change them."""
    data = sample_data(count, 1, 1, seed=seed, dtype=np.dtype(dtype))
    for array in (data["X_train"], data["y_train"]):
        array.flags.writeable = False
    return data["X_train"], data["y_train"]


def _pick(images: np.ndarray, labels: np.ndarray, mean: np.ndarray, count: int, seed: int) -> Split:
    chosen = np.random.default_rng(seed).choice(
        len(images), size=min(count, len(images)), replace=False
    )
    return images[chosen] - mean, labels[chosen]


@lru_cache(maxsize=1)
def _cifar10() -> tuple[np.ndarray, ...]:
    """Training images and labels, test images and labels, mean training image."""
    try:
        images, labels, test_images, test_labels = read_batches(_batches())
    except BatchError:
        expect.fail("CIFAR-10 is damaged where this is graded; tell your instructor")
    return images, labels, test_images, test_labels, images.mean(axis=0)
