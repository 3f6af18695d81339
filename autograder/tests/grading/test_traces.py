"""What is kept of a program's calls, and when two programs are taken for the same."""

from __future__ import annotations

import pickle
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from autograder.grading.traces import Shared, Trace, alike_traces, trace_of
from autograder.sandbox import Call, StudentError, StudentTimeout

Array = NDArray[Any]
X = np.random.default_rng(0).uniform(1, 3, size=(100, 90))


def called(name: str, outcome: object, *arguments: object, operation: str = "call") -> Call:
    return Call(operation, (("name", name),), arguments, outcome)


def trace(*outcomes: object, name: str = "affine_forward") -> Trace:
    return trace_of([called(name, outcome) for outcome in outcomes])


def drop(seed: int, keep: float = 0.6, scale: float | None = None) -> Array:
    units = np.random.default_rng(seed).uniform(size=X.shape) < keep
    return np.asarray(X * units * (1 / keep if scale is None else scale))


def dropped(*outs: object, name: str = "dropout_forward") -> Trace:
    given = (X, {"mode": "train"})
    return trace_of(
        [called(name, (o, None) if isinstance(o, np.ndarray) else o, *given) for o in outs]
    )


def reading(seed: int, spread: float = 1.0, size: int = 300) -> Trace:
    drawn = np.random.default_rng(seed).normal(scale=spread, size=size)
    path = (("handle", seed), ("attr", "params"), ("item", "W1"))
    return trace_of([Call("get", path, (), drawn)])


def reading_all(seed: int, spread: float = 1.0, bias: float = 0.0, weights: str = "W1") -> Trace:
    (drawn,) = reading(seed, spread).values
    path = (("handle", seed), ("attr", "params"))
    return trace_of([Call("get", path, (), {weights: drawn, "b1": np.full(5, bias)})])


def test_values_are_compared_up_to_rounding() -> None:
    assert alike_traces(trace(X), trace(X * (1 + 1e-9)))
    assert not alike_traces(trace(X), trace(X * 1.001))


def test_every_call_counts() -> None:
    assert not alike_traces(trace(X), trace(X, X))
    assert not alike_traces(trace(X, 1.0), trace(X, 2.0))
    assert not alike_traces(trace(X), trace(X, name="relu_forward"))


def test_what_a_forward_pass_keeps_does_not_count() -> None:
    assert alike_traces(trace((X, "cache")), trace((X, 1, 2)))
    assert not alike_traces(trace((X, 1), name="loss"), trace((X, 2), name="loss"))


def test_masks_drawn_alike_are_alike() -> None:
    assert alike_traces(dropped(drop(1), drop(2)), dropped(drop(3), drop(4)))


ODD = {
    "dropped_more_often": (drop(3, keep=0.4, scale=1 / 0.6), drop(4)),
    "scaled_otherwise": (drop(3, scale=1.0), drop(4)),
    "same_mask_twice": (drop(3), drop(3)),
    "one_mask_for_all_rows": (np.where((np.arange(90) * 7 % 10 < 6), X / 0.6, 0.0), drop(4)),
    "same_number_in_each_row": (
        np.random.default_rng(5).permuted(np.tile(np.arange(90) < 54, (100, 1)), axis=1) * X / 0.6,
        drop(4),
    ),
    "no_array": ([1.0], drop(4)),
    "raised": (StudentError("x", "TypeError"), drop(4)),
}


@pytest.mark.parametrize("outs", ODD.values(), ids=ODD)
def test_masks_drawn_in_another_way_are_not_alike(outs: tuple[object, object]) -> None:
    assert not alike_traces(dropped(drop(1), drop(2)), dropped(*outs))
    assert not alike_traces(dropped(*outs), dropped(drop(1), drop(2)))


def test_what_becomes_of_x_itself_is_compared() -> None:
    def inout(after: Array, seed: int) -> Trace:
        outcome = ((drop(seed), None), (after, {}))
        return trace_of([called("dropout_forward", outcome, X, {}, operation="inout")])

    assert alike_traces(inout(X, 1), inout(X, 2))
    assert not alike_traces(inout(X, 1), inout(drop(2), 2))


def test_parameters_are_compared_by_their_distribution() -> None:
    assert alike_traces(reading(1), reading(2))
    assert not alike_traces(reading(1), reading(2, spread=0.01))
    assert not alike_traces(reading(1), reading(2, size=301))


def test_of_all_parameters_at_once_each_is_compared_like_one_alone() -> None:
    assert alike_traces(reading_all(1), reading_all(2))
    assert not alike_traces(reading_all(1), reading_all(2, spread=0.01))
    assert not alike_traces(reading_all(1), reading_all(2, bias=1.0))
    assert not alike_traces(reading_all(1), reading_all(2, weights="W2"))


@pytest.mark.parametrize("fault", [StudentError("x", "TypeError"), StudentTimeout("x")])
def test_whether_the_last_call_raised_is_known(fault: Exception) -> None:
    assert trace(X, fault).raised
    assert not trace(fault, X).raised
    assert not trace().raised


def test_little_is_kept_of_a_mask() -> None:
    kept = pickle.dumps(dropped(drop(1), drop(2)))
    assert len(kept) < X.nbytes / 50


def test_an_array_that_many_return_is_kept_once() -> None:
    shared = Shared()
    one, same, other = (shared(trace_of([called("f", out)])) for out in (X, X.copy(), -X))
    assert one.values[0] is same.values[0]
    assert shared(trace({"W1": X.copy()}, name="f")).values == ({"W1": one.values[0]},)
    assert np.array_equal(other.values[0], -X)  # type: ignore[arg-type]


@pytest.mark.parametrize("other", [X.astype(np.float32), X.reshape(90, 100), X.view(np.int64)])
def test_arrays_of_the_same_bytes_or_numbers_are_different_arrays(other: Array) -> None:
    shared = Shared()
    shared(trace(X, name="f"))
    assert shared(trace(other, name="f")).values[0] is other
