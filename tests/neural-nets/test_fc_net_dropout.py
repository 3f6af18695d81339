"""Hidden checks of `FullyConnectedNet` with dropout.

The net calls the student's own `dropout_forward`, whose masks the trusted side can't know. Under a
seed they are read off by calling the same function with the same seed and shape; without one, zeros
in the gradients of a net whose units are all active show what was dropped.
"""

from __future__ import annotations

import numpy as np
import pytest

from autograder.grading import expect
from tests.masks import drop
from tests.nets import (
    check_grads,
    check_loss,
    check_slopes,
    draw_active_problem,
    draw_problem,
    draw_switched_problem,
    loss_of,
    make_net,
    masked_loss,
    scores_of,
)

TASK = "fc_net_dropout"
DIMS = (6, 11, 9, 4)
IDLE = "the loss is that of a net without dropout; use dropout_forward when use_dropout is set"


def draw_seed(rng):
    """A seed for the net's dropout layers."""
    return int(rng.integers(1, 2**31))


def masks_of(student, problem, p, seed):
    """The masks, scaling included, that the student's dropout draws in each hidden layer."""
    shapes = [(len(problem.X), units) for units in problem.dims[1:-1]]
    return [drop(student, np.ones(shape), p, seed)[0] for shape in shapes]


def check_active(loss, reference, problem):
    """`loss`, of a training pass, is not that of the same net without dropout."""
    plain, _ = make_net(reference, problem).loss(problem.X, problem.y)
    expect.that(abs(loss - plain) > 1e-9 * abs(plain), IDLE)


def dropped_units(net, problem):
    """Which units of each hidden layer were dropped in a training pass, forward and backward.

    With one example and active units, a unit that was dropped has no part in the gradient of the
    next layer's weights, and its own bias has no gradient.
    """
    _, grads = loss_of(net, problem)
    for name, value in problem.params.items():
        expect.array(grads[name], value.shape, name=f'grads["{name}"]')
    layers = range(1, problem.layers)
    forward = [~grads[f"W{layer + 1}"].any(axis=1) for layer in layers]
    backward = [grads[f"b{layer}"] == 0 for layer in layers]
    return forward, backward, grads


def check_partly_dropped(units, layer):
    """Some units of a hidden layer were dropped, some were kept."""
    expect.that(bool(units.any()), f"no unit is dropped after the ReLU of layer {layer}")
    expect.that(not units.all(), f"all units are dropped after the ReLU of layer {layer}")


@pytest.mark.task(TASK, weight=2)
@pytest.mark.parametrize("hidden", [1, 3], ids="{}_hidden".format)
def test_every_layer(student, rng, hidden):
    problem = draw_active_problem(rng, (5, *[60] * hidden, 4))
    forward, _, _ = dropped_units(make_net(student, problem, dropout=0.5), problem)
    for layer, units in enumerate(forward, 1):
        check_partly_dropped(units, layer)


@pytest.mark.task(TASK)
def test_inputs_and_scores_are_kept(student, rng):
    problem = draw_active_problem(rng, (50, 60, 50))
    forward, _, grads = dropped_units(make_net(student, problem, dropout=0.5), problem)
    check_partly_dropped(forward[0], 1)
    expect.that(
        bool(grads["W1"].any(axis=1).all()), "entries of X are dropped; dropout belongs after ReLUs"
    )
    expect.that(bool(grads["b2"].all()), "the scores of the last layer should not be dropped")


@pytest.mark.task(TASK, weight=1.5)
def test_same_units_backward(student, rng):
    problem = draw_active_problem(rng, (5, 40, 40, 40, 4))
    forward, backward, _ = dropped_units(make_net(student, problem, dropout=0.5), problem)
    for layer, (units, found) in enumerate(zip(forward, backward, strict=True), 1):
        check_partly_dropped(units, layer)
        expect.that(
            np.array_equal(units, found),
            f"forward and backward pass of layer {layer} drop different units; "
            "does each layer get its own dropout cache?",
        )


