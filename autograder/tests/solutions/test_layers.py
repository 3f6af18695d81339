import numpy as np
import pytest

from autograder.tests.solutions.oracle import assert_gradient, central_differences, read_only
from solutions.layer_utils import (
    affine_relu_backward,
    affine_relu_dropout_backward,
    affine_relu_dropout_forward,
    affine_relu_forward,
)
from solutions.layers import (
    affine_backward,
    affine_forward,
    dropout_backward,
    dropout_forward,
    relu_backward,
    relu_forward,
)

TRAIN = {"mode": "train", "p": 0.6, "seed": 7}


@pytest.fixture
def rng():
    return np.random.default_rng(1)


def affine_arguments(rng, example_shape=(2, 3), N=4, M=5, dtype=np.float64):
    D = int(np.prod(example_shape))
    arrays = rng.normal(size=(N, *example_shape)), rng.normal(size=(D, M)), rng.normal(size=M)
    return tuple(array.astype(dtype) for array in arrays)


@pytest.mark.parametrize("example_shape", [(6,), (2, 3), (3, 2, 2), (1,)])
@pytest.mark.parametrize("N", [1, 4])
def test_affine_forward_is_a_sum_of_products(rng, example_shape, N):
    x, w, b = affine_arguments(rng, example_shape, N)
    out, _ = affine_forward(x, w, b)
    want = np.einsum("nd,dm->nm", [np.ravel(example) for example in x], w) + b
    np.testing.assert_allclose(out, want, rtol=1e-12, strict=True)


def test_affine_forward_of_no_examples():
    out, cache = affine_forward(np.zeros((0, 2, 3)), np.ones((6, 5)), np.ones(5))
    dx, dw, db = affine_backward(np.zeros((0, 5)), cache)
    assert (out.shape, dx.shape) == ((0, 5), (0, 2, 3))
    assert not dw.any()
    assert not db.any()


def test_affine_forward_refuses_weights_of_another_size():
    with pytest.raises(ValueError, match="reshape"):
        affine_forward(np.ones((4, 6)), np.ones((5, 3)), np.ones(3))


def test_relu_forward_keeps_what_is_not_negative():
    out, _ = relu_forward(np.array([[-2.0, -0.0], [0.0, 3.0]]))
    np.testing.assert_array_equal(out, np.array([[0.0, 0.0], [0.0, 3.0]]), strict=True)


def test_relu_backward_at_zero_is_zero():
    dx = relu_backward(np.array([5.0, 5.0, 5.0]), np.array([-1.0, 0.0, 1.0]))
    np.testing.assert_array_equal(dx, np.array([0.0, 0.0, 5.0]), strict=True)


def test_relu_gradient(rng):
    x = rng.normal(size=(3, 4, 2))
    x[np.abs(x) < 1e-3] = 0.5  # central differences are wrong across the kink
    dout = rng.normal(size=x.shape)
    want = central_differences(lambda x: relu_forward(x)[0], x, dout)
    assert_gradient(relu_backward(dout, relu_forward(x)[1]), want)


AFFINE_LIKE = [
    pytest.param(affine_forward, affine_backward, id="affine"),
    pytest.param(affine_relu_forward, affine_relu_backward, id="affine_relu"),
    pytest.param(
        lambda x, w, b: affine_relu_dropout_forward(x, w, b, TRAIN),
        affine_relu_dropout_backward,
        id="affine_relu_dropout",
    ),
]


@pytest.mark.parametrize(("forward", "backward"), AFFINE_LIKE)
@pytest.mark.parametrize("argument", [0, 1, 2], ids="xwb")
def test_affine_gradients(rng, forward, backward, argument):
    arrays = list(affine_arguments(rng))
    out, cache = forward(*arrays)
    dout = rng.normal(size=out.shape)

    def moved(value):
        return forward(*arrays[:argument], value, *arrays[argument + 1 :])[0]

    want = central_differences(moved, arrays[argument], dout)
    assert_gradient(backward(dout, cache)[argument], want)


@pytest.mark.parametrize(("forward", "backward"), AFFINE_LIKE)
def test_affine_changes_no_argument_and_keeps_float32(rng, forward, backward):
    arguments = read_only(*affine_arguments(rng, dtype=np.float32))
    out, cache = forward(*arguments)
    (dout,) = read_only(np.ones_like(out))
    results = [out, *backward(dout, cache)]
    assert [result.dtype for result in results] == [np.float32] * 4


def test_relu_changes_no_argument_and_keeps_float32(rng):
    x, dout = read_only(*rng.normal(size=(2, 3, 4)).astype(np.float32))
    out, cache = relu_forward(x)
    assert out.dtype == relu_backward(dout, cache).dtype == np.float32


@pytest.mark.parametrize("p", [0.1, 0.5, 0.9])
def test_dropout_scales_what_it_keeps_by_one_over_p(p):
    out, _ = dropout_forward(np.ones((50, 60)), {"mode": "train", "p": p, "seed": 1})
    kept = out != 0
    np.testing.assert_allclose(out[kept], 1 / p, rtol=1e-15)
    assert kept.mean() == pytest.approx(p, abs=5 * np.sqrt(p * (1 - p) / out.size))


def test_dropout_keeping_everything_changes_nothing(rng):
    x = rng.normal(size=(5, 6))
    out, _ = dropout_forward(x, {"mode": "train", "p": 1})
    np.testing.assert_array_equal(out, x, strict=True)


def test_dropout_with_a_seed_repeats_its_mask():
    x = np.ones((10, 10))
    first, second = (dropout_forward(x, TRAIN)[0] for _ in range(2))
    np.testing.assert_array_equal(first, second)


def test_dropout_without_a_seed_draws_a_new_mask():
    np.random.seed(0)
    x = np.ones((10, 10))
    first, second = (dropout_forward(x, {"mode": "train", "p": 0.5})[0] for _ in range(2))
    assert (first != second).any()


def test_dropout_in_test_mode_needs_no_p_and_drops_nothing(rng):
    x = rng.normal(size=(5, 6))
    out, cache = dropout_forward(x, {"mode": "test"})
    np.testing.assert_array_equal(out, x, strict=True)
    np.testing.assert_array_equal(dropout_backward(x, cache), x, strict=True)


def test_dropout_in_test_mode_leaves_the_generator_alone():
    np.random.seed(5)
    want = np.random.rand()
    np.random.seed(5)
    dropout_forward(np.ones(3), {**TRAIN, "mode": "test"})
    assert np.random.rand() == want


def test_dropout_gradient(rng):
    x, dout = rng.normal(size=(2, 6, 7))
    want = central_differences(lambda x: dropout_forward(x, TRAIN)[0], x, dout)
    assert_gradient(dropout_backward(dout, dropout_forward(x, TRAIN)[1]), want)


def test_dropout_refuses_an_unknown_mode():
    with pytest.raises(ValueError, match="'Train'"):
        dropout_forward(np.ones(3), {"mode": "Train", "p": 0.5})


@pytest.mark.parametrize("mode", ["train", "test"])
@pytest.mark.parametrize("p", [0.3, np.float64(0.3)], ids=["float", "numpy float"])
def test_dropout_changes_no_argument_and_keeps_float32(rng, mode, p):
    x, dout = read_only(*rng.normal(size=(2, 8, 8)).astype(np.float32))
    dropout_param = {"mode": mode, "p": p, "seed": 1}
    before = dict(dropout_param)
    out, cache = dropout_forward(x, dropout_param)
    assert out.dtype == dropout_backward(dout, cache).dtype == np.float32
    assert dropout_param == before
