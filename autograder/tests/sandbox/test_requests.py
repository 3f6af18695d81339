"""Does a worker read what the grader wrote, and as students' code expects it?"""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from autograder.sandbox import codec
from autograder.sandbox.codec import Handle
from autograder.sandbox.requests import requests_in, value_of
from autograder.tests.sandbox.test_codec_properties import FIXED
from autograder.tests.sandbox.wire import arrays, same, values


def frames(*sent: object) -> memoryview:
    return memoryview(b"".join(b"".join(codec.encode(codec.REQUEST, value)) for value in sent))


def read(view: memoryview) -> list[Any]:
    return [value_of(tree, found, lambda handle: handle) for tree, found in requests_in(view)]


@FIXED
@given(st.lists(values, max_size=3))
def test_requests_are_read_one_behind_the_other(sent: list[Any]) -> None:
    assert same(read(frames(*sent)), sent)


@FIXED
@given(arrays)
def test_arrays_may_be_written_to_and_kept(array: Any) -> None:
    view = frames([array, array])
    ((first, second),) = read(view)
    assert first.flags.owndata
    assert first.flags.writeable
    assert not np.shares_memory(first, second)
    assert not np.shares_memory(first, np.frombuffer(view, np.uint8))


def test_scalars_dtypes_and_handles_are_what_they_were() -> None:
    sent = (np.float32(1.5), {"config": (np.bool_(True), Handle(3, "Net"))}, [np.complex64(1j)])
    assert same(read(frames(sent)), [sent])
    assert read(frames([np.dtype("<f4"), np.int64])) == [[np.float32, np.int64]]


def test_strings_are_the_same_objects_as_in_source() -> None:
    sent = "".join(["tra", "in"])
    ((key, value),) = read(frames([sent, {"mode": (sent,)}]))
    assert key is value["mode"][0] is "train"  # noqa: F632  what students write
