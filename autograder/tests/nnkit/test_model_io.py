"""Does a saved model come back, and is everything else refused?"""

from __future__ import annotations

import numpy as np
import pytest
from nnkit import get_CIFAR10_data, load_model, save_model

from solutions.fc_net import FullyConnectedNet


def net(*hidden):
    return FullyConnectedNet(list(hidden or (4, 3)), input_dim=6, num_classes=2)


def test_a_model_comes_back_with_the_name_of_its_data(tmp_path, capsys):
    saved, loaded = net(), net()
    save_model(saved, tmp_path / "m.npz", dataset="cifar10")
    assert load_model(tmp_path / "m.npz", loaded) == "cifar10"
    assert all(np.array_equal(saved.params[name], w) for name, w in loaded.params.items())
    assert "saved 6 arrays" in capsys.readouterr().out


def test_the_data_set_is_the_one_that_was_loaded_last(tmp_path):
    get_CIFAR10_data(num_training=1, quiet=True)
    save_model(net(), tmp_path / "m.npz")
    assert load_model(tmp_path / "m.npz", net()) == "sample"


def test_an_unknown_data_set_is_refused(tmp_path):
    with pytest.raises(ValueError, match="dataset= one of cifar10, sample"):
        save_model(net(), tmp_path / "m.npz", dataset="mnist")


@pytest.mark.parametrize("thing", [None, {"W1": 1}, object()])
def test_what_is_no_model_is_refused(tmp_path, thing):
    with pytest.raises(TypeError, match="does train_best_model return its model"):
        save_model(thing, tmp_path / "m.npz", dataset="sample")


def test_objects_are_not_pickled_and_the_old_file_stays(tmp_path):
    path = tmp_path / "m.npz"
    save_model(net(), path, dataset="sample")
    before, broken = path.read_bytes(), net()
    broken.params["W1"] = np.array([{}])
    with pytest.raises(TypeError, match="W1 is not made of numbers"):
        save_model(broken, path, dataset="sample")
    assert path.read_bytes() == before
    assert [p.name for p in tmp_path.iterdir() if p.is_file()] == ["m.npz"]


@pytest.mark.parametrize(
    ("other", "message"), [((4,), "the model wants W1, W2, b1"), ((5, 3), r"W1 has shape \(6, 4\)")]
)
def test_a_model_of_other_layers_is_refused(tmp_path, other, message):
    save_model(net(), tmp_path / "m.npz", dataset="sample")
    with pytest.raises(ValueError, match=message):
        load_model(tmp_path / "m.npz", net(*other))


def test_a_file_with_a_pickle_in_it_is_refused(tmp_path):
    np.savez(tmp_path / "m.npz", W1=np.array([{}], dtype=object))
    with pytest.raises(ValueError, match="allow_pickle=False"):
        load_model(tmp_path / "m.npz", net())
