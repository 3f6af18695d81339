import math
from types import MappingProxyType

import numpy as np
import pytest

from autograder.tests.solutions.oracle import read_only
from solutions.optim import adam, rmsprop, sgd, sgd_momentum

RULES = pytest.mark.parametrize("rule", [sgd, sgd_momentum, rmsprop, adam])
STATE = {sgd: (), sgd_momentum: ("velocity",), rmsprop: ("cache",), adam: ("m", "v")}
GRADIENTS = (0.5, -2.0, 0.25, 0.0)


def run(rule, config=None):
    """Four steps of one number from 1.0, as an array of shape (1,)."""
    w = np.array([1.0])
    for dw in GRADIENTS:
        w, config = rule(w, np.array([dw]), config)
    return w.item(), config


def test_sgd_steps():
    assert run(sgd)[0] == pytest.approx(1 - 0.01 * math.fsum(GRADIENTS), rel=1e-14)


def test_momentum_steps_are_a_decaying_sum():
    """Each gradient is felt again, 0.9 as strongly, in every later step."""
    times_felt = [sum(0.9**k for k in range(4 - i)) for i in range(4)]
    steps = math.fsum(0.01 * g * f for g, f in zip(GRADIENTS, times_felt, strict=True))
    assert run(sgd_momentum)[0] == pytest.approx(1 - steps, rel=1e-14)


def test_rmsprop_steps_by_scalar_arithmetic():
    w, average = 1.0, 0.0
    for dw in GRADIENTS:
        average = average * 0.99 + dw**2 * 0.01
        w -= 0.01 * dw / (math.sqrt(average) + 1e-8)
    assert run(rmsprop)[0] == pytest.approx(w, rel=1e-13)


def test_adam_steps_by_explicit_sums():
    """The running averages written out as weighted sums over all steps so far."""
    w = 1.0
    for t in range(1, 5):
        past = GRADIENTS[:t]
        m = math.fsum(0.1 * 0.9 ** (t - i) * g for i, g in enumerate(past, 1)) / (1 - 0.9**t)
        v = math.fsum(0.001 * 0.999 ** (t - i) * g**2 for i, g in enumerate(past, 1))
        w -= 1e-3 * m / (math.sqrt(v / (1 - 0.999**t)) + 1e-8)
    got, config = run(adam)
    assert got == pytest.approx(w, rel=1e-12)
    assert config["t"] == 4


@RULES
def test_defaults_are_filled_in(rule):
    want = {
        sgd: {"learning_rate": 1e-2},
        sgd_momentum: {"learning_rate": 1e-2, "momentum": 0.9},
        rmsprop: {"learning_rate": 1e-2, "decay_rate": 0.99, "epsilon": 1e-8},
        adam: {"learning_rate": 1e-3, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8, "t": 1},
    }
    _, config = rule(np.ones(3), np.ones(3))
    assert {k: v for k, v in config.items() if k not in STATE[rule]} == want[rule]
    assert all(config[name].shape == (3,) for name in STATE[rule])


@RULES
def test_changes_nothing_that_came_in_and_keeps_float32(rule):
    w, dw, *state = read_only(*np.ones((2 + len(STATE[rule]), 3, 4), dtype=np.float32))
    config = MappingProxyType(dict(zip(STATE[rule], state, strict=True)))
    next_w, after = rule(w, dw, config)
    assert next_w.dtype == np.float32
    assert all(after[name].dtype == np.float32 for name in STATE[rule])


@RULES
def test_zero_gradient_from_rest_moves_nothing(rule):
    next_w, _ = rule(np.ones(3), np.zeros(3))
    np.testing.assert_array_equal(next_w, np.ones(3), strict=True)
