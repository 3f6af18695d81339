"""From an authored draft to the instructor's notebook, in pure steps."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace

import nbformat
from nbformat.notebooknode import NotebookNode

from autograder.authoring import rules
from autograder.authoring.draft import (
    CHECK,
    EXERCISE,
    GIVEN,
    QUESTION,
    TASK,
    Cell,
    Draft,
    read_draft,
)
from autograder.authoring.material import Material
from autograder.errors import AuthoringError

Step = Callable[[Draft, Material], Draft]

METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}
# What nbgrader calls the roles: (grade, solution, locked).
FLAGS = {
    TASK: (False, True, False),
    CHECK: (True, False, True),
    EXERCISE: (False, True, False),
    GIVEN: (False, False, True),
    QUESTION: (True, True, False),
}

IMPORT = re.compile(r"from solutions\.(\w+) import (\w+(?:, *\w+)*)\s*")
_MENTION = re.compile(r"\s*(from|import)\s+solutions\b")


def instructor_notebook(text: str, name: str, path: str, material: Material) -> NotebookNode:
    """Return the notebook, solutions and model answers included, of an authored text.

    Raises
    ------
    AuthoringError
        If the text breaks a rule; it names `path` and the line.
    """
    draft = read_draft(text, name, path)
    for step in STEPS:
        draft = step(draft, material)
    return assemble(draft, material)


def put_definitions(draft: Draft, material: Material) -> Draft:
    """Replace `from solutions.x import a, b` by the definitions of a and b."""
    return replace(draft, cells=tuple(_with_definitions(c, draft, material) for c in draft.cells))


def put_answers(draft: Draft, material: Material) -> Draft:
    """Put the model answers into the question cells."""
    cells = (
        replace(cell, source=material.answers[cell.name]) if cell.role == QUESTION else cell
        for cell in draft.cells
    )
    return replace(draft, cells=tuple(cells))


STEPS: tuple[Step, ...] = (
    rules.unique_ids,
    rules.every_task_has_its_cells,
    rules.every_question_has_its_cell,
    rules.authored_regions_are_sound,
    put_definitions,
    rules.stubs_are_where_they_belong,
    rules.tasks_define_their_functions,
    put_answers,
)


def assemble(draft: Draft, material: Material) -> NotebookNode:
    """Return the finished draft as a notebook with nbgrader's metadata."""
    points = {task.id: task.points for task in material.assignment.tasks}
    points |= {question.id: question.points for question in material.assignment.questions}
    cells = [_cell(cell, i, points.get(cell.name, 0)) for i, cell in enumerate(draft.cells, 1)]
    notebook = nbformat.v4.new_notebook(cells=cells, metadata=METADATA)
    notebook.nbformat_minor = 5
    nbformat.validate(notebook)
    return notebook


def _with_definitions(cell: Cell, draft: Draft, material: Material) -> Cell:
    if cell.kind != "code":
        return cell
    # Paragraphs are what two blank lines separate: each definition, and each run of other lines.
    paragraphs: list[str] = []
    other: list[str] = []
    for number, line in enumerate(cell.source.splitlines(), cell.line + 1):
        if match := IMPORT.fullmatch(line):
            if cell.role not in (TASK, EXERCISE, GIVEN):
                raise AuthoringError(
                    draft.path, number, "solutions belong in task, exercise and given cells only"
                )
            paragraphs += ["\n".join(other), *sources(match, draft.path, number, material)]
            other = []
        elif _MENTION.match(line):
            message = "write it as `from solutions.MODULE import NAME, NAME` on one line"
            raise AuthoringError(draft.path, number, message)
        else:
            other.append(line)
    if not paragraphs:
        return cell
    paragraphs.append("\n".join(other))
    stripped = (paragraph.strip("\n") for paragraph in paragraphs)
    return replace(cell, source="\n\n\n".join(filter(None, stripped)))


def sources(match: re.Match[str], path: str, line: int, material: Material) -> Iterator[str]:
    """Yield the source of each definition that a line `from solutions.x import a, b` names.

    Raises
    ------
    AuthoringError
        If there is no such module or definition.
    """
    module, names = match.groups()
    if module not in material.modules:
        raise AuthoringError(path, line, f"there is no solutions/{module}.py")
    for name in re.split(r", *", names):
        if name not in material.modules[module]:
            raise AuthoringError(path, line, f"solutions/{module}.py does not define {name!r}")
        yield material.modules[module][name]


def _cell(cell: Cell, position: int, points: float) -> NotebookNode:
    new = getattr(nbformat.v4, f"new_{cell.kind}_cell")
    # A plain cell's id comes from its position, so that two builds agree on it.
    made = new(cell.source, id=cell.grade_id or f"cell-{position:03}")
    if cell.role:
        grade, solution, locked = FLAGS[cell.role]
        made.metadata["nbgrader"] = {
            "cell_type": cell.kind,
            "grade": grade,
            "grade_id": cell.grade_id,
            "locked": locked,
            "schema_version": 3,
            "solution": solution,
            "task": False,
            **({"points": points} if grade else {}),
        }
    return made
