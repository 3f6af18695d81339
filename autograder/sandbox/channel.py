"""The worker's end of the socket: blocking frames over one descriptor."""

from __future__ import annotations

import os
from collections.abc import Sequence

from autograder.sandbox.codec import PREFIX, Prefix, as_bytes, parse_header, parse_prefix
from autograder.sandbox.dtypes import Array

BUFFERS_AT_ONCE = 64
AT_ONCE = 1 << 16  # most frames are smaller


def send_frame(descriptor: int, buffers: Sequence[memoryview]) -> None:
    """Write all buffers of a frame."""
    waiting = list(buffers)
    while waiting:
        written = os.writev(descriptor, waiting[:BUFFERS_AT_ONCE])
        waiting = rest_after(waiting, written)


def rest_after(buffers: list[memoryview], written: int) -> list[memoryview]:
    """What is left of `buffers` after their first `written` bytes."""
    for index, buffer in enumerate(buffers):
        if written < len(buffer):
            return [buffer[written:], *buffers[index + 1 :]]
        written -= len(buffer)
    return []


def receive_frame(descriptor: int) -> tuple[Prefix, object, list[Array]]:
    """Read one frame; return its prefix, tree and arrays. `EOFError` once the peer is gone."""
    # Most frames come in one piece. Nothing follows: the grader waits for the reply first.
    received = _read(descriptor, b"", PREFIX.size)
    prefix = parse_prefix(received[: PREFIX.size])
    begin = PREFIX.size + prefix.header_size
    received = _read(descriptor, received, begin)
    arrays, tree = parse_header(received[PREFIX.size : begin], prefix.data_size)
    rest = memoryview(received)[begin:]
    for array in arrays:
        if array.nbytes:
            room = as_bytes(array)
            came = min(len(room), len(rest))
            room[:came] = rest[:came]
            rest = rest[came:]
            _read_into(descriptor, room[came:])
    return prefix, tree, arrays


def _read(descriptor: int, received: bytes, size: int) -> bytes:
    """Return what was received and what comes, until that is at least `size` bytes."""
    while len(received) < size:
        more = os.read(descriptor, max(AT_ONCE, size - len(received)))
        if not more:
            raise EOFError
        received += more
    return received


def _read_into(descriptor: int, room: memoryview) -> None:
    while room:
        got = os.readv(descriptor, [room])
        if not got:
            raise EOFError
        room = room[got:]
