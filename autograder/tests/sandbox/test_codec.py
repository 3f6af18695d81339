"""Does plain data survive the wire, and nothing else get through?"""

from __future__ import annotations

import collections
import contextlib
import struct
from typing import Any

import msgpack
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from autograder.sandbox import codec
from autograder.sandbox.codec import CodecError, Handle

FIXED = settings(derandomize=True, database=None, deadline=None, max_examples=150)

leaves = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**63), 2**64 - 1),
    st.floats(allow_nan=False),
    st.text(st.characters(exclude_categories=("Cs",)), max_size=20),
    st.binary(max_size=20),
)
arrays = st.sampled_from(codec.DTYPES).flatmap(
    lambda dtype: npst.arrays(dtype, npst.array_shapes(min_dims=0, min_side=0, max_dims=4))
)
values = st.recursive(
    leaves | arrays,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.lists(inner, max_size=4).map(tuple),
        st.dictionaries(leaves, inner, max_size=4),
    ),
    max_leaves=12,
)


def there_and_back(value: object, foreign: Any = None) -> Any:
    frame = b"".join(codec.encode(codec.REPLY, value, 7, foreign))
    return read(frame)


def read(frame: bytes) -> Any:
    """Decode a whole frame from memory; EOFError if it is not as long as it says."""
    prefix = codec.parse_prefix(frame[: codec.PREFIX.size])
    if len(frame) != codec.PREFIX.size + prefix.header_size + prefix.data_size:
        raise EOFError
    end = codec.PREFIX.size + prefix.header_size
    arrays, tree = codec.parse_header(frame[codec.PREFIX.size : end], prefix.data_size)
    for array in arrays:
        if array.nbytes:
            codec.as_bytes(array)[:] = frame[end : end + array.nbytes]
            end += array.nbytes
    return codec.decode(tree, arrays, lambda handle: handle)


def forged(table: object, tree: object) -> Any:
    """Decode a header that `encode` would not write; the frame has 8 bytes of data."""
    arrays, tree = codec.parse_header(msgpack.packb([table, tree]), 8)
    return codec.decode(tree, arrays, lambda handle: handle)


def same(left: Any, right: Any) -> bool:
    """Equality of type and value; arrays also by dtype, shape and bytes."""
    if type(left) is not type(right):
        return False
    if isinstance(left, np.ndarray):
        return (left.dtype, left.shape, left.tobytes()) == (
            right.dtype,
            right.shape,
            right.tobytes(),
        )
    if isinstance(left, list | tuple):
        return len(left) == len(right) and all(map(same, left, right))
    if isinstance(left, dict):
        pairs = zip(left.items(), right.items(), strict=True)
        return len(left) == len(right) and all(same(a, b) for a, b in pairs)
    return bool(left == right)


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
    assert isinstance(value, (*codec.LEAVES, list, tuple, dict, np.generic, type, Handle))


@FIXED
@given(values, st.integers(0, 10_000), st.integers(0, 255))
def test_a_changed_byte_raises_nothing_but_a_codec_error(
    value: Any, position: int, byte: int
) -> None:
    frame = bytearray(b"".join(codec.encode(codec.REPLY, value, 7)))
    frame[position % len(frame)] = byte
    with contextlib.suppress(CodecError, EOFError):
        read(bytes(frame))


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


F8 = codec.CODES[np.dtype("<f8")]
BOOL = codec.CODES[np.dtype(bool)]
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
