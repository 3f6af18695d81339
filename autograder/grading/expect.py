"""What hidden checks assert with.

Strict where numpy's own helpers are lax: shapes must be equal (no broadcasting, no empty arrays
that pass), values must be finite, NaN never passes. Every message is safe to show to a student: it
says what kind of thing is off and never holds an expected value or a hidden input.
"""

from __future__ import annotations

from typing import Any, NoReturn

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]


class CheckFailed(AssertionError):
    """A hidden check's verdict; its message is written for the student."""


def fail(message: str) -> NoReturn:
    """Fail the check with a message for the student."""
    raise CheckFailed(message)


def that(condition: object, message: str) -> None:
    """Fail with `message` unless `condition` is exactly True (a numpy True counts).

    Anything else, an array or a remote handle among them, is a mistake in the suite.
    """
    if not isinstance(condition, bool | np.bool_):
        raise TypeError(f"expect.that needs a bool, got {type(condition).__name__}")
    if not condition:
        raise CheckFailed(message)


def array(got: object, shape: tuple[int, ...], *, name: str) -> Array:
    """Return `got` as a finite numeric array of exactly this shape, or fail."""
    if got is None:
        fail(f"{name} is None; is a return value missing?")
    if not isinstance(got, np.ndarray | np.generic | int | float) or isinstance(got, bool):
        fail(f"{name} should be a numpy array, not {type_name(got)}")
    value = np.asarray(got)
    if value.dtype.kind not in "biuf":
        fail(f"{name} has dtype {value.dtype}; expected real numbers")
    if value.shape != shape:
        fail(f"{name} has shape {value.shape}; expected {shape}")
    if not np.isfinite(value).all():
        fail(f"{name} holds values that are not finite (nan or inf)")
    return value


def scalar(got: object, *, name: str) -> float:
    """Return `got` as a finite float (a 0-d or 1-element array counts), or fail."""
    if got is None:
        fail(f"{name} is None; is a return value missing?")
    if isinstance(got, np.ndarray) and got.size == 1:
        got = got.reshape(())[()]
    if isinstance(got, bool | np.bool_) or not isinstance(got, int | float | np.number):
        fail(f"{name} should be a single number, not {type_name(got)}")
    value = complex(got)
    if value.imag or not np.isfinite(value.real):
        fail(f"{name} is not a finite real number")
    return value.real


def close(
    got: object, want: Array | float, *, name: str, tol: float = 1e-7, hint: str = ""
) -> None:
    """Fail unless `got` equals `want` in shape and value.

    Parameters
    ----------
    tol : the largest error, relative to the largest magnitude in `want` (at least 1e-8).
    hint : a sentence added to the message when the values differ.
    """
    want = np.asarray(want)
    if not want.size or not np.isfinite(want).all():
        raise ValueError(f"the suite's expected {name} is empty or not finite")
    value = array(got, want.shape, name=name) if want.ndim else np.asarray(scalar(got, name=name))
    wanted = want.astype(np.float64)
    error = np.abs(value.astype(np.float64) - wanted)
    scale = max(float(np.abs(wanted).max()), 1e-8)
    wrong = error > tol * scale
    if not wrong.any():
        return
    share = "" if not want.ndim else f" in {int(wrong.sum())} of {wrong.size} entries"
    fail(f"{name} has the right shape but wrong values{share}. {hint}".rstrip())


def unchanged(before: Array, after: object, *, name: str) -> None:
    """Fail if a call changed its argument `name` in place."""
    if not isinstance(after, np.ndarray) or not np.array_equal(before, after):
        fail(f"{name} was changed in place; work on a copy")


def type_name(value: object) -> str:
    """What a student would call the type of `value`."""
    remote = getattr(type(value), "remote_type", None)
    return str(remote.__get__(value)) if isinstance(remote, property) else type(value).__name__
