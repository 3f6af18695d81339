"""Code that the course itself holds, as programs; each is put together once."""

from __future__ import annotations

from autograder.authoring.misconceptions import Misconception
from autograder.grading.convention import Convention
from autograder.grading.overlays import misconception_program, reference_program
from autograder.paths import Course
from autograder.program import Program


class Programs:
    """The reference and the known mistakes, in terms of any convention."""

    def __init__(self, course: Course) -> None:
        self._course = course
        self._references: dict[Convention, Program] = {}
        self._mistakes: dict[tuple[str, Convention], Program] = {}

    def reference(self, convention: Convention) -> Program:
        """Return the reference."""
        if convention not in self._references:
            self._references[convention] = reference_program(self._course, convention)
        return self._references[convention]

    def mistake(self, misconception: Misconception, convention: Convention) -> Program:
        """Return the reference with this mistake."""
        key = misconception.id, convention
        if key not in self._mistakes:
            program = misconception_program(self._course, convention, misconception)
            self._mistakes[key] = program
        return self._mistakes[key]
