"""A check's requests answered from what a worker answered to its script."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any, Literal

import numpy as np

from autograder.sandbox.calls import Request
from autograder.sandbox.codec import CodecError, decode
from autograder.sandbox.dtypes import Array
from autograder.sandbox.faults import StudentFault, read_error
from autograder.sandbox.respondent import Respondent
from autograder.sandbox.transcript import (
    Script,
    Transcript,
    digests_of,
    frames_in,
    read_frame,
    tells_fault,
)

Nudge = Literal["little", "much"]
# Units in the last place: far below what any check tolerates.
LITTLE = 64
# Of everything: a check may not get far with it, but whatever it computed until then shows.
TIMES, MORE = 3, 1009


class Diverged(BaseException):
    """A check asks for something else than its script, or for more; no check may catch it."""


@dataclass(frozen=True)
class Performed:
    """A script, and what a worker answered to it.

    Attributes
    ----------
    frames : the answers; from the worker, so anything may be in them.
    names, cells : of the worker.
    digests : see `Transcript.digests`.
    """

    script: Script
    frames: tuple[memoryview, ...]
    names: Mapping[str, str]
    cells: frozenset[str]
    digests: tuple[bytes, ...]


def performed(
    script: Script, answers: Array, names: Mapping[str, str], cells: frozenset[str]
) -> Performed:
    """Look through the answers of a worker.

    Raises
    ------
    CodecError
        If they are anything but frames.
    """
    frames = tuple(islice(frames_in(answers), len(script) + 1))
    if len(frames) > len(script):  # each takes time to look through, and there may be millions
        raise CodecError("more answers than requests")
    return Performed(script, frames, names, cells, tuple(digests_of(frames, cells)))


class Replay(Respondent):
    """Answers what a script asks, with what was answered then.

    Parameters
    ----------
    nudge : change every float of an answer before the check gets it, a "little"; or "much", and
        every other number, too. Whatever in a later request was computed from it differs then, and
        the check diverges.

    Attributes
    ----------
    diverged : whether something else was asked for.
    heard : how many answers were given.
    """

    def __init__(self, performed: Performed, *, nudge: Nudge | None = None) -> None:
        super().__init__()
        self.names = dict(performed.names)
        self.diverged = False
        self.heard = 0
        self._performed = performed
        self._nudge = nudge
        self._transcript = Transcript()

    @property
    def alive(self) -> bool:
        """Always: what happened to the worker later is no matter."""
        return True

    def ask(self, request: Request) -> Any:
        """Give the next answer.

        Raises
        ------
        Diverged
            If the request is not the script's, or has no answer.
        """
        frames = self._performed.frames
        asked = self._transcript.asked(request.operation, request.arguments)
        if self.heard >= len(frames) or not self._performed.script.asks(self.heard, asked):
            self.diverged = True
            raise Diverged
        answer = self._read(frames[self.heard], request.label)
        self.heard += 1
        if self._nudge and not isinstance(answer, StudentFault):
            answer = nudged(answer, self._nudge)
        self._transcript.hear(answer)
        if isinstance(answer, StudentFault):
            raise answer
        return answer

    def _read(self, frame: memoryview, label: str) -> Any:
        tree, arrays = read_frame(frame)
        try:
            value = decode(tree, arrays, self.remote)
        except CodecError:
            raise self.reject(label) from None
        if not tells_fault(frame):
            return value
        return read_error(value, self._performed.cells) or self.reject(label)

    def reject(self, label: str) -> StudentFault:
        """The worker would have been ended for this answer: that is for it to say itself."""
        self.diverged = True
        raise Diverged

    def release(self, handle_id: int) -> None:
        """Nothing is kept for anybody."""


def nudged(value: Any, nudge: Nudge) -> Any:
    """`value` with other numbers; arrays are changed in place."""
    if isinstance(value, np.ndarray):
        with np.errstate(all="ignore"):
            value[...] = _other(value, nudge)
    elif isinstance(value, np.generic):
        return _other(np.asarray(value), nudge).astype(value.dtype)[()]
    elif type(value) in (bool, int, float):
        return type(value)(_other(np.asarray(value), nudge))
    elif type(value) is dict:
        for key in value:
            value[key] = nudged(value[key], nudge)
    elif type(value) is list or type(value) is tuple:
        return type(value)(nudged(part, nudge) for part in value)
    return value


def _other(value: Array, nudge: Nudge) -> Array:
    kind = value.dtype.kind
    if kind in "fc" and nudge == "little":
        return np.asarray(value * (1 + LITTLE * np.finfo(value.dtype).eps))
    if nudge == "little":
        return value
    if kind in "fc":
        return np.asarray(value * TIMES + MORE)
    return np.asarray(~value if kind == "b" else value + MORE)
