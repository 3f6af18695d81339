"""What hidden checks assert with: strict where numpy is lax, and silent about what was expected."""

from __future__ import annotations

import re

import numpy as np
import pytest

from autograder.grading import expect
from autograder.grading.expect import CheckFailed
from autograder.sandbox import Remote
from autograder.sandbox.codec import Handle


class Releases:
    """As much of a worker as a handle needs when it goes away."""

    def release(self, number: int) -> None:
        """Nothing lives here that could be released."""


@pytest.fixture
def handle():
    """A value that stayed in the student's process."""
    return Remote(Releases(), Handle(1, "Cache"))


def message(check, *args, **kwargs):
    """The sentence a student would read, or None if the check passes."""
    try:
        check(*args, **kwargs)
    except CheckFailed as failure:
        return str(failure)
    return None


# ---- close


def test_equal_arrays_are_close():
    want = np.arange(6.0).reshape(2, 3)
    assert message(expect.close, want + 1e-9, want, name="out") is None


@pytest.mark.parametrize(
    ("got", "want"),
    [
        (np.array([]), 2.3),
        (np.array([]), np.ones(3)),
        (2.3, np.full((2, 2), 2.3)),
        (np.full((1, 3), 2.3), np.full((2, 3), 2.3)),
        (np.full((2, 2), 2.3), 2.3),
        (np.ones((3, 1)), np.ones(3)),
    ],
    ids=[
        "empty_for_a_number",
        "empty_for_an_array",
        "number_for_an_array",
        "row_that_broadcasts",
        "array_for_a_number",
        "column_for_a_vector",
    ],
)
def test_shapes_never_broadcast(got, want):
    assert message(expect.close, got, want, name="out") is not None


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_values_that_are_not_finite_never_pass(value):
    assert "not finite" in message(expect.close, np.array([1.0, value]), np.ones(2), name="out")
    assert "not a finite" in message(expect.close, value, 1.0, name="loss")


def test_nan_as_expected_value_is_a_mistake_in_the_suite():
    with pytest.raises(ValueError, match="suite"):
        expect.close(np.array([np.nan]), np.array([np.nan]), name="out")


def test_an_empty_expected_array_is_a_mistake_in_the_suite():
    with pytest.raises(ValueError, match="suite"):
        expect.close(np.array([]), np.array([]), name="out")


def test_tolerance_is_relative_to_the_largest_magnitude():
    want = np.array([0.0, 1000.0])
    assert message(expect.close, want + 0.9e-4, want, name="out") is None
    assert message(expect.close, want + 1.1e-4, want, name="out") is not None


def test_zeros_must_be_zeros():
    assert message(expect.close, np.full(3, 1e-10), np.zeros(3), name="db") is not None


def test_huge_values_fail_without_a_warning():
    got = np.full(2, np.finfo(np.float64).max)
    assert "wrong values in 2 of 2" in message(expect.close, got, -got, name="out")


def test_float32_and_integers_are_compared_by_value():
    assert message(expect.close, np.float32([1, 2]), np.array([1.0, 2.0]), name="out") is None
    assert message(expect.close, np.array([1, 2]), np.array([1.0, 2.0]), name="out") is None


def test_message_counts_wrong_entries_and_adds_the_hint():
    got, want = np.array([1.0, 5.0, 3.0]), np.array([1.0, 2.0, 3.0])
    text = message(expect.close, got, want, name="dx", hint="Think again.")
    assert text == "dx has the right shape but wrong values in 1 of 3 entries. Think again."


def test_known_mistake_takes_the_place_of_the_hint():
    want = np.array([1.0, 2.0])
    mistakes = {"Sign.": -want, "Twice.": 2 * want}
    text = message(expect.close, 2 * want, want, name="dx", hint="Hm.", mistakes=mistakes)
    assert text.endswith("Twice.")
    assert "Hm." not in text


def test_unknown_mistake_keeps_the_hint():
    want = np.array([1.0, 2.0])
    text = message(expect.close, 3 * want, want, name="dx", hint="Hm.", mistakes={"Sign.": -want})
    assert text.endswith("Hm.")
    assert "Sign." not in text


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (np.zeros_like, "Everything is 0."),
        (np.negative, "Only the sign is wrong."),
        (lambda want: want / 7, "The scale is wrong: every entry is off by the same factor."),
        (lambda want: -3 * want, "The scale is wrong: every entry is off by the same factor."),
        (lambda want: want + 0.25, "Every entry is off by the same amount."),
        (np.transpose, "It looks transposed."),
        (lambda want: want[::-1], "The right values stand in the wrong places."),
    ],
    ids=["zeros", "sign", "smaller", "larger", "shifted", "transposed", "upside_down"],
)
def test_unknown_mistake_is_described_before_the_hint(change, words):
    want = np.arange(16.0).reshape(4, 4) ** 2 - 40
    text = message(expect.close, change(want), want, name="dx", hint="Hm.")
    assert re.fullmatch(rf"dx has .* wrong values in \d+ of 16 entries\. {words} Hm\.", text)


def test_zeros_are_no_matter_of_scale():
    assert "scale" not in message(expect.close, np.array([1.0, 2.0]), np.zeros(2), name="db")


