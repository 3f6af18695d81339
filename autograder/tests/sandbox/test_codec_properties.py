"""Whatever value goes out and whatever bytes come in: plain data, or a refusal?"""

from __future__ import annotations

import contextlib
import struct
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.sandbox import codec
from autograder.sandbox.codec import CodecError, Handle
from autograder.tests.sandbox.wire import arrays, forged, read, same, there_and_back, values

FIXED = settings(derandomize=True, database=None, deadline=None, max_examples=150)
PLAIN = (*codec.LEAVES, list, tuple, dict, np.ndarray, np.generic, type, Handle)


@FIXED
@given(values)
def test_plain_values_come_back_the_same(value: Any) -> None:
    assert same(there_and_back(value), value)


@FIXED
@given(arrays)
def test_arrays_come_back_as_fresh_base_arrays(array: Any) -> None:
    back = there_and_back(array)
    assert type(back) is np.ndarray
    assert back.flags.owndata
    assert back.flags.writeable


@FIXED
@given(st.binary(max_size=200))
def test_random_trees_give_plain_values_or_are_refused(tree: bytes) -> None:
    try:
        # A header with an empty table and whatever these bytes mean.
        arrays, parsed = codec.parse_header(b"\x92\x90" + tree, 0)
        value = codec.decode(parsed, arrays, lambda handle: handle)
    except CodecError:
        return
    assert isinstance(value, PLAIN)


@FIXED
@given(values, st.integers(0, 10_000), st.integers(0, 255))
def test_a_changed_byte_raises_nothing_but_a_codec_error(
    value: Any, position: int, byte: int
) -> None:
    frame = bytearray(b"".join(codec.encode(codec.REPLY, value, 7)))
    frame[position % len(frame)] = byte
    with contextlib.suppress(CodecError, EOFError):
        read(bytes(frame))


trees = st.recursive(
    st.integers(-1, 8) | st.text(max_size=3) | st.binary(max_size=8) | st.none() | st.booleans(),
    lambda inner: st.lists(inner, max_size=5),
    max_leaves=20,
)


@FIXED
@given(st.lists(trees, max_size=3), trees)
def test_trees_of_the_right_shape_give_plain_values_or_are_refused(table: Any, tree: Any) -> None:
    with contextlib.suppress(CodecError):
        value = forged(table, tree)
        assert isinstance(value, PLAIN)


@FIXED
@given(values)
def test_what_was_read_can_be_sent_again(value: Any) -> None:
    once = there_and_back(value)
    assert same(there_and_back(once), once)


@FIXED
@given(values, st.integers(1, 100))
def test_a_frame_cut_short_is_refused(value: Any, missing: int) -> None:
    frame = b"".join(codec.encode(codec.REPLY, value, 7))
    with pytest.raises((CodecError, EOFError, struct.error)):
        read(frame[: -min(missing, len(frame))])


@FIXED
@given(st.binary(min_size=codec.PREFIX.size, max_size=codec.PREFIX.size))
def test_a_random_prefix_is_refused(raw: bytes) -> None:
    with pytest.raises(CodecError):
        codec.parse_prefix(raw)
