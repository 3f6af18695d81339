"""Nets in a student's process and beside them the same parameters on the trusted side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from types import SimpleNamespace
from typing import Any

import numpy as np

from autograder.grading import expect
from autograder.sandbox import Path, assign, perturb

STEP = 1e-5
Params = dict[str, np.ndarray]


@dataclass(frozen=True)
class Problem:
    """A small net's parameters and a minibatch: X of shape (N, D), y of shape (N,)."""

    dims: tuple[int, ...]
    params: Params
    X: np.ndarray
    y: np.ndarray

    @property
    def layers(self) -> int:
        return len(self.dims) - 1


def weights(params: Params) -> list[str]:
    """Names of the weight matrices."""
    return [name for name in params if name.startswith("W")]


def draw_problem(
    rng: np.random.Generator, dims: Sequence[int], examples: int = 4, keep: float = 1.0
) -> Problem:
    """Draw parameters and a minibatch, no ReLU input of which is close to its kink at 0.

    So numerical gradients are right for a right net. Every example activates some unit of each
    layer.

    Parameters
    ----------
    keep : probability to keep a unit; weights make up for the spread that dropout adds.
    """
    dims = tuple(dims)
    while True:
        X = rng.normal(size=(examples, dims[0]))
        params: Params = {}
        signals, clear, alive = X, np.inf, True
        for layer, (fan_in, fan_out) in enumerate(pairwise(dims), 1):
            spread = 1.5 * np.sqrt(keep if layer > 1 else 1.0)
            W = rng.normal(size=(fan_in, fan_out)) * spread / np.sqrt(fan_in)
            b = 0.5 * rng.normal(size=fan_out)
            params |= {f"W{layer}": W, f"b{layer}": b}
            scores = signals @ W + b
            if layer < len(dims) - 1:
                clear = min(clear, float(np.abs(scores).min()))
                signals = np.maximum(scores, 0)
                alive = alive and bool(signals.any(axis=1).all())
        if clear > 2e-3 and alive:
            return Problem(dims, params, X, draw_labels(rng, scores))


def draw_labels(rng: np.random.Generator, scores: np.ndarray) -> np.ndarray:
    """Draw a label for each row of scores, none of which is all but impossible.

    So a loss that guards its logarithm, as log(p + 1e-8), is right.
    """
    likely = scores >= scores.max(axis=1, keepdims=True) - 3
    return np.argmax(rng.random(scores.shape) * likely, axis=1)


def draw_switched_problem(
    rng: np.random.Generator, dims: Sequence[int], keep: float, examples: int = 3
) -> Problem:
    """Draw a problem no ReLU input of which can come close to 0, whatever dropout drops.

    Biases larger than all that inputs can add decide which units are active: three in four.

    Parameters
    ----------
    keep : probability to keep a unit; kept units are divided by it.
    """
    dims = tuple(dims)
    X = rng.uniform(-1, 1, size=(examples, dims[0]))
    params: Params = {}
    largest = np.ones(dims[0])
    for layer, (fan_in, fan_out) in enumerate(pairwise(dims), 1):
        W = rng.normal(size=(fan_in, fan_out)) / fan_in
        reach = largest @ np.abs(W)
        on = rng.permutation(fan_out) % 4 != 0
        b = np.where(on, 1, -1) * (reach + rng.uniform(0.2, 0.6, size=fan_out))
        if layer == len(dims) - 1:
            b = 0.5 * rng.normal(size=fan_out)
        params |= {f"W{layer}": W, f"b{layer}": b}
        largest = (reach + np.maximum(b, 0)) / keep
    return Problem(dims, params, X, rng.integers(dims[-1], size=examples))


def draw_active_problem(rng: np.random.Generator, dims: Sequence[int]) -> Problem:
    """Draw one example and a net all of whose units are active: only dropout makes zeros."""
    dims = tuple(dims)
    params: Params = {}
    for layer, (fan_in, fan_out) in enumerate(pairwise(dims), 1):
        params[f"W{layer}"] = rng.uniform(0.1, 1, size=(fan_in, fan_out)) / fan_in
        params[f"b{layer}"] = rng.uniform(0.1, 1, size=fan_out)
    return Problem(dims, params, rng.uniform(0.5, 1, size=(1, dims[0])), np.array([0]))


