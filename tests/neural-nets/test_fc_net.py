"""Hidden checks of `FullyConnectedNet` without dropout.

A net that returns log(C) and zero gradients passes the usual checks of a fresh net, so all values
are compared with the reference at parameters that are far from fresh.
"""

from __future__ import annotations

import numpy as np
import pytest

from autograder.grading import expect
from autograder.sandbox import fetch
from tests.initialisation import (
    bias,
    check_biases,
    check_shapes,
    check_weights,
    parameter,
    params_of,
)
from tests.nets import (
    check_grads,
    check_large_scores,
    check_loss,
    check_slopes,
    draw_problem,
    loss_of,
    make_net,
    scores_of,
)

TASK = "fc_net"
# Mixed-up layers raise where shapes differ. With three hidden layers all fit each other: there the
# values tell one mix-up from another.
DIMS = {1: (6, 9, 4), 2: (6, 9, 7, 4), 3: (8, 8, 8, 8, 4), 4: (6, 9, 7, 8, 5, 4)}
every_depth = pytest.mark.parametrize("hidden", sorted(DIMS), ids="{}_hidden".format)


@pytest.mark.task(TASK, weight=0.5)
@pytest.mark.parametrize("hidden", [1, 4], ids="{}_hidden".format)
def test_parameters(student, hidden):
    inputs, *dims, classes = DIMS[hidden]
    net = student.FullyConnectedNet(dims, input_dim=inputs, num_classes=classes)
    check_shapes(net, DIMS[hidden])
    narrow = list(range(2, hidden + 2))  # wide layers would show no more of the defaults
    check_shapes(student.FullyConnectedNet(narrow), (3 * 32 * 32, *narrow, 10))


@pytest.mark.task(TASK)
def test_initial_weights(student, rng):
    scale = float(rng.uniform(0.02, 0.2))
    net = student.FullyConnectedNet([50, 60], input_dim=40, num_classes=45, weight_scale=scale)
    params = params_of(net)
    for layer, shape in enumerate([(40, 50), (50, 60), (60, 45)], 1):
        check_weights(params, f"W{layer}", shape, scale)
    net = student.FullyConnectedNet([50], input_dim=60)
    check_weights(params_of(net), "W1", (60, 50), 1e-2)


@pytest.mark.task(TASK, weight=0.5)
def test_initial_biases(student):
    net = student.FullyConnectedNet([4, 5], input_dim=6, num_classes=3)
    check_biases(net, (6, 4, 5, 3))


@pytest.mark.task(TASK)
@every_depth
def test_scores(student, reference, rng, hidden):
    problem = draw_problem(rng, DIMS[hidden])
    want = make_net(reference, problem).loss(problem.X)
    hint = "Every hidden layer is affine - ReLU; the last layer is affine only."
    got = scores_of(make_net(student, problem), problem.X)
    mistakes = {"There is no ReLU after the last affine layer.": np.maximum(want, 0)}
    expect.close(got, want, name="scores", hint=hint, mistakes=mistakes)


@pytest.mark.task(TASK, weight=0.5)
def test_images(student, reference, rng):
    problem = draw_problem(rng, (12, 8, 7, 5))
    images = problem.X.reshape(-1, 3, 2, 2)
    want = make_net(reference, problem).loss(images)
    hint = "X may hold images, (N, 3, 32, 32) say; the affine layer flattens them."
    expect.close(scores_of(make_net(student, problem), images), want, name="scores", hint=hint)


@pytest.mark.task(TASK)
@pytest.mark.parametrize("reg", [0.0, 0.6], ids=["plain", "regularised"])
def test_loss(student, reference, rng, reg):
    problem = draw_problem(rng, DIMS[3])
    loss, _ = loss_of(make_net(student, problem, reg=reg), problem)
    plain, _ = make_net(reference, problem).loss(problem.X, problem.y)
    check_loss(loss, plain, problem.params, reg)


@pytest.mark.task(TASK)
@every_depth
def test_gradients(student, reference, rng, hidden):
    problem = draw_problem(rng, DIMS[hidden])
    net = make_net(student, problem)
    _, grads = loss_of(net, problem)
    expect.mapping(grads, fetch(net.params), name="grads")  # the Solver steps along all of params
    _, plain = make_net(reference, problem).loss(problem.X, problem.y)
    check_grads(grads, plain, problem.params, 0.0)


@pytest.mark.task(TASK, weight=1.5)
def test_regularised_gradients(student, reference, rng):
    reg = 0.6
    for hidden in (3, 2):
        problem = draw_problem(rng, DIMS[hidden])
        _, grads = loss_of(make_net(student, problem, reg=reg), problem)
        _, plain = make_net(reference, problem).loss(problem.X, problem.y)
        check_grads(grads, plain, problem.params, reg)


@pytest.mark.task(TASK)
@pytest.mark.parametrize("reg", [0.0, 0.4], ids=["plain", "regularised"])
def test_gradient_check(student, reference, rng, reg):
    problem = draw_problem(rng, DIMS[2])
    _, plain = make_net(reference, problem, reg=reg).loss(problem.X, problem.y)
    net = make_net(student, problem, reg=reg)
    _, grads = loss_of(net, problem)
    check_slopes(net, problem, grads, plain, rng)


@pytest.mark.task(TASK, weight=0.5)
def test_large_scores(student, rng):
    problem = draw_problem(rng, DIMS[2])
    check_large_scores(make_net(student, problem), problem)


@pytest.mark.task(TASK, weight=0.5)
def test_one_example(student, reference, rng):
    problem = draw_problem(rng, DIMS[2], examples=1)
    loss, grads = loss_of(make_net(student, problem), problem)
    plain_loss, plain = make_net(reference, problem).loss(problem.X, problem.y)
    check_loss(loss, plain_loss, problem.params, 0.0)
    check_grads(grads, plain, problem.params, 0.0)


@pytest.mark.task(TASK, weight=0.5)
def test_float32(student, reference, rng):
    problem = draw_problem(rng, DIMS[2])
    fresh = student.FullyConnectedNet([5, 4], input_dim=6, num_classes=3, dtype=np.float32)
    params = params_of(fresh)
    found = {"W1": (parameter(params, "W1"), (6, 5)), "b3": (bias(params, 3), (3,))}
    for name, (value, shape) in found.items():
        value = expect.floats(value, shape, name=f'params["{name}"]')
        expect.that(value.dtype == np.float32, f'params["{name}"] should have the dtype of the net')
    net = make_net(student, problem, dtype=np.float32)
    loss, grads = loss_of(net, problem)
    plain_loss, plain = make_net(reference, problem).loss(problem.X, problem.y)
    check_loss(loss, plain_loss, problem.params, 0.0, tol=1e-4)
    check_grads(grads, plain, problem.params, 0.0, tol=1e-3)
