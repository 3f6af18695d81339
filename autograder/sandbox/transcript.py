"""What a check asked and what came back, in bytes that are the same for all who answer alike.

A check asks a student's code one thing after another. What it asks does not depend on whose code
answers, but for values that it got back and hands on: a net, a cache, the config of an optimiser.
In a request those are written as a reference to the reply that they came with. So the requests of a
check are a script, which a worker can perform without asking back (`Worker.perform`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import takewhile
from typing import TYPE_CHECKING, Any

import numpy as np

from autograder.sandbox.calls import Renames, renamed
from autograder.sandbox.codec import (
    FAULT,
    MAGIC,
    PREFIX,
    REPLY,
    REQUEST,
    CodecError,
    Handle,
    as_bytes,
    decode,
    encode,
    parse_header,
    parse_prefix,
)
from autograder.sandbox.dtypes import Array
from autograder.sandbox.faults import StudentError, StudentFault, read_error
from autograder.sandbox.proxy import Remote

if TYPE_CHECKING:
    from hashlib import _Hash as Hash

# How many of a request's arguments, from the first, are paths.
PATHS = {"call": 1, "get": 1, "set": 1, "perturb": 2}
BEFORE_NONCE = PREFIX.size - 8
# Of all answers to one check: what was answered is kept for as long as the check asks.
MOST_BYTES = 64 << 20


class Script:
    """The requests of one check, to be performed by any worker.

    Parameters
    ----------
    steps : each [operation, *arguments], with references for what came back before.
    frames : the same as they are sent.
    """

    def __init__(self, steps: Sequence[Sequence[object]], frames: Sequence[bytes]) -> None:
        self._steps = list(steps)
        self._frames = list(frames)
        self._packed = _packed(self._frames)

    def __len__(self) -> int:
        return len(self._steps)

    def frames(self, renames: Renames) -> Array:
        """All requests one behind the other, in the words of a student's."""
        if not renames:
            return self._packed
        return _packed([_frame(step, renames) for step in self._steps])

    def asks(self, number: int, step: Sequence[object]) -> bool:
        """Whether this step is the one of that number, from 0."""
        return number < len(self) and self._frames[number] == _frame(step, {})

    def shared(self, other: Script) -> int:
        """How many requests, from the first, are the same."""
        pairs = zip(self._frames, other._frames, strict=False)
        return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))


class Transcript:
    """Takes down the requests of one check and the outcome of each.

    Attributes
    ----------
    digests : of the first outcome, of the first two, …; equal for outcomes in which no check can
        tell a difference. Empty where they were more than `MOST_BYTES`: then nothing is known.
    """

    def __init__(self) -> None:
        self.digests: list[bytes] = []
        self._steps: list[list[object]] = []
        self._frames: list[bytes] = []
        self._outcomes: list[object] = []  # as long as they are here, no other object has their id
        self._values: dict[int, Handle] = {}
        self._handles: dict[int, Handle] = {}
        self._numbers: dict[int, int] = {}
        self._digest = hashlib.sha256()
        self._left = MOST_BYTES

    def note(self, operation: str, arguments: tuple[object, ...], outcome: object) -> None:
        """Add a request as it was made, and what came of it."""
        frame = self._frame_of(outcome) if self._left >= 0 else None
        if frame is None:
            self._forget()
            return
        self._steps.append(step := self.asked(operation, arguments))
        self._frames.append(_frame(step, {}))
        _add(self._digest, frame)
        self.digests.append(self._digest.digest())
        self.hear(outcome)

    def asked(self, operation: str, arguments: tuple[object, ...]) -> list[object]:
        """A request as a step of a script, with references for what came back before."""
        paths = PATHS.get(operation, 0)
        targets = [self._target(path) for path in arguments[:paths]]
        return [operation, *targets, *map(self._refer, arguments[paths:])]

    def hear(self, outcome: Any) -> None:
        """Know the next outcome when a part of it is handed on."""
        reply = len(self._outcomes)
        self._outcomes.append(outcome)
        self._learn_value(outcome, Handle(reply, ""))
        if isinstance(outcome, list | tuple):
            for index, part in enumerate(outcome):
                self._learn_value(part, Handle(reply, str(index)))

    def script(self) -> Script:
        """The requests so far."""
        return Script(self._steps, self._frames)

    def _forget(self) -> None:
        self._left = -1
        for noted in (self.digests, self._steps, self._frames, self._outcomes, self._values):
            noted.clear()

    def _frame_of(self, outcome: object) -> memoryview | StudentFault | None:
        """What a worker would have sent, or a fault; None if it is too much."""
        if isinstance(outcome, StudentFault):
            return outcome
        buffers = encode(REPLY, outcome, 0, self._numbered)
        self._left -= sum(map(len, buffers))
        return memoryview(b"".join(buffers)) if self._left >= 0 else None

    def _numbered(self, value: object) -> Handle:
        """A handle as it is numbered where a worker performs a script."""
        if not isinstance(value, Remote):
            raise TypeError("a worker can't have sent this")
        number = self._numbers.setdefault(value.handle.id, len(self._numbers) + 1)
        return Handle(number, value.handle.type)

    def _learn_value(self, value: object, reference: Handle) -> None:
        if isinstance(value, Remote):
            self._handles[value.handle.id] = reference
        elif isinstance(value, np.ndarray | dict | list):  # others may be the same object twice
            self._values[id(value)] = reference
            if isinstance(value, np.ndarray):  # changed, it would not be what it refers to
                value.flags.writeable = False

    def _target(self, path: Any) -> list[object]:
        (kind, key), *steps = path
        if kind == "handle":
            kind, key = "answer", self._handles.get(key, Handle(key, "unknown"))
        return [[kind, key], *steps]

    def _refer(self, value: Any) -> object:
        if isinstance(value, Remote):
            return self._handles.get(value.handle.id, Handle(value.handle.id, "unknown"))
        if (reference := self._values.get(id(value))) is not None:
            return reference
        if type(value) is dict:
            return {key: self._refer(item) for key, item in value.items()}
        if type(value) is list or type(value) is tuple:
            return type(value)(map(self._refer, value))
        return value


