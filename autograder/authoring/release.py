"""The students' version, made by nbgrader's own GenerateAssignment away from the course."""

from __future__ import annotations

import logging
from pathlib import Path

import nbformat
from nbgrader.converters import GenerateAssignment
from nbgrader.converters.base import NbGraderException
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import ClearSolutions
from traitlets.config import Config

from autograder.authoring.stock import ErrorLog, nbgrader_config
from autograder.authoring.trees import Tree, read_tree, write_tree
from autograder.errors import AuthoringError
from autograder.paths import Course
from autograder.scratch import scratch


def release_tree(course: Course, assignment_id: str, instructor: Tree) -> dict[str, bytes]:
    """Return what nbgrader makes of the instructor's files, as path -> content.

    Runs in a temporary course directory and without a database, so neither the course nor its
    gradebook is read or touched. The settings are those of the course's own `nbgrader_config.py`;
    a stock `nbgrader generate_assignment` therefore makes the same notebooks.

    Raises
    ------
    AuthoringError
        If nbgrader refuses a notebook or leaves out a file.
    """
    with scratch("autograder-release") as folder:
        root = folder.resolve()
        write_tree(root / "source" / assignment_id, instructor)
        _generate(_config(course, root, assignment_id), assignment_id)
        tree = read_tree(root / "release" / assignment_id)
    for missing in sorted(instructor.keys() - tree.keys()):
        raise AuthoringError(f"build/source/{assignment_id}/{missing}", None, "nbgrader dropped it")
    return tree


def released_source(course: Course, source: str) -> str:
    """Return a module's source as nbgrader releases a solution cell: stubs for its regions."""
    cell = nbformat.v4.new_code_cell(source)
    notebook = nbformat.v4.new_notebook(cells=[cell])
    # nbgrader would take a solution cell without a region for a solution as a whole.
    clear = ClearSolutions(config=nbgrader_config(course), enforce_metadata=False)
    clear.preprocess(notebook, {})
    return str(cell.source)


def _config(course: Course, root: Path, assignment_id: str) -> Config:
    config = nbgrader_config(course)
    config.CourseDirectory = Config(
        root=str(root),
        source_directory="source",
        release_directory="release",
        assignment_id=assignment_id,
    )
    config.SaveCells.enabled = False
    config.GenerateAssignment.no_database = True
    for hook in ("pre_convert_hook", "post_convert_hook"):  # they are for a gradebook
        config.GenerateAssignment.pop(hook, None)
    return config


def _generate(config: Config, assignment_id: str) -> None:
    log = logging.Logger("nbgrader")
    errors = ErrorLog()
    log.addHandler(errors)
    coursedir = CourseDirectory(config=config, log=log)
    converter = GenerateAssignment(coursedir=coursedir, config=config, log=log)
    try:
        converter.start()
    except NbGraderException as error:
        said = "\n".join(errors.messages) or str(error)
        message = f"nbgrader could not make the release of it:\n{said}"
        raise AuthoringError(f"build/source/{assignment_id}", None, message) from None
