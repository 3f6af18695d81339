"""Did two programs return the same? Compares what came back from them in the same check.

The calls of a check depend on nothing but its seed and on what came back so far, so two programs
that make the same mistake get the same calls and return the same values, call by call. What stays
in the worker (nets, caches) can't be compared and isn't; what a forward pass keeps for its backward
pass is nobody's business but the student's. Of dropout masks and initial parameters, which each
program draws for itself, the statistics are compared in place of the values.

A grader keeps what hundreds of known mistakes returned, as long as it grades. So a trace has only
what is compared, and arrays that many of them return are kept once.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from autograder.grading.random_traces import (
    Mask,
    alike_draws,
    alike_masks,
    draws_mask,
    draws_parameters,
    mask_of,
)
from autograder.sandbox import Call, Remote, Stayed, StudentError, StudentFault

TOLERANCE = 1e-5
STAYED = (Remote, Stayed)
NUMBERS = (int, float, complex, np.number, np.ndarray)


@dataclass(frozen=True, eq=False)
class Trace:
    """What is compared of one check.

    Attributes
    ----------
    names : what was called or read, in order.
    masks : of all calls that draw one, in order.
    values : of all other calls, in order.
    raised : whether the last call raised.
    """

    names: tuple[str, ...]
    masks: tuple[Mask | None, ...]
    values: tuple[object, ...]
    raised: bool


def trace_of(calls: Sequence[Call]) -> Trace:
    """Return what is compared of these calls."""
    names = tuple(map(name_of, calls))
    masks = [mask for call in calls if draws_mask(name_of(call)) for mask in _masks(call)]
    values = [visible(call) for call in calls if not draws_mask(name_of(call))]
    raised = bool(calls) and isinstance(calls[-1].outcome, StudentFault)
    return Trace(names, tuple(masks), tuple(values), raised)


class Shared:
    """Arrays that many programs return alike, such as initial parameters; each is kept once."""

    def __init__(self) -> None:
        self._arrays: dict[tuple[str, tuple[int, ...], bytes], NDArray[np.generic]] = {}

    def __call__(self, trace: Trace) -> Trace:
        """Return the same trace with arrays from here."""
        return replace(trace, values=tuple(map(self._kept, trace.values)))

    def _kept(self, value: object) -> object:
        if isinstance(value, dict):
            return {key: self._kept(entry) for key, entry in value.items()}
        if not isinstance(value, np.ndarray):
            return value
        digest = hashlib.sha256(value.tobytes()).digest()
        return self._arrays.setdefault((value.dtype.str, value.shape, digest), value)


def alike_traces(one: Trace, other: Trace) -> bool:
    """Whether two programs returned the same in every call of a check."""
    if one.names != other.names:
        return False
    names = (name for name in one.names if not draws_mask(name))
    return all(
        alike_parameters(a, b) if draws_parameters(name) else alike(a, b)
        for name, a, b in zip(names, one.values, other.values, strict=True)
    ) and alike_masks(one.masks, other.masks)


def alike_parameters(one: object, other: object) -> bool:
    """Whether two parameters, or all of two nets, are the same or may be drawn alike."""
    if isinstance(one, dict) and isinstance(other, dict):
        return all(key in one and alike_parameters(one[key], other[key]) for key in other)
    return alike(one, other) or alike_draws(one, other)


def _masks(call: Call) -> Iterator[Mask | None]:
    """What was applied to x in a call; of `inout` first what became of x itself."""
    x = _first(call.arguments)
    out = visible(call)
    if call.operation == "inout":
        out, after = (out[0], _first(out[1])) if isinstance(out, tuple) else (out, out)
        yield mask_of(x, after)
    yield mask_of(x, out)


def name_of(call: Call) -> str:
    """What was called or read, without the numbers of handles: `loss`, `dropout_forward`."""
    names = [str(key) for kind, key in call.path if kind != "handle"]
    return ".".join([call.operation, *names])


def visible(call: Call) -> object:
    """The part of what came back that is compared: of a forward pass, what it put out."""
    if not name_of(call).endswith("_forward"):
        return call.outcome
    if call.operation == "inout" and isinstance(call.outcome, tuple):
        returned, after = call.outcome
        return _first(returned), after
    return _first(call.outcome)


def _first(returned: object) -> object:
    return returned[0] if isinstance(returned, tuple) and returned else returned


def alike(one: object, other: object) -> bool:
    """Whether two values are the same up to rounding; entries that only `one` has don't matter."""
    if isinstance(one, StudentFault) or isinstance(other, StudentFault):
        return type(one) is type(other) and _etype(one) == _etype(other)
    if isinstance(one, STAYED) or isinstance(other, STAYED):
        return True
    if isinstance(one, dict) and isinstance(other, dict):
        return all(key in one and alike(one[key], value) for key, value in other.items())
    if isinstance(one, list | tuple) and isinstance(other, list | tuple):
        return len(one) == len(other) and all(alike(a, b) for a, b in zip(one, other, strict=True))
    if _is_number(one) and _is_number(other):
        return _alike_numbers(np.asarray(one), np.asarray(other))
    return type(one) is type(other) and one == other


def _etype(value: object) -> str:
    return value.etype if isinstance(value, StudentError) else ""


def _is_number(value: object) -> bool:
    return isinstance(value, NUMBERS) and not isinstance(value, bool)


def _alike_numbers(one: NDArray[np.generic], other: NDArray[np.generic]) -> bool:
    if one.shape != other.shape:
        return False
    if one.ndim and (one.dtype.kind, one.itemsize) != (other.dtype.kind, other.itemsize):
        return False
    with np.errstate(all="ignore"):
        a, b = one.astype(np.complex128), other.astype(np.complex128)
        finite = np.isfinite(b)
        scale = float(np.abs(b[finite]).max(initial=1e-8))
        close = np.abs(a - b) <= TOLERANCE * scale
        same = (a == b) | (np.isnan(a) & np.isnan(b))
    return bool((close | same).all())
