"""One hostile program."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass


@dataclass(frozen=True)
class Case:
    """A program that stands in the cell of `double`; the submission's `triple` is right.

    Attributes
    ----------
    name : unique among all cases.
    tries : completes "The program ...".
    body : what `double(x)` does before it returns 2 * x. ROOT stands for the course's folder,
        GRADER for the grader's process id, CANARY for a word that stands in everything hidden.
    says : a part of what the student is told, so that the case failed for the right reason.
    top : statements before the function.
    score : of 10: 4 for `double`, 6 for `triple`.
    """

    name: str
    tries: str
    body: str
    says: str = ""
    top: str = ""
    score: float = 6.0

    def code(self, **places: object) -> str:
        """The cell's source, with each place's name replaced."""
        body = textwrap.dedent(self.body).strip()
        function = textwrap.indent(f"{body}\nreturn 2 * x\n", "    ")
        source = f"{textwrap.dedent(self.top).strip()}\ndef double(x):\n{function}"
        for name, place in places.items():
            source = source.replace(name, str(place))
        return source
