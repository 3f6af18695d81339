"""Hidden checks of `rmsprop`."""

from __future__ import annotations

import pytest

from tests.update_rules import (
    check_epsilon,
    check_float32,
    check_run,
    check_shapes,
    check_state,
    draw,
    step,
)

TASK = "rmsprop"
HINT = "The step is dw over the root of the running average that already includes dw**2."


@pytest.mark.task(TASK)
def test_first_step(student, reference, rng):
    w, gradients = draw(rng, (4, 5), 1)
    hint = "Without config the running average starts at 0. " + HINT
    check_run(student.rmsprop, reference.rmsprop, w, gradients, hint=hint)


@pytest.mark.task(TASK, weight=2)
def test_several_steps(student, reference, rng):
    w, gradients = draw(rng, (4, 5), 5)
    check_run(student.rmsprop, reference.rmsprop, w, gradients, hint=HINT)


@pytest.mark.task(TASK, weight=1.5)
def test_given_state(student, reference, rng):
    w, gradients = draw(rng, (3, 6), 2)
    config = {
        "learning_rate": 0.07,
        "decay_rate": 0.8,
        "epsilon": 1e-8,
        "cache": rng.uniform(0.1, 2, size=w.shape),
    }
    check_run(student.rmsprop, reference.rmsprop, w, gradients, config, hint=HINT)


@pytest.mark.task(TASK, weight=0.5)
@pytest.mark.parametrize(("key", "value"), [("learning_rate", 0.3), ("decay_rate", 0.5)])
def test_setting(student, reference, rng, key, value):
    w, gradients = draw(rng, (5, 4), 3)
    hint = f"Is {key} read from config? The other settings keep their defaults."
    check_run(student.rmsprop, reference.rmsprop, w, gradients, {key: value}, hint=hint)


@pytest.mark.task(TASK)
def test_state(student, reference, rng):
    w, (dw,) = draw(rng, (4, 3), 1)
    start = {"cache": rng.uniform(0.1, 2, size=w.shape)}
    _, config = step(student.rmsprop, w, dw, start)
    _, want = reference.rmsprop(w, dw, start)
    check_state(config, {"cache": want["cache"]})


@pytest.mark.task(TASK, weight=0.5)
def test_epsilon(student, rng):
    check_epsilon(student.rmsprop, rng)


@pytest.mark.task(TASK, weight=0.5)
def test_shapes(student, reference, rng):
    check_shapes(student.rmsprop, reference.rmsprop, rng, [(1,), (7,), (2, 3, 4, 2)])


@pytest.mark.task(TASK, weight=0.5)
def test_float32(student, reference, rng):
    check_float32(student.rmsprop, reference.rmsprop, rng)
