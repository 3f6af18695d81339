import numpy as np
import pytest

from autograder.tests.solutions.oracle import assert_gradient, central_differences, read_only
from solutions.fc_net import FullyConnectedNet, TwoLayerNet


def two_layers(reg=0.0):
    return TwoLayerNet(input_dim=12, hidden_dim=8, num_classes=5, weight_scale=0.3, reg=reg)


def deep(hidden_dims=(7, 6), dtype=np.float64, **options):
    sizes = {"input_dim": 12, "num_classes": 5, "weight_scale": 0.3}
    return FullyConnectedNet(list(hidden_dims), **sizes, dtype=dtype, **options)


NETS = [
    pytest.param(lambda: two_layers(), id="two layers"),
    pytest.param(lambda: two_layers(reg=0.7), id="two layers, reg"),
    pytest.param(lambda: deep(()), id="no hidden layer"),
    pytest.param(lambda: deep((7,), reg=0.7), id="one hidden layer, reg"),
    pytest.param(lambda: deep((8, 7, 6)), id="three hidden layers"),
    pytest.param(lambda: deep(dropout=0.75, seed=123), id="dropout"),
    pytest.param(lambda: deep(dropout=0.5, seed=123, reg=3.14), id="dropout, reg"),
]


@pytest.fixture
def batch():
    rng = np.random.default_rng(4)
    return rng.normal(size=(6, 3, 2, 2)), rng.integers(5, size=6)


@pytest.fixture(autouse=True)
def _seed():
    np.random.seed(11)


@pytest.mark.parametrize("make", NETS)
def test_gradients(make, batch):
    model = make()
    X, y = batch
    _, grads = model.loss(X, y)
    assert set(grads) == set(model.params)
    for name, value in list(model.params.items()):

        def loss_at(moved, name=name):
            model.params[name] = moved
            return model.loss(X, y)[0]

        want = central_differences(loss_at, value)
        model.params[name] = value
        assert_gradient(grads[name], want, tol=1e-6)


@pytest.mark.parametrize("make", NETS)
def test_changes_neither_the_batch_nor_its_parameters(make, batch):
    model = make()
    model.params = {name: read_only(value)[0] for name, value in model.params.items()}
    before = dict(model.params)
    model.loss(*read_only(*batch))
    assert all(model.params[name] is value for name, value in before.items())


def test_regularisation_adds_half_of_the_squared_weights(batch):
    losses, model = [], two_layers()
    for model.reg in (0.0, 0.7):
        losses.append(model.loss(*batch)[0])
    squares = sum(np.square(model.params[name]).sum() for name in ("W1", "W2"))
    assert losses[1] - losses[0] == pytest.approx(0.5 * 0.7 * squares, rel=1e-12)


def test_biases_are_not_regularised(batch):
    model = deep(reg=0.7)
    model.params["b3"] = model.params["b3"] + 1e3  # all scores shift alike: the same probabilities
    shifted, grads = model.loss(*batch)
    model.params["b3"] = model.params["b3"] - 1e3
    assert shifted == pytest.approx(model.loss(*batch)[0], rel=1e-9)
    assert np.abs(grads["b3"]).max() < 1


@pytest.mark.parametrize(
    ("make", "shapes"),
    [
        (two_layers, {"W1": (12, 8), "b1": (8,), "W2": (8, 5), "b2": (5,)}),
        (
            deep,
            {"W1": (12, 7), "b1": (7,), "W2": (7, 6), "b2": (6,), "W3": (6, 5), "b3": (5,)},
        ),
    ],
    ids=["two layers", "deep"],
)
def test_parameter_shapes(make, shapes):
    assert {name: value.shape for name, value in make().params.items()} == shapes


@pytest.mark.parametrize(
    "model",
    [
        lambda: TwoLayerNet(300, 100, 10, weight_scale=0.02),
        lambda: FullyConnectedNet([100], 300, 10, weight_scale=0.02),
    ],
    ids=["two layers", "deep"],
)
def test_initial_weights_have_the_scale_asked_for_and_biases_are_zero(model):
    params = model().params
    assert params["W1"].std() == pytest.approx(0.02, rel=0.03)
    assert abs(params["W1"].mean()) < 5 * 0.02 / np.sqrt(params["W1"].size)
    assert not params["b1"].any()
    assert not params["b2"].any()


@pytest.mark.parametrize("dropout", [1, 0.5])
def test_keeps_float32(batch, dropout):
    model = deep(dtype=np.float32, dropout=dropout, reg=0.1)
    _, grads = model.loss(*batch)
    arrays = [model.loss(batch[0]), *model.params.values(), *grads.values()]
    assert {array.dtype for array in arrays} == {np.dtype(np.float32)}


def test_drops_nothing_without_labels(batch):
    np.random.seed(3)
    plain = deep()
    np.random.seed(3)
    dropped = deep(dropout=0.3)
    np.testing.assert_array_equal(dropped.loss(batch[0]), plain.loss(batch[0]))


def test_drops_while_training_and_differently_each_time(batch):
    model = deep((50, 50), dropout=0.3)
    losses = {model.loss(*batch)[0] for _ in range(3)}
    assert len(losses) == 3


def test_dropout_of_1_draws_nothing(batch):
    model = deep(dropout=1, seed=5)
    state = np.random.get_state()[1].copy()
    model.loss(*batch)
    np.testing.assert_array_equal(np.random.get_state()[1], state)


@pytest.mark.parametrize("dropout", [0, -0.5, 1.5])
def test_refuses_what_is_no_probability_to_keep(dropout):
    with pytest.raises(ValueError, match="probability to keep"):
        deep(dropout=dropout)


def test_of_no_hidden_layer_is_a_linear_classifier(batch):
    model = deep(())
    want = np.einsum("nd,dc->nc", batch[0].reshape(6, 12), model.params["W1"])
    np.testing.assert_allclose(model.loss(batch[0]), want + model.params["b1"], rtol=1e-12)
