"""Hidden checks of `sgd_momentum`."""

from __future__ import annotations

import pytest

from tests.update_rules import check_float32, check_run, check_shapes, check_state, draw, step

TASK = "sgd_momentum"
HINT = "The velocity is momentum times the old one, minus the gradient step; w moves by it."


@pytest.mark.task(TASK)
def test_first_step(student, reference, rng):
    w, gradients = draw(rng, (4, 5), 1)
    hint = "Without config the velocity starts at 0, so the first step is that of sgd."
    check_run(student.sgd_momentum, reference.sgd_momentum, w, gradients, hint=hint)


@pytest.mark.task(TASK, weight=2)
def test_several_steps(student, reference, rng):
    w, gradients = draw(rng, (4, 5), 5)
    check_run(student.sgd_momentum, reference.sgd_momentum, w, gradients, hint=HINT)


@pytest.mark.task(TASK, weight=1.5)
def test_given_state(student, reference, rng):
    w, gradients = draw(rng, (3, 6), 2)
    config = {"learning_rate": 0.07, "momentum": 0.6, "velocity": rng.normal(size=w.shape)}
    check_run(student.sgd_momentum, reference.sgd_momentum, w, gradients, config, hint=HINT)


@pytest.mark.task(TASK, weight=0.5)
@pytest.mark.parametrize(("key", "value"), [("learning_rate", 0.3), ("momentum", 0.5)])
def test_setting(student, reference, rng, key, value):
    w, gradients = draw(rng, (5, 4), 3)
    hint = f"Is {key} read from config? The other settings keep their defaults."
    check_run(student.sgd_momentum, reference.sgd_momentum, w, gradients, {key: value}, hint=hint)


@pytest.mark.task(TASK)
def test_state(student, reference, rng):
    w, (dw,) = draw(rng, (4, 3), 1)
    start = {"velocity": rng.normal(size=w.shape)}
    _, config = step(student.sgd_momentum, w, dw, start)
    _, want = reference.sgd_momentum(w, dw, start)
    check_state(config, {"velocity": want["velocity"]})


@pytest.mark.task(TASK, weight=0.5)
def test_shapes(student, reference, rng):
    check_shapes(student.sgd_momentum, reference.sgd_momentum, rng, [(1,), (7,), (2, 3, 4, 2)])


@pytest.mark.task(TASK, weight=0.5)
def test_float32(student, reference, rng):
    check_float32(student.sgd_momentum, reference.sgd_momentum, rng)
