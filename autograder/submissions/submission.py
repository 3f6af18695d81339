"""What is known of a submission once it has been read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from autograder.manifest import Assignment
from autograder.program import Program
from autograder.submissions.files import File

if TYPE_CHECKING:
    from nbformat import NotebookNode


@dataclass(frozen=True)
class Answer:
    """A written answer.

    Attributes
    ----------
    text : Markdown as the student wrote it; the release's stub if nothing was written.
    touched : whether it differs from the release's stub in more than white space.
    images : pictures pasted into the answer, name to `data:` URI; the text refers to them as
        `attachment:<name>`.
    """

    text: str
    touched: bool
    images: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Submission:
    """One student's work on one assignment, read and repaired; nothing of it has been run.

    Attributes
    ----------
    path : what was read: a folder, a zip file or a single notebook.
    digest : sha256 over the names and contents of the files handed in.
    statements : by notebook name, for every notebook of the assignment: the release's given code,
        then the student's own statements in notebook order.
    problems : one sentence for each thing that is wrong, fit for the student to read.
    files : files handed in beside the notebooks, by name relative to them.
    answers : by question id, for every question of the assignment.
    notebooks : the repaired notebooks, by name, of those that are present.
    present : names of the notebooks that were found and could be read.
    layout : "notebook" or "package".
    convention : what p means according to the code itself; None where it does not say.
    renames : by name of a class, the suite's name of an argument -> the code's own.
    repairs : what was mended mechanically, a sentence each.
    untouched : tasks, exercises and questions that were left as they were released.
    """

    student: str
    assignment: str
    path: Path
    digest: str
    statements: Mapping[str, Program]
    problems: tuple[str, ...]
    files: Mapping[str, File]
    answers: Mapping[str, Answer]
    notebooks: Mapping[str, NotebookNode]
    present: frozenset[str]
    layout: str = "notebook"
    convention: Literal["keep", "drop"] | None = None
    renames: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    repairs: tuple[str, ...] = ()
    untouched: tuple[str, ...] = ()

    def program(self, assignment: Assignment, notebook: str) -> Program:
        """Return the statements that make up the namespace of `notebook`, used notebooks first."""
        return tuple(
            statement
            for name in assignment.chain(notebook)
            for statement in self.statements.get(name, ())
        )
