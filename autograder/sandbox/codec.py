"""The wire format between grader and worker: plain data in, plain data out.

A frame is ``prefix | header | array bytes``. The header is msgpack of ``[table, tree]``: `table`
lists dtype code and shape of each array, in order; `tree` holds leaves (None, bool, int, float,
str, bytes) and nodes, each a list that starts with a tag. The prefix carries a nonce, which a
reply has to repeat. Before its reply a worker may send callbacks, which repeat the nonce too: each
is answered by a reply or fault of the grader's.

Decoding calls nothing that the peer names: no pickle, import or class lookup. It makes None, bool,
int, float, str, bytes, list, tuple, dict, the dtypes in `DTYPES` (as numpy's scalar types), numpy
scalars and fresh base arrays of these dtypes, and handles; all else that arrives is a `CodecError`.
"""

from __future__ import annotations

import struct
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import msgpack
import numpy as np

from autograder.sandbox.dtypes import CODES, DTYPES, SCALAR_TYPES, Array, little

PREFIX = struct.Struct("<4sB3xIQQ")
MAGIC = b"agr1"
REQUEST, REPLY, FAULT, HELLO, CALLBACK = range(5)

MAX_HEADER = 4 << 20
MAX_DATA = 256 << 20
MAX_ARRAYS = 4096
MAX_DEPTH = MAX_DIMENSIONS = 32
MAX_ITEMS = 200_000
# Keys of chosen hashes make a dict slow; more than these many, or with one hash, are never needed.
MAX_KEYS, MAX_ALIKE = 4096, 64

LIST, TUPLE, DICT, ARRAY, SCALAR, HANDLE, DTYPE = range(7)
LEAVES = frozenset((type(None), bool, int, float, str, bytes))
# Leaves that need no look at their value.
QUICK = LEAVES - {int}
TOO_MUCH = "the value is nested too deeply or has too many parts"


class CodecError(Exception):
    """The peer sent something outside of the protocol."""


@dataclass(frozen=True)
class Handle:
    """Names a value that stays in the worker; `type` is what the worker calls its type."""

    id: int
    type: str


@dataclass(frozen=True)
class Prefix:
    """The fixed-size start of a frame."""

    kind: int
    header_size: int
    data_size: int
    nonce: int


def encode(
    kind: int, value: object, nonce: int = 0, foreign: Callable[[Any], object] | None = None
) -> list[memoryview]:
    """Turn a value into the buffers of one frame.

    Parameters
    ----------
    foreign : maps a value of any other type to one that can be sent, or raises TypeError.

    Raises
    ------
    TypeError
        If a value can't be sent.
    ValueError
        If it is too deep or too large.
    """
    encoder = _Encoder(foreign)
    tree = encoder.node(value, 0)
    header = msgpack.packb([encoder.table, tree], unicode_errors="replace")
    if len(header) > MAX_HEADER:
        raise ValueError("the value has too many parts")
    prefix = PREFIX.pack(MAGIC, kind, len(header), encoder.size, nonce)
    return [memoryview(prefix + header), *encoder.buffers]


