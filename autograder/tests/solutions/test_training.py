import numpy as np
import pytest
from nnkit import Solver

from autograder.tests.cifar import load_cifar10
from solutions.fc_net import FullyConnectedNet
from solutions.optim import sgd
from solutions.training import overfit_five_layers, overfit_three_layers, train_best_model


def clustered(num_training, seed=0):
    """Images that vary as much as CIFAR-10's (about 60 grey levels), around ten coarse patterns."""
    rng = np.random.default_rng(seed)
    patterns = rng.normal(scale=30, size=(10, 3, 4, 4)).repeat(8, axis=2).repeat(8, axis=3)
    data = {}
    for split, count in (("train", num_training), ("val", 200)):
        y = rng.integers(10, size=count)
        noise = rng.normal(scale=50, size=(count, 3, 32, 32))
        data[f"X_{split}"], data[f"y_{split}"] = (patterns[y] + noise).astype(np.float32), y
    return data


@pytest.mark.parametrize("data", [clustered, load_cifar10], ids=["clusters", "real CIFAR-10"])
@pytest.mark.parametrize("seed", [0, 1])
@pytest.mark.parametrize(
    ("hidden_dims", "settings"),
    [([100, 100], overfit_three_layers), ([100, 100, 100, 100], overfit_five_layers)],
    ids=["three layers", "five layers"],
)
def test_settings_overfit_50_examples_within_20_epochs(data, seed, hidden_dims, settings):
    found = settings()
    np.random.seed(seed)
    model = FullyConnectedNet(hidden_dims, weight_scale=found["weight_scale"], dtype=np.float64)
    solver = Solver(
        model,
        data(50),
        update_rule=sgd,
        optim_config={"learning_rate": found["learning_rate"]},
        batch_size=25,
        num_epochs=20,
        num_val_samples=10,
        verbose=False,
    )
    solver.train()
    assert solver.train_acc_history[-1] == 1.0


def test_best_model_is_a_trained_net():
    data = clustered(200)
    np.random.seed(0)
    model = train_best_model(data)
    assert isinstance(model, FullyConnectedNet)
    right = model.loss(data["X_val"]).argmax(axis=1) == data["y_val"]
    assert right.mean() > 0.9
