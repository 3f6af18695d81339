"""The grader's end of a worker's socket: frames with a deadline, and nothing believed."""

from __future__ import annotations

import secrets
import select
import socket
import time
from collections.abc import Callable
from typing import Any

from autograder.errors import SandboxUnavailable
from autograder.sandbox.channel import BUFFERS_AT_ONCE, rest_after
from autograder.sandbox.codec import (
    CALLBACK,
    PREFIX,
    REQUEST,
    CodecError,
    Handle,
    as_bytes,
    decode,
    encode,
    parse_header,
    parse_prefix,
)

AT_ONCE = 1 << 16  # most replies are smaller, and so arrive in one piece
OVERSLEPT = 1.0  # seconds behind a deadline that no busy machine explains
MAX_CALLBACKS = 20_000  # what a request must stay below


class Connection:
    """Asks a worker and reads what comes back.

    Every method raises `TimeoutError` once the deadline (of `time.monotonic`) has passed,
    `EOFError` when the worker is gone, `CodecError` for whatever is not exactly one well-formed
    reply to the request, and `SandboxUnavailable` if this process was stopped past the deadline.

    Parameters
    ----------
    make_handle : makes the proxy of a value that stays in the worker.
    foreign : maps proxies back when they are sent; raises TypeError for other types.
    """

    def __init__(
        self,
        stream: socket.socket,
        make_handle: Callable[[Handle], object],
        foreign: Callable[[Any], object],
    ) -> None:
        stream.setblocking(False)
        self._stream = stream
        self._make_handle = make_handle
        self._foreign = foreign
        self._readable, self._writable = select.poll(), select.poll()
        self._readable.register(stream, select.POLLIN)
        self._writable.register(stream, select.POLLOUT)
        self._room = bytearray(AT_ONCE)
        self._received = memoryview(b"")

    def close(self) -> None:
        self._stream.close()

    def ask(
        self,
        request: object,
        deadline: float,
        serve: Callable[[Any, int], list[memoryview]],
        *,
        handles: bool = True,
    ) -> tuple[int, Any]:
        """Send a request, answer the callbacks that come before the reply; return the reply.

        Parameters
        ----------
        serve : makes the frame that answers a callback, of the callback's value and nonce. Its time
            counts: behind the deadline nothing more is read.
        handles : whether the reply may hold any; a callback never does.

        Returns
        -------
        kind, value : of the reply.
        """
        # A fresh nonce for each request: a reply written before its request was seen can't match.
        nonce = secrets.randbits(64)
        frame = encode(REQUEST, request, nonce, self._foreign)
        self._refuse_surplus()
        self._send(frame, deadline)
        for _ in range(MAX_CALLBACKS):
            kind, value = self.receive(nonce, deadline, handles=handles)
            if kind != CALLBACK:
                return kind, value
            self._send(serve(value, nonce), deadline)
        raise CodecError("too many callbacks")

    def receive(self, nonce: int, deadline: float, *, handles: bool = True) -> tuple[int, Any]:
        """Read one frame that carries `nonce`; return its kind and value."""
        prefix = parse_prefix(bytes(self._read(PREFIX.size, deadline)))
        if prefix.nonce != nonce:
            raise CodecError("a reply to another request")
        header = self._read(prefix.header_size, deadline)
        arrays, tree = parse_header(header, prefix.data_size)
        for array in arrays:
            if array.nbytes:
                self._read_into(as_bytes(array), deadline)
        handles = handles and prefix.kind != CALLBACK
        value = decode(tree, arrays, self._make_handle if handles else _refuse_handle)
        return prefix.kind, value

    def _refuse_surplus(self) -> None:
        if self._received:
            raise CodecError("bytes that answer no request")
        if not self._readable.poll(0):
            return
        try:
            more = self._stream.recv(1)
        except OSError:
            more = b""
        if not more:
            raise EOFError
        raise CodecError("bytes that answer no request")

    def _send(self, frame: list[memoryview], deadline: float) -> None:
        while frame:
            try:
                sent = self._stream.sendmsg(frame[:BUFFERS_AT_ONCE])
            except BlockingIOError:
                _wait(self._writable, deadline)
            except OSError:
                raise EOFError from None
            else:
                frame = rest_after(frame, sent)

    def _read(self, size: int, deadline: float) -> memoryview:
        if len(self._received) < size:
            raw = bytearray(size)
            self._read_into(memoryview(raw), deadline)
            return memoryview(raw)
        found, self._received = self._received[:size], self._received[size:]
        return found

    def _read_into(self, room: memoryview, deadline: float) -> None:
        """Fill `room` with what was received before, then with what comes."""
        while room:
            if not self._received:
                if len(room) >= AT_ONCE:
                    room = room[self._receive(room, deadline) :]
                    continue
                got = self._receive(memoryview(self._room), deadline)
                self._received = memoryview(self._room[:got])
            part = min(len(room), len(self._received))
            room[:part] = self._received[:part]
            room, self._received = room[part:], self._received[part:]

    def _receive(self, room: memoryview, deadline: float) -> int:
        # Also while there is something to read: a frame may arrive byte by byte.
        while time.monotonic() <= deadline:
            _wait(self._readable, deadline)
            try:
                got = self._stream.recv_into(room)
            except BlockingIOError:
                continue
            except OSError:
                raise EOFError from None
            if not got:
                raise EOFError
            return got
        raise TimeoutError


def _wait(event: select.poll, deadline: float) -> None:
    before = time.monotonic()
    left = max(0.0, deadline - before)
    ready = left and event.poll(left * 1000)
    # Whoever stopped the grader (Ctrl-Z, a frozen machine) may have stopped the worker, or not.
    if time.monotonic() - before > left + OVERSLEPT:
        raise SandboxUnavailable("grading stood still while a student's code ran; grade again")
    if not ready:
        raise TimeoutError


def _refuse_handle(handle: Handle) -> None:
    raise CodecError("a handle where only plain values may be")
