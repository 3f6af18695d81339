"""Do the visible checks accept every legitimate way to be right, as the hidden suite does?

Where they did not, a student with full marks would be told to look for a mistake.
"""

from __future__ import annotations

import sys
import types
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from nnkit.check.registry import run

from autograder.authoring.pieces import defined_names
from autograder.grading.convention import Convention
from autograder.grading.overlays import Variation, load_variations, variation_program
from autograder.manifest import load_assignment
from autograder.paths import Course

COURSE = Course.find(Path(__file__).parent)
ASSIGNMENTS = {name: load_assignment(COURSE, name) for name in COURSE.assignments()}
VARIATIONS = {
    variation.name: variation
    for assignment in ASSIGNMENTS.values()
    for variation in load_variations(COURSE, assignment)
}
FUNCTIONS = {task.id: task.functions for a in ASSIGNMENTS.values() for task in a.tasks}


def namespace_of(variation: Variation, monkeypatch: pytest.MonkeyPatch) -> dict[str, object]:
    """The namespace of a notebook that holds the variation; dataclasses look theirs up by name."""
    module = types.ModuleType("notebook")
    monkeypatch.setitem(sys.modules, "notebook", module)
    for statement in variation_program(COURSE, Convention("keep"), variation):
        source = "from __future__ import annotations\n" + statement.source
        exec(compile(source, statement.where, "exec"), module.__dict__)
    return module.__dict__


def seeded(seed: int | None = None, draw: Any = np.random.default_rng) -> np.random.Generator:
    """A generator that draws the same each time, also where code asks for any."""
    generator: np.random.Generator = draw(0 if seed is None else seed)
    return generator


@pytest.mark.parametrize("name", VARIATIONS)
def test_a_variation_passes(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    variation = VARIATIONS[name]
    # A draw of its own may put a unit where ReLU has a kink.
    monkeypatch.setattr(np.random, "default_rng", seeded)
    namespace = namespace_of(variation, monkeypatch)
    defined = defined_names(variation.source)
    for task in variation.tasks:
        if defined & set(FUNCTIONS[task]):
            np.random.seed(0)
            failed = [outcome for outcome in run(task, namespace).outcomes if not outcome.passed]
            assert not failed
