"""Reading CIFAR-10's python batches without trusting them.

The batches are pickles, and a pickle may name any function and have it called. The unpickler here
admits the three things that a pickled array is made of and refuses everything else.
"""

import pickle
from pathlib import Path

import numpy as np

FOLDER = "cifar-10-batches-py"
TRAINING = tuple(f"data_batch_{number}" for number in range(1, 6))
TEST = "test_batch"

# Older and newer versions of numpy keep the same function in modules of different names.
_reconstruct = np.empty(0).__reduce__()[0]
ADMITTED = {
    ("numpy.core.multiarray", "_reconstruct"): _reconstruct,
    ("numpy._core.multiarray", "_reconstruct"): _reconstruct,
    ("numpy", "ndarray"): np.ndarray,
    ("numpy", "dtype"): np.dtype,
}


class BatchError(ValueError):
    """A file is not a CIFAR-10 batch; the message names it."""


class BatchUnpickler(pickle.Unpickler):
    """An unpickler for arrays, numbers, strings, lists and dicts, and nothing else."""

    def find_class(self, module, name):
        """Return one of the admitted functions and classes; refuse all others."""
        try:
            return ADMITTED[module, name]
        except KeyError:
            raise pickle.UnpicklingError(
                f"it asks for {module}.{name}, which no CIFAR-10 batch needs"
            ) from None


def find_batches(folder):
    """Return the folder that holds all six batches: `folder` or the usual one in it, or None."""
    for candidate in (Path(folder), Path(folder) / FOLDER):
        if all((candidate / name).is_file() for name in (*TRAINING, TEST)):
            return candidate
    return None


def read_batch(path):
    """Read one batch file.

    Returns
    -------
    images : ndarray of uint8, shape (N, 3, 32, 32)
        Channels are red, green, blue.
    labels : ndarray of int64, shape (N,)
        0 to 9.

    Raises
    ------
    BatchError
        If the file is damaged, is no CIFAR-10 batch, or asks for anything but arrays.
    """
    try:
        with open(path, "rb") as file:
            batch = BatchUnpickler(file, encoding="bytes").load()
        images, labels = np.asarray(batch[b"data"]), np.asarray(batch[b"labels"])
    except Exception as error:  # noqa: BLE001 - a damaged pickle can raise anything at all
        raise BatchError(f"{path}: not a CIFAR-10 batch: {error!s}") from None
    if images.dtype != np.uint8 or images.ndim != 2 or images.shape[1] != 3072:
        raise BatchError(f"{path}: expected N x 3072 bytes, not {images.dtype} {images.shape}")
    if labels.shape != images.shape[:1] or labels.dtype.kind not in "iu":
        raise BatchError(f"{path}: expected {len(images)} labels, not an array {labels.shape}")
    if not ((labels >= 0) & (labels <= 9)).all():
        raise BatchError(f"{path}: a label is not within 0 and 9")
    return images.reshape(-1, 3, 32, 32), labels.astype(np.int64)


def read_batches(folder):
    """Read all batches of a folder: training images, training labels, test images, test labels."""
    parts = [read_batch(folder / name) for name in TRAINING]
    images, labels = (np.concatenate(arrays) for arrays in zip(*parts, strict=True))
    return images, labels, *read_batch(folder / TEST)
