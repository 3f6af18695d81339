"""Does the grader's end accept one well-formed reply in time, and nothing else?"""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator

import numpy as np
import pytest

from autograder.sandbox.channel import receive_frame, send_frame
from autograder.sandbox.codec import PREFIX, REPLY, CodecError, decode, encode
from autograder.sandbox.connection import Connection

Peer = Callable[[socket.socket], None]


def refuse(value: object) -> object:
    raise TypeError


def no_callbacks(value: object, nonce: int) -> list[memoryview]:
    raise CodecError("a callback")


@pytest.fixture
def ask() -> Iterator[Callable[[Peer, float], object]]:
    """Ask "hello?" of a peer that runs in a thread; returns the reply's value."""
    ours, theirs = socket.socketpair()
    connection = Connection(ours, lambda handle: handle, refuse)
    threads = []

    def run(peer: Peer, seconds: float = 10) -> object:
        threads.append(threading.Thread(target=peer, args=(theirs,)))
        threads[-1].start()
        return connection.ask("hello?", time.monotonic() + seconds, no_callbacks)[1]

    yield run
    connection.close()
    for thread in threads:
        thread.join()
    theirs.close()


def answer(value: object, wrong_nonce: int = 0) -> Peer:
    def peer(stream: socket.socket) -> None:
        nonce = receive_frame(stream.fileno())[0].nonce
        send_frame(stream.fileno(), encode(REPLY, value, nonce ^ wrong_nonce))

    return peer


def test_a_reply_arrives(ask) -> None:
    big = np.arange(300_000.0)
    assert np.array_equal(ask(answer(big)), big)


def test_the_request_arrives_whole() -> None:
    ours, theirs = socket.socketpair()
    connection = Connection(ours, lambda handle: handle, refuse)
    big = np.arange(300_000.0)
    seen = []

    def peer() -> None:
        prefix, tree, arrays = receive_frame(theirs.fileno())
        seen.append(decode(tree, arrays, refuse))
        send_frame(theirs.fileno(), encode(REPLY, None, prefix.nonce))

    thread = threading.Thread(target=peer)
    thread.start()
    connection.ask([big, "text"], time.monotonic() + 10, no_callbacks)
    thread.join()
    connection.close()
    theirs.close()
    assert np.array_equal(seen[0][0], big)


def test_a_reply_with_another_nonce_is_refused(ask) -> None:
    with pytest.raises(CodecError, match="another request"):
        ask(answer(1, wrong_nonce=1))


def test_bytes_before_the_request_are_refused() -> None:
    ours, theirs = socket.socketpair()
    connection = Connection(ours, lambda handle: handle, refuse)
    theirs.send(b"surplus")
    with ours, theirs, pytest.raises(CodecError, match="no request"):
        connection.ask("hello?", time.monotonic() + 10, no_callbacks)


def test_a_peer_that_hangs_up_is_gone(ask) -> None:
    def peer(stream: socket.socket) -> None:
        receive_frame(stream.fileno())
        stream.shutdown(socket.SHUT_RDWR)

    with pytest.raises(EOFError):
        ask(peer)


def test_a_peer_that_hangs_up_within_a_frame_is_gone(ask) -> None:
    def peer(stream: socket.socket) -> None:
        nonce = receive_frame(stream.fileno())[0].nonce
        frame = b"".join(encode(REPLY, np.zeros(1000), nonce))
        stream.sendall(frame[:-1])
        stream.shutdown(socket.SHUT_RDWR)

    with pytest.raises(EOFError):
        ask(peer)


@pytest.mark.parametrize("sent", [0, PREFIX.size - 1, PREFIX.size + 3])
def test_a_reply_that_stops_is_late(ask, sent: int) -> None:
    def peer(stream: socket.socket) -> None:
        nonce = receive_frame(stream.fileno())[0].nonce
        stream.sendall(b"".join(encode(REPLY, np.zeros(10), nonce))[:sent])

    with pytest.raises(TimeoutError):
        ask(peer, 0.2)


def test_a_peer_that_does_not_read_a_large_request_is_late() -> None:
    ours, theirs = socket.socketpair()
    connection = Connection(ours, lambda handle: handle, refuse)
    with ours, theirs, pytest.raises(TimeoutError):
        connection.ask(np.zeros(4_000_000), time.monotonic() + 0.2, no_callbacks)


def test_a_frame_that_arrives_byte_by_byte_is_late_though_there_is_always_more_to_read() -> None:
    ours, theirs = socket.socketpair()
    connection = Connection(ours, lambda handle: handle, refuse)
    with theirs:
        send_frame(theirs.fileno(), encode(REPLY, "whole", 7))
        with pytest.raises(TimeoutError):
            connection.receive(7, time.monotonic() - 1)
    connection.close()
