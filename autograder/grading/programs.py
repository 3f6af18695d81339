"""Code that the course itself holds, as programs; each is put together once."""

from __future__ import annotations

from collections.abc import Iterable

from autograder.authoring.misconceptions import Misconception
from autograder.authoring.pieces import defined_names
from autograder.grading.convention import Convention
from autograder.grading.overlays import (
    Translate,
    misconception_overlay,
    reference_program,
    translator,
)
from autograder.paths import Course
from autograder.program import Program, Statement


class Programs:
    """The reference and the known mistakes, in terms of any convention."""

    def __init__(self, course: Course) -> None:
        self._course = course
        self._translators: dict[Convention, Translate] = {}
        self._references: dict[Convention, Program] = {}
        self._named: dict[Convention, list[tuple[Statement, frozenset[str]]]] = {}
        self._overlays: dict[tuple[str, Convention], Program] = {}

    def prepare(self, misconceptions: Iterable[Misconception], convention: Convention) -> None:
        """Put all of these together, so that forks of this process need not."""
        for misconception in misconceptions:
            self.restoring(self.overlay(misconception, convention), convention)

    def reference(self, convention: Convention) -> Program:
        """Return the reference."""
        if convention not in self._references:
            self._references[convention] = reference_program(self._course, convention)
        return self._references[convention]

    def overlay(self, misconception: Misconception, convention: Convention) -> Program:
        """Return what is run behind the reference to put a mistake into it."""
        key = misconception.id, convention
        if key not in self._overlays:
            if convention not in self._translators:
                self._translators[convention] = translator(self._course, convention)
            translate = self._translators[convention]
            self._overlays[key] = misconception_overlay(misconception, translate)
        return self._overlays[key]

    def restoring(self, overlay: Program, convention: Convention) -> Program:
        """Return what is run to take a mistake out of the reference again."""
        if convention not in self._named:
            reference = self.reference(convention)
            self._named[convention] = [(s, defined_names(s.source)) for s in reference]
        wanted = {name for statement in overlay for name in defined_names(statement.source)}
        named = self._named[convention]
        return tuple(statement for statement, names in named if wanted & names)
