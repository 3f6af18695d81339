"""Is the artificial sample reproducible, of CIFAR-10's form, and worth regularising on?"""

from __future__ import annotations

import numpy as np
import pytest
from nnkit import Solver, sample_data
from nnkit.data.sample import draw_images, structure

from solutions.fc_net import FullyConnectedNet, TwoLayerNet
from solutions.optim import adam, sgd


@pytest.fixture(scope="module")
def data():
    return sample_data()


def test_form_is_that_of_cifar10(data):
    raw = sample_data(50, 0, 7, subtract_mean=False)["X_train"]
    assert data["X_train"].shape == (4000, 3, 32, 32)
    assert data["X_test"].dtype == np.float32
    assert data["y_train"].dtype == np.int64
    assert np.array_equal(raw, np.round(raw))
    assert (raw.min(), raw.max()) == (0, 255)
    assert 50 < data["X_train"].std() < 70
    assert np.abs(data["X_train"].mean(axis=0)).max() < 5
    assert np.bincount(data["y_train"]).min() > 300


def test_empty_sets_have_the_shape_of_images():
    data = sample_data(0, 0, 7)
    assert data["X_train"].shape == (0, 3, 32, 32)
    assert data["X_test"].shape == (7, 3, 32, 32)


def test_the_same_seed_gives_the_same_images():
    first, second = (draw_images(20, np.random.default_rng(4))[0] for _ in range(2))
    assert np.array_equal(first, second)


def test_classes_do_not_drift_from_version_to_version():
    """Saved models and the grader's thresholds rest on them."""
    prototypes, _ = structure()
    _, labels = draw_images(1000, np.random.default_rng(0))
    assert np.allclose(prototypes[3, 1, 2, :3], [-0.016781, -1.29125, 1.125158], atol=1e-6)
    assert labels[:8].tolist() == [8, 6, 5, 2, 3, 0, 0, 0]


def test_a_linear_classifier_can_not_do_it(data):
    """Least squares with L2 regularisation; every strength from 3e3 to 1e5 stays below this."""
    X, V = (data[name].reshape(-1, 3072) / 60 for name in ("X_train", "X_val"))
    targets = np.eye(10, dtype=np.float32)[data["y_train"]]
    weights = np.linalg.solve(X.T @ X + 1e4 * np.eye(3072, dtype=np.float32), X.T @ targets)
    assert np.mean(np.argmax(V @ weights, axis=1) == data["y_val"]) < 0.3


def test_other_images_of_the_same_task_are_classified_as_well(data):
    """A hidden split is drawn with another seed."""
    np.random.seed(0)
    net = TwoLayerNet(weight_scale=1e-3, reg=0.2)
    solver = Solver(
        net,
        data,
        update_rule=sgd,
        optim_config={"learning_rate": 1e-3},
        num_epochs=5,
        verbose=False,
    )
    solver.train()
    hidden = sample_data(2000, 0, 0, seed=99)
    accuracy = solver.check_accuracy(hidden["X_train"], hidden["y_train"])
    assert solver.best_val_acc >= 0.55
    assert abs(accuracy - solver.best_val_acc) < 0.05


def test_dropout_regularises(data):
    few = {**data, "X_train": data["X_train"][:500], "y_train": data["y_train"][:500]}
    runs = {}
    for keep in (1, 0.25):
        np.random.seed(231)
        runs[keep] = Solver(
            FullyConnectedNet([500], dropout=keep),
            few,
            update_rule=adam,
            optim_config={"learning_rate": 5e-4},
            num_epochs=25,
            num_train_samples=100,
            num_val_samples=50,  # all of them every epoch would take most of the time
            verbose=False,
        )
        runs[keep].train()
    assert runs[1].train_acc_history[-1] > 0.98
    plain, dropped = (runs[keep].check_accuracy(data["X_val"], data["y_val"]) for keep in (1, 0.25))
    assert dropped > plain + 0.04