class _Encoder:
    """Collects the arrays of one value while its tree is built."""

    def __init__(self, foreign: Callable[[Any], object] | None) -> None:
        self.table: list[list[int]] = []
        self.buffers: list[memoryview] = []
        self.size = 0
        self._items = 1
        self._foreign = foreign

    def node(self, value: Any, depth: int) -> object:
        if depth > MAX_DEPTH:
            raise ValueError(TOO_MUCH)
        kind = type(value)
        if kind in LEAVES and (kind is not int or -(2**63) <= value < 2**64):
            return value
        if kind is np.ndarray and (dtype := little(value.dtype)) in CODES:
            return self._array(value, dtype)
        if kind is list or kind is tuple:
            return self._parts(LIST if kind is list else TUPLE, value, depth + 1)
        if kind is dict and len(value) <= MAX_KEYS:
            return self._parts(DICT, [part for item in value.items() for part in item], depth + 1)
        if issubclass(kind, np.generic) and value.dtype in CODES:
            return [SCALAR, CODES[value.dtype], value.tobytes()]
        if isinstance(value, np.dtype) and value in CODES:
            return [DTYPE, CODES[value]]
        if kind is type and value in SCALAR_TYPES:
            return [DTYPE, SCALAR_TYPES[value]]
        if kind is Handle:
            return [HANDLE, value.id, value.type]
        if self._foreign is None:
            raise TypeError(f"a value of type {kind.__name__} cannot be sent")
        return self.node(self._foreign(value), depth + 1)

    def _parts(self, tag: int, values: Sequence[Any], depth: int) -> list[object]:
        self._items += len(values)
        if (values and depth > MAX_DEPTH) or self._items > MAX_ITEMS:
            raise ValueError(TOO_MUCH)
        # Most are leaves: a call for each would take longer than all else.
        return [tag, *[v if type(v) in QUICK else self.node(v, depth) for v in values]]

    def _array(self, value: Array, dtype: np.dtype[Any]) -> list[int]:
        flat = np.ascontiguousarray(value, dtype)
        self.size += flat.nbytes
        if self.size > MAX_DATA or len(self.table) >= MAX_ARRAYS or value.ndim > MAX_DIMENSIONS:
            raise ValueError(f"the value is too large to be sent (limit {MAX_DATA >> 20} MiB)")
        self.table.append([CODES[dtype], *value.shape])
        if flat.nbytes:
            self.buffers.append(as_bytes(flat))
        return [ARRAY]


def as_bytes(array: Array) -> memoryview:
    """View a contiguous array, which has at least one byte, as its bytes."""
    return array.data.cast("B")


def parse_prefix(raw: bytes) -> Prefix:
    """Check and read a frame's first `PREFIX.size` bytes."""
    magic, kind, header_size, data_size, nonce = PREFIX.unpack(raw)
    if magic != MAGIC or header_size > MAX_HEADER or data_size > MAX_DATA:
        raise CodecError("not a frame, or too large")
    return Prefix(kind, header_size, data_size, nonce)


def parse_header(header: bytes | memoryview, data_size: int) -> tuple[list[Array], object]:
    """Return empty arrays to read the frame's array bytes into, and the tree for `decode`."""
    try:
        parts = msgpack.unpackb(
            header,
            max_array_len=MAX_ITEMS * 2,
            max_map_len=0,
            max_ext_len=0,
            max_str_len=MAX_HEADER,
            max_bin_len=MAX_HEADER,
        )
    except (ValueError, RecursionError, msgpack.exceptions.UnpackException) as error:
        raise CodecError(f"the header is not msgpack: {type(error).__name__}") from None
    if type(parts) is not list or len(parts) != 2 or type(parts[0]) is not list:
        raise CodecError("the header is not [table, tree]")
    table, tree = parts
    if len(table) > MAX_ARRAYS:
        raise CodecError("too many arrays")
    left = data_size
    arrays = []
    for entry in table:
        array = _empty_array(entry, left)
        left -= array.nbytes
        arrays.append(array)
    if left:
        raise CodecError("the arrays do not add up to the frame's size")
    return arrays, tree


def _empty_array(entry: object, room: int) -> Array:
    if type(entry) is not list or not 1 <= len(entry) <= MAX_DIMENSIONS + 1:
        raise CodecError("an array's entry is malformed")
    for number in entry:
        if type(number) is not int or not 0 <= number <= MAX_DATA:
            raise CodecError("an array's dtype or shape is malformed")
    code, *shape = entry
    if code >= len(DTYPES):
        raise CodecError("an array's dtype is unknown")
    size = DTYPES[code].itemsize
    for length in shape:
        size *= length
    if size > room:
        raise CodecError("the arrays do not add up to the frame's size")
    try:
        return np.empty(shape, DTYPES[code])
    except ValueError:  # numpy refuses some shapes even where their size is 0
        raise CodecError("an array's shape is malformed") from None


