"""What hidden checks assert with.

Strict where numpy's own helpers are lax: shapes must be equal (no broadcasting, no empty arrays
that pass), values must be finite, NaN never passes. Every message is safe to show to a student: it
says what kind of thing is off and never holds an expected value or a hidden input.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NoReturn

import numpy as np
from numpy.typing import NDArray

from autograder.sandbox import Remote, fetch

Array = NDArray[Any]


class CheckFailed(AssertionError):
    """A hidden check's verdict; its message is written for the student."""


class NothingHandedIn(CheckFailed):
    """There is nothing to judge: the task counts as missing, not as wrong."""


def fail(message: str) -> NoReturn:
    """Fail the check with a message for the student."""
    raise CheckFailed(message)


def missing(message: str) -> NoReturn:
    """Fail the check because nothing was handed in for it."""
    raise NothingHandedIn(message)


def that(condition: object, message: str) -> None:
    """Fail with `message` unless `condition` is exactly True (a numpy True counts).

    Anything else, an array or a remote handle among them, is a mistake in the suite.
    """
    if not isinstance(condition, bool | np.bool_):
        raise TypeError(f"expect.that needs a bool, got {type(condition).__name__}")
    if not condition:
        raise CheckFailed(message)


def results(got: object, *names: str) -> tuple[Any, ...]:
    """Return what a function returned as one value for each of `names`, or fail.

    Use it instead of unpacking, so that a forgotten or surplus return value gets a clear message.
    """
    if got is None:
        fail(f"nothing was returned; expected ({', '.join(names)}). Is a return missing?")
    if not isinstance(got, tuple | list):
        fail(f"expected ({', '.join(names)}) to be returned, not a single {type_name(got)}")
    if len(got) != len(names):
        fail(f"{len(got)} values were returned; expected {len(names)}: ({', '.join(names)})")
    return tuple(got)


def mapping(got: object, keys: Iterable[str], *, name: str) -> dict[str, Any]:
    """Return `got` as a dict that has at least these keys, or fail.

    A dict that stayed in the student's process, because it holds more than arrays and numbers, is
    fetched.
    """
    if isinstance(got, Remote):
        got = fetch(got)
    if not isinstance(got, dict):
        fail(f"{name} should be a dict, not {type_name(got)}")
    for key in keys:
        if key not in got:
            fail(f"{name} has no entry {key!r}")
    return got


def array(got: object, shape: tuple[int, ...], *, name: str) -> Array:
    """Return `got` as a finite numeric array of exactly this shape, or fail."""
    if got is None:
        fail(f"{name} is None; is a return value missing?")
    if not isinstance(got, np.ndarray | np.generic | int | float) or isinstance(got, bool):
        kind = type_name(got)
        # An array whose entries are not numbers is not sent over; all that is known is its type.
        found = "one of a dtype that holds no real numbers" if kind == "ndarray" else kind
        fail(f"{name} should be a numpy array, not {found}")
    value = np.asarray(got)
    if value.dtype.kind not in "biuf":
        fail(f"{name} has dtype {value.dtype}; expected real numbers")
    if value.shape != shape:
        fail(f"{name} has shape {value.shape}; expected {shape}")
    if not np.isfinite(value).all():
        fail(f"{name} holds values that are not finite (nan or inf)")
    return value


def floats(got: object, shape: tuple[int, ...], *, name: str) -> Array:
    """Return `got` as a finite array of floats (of any width) of exactly this shape, or fail."""
    value = array(got, shape, name=name)
    if value.dtype.kind != "f":
        fail(f"{name} has dtype {value.dtype}; it should hold floats")
    return value


def scalar(got: object, *, name: str) -> float:
    """Return `got` as a finite float (a 0-d or 1-element array counts), or fail."""
    if got is None:
        fail(f"{name} is None; is a return value missing?")
    if isinstance(got, np.ndarray) and got.size == 1:
        got = got.reshape(())[()]
    if isinstance(got, bool | np.bool_) or not isinstance(got, int | float | np.number):
        fail(f"{name} should be a single number, not {type_name(got)}")
    try:
        value = complex(got)
    except OverflowError:  # a whole number that no float can hold
        fail(f"{name} is not a finite real number")
    if value.imag or not np.isfinite(value.real):
        fail(f"{name} is not a finite real number")
    return value.real


def close(
    got: object,
    want: Array | float,
    *,
    name: str,
    tol: float = 1e-7,
    hint: str = "",
    mistakes: Mapping[str, Array | float] | None = None,
) -> None:
    """Fail unless `got` equals `want` in shape and value.

    Parameters
    ----------
    tol : the largest error, relative to the largest magnitude in `want` (at least 1e-8).
    hint : a sentence added to the message when the values differ, after one that says in what
        way they do, where that can be seen.
    mistakes : sentences that take the place of both where `got` equals the value beside them: what
        comes out of a well-known mistake.
    """
    want = np.asarray(want)
    if not want.size or not np.isfinite(want).all():
        raise ValueError(f"the suite's expected {name} is empty or not finite")
    value = array(got, want.shape, name=name) if want.ndim else np.asarray(scalar(got, name=name))
    wrong = _differs(value, want, tol)
    if not wrong.any():
        return
    if want.ndim:
        verdict = f"has the right shape but wrong values in {wrong.sum()} of {wrong.size} entries."
    else:
        verdict = "is a number but not the right one."
    for sentence, outcome in (mistakes or {}).items():
        outcome = np.asarray(outcome)
        if outcome.shape == value.shape and not _differs(value, outcome, tol).any():
            fail(f"{name} {verdict} {sentence}")
    why = _pattern(value.astype(np.float64), want.astype(np.float64), max(tol, 1e-6))
    fail(" ".join(part for part in (name, verdict, why, hint) if part))


def _pattern(value: Array, want: Array, tol: float) -> str:
    """Say what wrong values have in common with the right ones, or nothing; tells no number."""

    def right(candidate: Array) -> bool:
        return not _differs(candidate, want, tol).any()

    if not value.any():
        return "Everything is 0."
    if right(-value):
        return "Only the sign is wrong."
    if want.size == 1:  # one number is always a multiple of another
        return ""
    with np.errstate(over="ignore", divide="ignore", invalid="ignore"):
        factor = np.sum(value * want) / np.sum(value * value)
        if factor and right(factor * value):
            return "The scale is wrong: every entry is off by the same factor."
        if right(value + (want - value).mean()):
            return "Every entry is off by the same amount."
    if value.ndim == 2 and value.shape == value.shape[::-1] and right(value.T):
        return "It looks transposed."
    if not _differs(np.sort(value, axis=None), np.sort(want, axis=None), tol).any():
        return "The right values stand in the wrong places."
    return ""


def _differs(value: Array, want: Array, tol: float) -> Array:
    """Where `value` is off by more than `tol` times the largest magnitude in `want`."""
    wanted = want.astype(np.float64)
    scale = max(float(np.abs(wanted).max()), 1e-8)
    with np.errstate(over="ignore"):
        error = np.abs(value.astype(np.float64) - wanted)
    # Not `error > bound`: that would let NaN pass.
    return np.asarray(~(error <= tol * scale))


def unchanged(before: Array, after: object, *, name: str) -> None:
    """Fail if a call changed its argument `name` in place."""
    if not isinstance(after, np.ndarray) or not np.array_equal(before, after):
        fail(f"{name} was changed in place; work on a copy")


def type_name(value: object) -> str:
    """What a student would call the type of `value`."""
    remote = getattr(type(value), "remote_type", None)
    return str(remote.__get__(value)) if isinstance(remote, property) else type(value).__name__
