"""A class of five: four wrote answers, one handed in the quiz as it was released."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.paths import Course
from autograder.tests.manual.courses import hand_in, make_course

WRITERS = ("nora", "boris", "tariq", "wilma")
UNTOUCHED = "yusuf"


@pytest.fixture
def course(tmp_path: Path) -> Course:
    made = make_course(tmp_path / "course")
    for number, name in enumerate(WRITERS):
        about = {"convolve_by_hand": f"sum {number}", "convolution_formula": f"formula {number}"}
        hand_in(made, name, about)
    hand_in(made, UNTOUCHED)
    return made
