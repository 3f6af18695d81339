"""The self-check finds what it is there to find: wrong verdicts and wrong diagnoses."""

from __future__ import annotations

import re

import pytest

from autograder.grading.convention import Convention
from autograder.grading.selfcheck import MISCONCEPTION, VARIATION, Unit, check_unit, selfcheck
from autograder.paths import Course
from autograder.settings import CONVENTIONS
from autograder.tests.grading.conftest import RIGHT, write_notebook

UNIT = Unit("mini", Convention("keep"), 1)
THRICE = """
[[misconceptions]]
id = "thrice"
check = "values"
hint = "That is too much."
edits = [["2 * x", "3 * x"]]
"""


@pytest.fixture
def known(course: Course) -> Course:
    """The mini course, its solutions in the notebook and in `solutions/`, one known mistake."""
    write_notebook(course.instructor("mini") / "Mini.ipynb", RIGHT)
    module = course.solutions / "layers.py"
    code = "".join(f"\n\n{source.replace('import numpy as np', '')}" for source in RIGHT.values())
    module.write_text(module.read_text() + code)
    for folder in ("misconceptions", "variations"):
        (course.solutions / folder).mkdir()
    (course.solutions / "misconceptions" / "double.toml").write_text(THRICE)
    return course


def wrong(course: Course) -> list[str]:
    return [sentence for finding in check_unit(course, UNIT) for sentence in finding.wrong]


def test_nothing_is_wrong_where_nothing_is(known: Course) -> None:
    (known.solutions / "variations" / "by_sum.py").write_text(
        '"""Adds x to itself."""\n\n\ndef double(x):\n    return x + x\n'
    )
    findings = check_unit(known, UNIT)
    assert [sentence for finding in findings for sentence in finding.wrong] == []
    assert [f.subject for f in findings if f.kind in (MISCONCEPTION, VARIATION)] == [
        *("thrice", "by_sum")
    ]


def test_a_reference_that_fails_is_found(known: Course) -> None:
    suite = known.suite("mini") / "test_mini.py"
    suite.write_text(suite.read_text().replace("3 * x", "4 * x"))
    assert any(s.startswith("reference fails values_of_triple of triple") for s in wrong(known))
    assert any(s.startswith("instructor notebooks fails values_of_triple") for s in wrong(known))


def test_a_check_that_passes_the_untouched_release_is_found(known: Course) -> None:
    suite = known.suite("mini") / "test_mini.py"
    suite.write_text(suite.read_text() + "\n@pytest.mark.task('triple')\ndef test_idle(): pass\n")
    assert "untouched release passes idle of triple" in wrong(known)


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ('"3 * x"', '"x + x"', r"thrice passes values; it fails nothing"),
        ('check = "values"', 'check = "zero"', r"thrice passes zero; it fails values"),
        ('check = "values"', 'check = "none"', r"thrice names none, which is no check of double"),
    ],
)
def test_a_mistake_that_is_not_caught_is_found(
    known: Course, old: str, new: str, sentence: str
) -> None:
    library = known.solutions / "misconceptions" / "double.toml"
    library.write_text(library.read_text().replace(old, new))
    assert any(re.fullmatch(sentence, found) for found in wrong(known))


def test_a_mistake_that_is_taken_for_another_is_found(known: Course) -> None:
    library = known.solutions / "misconceptions" / "double.toml"
    twin = THRICE.replace('"thrice"', '"threefold"').replace("3 * x", "x + 2 * x")
    library.write_text(library.read_text() + twin)
    assert "thrice is diagnosed as thrice, threefold" in wrong(known)


def test_a_variation_that_is_refused_is_found(known: Course) -> None:
    (known.solutions / "variations" / "rounded.py").write_text(
        '"""Rounds, which is not right."""\n\n\ndef double(x):\n    return (2 * x).round()\n'
    )
    assert any(sentence.startswith("rounded fails values of double") for sentence in wrong(known))


def test_every_seed_and_convention_is_tried(known: Course) -> None:
    units = {finding.unit for finding in selfcheck(known, ["mini"], seeds=2)}
    assert units == {Unit("mini", Convention(n), s) for n in CONVENTIONS for s in (1, 2)}
