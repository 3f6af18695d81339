"""Frames to and from memory, and strategies for what they carry."""

from __future__ import annotations

from typing import Any

import msgpack
import numpy as np
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from autograder.sandbox import codec
from autograder.sandbox.dtypes import DTYPES

leaves = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**63), 2**64 - 1),
    st.floats(allow_nan=False),
    st.text(st.characters(exclude_categories=("Cs",)), max_size=20),
    st.binary(max_size=20),
)
arrays = st.sampled_from(DTYPES).flatmap(
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