def test_wrong_values_without_a_pattern_are_not_described():
    want = np.array([1.0, 2.0, 4.0])
    text = message(expect.close, want + np.array([0, 0, 1]), want, name="dx", hint="Hm.")
    assert text == "dx has the right shape but wrong values in 1 of 3 entries. Hm."


@pytest.mark.parametrize(
    ("got", "words"), [(-3.5, "Only the sign is wrong."), (0.0, "Everything is 0."), (7.0, "")]
)
def test_a_wrong_number_is_described_where_that_says_something(got, words):
    text = message(expect.close, got, 3.5, name="loss")
    assert text == f"loss is a number but not the right one. {words}".rstrip()


def test_mistake_that_looks_right_does_not_fail_a_right_value():
    want = np.array([1.0, 2.0])
    assert message(expect.close, want, want, name="dx", mistakes={"Same.": want}) is None


@pytest.mark.parametrize("got", [0.125, np.array([0.125, 7.25])], ids=["number", "array"])
def test_message_holds_no_expected_value(got):
    want = np.full(np.shape(got), 3.140625)
    text = message(expect.close, got, want, name="out", hint="Hint.")
    assert not re.search(r"3\.14|0\.125|7\.25", text)


# ---- array, floats, scalar


@pytest.mark.parametrize(
    "got",
    [
        None,
        True,
        "1.0",
        [1.0],
        np.array(["1"]),
        np.array([1j]),
        np.array([None]),
        10**400,
    ],
    ids=["none", "bool", "text", "list", "texts", "complex", "objects", "too_large"],
)
def test_what_is_no_array_of_real_numbers_is_refused(got):
    shape = np.shape(got) if isinstance(got, np.ndarray) else ()
    assert message(expect.array, got, shape, name="out") is not None


def test_a_value_in_the_worker_is_no_array(handle):
    assert (
        message(expect.array, handle, (2,), name="out") == "out should be a numpy array, not Cache"
    )


def test_floats_refuses_integers():
    assert "int64" in message(expect.floats, np.array([1, 2]), (2,), name="out")
    assert message(expect.floats, np.float32([1, 2]), (2,), name="out") is None


@pytest.mark.parametrize(
    "got", [2, 2.0, np.float32(2), np.int64(2), np.array(2.0), np.array([[2.0]])], ids=repr
)
def test_scalar_accepts_every_kind_of_single_number(got):
    assert expect.scalar(got, name="loss") == 2.0


@pytest.mark.parametrize(
    "got",
    [None, True, np.True_, "2", [2.0], np.ones(2), np.array([]), 1j, np.nan, 10**400],
    ids=[
        "none", "bool", "numpy_bool", "text", "list", "two", "empty", "complex", "nan", "too_large",
    ],
)  # fmt: skip
def test_scalar_refuses_everything_else(got):
    assert message(expect.scalar, got, name="loss") is not None


# ---- results, mapping, unchanged, that


def test_results_unpacks_tuples_and_lists():
    assert expect.results((1, 2), "out", "cache") == (1, 2)
    assert expect.results([1, 2], "out", "cache") == (1, 2)


@pytest.mark.parametrize(
    ("got", "words"),
    [
        (None, "nothing was returned"),
        (np.ones((2, 3)), "not a single ndarray"),
        ((1,), "1 values were returned; expected 2: (out, cache)"),
        ((1, 2, 3), "3 values"),
    ],
    ids=["none", "array", "too_few", "too_many"],
)
def test_results_says_what_should_be_returned(got, words):
    assert words in message(expect.results, got, "out", "cache")


def test_results_does_not_unpack_a_value_in_the_worker(handle):
    assert "not a single Cache" in message(expect.results, handle, "out", "cache")


def test_mapping_returns_a_dict_with_all_keys():
    assert expect.mapping({"W1": 1, "more": 2}, ["W1"], name="grads") == {"W1": 1, "more": 2}


def test_mapping_names_the_missing_key():
    assert message(expect.mapping, {"W1": 1}, ["W1", "b1"], name="grads") == (
        "grads has no entry 'b1'"
    )


@pytest.mark.parametrize("got", [None, [1], "W1"])
def test_mapping_refuses_what_is_no_dict(got):
    assert "should be a dict" in message(expect.mapping, got, ["W1"], name="grads")


def test_unchanged_notices_a_changed_entry_and_another_type():
    before = np.arange(3.0)
    assert message(expect.unchanged, before, before.copy(), name="x") is None
    assert "in place" in message(expect.unchanged, before, before + 1, name="x")
    assert "in place" in message(expect.unchanged, before, None, name="x")
    assert "in place" in message(expect.unchanged, before, before.reshape(3, 1), name="x")


def test_that_takes_nothing_but_a_bool(handle):
    assert message(expect.that, np.bool_(True), "no") is None
    assert message(expect.that, False, "no") == "no"
    for condition in (1, "yes", np.array([True]), None, handle):
        with pytest.raises(TypeError, match="needs a bool"):
            expect.that(condition, "no")


def test_a_comparison_with_nan_fails():
    assert message(expect.that, float("nan") <= 1e-6, "too large") == "too large"
