"""How a worker reads what the grader sends it: as `codec` does, but that it believes all of it.

What is hostile in a worker is the student's code, which comes to no harm by a frame. Most of what a
right submission costs its worker beyond its own code is reading requests, and the strict way takes
twice as long.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from typing import Any

import msgpack
import numpy as np

from autograder.sandbox.codec import ARRAY, DICT, DTYPE, HANDLE, PREFIX, SCALAR, TUPLE, Handle
from autograder.sandbox.dtypes import DTYPES, Array

Resolve = Callable[[Handle], Any]


def requests_in(frames: memoryview) -> Iterator[tuple[Any, Iterator[Array]]]:
    """Yield tree and arrays of each frame in these bytes, one frame behind the other."""
    at = 0
    while at < len(frames):
        _, _, header_size, data_size, _ = PREFIX.unpack_from(frames, at)
        begin = at + PREFIX.size
        data = begin + header_size
        at = data + data_size
        table, tree = msgpack.unpackb(frames[begin:data])
        yield tree, _arrays(table, frames[data:at])


def _arrays(table: list[list[int]], data: memoryview) -> Iterator[Array]:
    at = 0
    for code, *shape in table:
        # Student code may write to it, and keep it.
        array = np.ndarray(shape, DTYPES[code], data, at).copy()
        at += array.nbytes
        yield array


def value_of(node: Any, arrays: Iterator[Array], resolve: Resolve) -> Any:
    """Build the value of a tree; its strings are as in source, so that `mode is "train"` holds.

    Parameters
    ----------
    arrays : those of the tree, in their order.
    resolve : returns what a handle stands for.
    """
    if type(node) is not list:
        return sys.intern(node) if type(node) is str else node
    tag = node[0]
    if tag == ARRAY:
        return next(arrays)
    if tag == HANDLE:
        return resolve(Handle(node[1], node[2]))
    if tag == SCALAR:
        return np.frombuffer(node[2], DTYPES[node[1]])[0]
    if tag == DTYPE:
        return DTYPES[node[1]].type
    # Most parts are leaves: a call for each would take longer than all else.
    values = [
        value_of(part, arrays, resolve)
        if type(part) is list
        else (sys.intern(part) if type(part) is str else part)
        for part in node
    ]
    if tag == DICT:
        return dict(zip(values[1::2], values[2::2], strict=True))
    return tuple(values[1:]) if tag == TUPLE else values[1:]
