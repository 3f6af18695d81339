"""A check's requests answered from what a worker answered to its script."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from autograder.sandbox.channel import read_frames
from autograder.sandbox.codec import FAULT, PREFIX, CodecError, decode, parse_prefix
from autograder.sandbox.dtypes import Array
from autograder.sandbox.faults import StudentFault, read_error
from autograder.sandbox.respondent import Respondent
from autograder.sandbox.transcript import Script, Transcript, digests_of, frames_in


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
    frames = tuple(frames_in(answers))
    return Performed(script, frames, names, cells, tuple(digests_of(frames, cells)))


class Replay(Respondent):
    """Answers what a script asks, with what was answered then.

    Attributes
    ----------
    diverged : whether something else was asked for.
    heard : how many answers were given.
    """

    def __init__(self, performed: Performed) -> None:
        super().__init__()
        self.names = dict(performed.names)
        self.diverged = False
        self.heard = 0
        self._performed = performed
        self._transcript = Transcript()

    @property
    def alive(self) -> bool:
        """Always: what happened to the worker later is no matter."""
        return True

    def ask(
        self,
        operation: str,
        arguments: tuple[object, ...],
        label: str,
        seconds: float | None = None,
        *,
        handles: bool = True,
    ) -> Any:
        """Give the next answer.

        Raises
        ------
        Diverged
            If the request is not the script's, or has no answer.
        """
        frames = self._performed.frames
        asked = self._transcript.asked(operation, arguments)
        if self.heard >= len(frames) or not self._performed.script.asks(self.heard, asked):
            self.diverged = True
            raise Diverged
        answer = self._read(frames[self.heard], label)
        self.heard += 1
        self._transcript.hear(answer)
        if isinstance(answer, StudentFault):
            raise answer
        return answer

    def _read(self, frame: memoryview, label: str) -> Any:
        kind = parse_prefix(bytes(frame[: PREFIX.size])).kind
        ((tree, arrays),) = read_frames(frame)
        try:
            value = decode(tree, arrays, self.remote)
        except CodecError:
            raise self.reject(label) from None
        if kind != FAULT:
            return value
        return read_error(value, self._performed.cells) or self.reject(label)

    def reject(self, label: str) -> StudentFault:
        """The worker would have been ended for this answer: that is for it to say itself."""
        self.diverged = True
        raise Diverged

    def release(self, handle_id: int) -> None:
        """Nothing is kept for anybody."""