def frames_in(answers: Array) -> Iterator[memoryview]:
    """Cut what a worker answered to a script into frames; each is a reply or a fault.

    Parameters
    ----------
    answers : one frame behind the other, uint8; from the worker, so anything may be in them.

    Raises
    ------
    CodecError
        If it is anything but such frames.
    """
    view = answers.data
    while view:
        if len(view) < PREFIX.size:
            raise CodecError("an answer without an end")
        prefix = parse_prefix(bytes(view[: PREFIX.size]))
        size = PREFIX.size + prefix.header_size + prefix.data_size
        if len(view) < size or prefix.kind not in (REPLY, FAULT):
            raise CodecError("an answer without an end, or something else than one")
        yield view[:size]
        view = view[size:]


def read_frame(frame: memoryview) -> tuple[object, list[Array]]:
    """Tree and arrays of one of `frames_in`, for `decode`.

    Raises
    ------
    CodecError
        If its header is malformed.
    """
    prefix = parse_prefix(bytes(frame[: PREFIX.size]))
    end = PREFIX.size + prefix.header_size
    arrays, tree = parse_header(frame[PREFIX.size : end], prefix.data_size)
    for array in arrays:
        if array.nbytes:
            as_bytes(array)[:] = frame[end : end + array.nbytes]
            end += array.nbytes
    return tree, arrays


def tells_fault(frame: memoryview) -> bool:
    """Whether one of `frames_in`, which has looked at its kind, is a fault."""
    return frame[len(MAGIC)] == FAULT


def digests_of(frames: Iterable[memoryview], cells: Collection[str]) -> Iterator[bytes]:
    """Digests of answers of a worker, see `Transcript.digests`.

    Parameters
    ----------
    cells : those that were loaded; faults may name lines of these.

    Raises
    ------
    CodecError
        If a fault is malformed.
    """
    digest = hashlib.sha256()
    for frame in frames:
        _add(digest, _fault_of(frame, cells) if tells_fault(frame) else frame)
        yield digest.digest()


def _frame(step: Sequence[object], renames: Renames) -> bytes:
    operation, *arguments = step
    return b"".join(encode(REQUEST, [operation, *renamed(str(operation), arguments, renames)]))


def _packed(frames: Sequence[bytes]) -> Array:
    return np.frombuffer(b"".join(frames), np.uint8)


def _fault_of(frame: memoryview, cells: Collection[str]) -> StudentFault:
    tree, arrays = read_frame(frame)
    fault = read_error(decode(tree, arrays, _refuse_handle), cells)
    if fault is None:
        raise CodecError("a malformed fault")
    return fault


def _refuse_handle(handle: Handle) -> None:
    raise CodecError("a handle in a fault")


def _add(digest: Hash, answer: memoryview | StudentFault) -> None:
    if isinstance(answer, StudentFault):
        etype = answer.etype if isinstance(answer, StudentError) else ""
        digest.update(repr((type(answer).__name__, etype, answer.sentence)).encode())
    else:
        digest.update(answer[:BEFORE_NONCE])
        digest.update(answer[PREFIX.size :])
