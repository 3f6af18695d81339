"""The fuzzer's targets, fed by hypothesis for a moment: seeds, mutated seeds and random bytes."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.tests.fuzz.targets import SEEDS, TARGETS

FIXED = settings(derandomize=True, database=None, deadline=None, max_examples=200)
EDITS = st.lists(st.tuples(st.integers(0, 300), st.binary(max_size=4)), max_size=5)


@pytest.mark.parametrize("name", TARGETS)
@FIXED
@given(data=st.data())
def test_a_target_refuses_or_reads_whatever_it_is_fed(name: str, data: st.DataObject) -> None:
    seed = bytearray(data.draw(st.sampled_from(SEEDS[name]) | st.binary(max_size=300)))
    for place, new in data.draw(EDITS):
        place %= len(seed) + 1
        seed[place : place + len(new)] = new
    TARGETS[name](bytes(seed))


@pytest.mark.parametrize("name", TARGETS)
def test_every_target_has_seeds(name: str) -> None:
    assert SEEDS[name]
