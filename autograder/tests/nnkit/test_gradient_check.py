"""Do numerical gradients agree with derivatives done by hand?"""

from __future__ import annotations

import numpy as np
import pytest
from nnkit import eval_numerical_gradient, eval_numerical_gradient_array, rel_error


@pytest.fixture
def x():
    return np.random.default_rng(0).normal(size=(3, 4))


def test_gradient_of_a_number(x):
    gradient = eval_numerical_gradient(lambda x: np.sum(x**3), x)
    assert np.allclose(gradient, 3 * x**2, rtol=1e-8)


def test_gradient_of_an_array_is_weighted_by_the_upstream_gradient(x):
    df = np.random.default_rng(1).normal(size=(3, 2))
    w = np.random.default_rng(2).normal(size=(4, 2))
    assert np.allclose(eval_numerical_gradient_array(lambda x: x @ w, x, df), df @ w.T)


def test_a_function_may_return_its_argument_itself(x):
    df = np.ones_like(x)
    assert np.allclose(eval_numerical_gradient_array(lambda x: x, x, df), 1)
    assert np.allclose(eval_numerical_gradient(lambda x: x, x[:1, :1]), 1)


def test_x_is_restored_even_after_an_error(x):
    before = x.copy()

    def fails(x):
        raise RuntimeError("no")

    with pytest.raises(RuntimeError, match="no"):
        eval_numerical_gradient(fails, x)
    eval_numerical_gradient(lambda x: x.sum(), x)
    assert np.array_equal(x, before)


def test_arrays_that_are_not_contiguous_work(x):
    gradient = eval_numerical_gradient(lambda x: np.sum(x**2), x.T[::2])
    assert np.allclose(gradient, 2 * x.T[::2])


def test_a_number_has_a_gradient_too():
    assert np.isclose(eval_numerical_gradient(lambda x: x**2, np.array(3.0)), 6)


def test_verbose_prints_every_entry(x, capsys):
    eval_numerical_gradient(lambda x: x.sum(), x, verbose=True)
    assert len(capsys.readouterr().out.splitlines()) == x.size


@pytest.mark.parametrize("wrong", [np.array([1, 2]), [1.0, 2.0], 3.0])
def test_what_can_not_be_stepped_is_refused(wrong):
    with pytest.raises(ValueError, match="must be an array of floats"):
        eval_numerical_gradient(np.sum, wrong)


def test_shapes_that_do_not_fit_are_refused(x):
    with pytest.raises(ValueError, match=r"f\(x\) has shape \(3, 4\)"):
        eval_numerical_gradient_array(lambda x: x, x, np.ones(4))
    with pytest.raises(ValueError, match="must return one number"):
        eval_numerical_gradient(lambda x: x, x)


def test_rel_error_is_the_largest_of_all():
    assert rel_error([1.0, 2.0], [1.0, 3.0]) == pytest.approx(0.2)
    assert rel_error([0.0], [0.0]) == 0
    assert rel_error([1.0], [-1.0]) == 1
    assert np.isnan(rel_error([1.0, np.nan], [1.0, 2.0]))


@pytest.mark.parametrize("other", [None, 1.0, [[1.0, 2.0]], [1.0]])
def test_rel_error_never_broadcasts(other):
    with pytest.raises(ValueError, match="rel_error"):
        rel_error([1.0, 2.0], other)


def test_rel_error_of_nothing_is_refused():
    with pytest.raises(ValueError, match="empty"):
        rel_error([], [])
