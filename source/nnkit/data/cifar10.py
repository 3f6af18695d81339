"""CIFAR-10 as the notebooks use it: split, mean image subtracted, float32."""

import os

import numpy as np

from nnkit.data.batches import BatchError, find_batches, read_batches
from nnkit.data.download import DownloadFailed, cache_folder, download_batches
from nnkit.data.sample import sample_data

SAMPLE_SIZES = {"num_training": 4000, "num_validation": 1000, "num_test": 1000}
SAMPLE_SEED = 0

_loaded = {"dataset": "unknown"}


def current_dataset():
    """What `get_CIFAR10_data` last returned: "cifar10", "sample", or "unknown" before that."""
    return _loaded["dataset"]


def get_CIFAR10_data(
    num_training=49000,
    num_validation=1000,
    num_test=1000,
    subtract_mean=True,
    dtype=np.float32,
    quiet=False,
):
    """Load CIFAR-10, split into training, validation and test set.

    The batches are looked for in the folder $CIFAR10_DIR, then in the cache; else they are
    downloaded once (170 MB). Where all of that fails, a small artificial data set of the same form
    takes their place, and a line says so. Set NNKIT_OFFLINE=1 to never download.

    Parameters
    ----------
    num_training, num_validation, num_test : int
        Sizes of the sets. The first two are cut from the 50,000 training images, one after the
        other; the artificial sample has at most 4,000, 1,000 and 1,000.
    subtract_mean : bool
        Subtract the mean training image.
    dtype : numpy dtype
        Of the images.
    quiet : bool
        Print nothing.

    Returns
    -------
    dict
        X_train, X_val, X_test: ndarray of `dtype`, shape (N, 3, 32, 32), brightness from 0 to 255
        (before the mean is subtracted) of the red, green and blue channel.
        y_train, y_val, y_test: ndarray of int64, shape (N,), classes 0 to 9.

    Raises
    ------
    ValueError
        If more images are asked for than CIFAR-10 has.
    """
    if min(num_training, num_validation, num_test) < 1:
        raise ValueError("each of the three sets needs at least one image")
    if num_training + num_validation > 50_000 or num_test > 10_000:
        raise ValueError("CIFAR-10 has 50,000 images for training and validation, 10,000 for tests")
    sizes = (num_training, num_validation, num_test)
    try:
        batches = _read(quiet)
    except (BatchError, DownloadFailed) as reason:
        sizes = tuple(map(min, sizes, SAMPLE_SIZES.values()))
        if not quiet:
            print(
                f"CIFAR-10 is not available ({reason}): using nnkit's artificial sample of "
                f"{sizes[0]} + {sizes[1]} + {sizes[2]} images instead."
            )
        _loaded["dataset"] = "sample"
        return sample_data(*sizes, seed=SAMPLE_SEED, subtract_mean=subtract_mean, dtype=dtype)
    _loaded["dataset"] = "cifar10"
    return _split(batches, sizes, subtract_mean, dtype)


def _read(quiet):
    """Read the batches from the first place that has them."""
    chosen = os.environ.get("CIFAR10_DIR")
    places = [chosen, cache_folder()] if chosen else [cache_folder()]
    found = next(filter(None, map(find_batches, places)), None)
    if found is None:
        try:
            found = download_batches(quiet)
        except DownloadFailed as reason:
            if chosen:
                raise DownloadFailed(f"CIFAR10_DIR={chosen} lacks batches; {reason}") from None
            raise
    return read_batches(found)


def _split(batches, sizes, subtract_mean, dtype):
    images, labels, test_images, test_labels = batches
    num_training, num_validation, num_test = sizes
    training = slice(0, num_training)
    validation = slice(num_training, num_training + num_validation)
    data = {
        "X_train": images[training].astype(dtype),
        "y_train": labels[training],
        "X_val": images[validation].astype(dtype),
        "y_val": labels[validation],
        "X_test": test_images[:num_test].astype(dtype),
        "y_test": test_labels[:num_test],
    }
    if subtract_mean:
        mean = images[training].mean(axis=0).astype(dtype)
        for name in ("X_train", "X_val", "X_test"):
            data[name] -= mean  # in place: the training images take 600 MB
    return data
