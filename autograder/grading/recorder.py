"""Keeps what one check asked of the student's code and what came back, for the diagnosis."""

from __future__ import annotations

import numpy as np

from autograder.sandbox import Call

# Of one check, and of all of a round; what a right solution returns is far smaller.
MAX_BYTES = 32 << 20
MAX_BYTES_OF_ROUND = 64 << 20
MAX_CALLS = 2000


class Recorder:
    """Collects calls until `take`; a check that returns too much is not recorded at all."""

    def __init__(self) -> None:
        self.begin()

    def begin(self) -> None:
        """Begin a round, of which nothing was recorded yet."""
        self._calls: list[Call] = []
        self._left = MAX_BYTES_OF_ROUND
        self._room = MAX_BYTES

    def __call__(self, call: Call) -> None:
        size = _size(call.outcome)
        self._room -= size
        if self._room < 0 or len(self._calls) >= MAX_CALLS:
            self._calls, self._room = [], -1
        else:
            self._calls.append(call)
            self._left -= size

    def take(self) -> tuple[Call, ...]:
        """Return what was recorded since the last time, and begin the next check."""
        calls, self._calls = tuple(self._calls), []
        self._room = min(MAX_BYTES, self._left)
        return calls


def _size(value: object) -> int:
    """About how many bytes a decoded value takes; the codec has bounded its depth."""
    if isinstance(value, np.ndarray):
        return value.nbytes + 100
    if isinstance(value, dict):
        return 100 + sum(_size(key) + _size(item) for key, item in value.items())
    if isinstance(value, list | tuple):
        return 100 + sum(map(_size, value))
    return 100 + len(value) if isinstance(value, str | bytes) else 100
