"""The published numbers come out of the solutions, to the digits given.

Values with 15 to 17 digits are compared to 1e-14: the order in which a machine adds may change the
last digit or two.
"""

import json
from pathlib import Path

import numpy as np
import pytest

from autograder.tests.solutions.oracle import central_differences, relative_error
from solutions import optim
from solutions.fc_net import FullyConnectedNet, TwoLayerNet
from solutions.layers import dropout_backward, dropout_forward
from solutions.losses import softmax_loss, svm_loss

TABLES = json.loads(Path(__file__).with_name("reference_numbers.json").read_text())
HALF_A_UNIT_OF_DIGIT_8 = 0.51e-8


def exactly(value):
    return pytest.approx(value, rel=1e-14, abs=0)


def dropout_input():
    """The input and, as the generator goes on, the masks of the dropout numbers."""
    np.random.seed(231)
    return np.random.randn(500, 500) + 10


def test_dropout_input_mean():
    assert dropout_input().mean() == exactly(10.000207878477502)


def test_dropout_train_means_and_zero_fractions():
    x = dropout_input()
    outs = [dropout_forward(x, {"mode": "train", "p": p})[0] for p in (0.25, 0.4, 0.7)]
    means = [10.014059116977283, 9.977917658761159, 9.987811912159426]
    assert [out.mean() for out in outs] == exactly(means)
    assert [(out == 0).mean() for out in outs] == exactly([0.749784, 0.600796, 0.30074])


@pytest.mark.parametrize("p", [0.25, 0.4, 0.7])
def test_dropout_test_mean_and_zero_fraction(p):
    x = dropout_input()
    out, _ = dropout_forward(x, {"mode": "test", "p": p})
    assert out.mean() == x.mean()
    assert (out == 0).mean() == 0


@pytest.mark.parametrize(
    ("drop", "zero_fraction"), [(0.3, 0.301064), (0.6, 0.599708), (0.75, 0.749104)]
)
def test_zero_fractions_by_drop_probability(drop, zero_fraction):
    """The printed ones come from unseeded data: five standard deviations (of both) are allowed."""
    out, _ = dropout_forward(dropout_input(), {"mode": "train", "p": 1 - drop})
    deviation = np.sqrt(2 * drop * (1 - drop) / out.size)
    assert (out == 0).mean() == pytest.approx(zero_fraction, abs=5 * deviation)


def test_dropout_backward_relative_error():
    np.random.seed(231)
    x = np.random.randn(10, 10) + 10
    dout = np.random.randn(10, 10)
    dropout_param = {"mode": "train", "p": 0.2, "seed": 123}
    _, cache = dropout_forward(x, dropout_param)
    want = central_differences(lambda x: dropout_forward(x, dropout_param)[0], x, dout)
    assert relative_error(dropout_backward(dout, cache), want) < 6e-11


def net_input():
    np.random.seed(231)
    return np.random.randn(2, 15), np.random.randint(10, size=2)


def net(**options):
    return FullyConnectedNet(
        [20, 30], input_dim=15, num_classes=10, weight_scale=5e-2, dtype=np.float64, **options
    )


def test_initial_losses_with_dropout():
    """One net after the other: from the second on, the dropout's own seed decides the draws."""
    X, y = net_input()
    losses = [net(dropout=p, seed=123).loss(X, y)[0] for p in (1, 0.75, 0.5)]
    assert losses == exactly([2.3004790897684924, 2.302371489704412, 2.3042759220785896])


def test_initial_losses_with_regularisation():
    X, y = net_input()
    losses = [net(reg=reg).loss(X, y)[0] for reg in (0, 3.14)]
    assert losses == exactly([2.3004790897684924, 7.052114776533016])


@pytest.mark.parametrize(
    ("loss", "value"), [(svm_loss, 8.999602749096233), (softmax_loss, 2.302545844500738)]
)
def test_losses_of_50_by_10_scores(loss, value):
    np.random.seed(231)
    scores = 0.001 * np.random.randn(50, 10)
    labels = np.random.randint(10, size=50)
    assert loss(scores, labels)[0] == exactly(value)


@pytest.fixture
def two_layer_net():
    D, H, C = 5, 50, 7
    model = TwoLayerNet(input_dim=D, hidden_dim=H, num_classes=C)
    model.params = {
        "W1": np.linspace(-0.7, 0.3, D * H).reshape(D, H),
        "b1": np.linspace(-0.1, 0.9, H),
        "W2": np.linspace(-0.3, 0.4, H * C).reshape(H, C),
        "b2": np.linspace(-0.9, 0.1, C),
    }
    return model


TWO_LAYER_INPUT = np.linspace(-5.5, 4.5, 15).reshape(5, 3).T
TWO_LAYER_LABELS = np.array([0, 5, 1])


def test_two_layer_scores(two_layer_net):
    scores = two_layer_net.loss(TWO_LAYER_INPUT)
    want = np.array(TABLES["two_layer_net"]["scores_first_six_columns"])
    assert scores.shape == (3, 7)
    assert np.abs(scores[:, :6] - want).max() < HALF_A_UNIT_OF_DIGIT_8


@pytest.mark.parametrize("reg", [0, 1])
def test_two_layer_loss(two_layer_net, reg):
    two_layer_net.reg = reg
    loss, _ = two_layer_net.loss(TWO_LAYER_INPUT, TWO_LAYER_LABELS)
    assert loss == pytest.approx(TABLES["two_layer_net"][f"loss_reg_{reg}"], rel=0, abs=0.51e-10)


def evenly(first, last):
    return np.linspace(first, last, 20).reshape(4, 5)


@pytest.mark.parametrize("rule", ["sgd_momentum", "rmsprop", "adam"])
def test_update_rule_tables(rule):
    table = TABLES[rule]
    config = {k: evenly(*v) if isinstance(v, list) else v for k, v in table["config"].items()}
    next_w, after = getattr(optim, rule)(evenly(-0.4, 0.6), evenly(-0.6, 0.4), config)
    got = {**after, "next_w": next_w}
    for name, want in table["after"].items():
        assert got[name].shape == (4, 5)
        assert np.abs(got[name] - np.array(want)).max() < HALF_A_UNIT_OF_DIGIT_8, name
