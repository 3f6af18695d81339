"""What the notebooks of one assignment are made from, read once before the steps begin."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from autograder.authoring.definitions import definitions, read_text
from autograder.errors import AuthoringError
from autograder.manifest import Assignment, Question
from autograder.paths import Course

RUBRIC = "## Rubric"


@dataclass(frozen=True)
class Material:
    """Everything that the steps look up.

    Attributes
    ----------
    modules : source of each definition by module of `solutions/` and name.
    answers : model answer by question id, without its rubric.
    manifest : the text of `assignment.toml`, whose lines errors name.
    manifest_path : what error messages call that file.
    """

    assignment: Assignment
    modules: Mapping[str, Mapping[str, str]]
    answers: Mapping[str, str]
    manifest: str
    manifest_path: str

    def error(self, item: str, message: str) -> AuthoringError:
        """Return an error at the line of `assignment.toml` that says `id = "item"`."""
        row = re.compile(rf"\s*id\s*=\s*[\"']{re.escape(item)}[\"']")
        lines = enumerate(self.manifest.splitlines(), 1)
        line = next((number for number, text in lines if row.match(text)), None)
        return AuthoringError(self.manifest_path, line, message)


def shown(course: Course, path: Path) -> str:
    """Return what error messages call a file of the course: its path from the root."""
    return path.relative_to(course.root).as_posix()


def solution_files(course: Course) -> list[Path]:
    """Return the modules of `solutions/`; its `__init__.py` only says what the package is."""
    return sorted(p for p in course.solutions.glob("*.py") if p.name != "__init__.py")


def load_material(course: Course, assignment: Assignment) -> Material:
    """Read solutions, model answers and the manifest of an assignment.

    Raises
    ------
    AuthoringError
        If a solutions module breaks a rule, or an answer or its rubric is missing.
    """
    modules = {}
    for path in solution_files(course):
        name = shown(course, path)
        modules[path.stem] = definitions(read_text(path, name), name)
    answers = {q.id: read_answer(course, assignment.id, q)[0] for q in assignment.questions}
    manifest = course.authored(assignment.id) / "assignment.toml"
    where = shown(course, manifest)
    return Material(assignment, modules, answers, read_text(manifest, where), where)


def read_answer(course: Course, assignment: str, question: Question) -> tuple[str, str]:
    """Return the model answer and the rubric of a question.

    Raises
    ------
    AuthoringError
        If the file or one of the two is missing.
    """
    path = course.answers(assignment) / f"{question.id}.md"
    where = shown(course, path)
    if not path.is_file():
        raise AuthoringError(
            where, None, f'write the model answer of "{question.title}" here, then a line {RUBRIC}'
        )
    answer, heading, rubric = read_text(path, where).partition(f"\n{RUBRIC}\n")
    if not heading:
        raise AuthoringError(where, None, f"no line {RUBRIC}; add one below the model answer")
    if not rubric.strip():
        line = answer.count("\n") + 2
        raise AuthoringError(where, line, "the rubric is empty; say what earns the points")
    if not answer.strip():
        raise AuthoringError(where, 1, "the model answer is empty; write it above the rubric")
    return answer.strip(), rubric.strip()
