"""Hidden checks of `adam`."""

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
    with_published_t,
)

TASK = "adam"
HINT = "Are both averages corrected by 1 - beta**t, with t counted up before it is used?"


@pytest.mark.task(TASK, weight=1.5)
def test_first_step(student, reference, rng):
    w, gradients = draw(rng, (4, 5), 1)
    hint = "Corrected for their start at 0, the averages of step 1 are dw and dw**2. " + HINT
    adam = with_published_t(student.adam, rng)
    check_run(adam, reference.adam, w, gradients, hint=hint)


@pytest.mark.task(TASK, weight=2)
def test_several_steps(student, reference, rng):
    w, gradients = draw(rng, (4, 5), 6)
    hint = HINT + " Are m and v stored without the correction?"
    adam = with_published_t(student.adam, rng)
    check_run(adam, reference.adam, w, gradients, hint=hint)


@pytest.mark.task(TASK, weight=1.5)
def test_given_state(student, reference, rng):
    w, gradients = draw(rng, (3, 6), 2)
    config = {
        "learning_rate": 0.07,
        "beta1": 0.8,
        "beta2": 0.4,
        "epsilon": 1e-8,
        "m": rng.normal(size=w.shape),
        "v": rng.uniform(0.1, 2, size=w.shape),
        "t": 3,
    }
    adam = with_published_t(student.adam, rng)
    check_run(adam, reference.adam, w, gradients, config, hint=HINT)


@pytest.mark.task(TASK, weight=0.5)
@pytest.mark.parametrize(("key", "value"), [("learning_rate", 0.3), ("beta1", 0.5), ("beta2", 0.9)])
def test_setting(student, reference, rng, key, value):
    w, gradients = draw(rng, (5, 4), 3)
    hint = f"Is {key} read from config? The other settings keep their defaults."
    adam = with_published_t(student.adam, rng)
    check_run(adam, reference.adam, w, gradients, {key: value}, hint=hint)


@pytest.mark.task(TASK, weight=0.5)
@pytest.mark.parametrize("key", ["m", "v", "t"])
def test_state(student, reference, rng, key):
    w, (dw,) = draw(rng, (4, 3), 1)
    start = {"m": rng.normal(size=w.shape), "v": rng.uniform(0.1, 2, size=w.shape), "t": 4}
    _, config = step(with_published_t(student.adam, rng), w, dw, start)
    _, want = reference.adam(w, dw, start)
    check_state(config, {key: want[key]})


@pytest.mark.task(TASK, weight=0.5)
def test_epsilon(student, rng):
    check_epsilon(with_published_t(student.adam, rng), rng)


@pytest.mark.task(TASK, weight=0.5)
def test_shapes(student, reference, rng):
    check_shapes(
        with_published_t(student.adam, rng), reference.adam, rng, [(1,), (7,), (2, 3, 4, 2)]
    )


@pytest.mark.task(TASK, weight=0.5)
def test_float32(student, reference, rng):
    check_float32(with_published_t(student.adam, rng), reference.adam, rng)
