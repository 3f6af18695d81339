"""One p, two meanings."""

import pytest

from autograder.grading.convention import Convention


def test_p_is_the_probability_to_keep_unless_it_is_the_one_to_drop() -> None:
    assert Convention("keep").keep_prob(0.25) == 0.25
    assert Convention("drop").keep_prob(0.25) == 0.75
    assert Convention() == Convention("keep")


@pytest.mark.parametrize("name", ["keep", "drop"])
def test_there_and_back(name) -> None:
    convention = Convention(name)
    assert convention.keep_prob(convention.p_for(0.375)) == 0.375


@pytest.mark.parametrize(("name", "p"), [("keep", 1.0), ("drop", 0.0)])
def test_without_dropout_every_unit_is_kept(name, p) -> None:
    assert Convention(name).no_dropout == p
    assert Convention(name).keep_prob(p) == 1