def set_params(net: Any, params: Params) -> Any:
    """Give `net` (a student's or ours) copies of these parameters; return the net."""
    if isinstance(net, Path):
        assign(net.params, params)
    else:
        net.params |= {name: value.copy() for name, value in params.items()}
    return net


def make_net(namespace: Any, problem: Problem, *, dtype: Any = np.float64, **settings: Any) -> Any:
    """Make a FullyConnectedNet of the student's, or of ours, with the parameters of `problem`."""
    inputs, *hidden, classes = problem.dims
    net = namespace.FullyConnectedNet(
        hidden, input_dim=inputs, num_classes=classes, dtype=dtype, **settings
    )
    return set_params(net, {name: value.astype(dtype) for name, value in problem.params.items()})


def scores_of(net: Any, X: np.ndarray) -> object:
    """What a test-time pass of the student's net returns."""
    scores = net.loss(X)
    if isinstance(scores, tuple | list):
        expect.fail("without y, loss should return the scores alone")
    return scores


def loss_of(net: Any, problem: Problem) -> tuple[float, Params]:
    """Loss and gradients of the student's net; there is a gradient of every parameter."""
    loss, grads = expect.results(net.loss(problem.X, problem.y), "loss", "grads")
    grads = expect.mapping(grads, problem.params, name="grads")
    return expect.scalar(loss, name="loss"), grads


def check_loss(got: float, plain: float, params: Params, reg: float, *, tol: float = 1e-5) -> None:
    """The loss is `plain` plus the regularisation of all weights and of no bias."""
    squares = sum(float(np.sum(params[name] ** 2)) for name in weights(params))
    biases = sum(float(np.sum(params[name] ** 2)) for name in params) - squares
    mistakes = {
        "It lacks the regularisation.": plain,
        "The regularisation has a factor of 0.5.": plain + reg * squares,
        "Biases are not regularised.": plain + 0.5 * reg * (squares + biases),
    }
    hint = "Scores of the forward pass, softmax loss, and the regularisation of every W."
    expect.close(
        got,
        plain + 0.5 * reg * squares,
        name="loss",
        tol=tol,
        hint=hint,
        mistakes=mistakes if reg else {"Nothing is regularised when reg is 0.": plain + squares},
    )


def check_grads(
    grads: Params, plain: Params, params: Params, reg: float, *, tol: float = 1e-7
) -> None:
    """Every gradient is `plain` plus, for weights, what regularisation adds."""
    for name in params:
        regular = params[name] * (reg if name in weights(params) else 0.0)
        mistakes = {
            "It lacks the gradient of the regularisation.": plain[name],
            "The gradient of 0.5 * reg * sum(W**2) is reg * W.": plain[name] + 2 * regular,
            "Biases are not regularised.": plain[name] + reg * params[name],
            "The factor of 0.5 is for the loss, not for its gradient.": plain[name] + regular / 2,
        }
        expect.close(
            grads[name],
            plain[name] + regular,
            name=f'grads["{name}"]',
            tol=tol,
            hint="Follow the forward pass backwards, layer by layer.",
            mistakes=mistakes if reg else {},
        )


