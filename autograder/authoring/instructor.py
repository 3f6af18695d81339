"""The files of `build/source/<assignment>/`: notebooks with solutions and all that ships beside."""

from __future__ import annotations

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
    for template, name in TEMPLATES.items():
        tree[name] = _render(template, assignment).encode()
    return tree


def _render(template: str, assignment: Assignment) -> str:
    text = (resources.files(__package__) / "templates" / template).read_text(encoding="utf-8")
    if not template.endswith(".j2"):
        return text
    environment = jinja2.Environment(
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    files = sorted({file for task in assignment.tasks for file in task.files})
    return environment.from_string(text).render(assignment=assignment, files=files)
