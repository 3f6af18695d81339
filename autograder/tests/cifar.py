"""Real CIFAR-10 for the tests that measure on it; they skip where it is absent."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

VARIABLE = "AUTOGRADER_CIFAR10_NPZ"
ROOT = Path(__file__).resolve().parents[2]
DEFAULT = ROOT.parent / "shared" / "cifar10" / "cifar10_subset.npz"


def find_cifar10() -> Path | None:
    """Return the file named by AUTOGRADER_CIFAR10_NPZ, else the one beside the repository if any.

    Raises
    ------
    FileNotFoundError
        If the variable names a file that does not exist.
    """
    named = os.environ.get(VARIABLE)
    if named:
        if not Path(named).is_file():
            raise FileNotFoundError(f"{VARIABLE}={named}: no such file; unset it or mend the path")
        return Path(named)
    return DEFAULT if DEFAULT.is_file() else None


def load_cifar10(num_training: int = 4000, dtype: type = np.float32) -> dict[str, np.ndarray]:
    """Return real images minus the mean image, as `get_CIFAR10_data` does, or skip the test.

    Parameters
    ----------
    num_training : how many of the first training images, at most 4000.
    dtype : of the images.

    Returns
    -------
    dict with X_train (num_training, 3, 32, 32), y_train (num_training,), and 1000 examples each of
    X_val, y_val, X_test, y_test.
    """
    path = find_cifar10()
    if path is None:
        pytest.skip(f"no real CIFAR-10: set {VARIABLE} to a file like {DEFAULT.name}")
    with np.load(path, allow_pickle=False) as arrays:
        data = {name: arrays[name] for name in arrays.files}
    mean_image = data.pop("mean_image")
    for split in ("train", "val", "test"):
        data[f"X_{split}"] = (data[f"X_{split}"] - mean_image).astype(dtype)
    for name in ("X_train", "y_train"):
        data[name] = data[name][:num_training]
    return data
