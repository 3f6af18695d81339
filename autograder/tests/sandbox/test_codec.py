"""Does plain data survive the wire, and nothing else get through?"""

from __future__ import annotations

import collections
import itertools
import struct
from typing import Any

import msgpack
import numpy as np
import pytest

from autograder.sandbox import codec
from autograder.sandbox.codec import CodecError, Handle
from autograder.sandbox.dtypes import CODES
from autograder.tests.sandbox.wire import forged, read, there_and_back


@pytest.mark.parametrize(
    "number", [np.float32(1.5), np.int64(-3), np.bool_(True), np.complex64(1j)]
)
def test_numpy_scalars_keep_their_type(number: np.generic) -> None:
    back = there_and_back(number)
    assert type(back) is type(number)
    assert back == number


@pytest.mark.parametrize("dtype", [np.float32, np.dtype("float32"), np.dtype("<f4")])
def test_a_dtype_arrives_as_the_scalar_type(dtype: object) -> None:
    assert there_and_back([dtype]) == [np.float32]


def test_non_contiguous_and_big_endian_arrays_are_sent_as_their_values() -> None:
    array = np.arange(12.0).reshape(3, 4)
    assert np.array_equal(there_and_back(array.T[::-1]), array.T[::-1])
    swapped = array.astype(">f8")
    assert there_and_back(swapped).dtype == np.dtype("<f8")
    assert np.array_equal(there_and_back(swapped), array)


def test_two_references_to_one_array_become_two_arrays() -> None:
    array = np.ones(3)
    first, second = there_and_back([array, array])
    assert not np.shares_memory(first, second)


def test_unknown_values_go_through_foreign() -> None:
    assert there_and_back([object()], lambda value: Handle(4, "object")) == [Handle(4, "object")]


@pytest.mark.parametrize(
    "value",
    [
        object(),
        2**64,
        1j,
        {1, 2},
        collections.OrderedDict(),
        np.array([object()]),
        np.array(["text"]),
        np.ma.array([1.0]),
        np.array([1], "M8[s]"),
        int,
        np.longdouble(1),
    ],
    ids=lambda value: type(value).__name__,
)
def test_other_types_cannot_be_sent(value: object) -> None:
    with pytest.raises(TypeError, match="cannot be sent"):
        codec.encode(codec.REPLY, value)


def nested(depth: int) -> list[Any]:
    value: list[Any] = []
    for _ in range(depth):
        value = [value]
    return value


@pytest.mark.parametrize(
    "value",
    [
        nested(codec.MAX_DEPTH + 1),
        [0] * codec.MAX_ITEMS,
        "x" * codec.MAX_HEADER,
        [np.zeros(1)] * (codec.MAX_ARRAYS + 1),
        np.broadcast_to(np.zeros(1, np.uint8), codec.MAX_DATA + 1),
    ],
    ids=["depth", "items", "text", "arrays", "bytes"],
)
def test_values_beyond_the_limits_are_not_sent(value: object) -> None:
    with pytest.raises(ValueError, match=r"the value (is|has)"):
        codec.encode(codec.REPLY, value)


def test_a_value_that_holds_itself_is_not_sent() -> None:
    value: list[Any] = []
    value.append(value)
    with pytest.raises(ValueError, match="nested"):
        codec.encode(codec.REPLY, value)


@pytest.mark.parametrize(
    "raw",
    [
        bytes(codec.PREFIX.size),
        codec.PREFIX.pack(b"nope", 1, 10, 0, 0),
        codec.PREFIX.pack(codec.MAGIC, 1, codec.MAX_HEADER + 1, 0, 0),
        codec.PREFIX.pack(codec.MAGIC, 1, 10, codec.MAX_DATA + 1, 0),
    ],
    ids=["zeros", "magic", "header size", "data size"],
)
def test_a_malformed_prefix_is_refused(raw: bytes) -> None:
    with pytest.raises(CodecError):
        codec.parse_prefix(raw)


