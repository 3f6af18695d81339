"""Where does get_CIFAR10_data look, and what does it return?"""

from __future__ import annotations

import numpy as np
import pytest
from nnkit import current_dataset, get_CIFAR10_data
from nnkit.data.download import cache_folder

from autograder.tests.nnkit.batches import write_batches

SHAPES = {"X_train": (40, 3, 32, 32), "X_val": (8, 3, 32, 32), "X_test": (9, 3, 32, 32)}


@pytest.fixture
def few(monkeypatch, tmp_path):
    """A folder with 6 x 10 images; CIFAR10_DIR names it."""
    folder = tmp_path / "cifar"
    contents = write_batches(folder, per_batch=10)
    monkeypatch.setenv("CIFAR10_DIR", str(folder))
    return contents


def load(**settings):
    return get_CIFAR10_data(num_training=40, num_validation=8, num_test=9, **settings)


def test_the_split_follows_the_batches(few):
    data = load(subtract_mean=False)
    images, labels = few["data_batch_5"]
    assert {name: data[name].shape for name in SHAPES} == SHAPES
    assert data["X_train"].dtype == np.float32
    assert data["y_train"].dtype == np.int64
    assert np.array_equal(data["X_val"].reshape(8, -1), images[:8])
    assert data["y_val"].tolist() == labels[:8]
    assert data["y_test"].tolist() == few["test_batch"][1][:9]


def test_the_mean_training_image_is_subtracted_from_every_set(few):
    raw, data = load(subtract_mean=False, dtype=np.float64), load(dtype=np.float64)
    for name in SHAPES:
        assert np.allclose(data[name], raw[name] - raw["X_train"].mean(axis=0))


def test_the_cache_is_looked_into_when_the_variable_is_not_set(capsys):
    write_batches(cache_folder() / "cifar-10-batches-py", per_batch=10)
    load()
    assert current_dataset() == "cifar10"
    assert capsys.readouterr().out == ""


def test_without_cifar10_one_line_says_that_it_is_the_sample(capsys):
    data = get_CIFAR10_data()
    assert current_dataset() == "sample"
    assert capsys.readouterr().out == (
        "CIFAR-10 is not available (NNKIT_OFFLINE is set): using nnkit's artificial sample of "
        "4000 + 1000 + 1000 images instead.\n"
    )
    assert data["X_train"].shape == (4000, 3, 32, 32)
    assert data["X_test"].dtype == np.float32
    assert data["y_val"].dtype == np.int64


def test_quiet_says_nothing(capsys):
    get_CIFAR10_data(num_training=5, quiet=True)
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("damaged", [True, False], ids=["damaged batch", "empty folder"])
def test_a_folder_that_is_no_use_is_named(monkeypatch, tmp_path, capsys, damaged):
    folder = tmp_path / "cifar"
    folder.mkdir()
    if damaged:
        write_batches(folder, per_batch=10)
        (folder / "data_batch_3").write_bytes(b"no pickle")
    monkeypatch.setenv("CIFAR10_DIR", str(folder))
    load()
    (line,) = capsys.readouterr().out.splitlines()
    assert str(folder) in line
    assert ("data_batch_3" in line) is damaged


@pytest.mark.parametrize("sizes", [(49001, 1000, 10), (10, 10, 10001), (0, 1, 1)])
def test_impossible_sizes_are_refused(sizes):
    with pytest.raises(ValueError, match=r"50,000|at least one"):
        get_CIFAR10_data(*sizes)
