"""The worker's end of the socket: blocking frames over one descriptor."""

from __future__ import annotations

import os
from collections.abc import Sequence

from autograder.sandbox.codec import PREFIX, Array, Prefix, as_bytes, parse_header, parse_prefix

BUFFERS_AT_ONCE = 64


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
    prefix = parse_prefix(bytes(_read(descriptor, PREFIX.size)))
    arrays, tree = parse_header(bytes(_read(descriptor, prefix.header_size)), prefix.data_size)
    for array in arrays:
        if array.nbytes:
            _read_into(descriptor, as_bytes(array))
    return prefix, tree, arrays


def _read(descriptor: int, size: int) -> bytearray:
    raw = bytearray(size)
    _read_into(descriptor, memoryview(raw))
    return raw


def _read_into(descriptor: int, room: memoryview) -> None:
    while room:
        got = os.readv(descriptor, [room])
        if not got:
            raise EOFError
        room = room[got:]