@pytest.mark.task(TASK)
@pytest.mark.parametrize("p", [0.4, 0.75])
def test_loss(student, convention, reference, rng, p):
    problem, seed = draw_problem(rng, DIMS, keep=convention.keep_prob(p)), draw_seed(rng)
    loss, _ = loss_of(make_net(student, problem, dropout=p, seed=seed), problem)
    check_active(loss, reference, problem)
    plain, _ = masked_loss(reference, problem, masks_of(student, problem, p, seed))
    check_loss(loss, plain, problem.params, 0.0)


@pytest.mark.task(TASK, weight=0.5)
def test_regularisation(student, reference, rng):
    # Whether it is right is for the task of the net to say; here it is the same as without dropout.
    problem, seed = draw_problem(rng, DIMS, keep=0.5), draw_seed(rng)
    added = []
    for settings in ({}, {"dropout": 0.5, "seed": seed}):
        losses = [
            loss_of(make_net(student, problem, reg=reg, **settings), problem)[0]
            for reg in (0.0, 0.3)
        ]
        added.append(losses[1] - losses[0])
    check_active(losses[0], reference, problem)
    hint = "With dropout as without it, reg adds the same."
    expect.close(added[1], added[0], name="What reg adds to the loss", hint=hint)


@pytest.mark.task(TASK, weight=1.5)
@pytest.mark.parametrize("p", [0.4, 0.75])
def test_gradients(student, convention, reference, rng, p):
    problem, seed = draw_problem(rng, DIMS, keep=convention.keep_prob(p)), draw_seed(rng)
    loss, grads = loss_of(make_net(student, problem, dropout=p, seed=seed), problem)
    check_active(loss, reference, problem)
    _, plain = masked_loss(reference, problem, masks_of(student, problem, p, seed))
    check_grads(grads, plain, problem.params, 0.0)


@pytest.mark.task(TASK)
def test_gradient_check(student, convention, reference, rng):
    p, seed = 0.6, draw_seed(rng)
    problem = draw_switched_problem(rng, DIMS, convention.keep_prob(p))
    net = make_net(student, problem, dropout=p, seed=seed)
    loss, grads = loss_of(net, problem)
    check_active(loss, reference, problem)
    _, plain = masked_loss(reference, problem, masks_of(student, problem, p, seed))
    check_slopes(net, problem, grads, plain, rng)


@pytest.mark.task(TASK)
def test_passes_differ_without_seed(student, rng):
    problem = draw_active_problem(rng, (5, 60, 60, 4))
    net = make_net(student, problem, dropout=0.5)
    first, second = (dropped_units(net, problem)[0] for _ in range(2))
    for layer, (one, other) in enumerate(zip(first, second, strict=True), 1):
        expect.that(
            bool((one != other).any()),
            f"layer {layer} drops the same units in two training passes without a seed",
        )


@pytest.mark.task(TASK, weight=2)
def test_scores(student, reference, rng):
    problem = draw_problem(rng, DIMS)
    net = make_net(student, problem, dropout=0.5, seed=draw_seed(rng))
    loss, _ = loss_of(net, problem)
    check_active(loss, reference, problem)
    want = make_net(reference, problem).loss(problem.X)
    hint = "Without y nothing is dropped or scaled."
    for _ in range(2):
        expect.close(scores_of(net, problem.X), want, name="scores", hint=hint)
    again, _ = loss_of(net, problem)
    check_active(again, reference, problem)


@pytest.mark.task(TASK, weight=0.5)
def test_no_dropout(student, convention, reference, rng):
    problem = draw_problem(rng, DIMS)
    loss, _ = loss_of(make_net(student, problem, dropout=0.5, seed=draw_seed(rng)), problem)
    check_active(loss, reference, problem)
    loss, grads = loss_of(make_net(student, problem, dropout=convention.no_dropout), problem)
    plain_loss, plain = make_net(reference, problem).loss(problem.X, problem.y)
    check_loss(loss, plain_loss, problem.params, 0.0)
    check_grads(grads, plain, problem.params, 0.0)