def check_slopes(
    net: Any,
    problem: Problem,
    grads: Params,
    plain: Params,
    rng: np.random.Generator,
    *,
    tol: float = 1e-5,
) -> None:
    """`grads` agree with the student's own loss along a random direction of each parameter.

    A wrong entry changes the slope along almost every direction, so two losses check them all.
    `plain`, the right gradient, says where there is a slope: a loss that does not depend on the
    parameters at all agrees with gradients of 0.
    """
    gradients = {
        name: expect.array(grads[name], value.shape, name=f'grads["{name}"]')
        for name, value in problem.params.items()
    }
    if _agree_at_once(net, problem, gradients, plain, rng, tol):
        return
    set_params(net, problem.params)
    for name, gradient in gradients.items():
        direction = rng.normal(size=gradient.shape)
        losses = expect.array(
            perturb(net, name, direction[np.newaxis], STEP, problem.X, problem.y),
            (2, 1),
            name="the losses of changed parameters",
        )
        slope = float(losses[0, 0] - losses[1, 0]) / (2 * STEP)
        expect.that(slope != 0 or not plain[name].any(), f"the loss does not depend on {name}")
        error = abs(slope - float(np.sum(gradient * direction)))
        expect.that(
            bool(error <= tol * np.linalg.norm(gradient)),
            f'grads["{name}"] does not agree with a numerical gradient of your own loss',
        )


def _agree_at_once(
    net: Any,
    problem: Problem,
    gradients: Params,
    plain: Params,
    rng: np.random.Generator,
    tol: float,
) -> bool:
    """Whether gradients agree with the loss along one direction of all parameters together.

    Whatever is wrong about one of them changes that slope as well. So that no mistake is missed
    that a look at each would see, the tolerance is a tenth of that of the smallest gradient, and a
    gradient that is 0 for no reason gets that look.
    """
    if any(plain[name].any() and not gradient.any() for name, gradient in gradients.items()):
        return False
    directions = {name: rng.normal(size=gradient.shape) for name, gradient in gradients.items()}
    losses = []
    for step in (STEP, -STEP):
        moved = {name: problem.params[name] + step * directions[name] for name in directions}
        losses.append(loss_of(set_params(net, moved), problem)[0])
    slope = (losses[0] - losses[1]) / (2 * STEP)
    error = abs(slope - sum(float(np.sum(gradients[n] * directions[n])) for n in directions))
    norms = [float(np.linalg.norm(gradient)) for gradient in gradients.values()]
    return error <= tol / 10 * min((norm for norm in norms if norm), default=0.0)


def check_large_scores(net: Any, problem: Problem) -> None:
    """Scores around 800, that of the right class on top: a loss of 0, where exp alone overflows.

    The last layer of `net` gets weights of 0, so that its biases are the scores.
    """
    last = problem.layers
    scores = np.full(problem.dims[-1], 700.0)
    scores[problem.y[0]] = 800.0
    set_params(net, {f"W{last}": np.zeros_like(problem.params[f"W{last}"]), f"b{last}": scores})
    alike = replace(problem, y=np.full_like(problem.y, problem.y[0]))
    loss, grads = loss_of(net, alike)
    expect.that(abs(loss) < 1e-6, "with a score that is 100 above all others the loss should be 0")
    for name, value in problem.params.items():
        expect.array(grads[name], value.shape, name=f'grads["{name}"], where scores are large,')


def masked_loss(
    reference: SimpleNamespace, problem: Problem, masks: Sequence[np.ndarray]
) -> tuple[float, Params]:
    """Loss and gradients, without regularisation, of a net whose dropout masks are given.

    Parameters
    ----------
    masks : one array (N, units) for each hidden layer, scaling included.
    """
    out, caches, grads = problem.X, [], {}
    for layer in range(1, problem.layers):
        W, b = problem.params[f"W{layer}"], problem.params[f"b{layer}"]
        out, cache = reference.affine_relu_forward(out, W, b)
        out = out * masks[layer - 1]
        caches.append(cache)
    last = problem.layers
    W, b = problem.params[f"W{last}"], problem.params[f"b{last}"]
    scores, cache = reference.affine_forward(out, W, b)
    loss, dout = reference.softmax_loss(scores, problem.y)
    dout, grads[f"W{last}"], grads[f"b{last}"] = reference.affine_backward(dout, cache)
    for layer in range(last - 1, 0, -1):
        dout = dout * masks[layer - 1]
        dout, dW, db = reference.affine_relu_backward(dout, caches[layer - 1])
        grads[f"W{layer}"], grads[f"b{layer}"] = dW, db
    return loss, grads