F8 = CODES[np.dtype("<f8")]
BOOL = CODES[np.dtype(bool)]
ALIKE = itertools.product((-1, -2), repeat=7)  # hash(-1) == hash(-2)
FORGED = {
    "table is no list": (None, [codec.ARRAY]),
    "entry is no list": ([8], [codec.ARRAY]),
    "entry without dtype": ([[]], [codec.ARRAY]),
    "unknown dtype": ([[99, 1]], [codec.ARRAY]),
    "negative length": ([[F8, -1]], [codec.ARRAY]),
    "length is a float": ([[F8, 1.0]], [codec.ARRAY]),
    "length is a bool": ([[F8, True]], [codec.ARRAY]),
    "too large": ([[F8, 2]], [codec.ARRAY]),
    "too small": ([[BOOL, 1]], [codec.ARRAY]),
    "product overflows": ([[F8, 2**28, 2**28, 2**28]], [codec.ARRAY]),
    "numpy refuses the shape": ([[F8, 1], [F8, 0, *[2**28] * 8]], [0, [codec.ARRAY]]),
    "33 dimensions": ([[F8, *[1] * 33]], [codec.ARRAY]),
    "array not announced": ([[F8, 1]], [codec.LIST, [codec.ARRAY], [codec.ARRAY]]),
    "array not used": ([[F8, 1]], None),
    "array with parts": ([[F8, 1]], [codec.ARRAY, 0]),
    "empty node": ([[F8, 1]], []),
    "tag is no int": ([[F8, 1]], ["list"]),
    "tag is a bool": ([[F8, 1]], [True]),
    "unknown tag": ([[F8, 1]], [50]),
    "map": ([[F8, 1]], {}),
    "extension": ([[F8, 1]], msgpack.ExtType(3, b"")),
    "timestamp": ([[F8, 1]], msgpack.Timestamp(1)),
    "scalar of wrong size": ([[F8, 1]], [codec.SCALAR, F8, b"1234"]),
    "scalar without bytes": ([[F8, 1]], [codec.SCALAR, F8]),
    "bool scalar of 2": ([[F8, 1]], [codec.SCALAR, BOOL, b"\2"]),
    "scalar of unknown dtype": ([[F8, 1]], [codec.SCALAR, 77, b"\0"]),
    "handle without type": ([[F8, 1]], [codec.HANDLE, 1]),
    "handle with text id": ([[F8, 1]], [codec.HANDLE, "1", "Net"]),
    "dtype with text": ([[F8, 1]], [codec.DTYPE, "object"]),
    "key without value": ([[F8, 1]], [codec.DICT, "key"]),
    "key is a list": ([[F8, 1]], [codec.DICT, [codec.LIST], 1]),
    "key holds a list": ([[F8, 1]], [codec.DICT, [codec.TUPLE, [codec.LIST]], 1]),
    "keys of one hash": (
        [[F8, 1]],
        [codec.DICT, *(part for key in ALIKE for part in ([codec.TUPLE, *key], 0))],
    ),
    "too many keys": ([[F8, 1]], [codec.DICT, *range(2 * codec.MAX_KEYS + 2)]),
    "too deep": ([[F8, 1]], nested(codec.MAX_DEPTH + 1)),
}


@pytest.mark.parametrize(("table", "tree"), FORGED.values(), ids=FORGED.keys())
def test_forged_headers_are_refused(table: object, tree: object) -> None:
    with pytest.raises(CodecError):
        forged(table, tree)


def test_the_forged_frame_without_a_fault_is_accepted() -> None:
    assert forged([[F8, 1]], [codec.ARRAY]).shape == (1,)


def test_depth_beyond_the_limit_is_refused_when_decoding() -> None:
    tree: list[Any] = [codec.LIST]
    for _ in range(codec.MAX_DEPTH + 1):
        tree = [codec.LIST, tree]
    with pytest.raises(CodecError, match="deep"):
        codec.decode(tree, [], lambda handle: handle)


def test_a_very_deep_header_is_refused_by_msgpack() -> None:
    with pytest.raises(CodecError):
        codec.parse_header(b"\x91" * 100_000 + b"\xc0", 0)


def test_bool_arrays_hold_only_zero_and_one() -> None:
    frame = b"".join(codec.encode(codec.REPLY, np.array([True])))
    with pytest.raises(CodecError, match="bool"):
        read(frame[:-1] + b"\2")


def test_lone_surrogates_are_replaced() -> None:
    assert there_and_back("a\ud800b") == "a?b"


def test_the_prefix_is_as_long_as_its_layout_says() -> None:
    assert struct.calcsize("<4sB3xIQQ") == codec.PREFIX.size == 28
