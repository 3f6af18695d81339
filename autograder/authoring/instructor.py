"""The files of `build/source/<assignment>/`: notebooks with solutions and all that ships beside."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import resources

import jinja2
import nbformat

from autograder.authoring.definitions import read_text
from autograder.authoring.material import Material, shown
from autograder.authoring.notebooks import instructor_notebook
from autograder.authoring.trees import LITTER, read_tree
from autograder.manifest import Assignment
from autograder.paths import Course

# Where each template ends up in the student's folder.
TEMPLATES = {
    "README.md.j2": "README.md",
    "requirements.txt": "requirements.txt",
    "check.yml": ".github/workflows/check.yml",
}


def instructor_tree(course: Course, material: Material) -> dict[str, bytes]:
    """Return the instructor's version of an assignment as path -> content.

    Raises
    ------
    AuthoringError
        If the authored text breaks a rule.
    """
    assignment = material.assignment
    tree = {}
    for notebook in assignment.notebooks:
        path = course.authored(assignment.id) / f"{notebook.name}.md"
        where = shown(course, path)
        made = instructor_notebook(read_text(path, where), notebook.name, where, material)
        tree[f"{notebook.name}.ipynb"] = nbformat.writes(made).encode() + b"\n"
    for name, content in read_tree(course.nnkit, (*LITTER, "tests")).items():
        tree[f"nnkit/{name}"] = content
    return tree | rendered(assignment)


def rendered(assignment: Assignment, modules: Sequence[str] = ()) -> dict[str, bytes]:
    """Return the files of an assignment that are made from templates.

    Parameters
    ----------
    modules : the files that hold the students' code, if it is not in the notebooks.
    """
    files = sorted({file for task in assignment.tasks for file in task.files})
    return {
        name: render(template, assignment=assignment, files=files, modules=modules).encode()
        for template, name in TEMPLATES.items()
    }


def render(template: str, **values: object) -> str:
    """Return the text of a template of this folder; only those named `.j2` have gaps to fill."""
    text = (resources.files(__package__) / "templates" / template).read_text(encoding="utf-8")
    if not template.endswith(".j2"):
        return text
    environment = jinja2.Environment(
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    return environment.from_string(text).render(values)
