"""Did two programs return the same? Compares what came back from them in the same check.

The calls of a check depend on nothing but its seed and on what came back so far, so two programs
that make the same mistake get the same calls and return the same values, call by call. What stays
in the worker (nets, caches) can't be compared and isn't; what a forward pass keeps for its backward
pass is nobody's business but the student's.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from autograder.grading.random_traces import (
    Pass,
    alike_draws,
    alike_masks,
    draws_mask,
    draws_parameters,
)
from autograder.sandbox import Call, Remote, Stayed, StudentError, StudentFault

TOLERANCE = 1e-5
STAYED = (Remote, Stayed)
NUMBERS = (int, float, complex, np.number, np.ndarray)


def alike_traces(one: Sequence[Call], other: Sequence[Call]) -> bool:
    """Whether two programs returned the same in every call of a check.

    Of dropout masks and initial parameters, which each program draws for itself, the statistics are
    compared in place of the values.
    """
    if len(one) != len(other) or any(name_of(a) != name_of(b) for a, b in zip(one, other)):  # noqa: B905
        return False
    random = [
        index
        for index, (a, b) in enumerate(zip(one, other, strict=True))
        if not alike(visible(a), visible(b))
    ]
    masked = []
    for index in random:
        name, a, b = name_of(one[index]), visible(one[index]), visible(other[index])
        if draws_mask(name):
            masked.append(index)
        elif not (draws_parameters(name) and alike_draws(a, b)):
            return False
    if not masked:
        return True
    return alike_masks(_passes(one), _passes(other))


def _passes(calls: Sequence[Call]) -> list[Pass]:
    """What masks were applied to, and what came out; of `inout` also what became of x."""
    found: list[Pass] = []
    for call in calls:
        if draws_mask(name_of(call)):
            out = visible(call)
            if call.operation == "inout":
                out, after = (out[0], _first(out[1])) if isinstance(out, tuple) else (out, out)
                found.append((call.arguments, after))
            found.append((call.arguments, out))
    return found


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
