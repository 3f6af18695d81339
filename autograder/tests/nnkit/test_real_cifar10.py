"""Does the Solver reproduce the published numbers on CIFAR-10 itself?"""

from __future__ import annotations

import numpy as np
import pytest
from nnkit import Solver

from autograder.tests.cifar import load_cifar10
from solutions.fc_net import FullyConnectedNet
from solutions.optim import adam


def test_the_first_loss_is_the_published_one():
    data = load_cifar10(num_training=500)
    np.random.seed(231)
    solver = Solver(
        FullyConnectedNet([500]),
        data,
        update_rule=adam,
        optim_config={"learning_rate": 5e-4},
        num_epochs=1,
        verbose=False,
    )
    solver.train()
    assert solver.loss_history[0] == pytest.approx(7.856644, abs=2e-6)
