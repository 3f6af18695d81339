"""Values that stay in a worker, and what is sent in place of those that can't be."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from autograder.sandbox.codec import Handle
from autograder.sandbox.dtypes import CODES
from autograder.sandbox.requests import requests_in, value_of

BY_VALUE = (type(None), bool, int, float, complex, str, bytes, np.generic, np.ndarray)
PLAIN_BASES: tuple[type[Any], ...] = (dict, list, tuple, str, bytes, int, float)


class Kept:
    """Values by the number of their handle, from 1."""

    def __init__(self) -> None:
        self.values: dict[int, object] = {}
        self._next = 1
        self._parts: dict[tuple[int, str], object] = {}

    def value(self, handle: Handle) -> object:
        """The value that a handle names."""
        return self.values[handle.id]

    def forget(self, numbers: Iterable[int]) -> None:
        """Keep these no longer."""
        for number in numbers:
            self.values.pop(number, None)

    def part(self, answers: Sequence[bytes], reference: Handle) -> Any:
        """What came with an earlier answer of a script, as new as if the grader had sent it back.

        Parameters
        ----------
        reference : number of the answer, and which part of it, see `transcript`.
        """
        key = reference.id, reference.type
        if key in self._parts:
            return self._parts[key]
        ((tree, arrays),) = requests_in(memoryview(answers[reference.id]))
        value: Any = value_of(tree, arrays, self.value)
        part = value[int(reference.type)] if reference.type else value
        if any(part is kept for kept in self.values.values()):  # all else is new each time
            self._parts[key] = part
        return part

    def adopt(self, value: Any) -> object:
        """What is sent in place of a value that the codec does not know: a handle if need be."""
        try:
            return plain(value)
        except TypeError:
            return self._keep(value)

    def by_value(self, result: object) -> object:
        """Caches and models in a returned tuple stay here; the rest of it is sent."""
        if not isinstance(result, tuple):
            return result
        return tuple(part if is_flat(part) else self._keep(part) for part in result)

    def _keep(self, value: object) -> Handle:
        number, self._next = self._next, self._next + 1
        self.values[number] = value
        return Handle(number, type(value).__name__)


def plain(value: Any) -> object:
    """The plain value of one whose type the codec does not know; TypeError if it has none."""
    # Not isinstance: an object may claim another __class__.
    kind = type(value)
    if issubclass(kind, np.ndarray) and value.dtype.newbyteorder("<") in CODES:
        return np.array(np.ndarray.view(value, np.ndarray))
    if kind is complex:
        return np.complex128(value)
    for base in PLAIN_BASES:
        if issubclass(kind, base) and kind is not base:
            return base(value)
    raise TypeError(f"a value of type {kind.__name__} can't be sent")


def is_flat(value: object) -> bool:
    """Whether a part of a returned tuple is an array, a scalar or a dict or list of these."""
    if isinstance(value, dict):
        return all(map(is_single, value.values()))
    return all(map(is_single, value)) if isinstance(value, list) else is_single(value)


def is_single(value: object) -> bool:
    return isinstance(value, BY_VALUE)
