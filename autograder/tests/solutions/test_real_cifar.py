"""The numbers measured on real CIFAR-10; skipped where the data is absent.

They belong to one order of random draws, all from numpy's global generator, which is seeded once
with 231: the net without dropout, its 125 minibatches, the net with dropout, then in turn a
minibatch and its mask. So a Solver may draw nothing but `np.random.choice(500, 100)` for each step
(500 examples are fewer than the 1000 that an accuracy is measured on).
"""

import numpy as np
import pytest
from nnkit import Solver

from autograder.tests.cifar import load_cifar10
from solutions.fc_net import FullyConnectedNet
from solutions.optim import adam

KEEP = (1, 0.25)


@pytest.fixture(scope="module")
def runs():
    data = load_cifar10(num_training=500)
    np.random.seed(231)
    solvers = {}
    for keep in KEEP:
        solvers[keep] = Solver(
            FullyConnectedNet([500], dropout=keep),
            data,
            update_rule=adam,
            optim_config={"learning_rate": 5e-4},
            batch_size=100,
            num_epochs=25,
            verbose=False,
        )
        solvers[keep].train()
    return solvers


def test_loss_of_iteration_1_by_explicit_draws():
    """Without a Solver; float32 arithmetic leaves about 1e-6 of the printed digits open."""
    data = load_cifar10(num_training=500)
    np.random.seed(231)
    losses = []
    for keep in KEEP:
        model = FullyConnectedNet([500], dropout=keep)
        chosen = np.random.choice(500, 100)
        losses.append(model.loss(data["X_train"][chosen], data["y_train"][chosen])[0])
        for _ in range(124):
            np.random.choice(500, 100)
    assert losses == pytest.approx([7.856644, 17.318479], rel=0, abs=2.5e-6)


def test_loss_of_iteration_1_in_the_solver(runs):
    losses = [runs[keep].loss_history[0] for keep in KEEP]
    assert losses == pytest.approx([7.856644, 17.318479], rel=0, abs=2.5e-6)


@pytest.mark.parametrize(
    ("keep", "train", "val"), [(1, 0.99, (0.29, 0.31)), (0.25, 0.91, (0.31, 0.33))]
)
def test_accuracies_after_25_epochs(runs, keep, train, val):
    """The printed ranges, with 0.01 of slack for float32's rounding on other machines."""
    solver = runs[keep]
    assert np.mean(solver.train_acc_history[-5:]) == pytest.approx(train, abs=0.01)
    assert val[0] - 0.01 < np.mean(solver.val_acc_history[-5:]) < val[1] + 0.01