def decode(tree: object, arrays: list[Array], make_handle: Callable[[Handle], Any]) -> Any:
    """Build the value of a tree, with the arrays of `parse_header` filled in.

    Raises
    ------
    CodecError
        If the tree is anything but what `encode` writes.
    """
    decoder = _Decoder(arrays, make_handle)
    value = decoder.value(tree, 0)
    if decoder.next_array != len(arrays):
        raise CodecError("an array is not part of the value")
    return value


class _Decoder:
    """Walks one tree; each array is used once, in order."""

    def __init__(self, arrays: list[Array], make_handle: Callable[[Handle], Any]) -> None:
        self.next_array = 0
        self._arrays = arrays
        self._make_handle = make_handle
        self._items = 1

    def value(self, node: Any, depth: int) -> Any:
        if type(node) is not list:
            if type(node) in LEAVES:
                return node
            raise CodecError("a leaf of unknown type")
        if not node or type(node[0]) is not int or not LIST <= node[0] <= DTYPE:
            raise CodecError("a node without a tag")
        tag = node[0]
        if tag == ARRAY:
            return self._array(node)
        parts = node[1:]
        if tag == SCALAR:
            return _scalar(parts)
        if tag == DTYPE:
            return _dtype(parts).type
        if tag == HANDLE:
            return self._handle(parts)
        self._items += len(parts)
        if (parts and depth >= MAX_DEPTH) or self._items > MAX_ITEMS:
            raise CodecError("nested too deeply or too many parts")
        # Most are leaves: a call for each would take longer than all else.
        values = [p if type(p) in LEAVES else self.value(p, depth + 1) for p in parts]
        if tag == DICT:
            return _dict(values)
        return tuple(values) if tag == TUPLE else values

    def _array(self, node: list[Any]) -> Array:
        if len(node) > 1 or self.next_array >= len(self._arrays):
            raise CodecError("an array that was not announced")
        array = self._arrays[self.next_array]
        self.next_array += 1
        # A numpy bool that is neither 0 nor 1 compares in ways that no test expects.
        if array.dtype == np.bool_ and (array.view(np.uint8) > 1).any():
            raise CodecError("a bool array with other values than 0 and 1")
        return array

    def _handle(self, parts: list[Any]) -> Any:
        if len(parts) != 2 or type(parts[0]) is not int or type(parts[1]) is not str:
            raise CodecError("a malformed handle")
        return self._make_handle(Handle(parts[0], parts[1]))


def _scalar(parts: list[Any]) -> Any:
    dtype, raw = _dtype(parts[:1]), parts[-1]
    if len(parts) != 2 or type(raw) is not bytes or len(raw) != dtype.itemsize:
        raise CodecError("a malformed scalar")
    if dtype == np.bool_ and raw[0] > 1:
        raise CodecError("a bool with another value than 0 and 1")
    return np.frombuffer(raw, dtype)[0]


def _dtype(parts: list[Any]) -> np.dtype[Any]:
    if len(parts) != 1 or type(parts[0]) is not int or not 0 <= parts[0] < len(DTYPES):
        raise CodecError("an unknown dtype")
    return DTYPES[parts[0]]


def _dict(values: list[Any]) -> dict[Any, Any]:
    if len(values) % 2 or len(values) > 2 * MAX_KEYS:
        raise CodecError("a dict with too many keys, or a key and no value")
    keys = values[::2]
    if any(type(key) not in LEAVES and type(key) is not tuple for key in keys):
        raise CodecError("a dict key of unknown type")
    try:
        if len(keys) > MAX_ALIKE and max(Counter(map(hash, keys)).values()) > MAX_ALIKE:
            raise CodecError("a dict of keys made to collide")
        return dict(zip(keys, values[1::2], strict=True))
    except TypeError:
        raise CodecError("a dict key that is not hashable") from None
