"""Hidden checks of `TwoLayerNet`.

A net that returns log(C) and zero gradients passes the usual checks of a fresh net, so all values
are compared with the reference at parameters that are far from fresh.
"""

from __future__ import annotations

import numpy as np
import pytest

from autograder.grading import expect
from tests.initialisation import check_biases, check_shapes, check_weights, params_of
from tests.nets import (
    check_grads,
    check_large_scores,
    check_loss,
    check_slopes,
    draw_problem,
    loss_of,
    scores_of,
    set_params,
)

TASK = "two_layer_net"
DIMS = (7, 9, 5)


def make(namespace, problem, **settings):
    """A net of the student's, or of ours, with the parameters of `problem`."""
    inputs, hidden, classes = problem.dims
    sizes = {"input_dim": inputs, "hidden_dim": hidden, "num_classes": classes}
    net = namespace.TwoLayerNet(**sizes, **settings)
    return set_params(net, problem.params)


@pytest.mark.task(TASK, weight=0.5)
def test_parameters(student):
    net = student.TwoLayerNet(input_dim=6, hidden_dim=4, num_classes=3)
    check_shapes(net, (6, 4, 3))
    # Two small nets show the defaults as well as a large one.
    check_shapes(student.TwoLayerNet(hidden_dim=2), (3 * 32 * 32, 2, 10))
    check_shapes(student.TwoLayerNet(input_dim=2), (2, 100, 10))


@pytest.mark.task(TASK)
def test_initial_weights(student, rng):
    scale = float(rng.uniform(0.02, 0.2))
    net = student.TwoLayerNet(input_dim=60, hidden_dim=50, num_classes=40, weight_scale=scale)
    params = params_of(net)
    check_weights(params, "W1", (60, 50), scale)
    check_weights(params, "W2", (50, 40), scale)
    net = student.TwoLayerNet(input_dim=60, hidden_dim=50)
    check_weights(params_of(net), "W1", (60, 50), 1e-3)


@pytest.mark.task(TASK, weight=0.5)
def test_initial_biases(student):
    check_biases(student.TwoLayerNet(input_dim=6, hidden_dim=4, num_classes=3), (6, 4, 3))


@pytest.mark.task(TASK, weight=2)
def test_scores(student, reference, rng):
    problem = draw_problem(rng, DIMS)
    want = make(reference, problem).loss(problem.X)
    hint = "Scores are affine - ReLU - affine, without a ReLU or a softmax at the end."
    got = scores_of(make(student, problem), problem.X)
    mistakes = {"There is no ReLU after the last affine layer.": np.maximum(want, 0)}
    expect.close(got, want, name="scores", hint=hint, mistakes=mistakes)


@pytest.mark.task(TASK)
def test_images(student, reference, rng):
    problem = draw_problem(rng, (12, 8, 5))
    images = problem.X.reshape(-1, 3, 2, 2)
    want = make(reference, problem).loss(images)
    hint = "X may hold images, (N, 3, 32, 32) say; the affine layer flattens them."
    expect.close(scores_of(make(student, problem), images), want, name="scores", hint=hint)


@pytest.mark.task(TASK, weight=1.5)
@pytest.mark.parametrize("reg", [0.0, 0.7], ids=["plain", "regularised"])
def test_loss(student, reference, rng, reg):
    problem = draw_problem(rng, DIMS)
    loss, _ = loss_of(make(student, problem, reg=reg), problem)
    plain, _ = make(reference, problem).loss(problem.X, problem.y)
    check_loss(loss, plain, problem.params, reg)


@pytest.mark.task(TASK, weight=1.5)
@pytest.mark.parametrize("reg", [0.0, 0.7], ids=["plain", "regularised"])
def test_gradients(student, reference, rng, reg):
    problem = draw_problem(rng, DIMS)
    _, grads = loss_of(make(student, problem, reg=reg), problem)
    _, plain = make(reference, problem).loss(problem.X, problem.y)
    check_grads(grads, plain, problem.params, reg)


@pytest.mark.task(TASK)
def test_gradient_check(student, reference, rng):
    problem = draw_problem(rng, DIMS)
    _, plain = make(reference, problem, reg=0.3).loss(problem.X, problem.y)
    net = make(student, problem, reg=0.3)
    _, grads = loss_of(net, problem)
    check_slopes(net, problem, grads, plain, rng)


@pytest.mark.task(TASK, weight=0.5)
def test_large_scores(student, rng):
    problem = draw_problem(rng, DIMS)
    check_large_scores(make(student, problem), problem)


@pytest.mark.task(TASK, weight=0.5)
def test_one_example(student, reference, rng):
    problem = draw_problem(rng, DIMS, examples=1)
    loss, grads = loss_of(make(student, problem), problem)
    plain_loss, plain = make(reference, problem).loss(problem.X, problem.y)
    check_loss(loss, plain_loss, problem.params, 0.0)
    check_grads(grads, plain, problem.params, 0.0)
