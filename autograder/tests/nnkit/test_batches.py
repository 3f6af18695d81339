"""Are CIFAR-10's pickles read right, and all others refused?"""

from __future__ import annotations

import os
import pickle

import numpy as np
import pytest
from nnkit.data.batches import BatchError, find_batches, read_batch, read_batches

from autograder.tests.nnkit.batches import python2_batch, write_batches

IMAGES = np.arange(2 * 3072, dtype=np.uint32).astype(np.uint8).reshape(2, 3072)


class Touch:
    """Makes a file when it is unpickled, by whatever function it is given."""

    def __init__(self, function, *arguments):
        self.call = (function, arguments)

    def __reduce__(self):
        return self.call


@pytest.mark.parametrize("module", ["numpy.core", "numpy._core"])
def test_a_batch_of_python_2_is_read_for_old_and_new_names_of_numpy(tmp_path, module):
    path = tmp_path / "batch"
    path.write_bytes(python2_batch(IMAGES, [3, 9], module))
    images, labels = read_batch(path)
    assert images.dtype == np.uint8
    assert labels.dtype == np.int64
    assert labels.tolist() == [3, 9]
    # The file holds 1024 values of red, then of green, then of blue, row by row.
    assert images[1, 2, 31, 30] == IMAGES[1, 2 * 1024 + 31 * 32 + 30]


def test_a_batch_that_was_pickled_again_by_python_3_is_read(tmp_path):
    path = tmp_path / "batch"
    path.write_bytes(pickle.dumps({b"data": IMAGES, b"labels": [1, 2]}, protocol=3))
    assert read_batch(path)[1].tolist() == [1, 2]


def test_code_in_a_pickle_does_not_run(tmp_path):
    path, trace = tmp_path / "batch", tmp_path / "trace"
    path.write_bytes(pickle.dumps({b"data": Touch(os.mkdir, str(trace)), b"labels": []}))
    with pytest.raises(BatchError, match=r"batch: not a CIFAR-10 batch: it asks for \w+\.mkdir"):
        read_batch(path)
    assert not trace.exists()


@pytest.mark.parametrize("function", [eval, getattr, bytearray, np.load, np.frombuffer])
def test_nothing_but_arrays_may_be_asked_for(tmp_path, function):
    path = tmp_path / "batch"
    path.write_bytes(pickle.dumps(Touch(function, "1", "2"), protocol=2))
    with pytest.raises(BatchError, match="which no CIFAR-10 batch needs"):
        read_batch(path)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "Ran out of input"),
        (python2_batch(IMAGES, [1, 2])[:500], "not a CIFAR-10 batch"),
        (pickle.dumps([1, 2]), "not a CIFAR-10 batch"),
        (python2_batch(IMAGES[:, :100], [1, 2]), "expected N x 3072 bytes"),
        (python2_batch(IMAGES, [1]), "expected 2 labels"),
        (python2_batch(IMAGES, [1, 10]), "a label is not within 0 and 9"),
    ],
    ids=["empty", "cut off", "a list", "small images", "a label short", "label 10"],
)
def test_a_damaged_batch_is_named(tmp_path, content, reason):
    path = tmp_path / "batch"
    path.write_bytes(content)
    with pytest.raises(BatchError, match=reason) as caught:
        read_batch(path)
    assert str(path) in str(caught.value)


@pytest.mark.parametrize("inner", [".", "cifar-10-batches-py"])
def test_batches_are_found_in_a_folder_or_one_below(tmp_path, inner):
    contents = write_batches(tmp_path / inner, per_batch=2)
    images, labels, _, test_labels = read_batches(find_batches(tmp_path))
    assert images.shape == (10, 3, 32, 32)
    assert labels.tolist()[2:4] == contents["data_batch_2"][1]
    assert test_labels.tolist() == contents["test_batch"][1]


def test_five_of_six_batches_are_not_enough(tmp_path):
    write_batches(tmp_path, per_batch=2)
    (tmp_path / "data_batch_4").unlink()
    assert find_batches(tmp_path) is None
