"""Makes an assignment known to the gradebook.

prepare_gradebook(course: Course, assignment: Assignment) -> None
"""

from __future__ import annotations

import logging
from pathlib import Path

from nbgrader.converters import GenerateAssignment
from nbgrader.converters.base import NbGraderException

from autograder.authoring.stock import ErrorLog, nbgrader_config
from autograder.built import read_built
from autograder.errors import GradebookError
from autograder.gradebook.connection import course_directory, open_gradebook
from autograder.gradebook.exclusive import exclusive, transaction
from autograder.gradebook.explanations import EXPLANATIONS, explain, explained, fault
from autograder.manifest import Assignment
from autograder.paths import Course
from autograder.scratch import scratch

CHANGED = ("Cannot add or remove cells", "Cannot modify existing assignment")


def prepare_gradebook(course: Course, assignment: Assignment) -> None:
    """Make sure that the gradebook knows the assignment, its notebooks, cells and due date.

    Runs nbgrader's own GenerateAssignment over build/source, into a temporary folder: release/ is
    neither read nor touched. May be run any number of times; scores are kept.

    Raises
    ------
    AuthoringError
        If the instructor notebooks have not been built or are damaged.
    GradebookError
        If the gradebook is read-only, locked, damaged, or holds submissions to an assignment with
        other cells.
    """
    for notebook in assignment.notebooks:
        read_built(course.instructor(assignment.id) / f"{notebook.name}.ipynb", assignment.id)
    with open_gradebook(course) as gradebook:
        # Without a date in assignment.toml, one that was given in the formgrader stays.
        about = {"duedate": assignment.due} if assignment.due else {}
        with transaction(gradebook):
            gradebook.update_or_create_assignment(assignment.id, **about)
    with scratch("autograder-gradebook") as folder:
        _generate(course, assignment.id, folder)


def _generate(course: Course, assignment: str, release: Path) -> None:
    config = nbgrader_config(course)
    coursedir = course_directory(course, config)
    coursedir.assignment_id = assignment
    coursedir.release_directory = str(release)
    log = logging.Logger("nbgrader")
    said = ErrorLog()
    log.addHandler(said)
    try:
        with explained(coursedir.db_url), exclusive(coursedir.db_url):
            GenerateAssignment(coursedir=coursedir, config=config, log=log).start()
    except NbGraderException as error:
        text = "\n".join([*said.messages, str(error)])
        if any(phrase in text for phrase in EXPLANATIONS):
            raise fault(coursedir.db_url, explain(text)) from None
        raise GradebookError(_reason(course, assignment, text)) from None


def _reason(course: Course, assignment: str, text: str) -> str:
    if any(phrase in text for phrase in CHANGED):
        return (
            f"{assignment}: its cells changed, but the gradebook holds submissions to the earlier "
            "version; undo the change, or make a backup of the gradebook and run "
            f"`nbgrader db assignment remove {assignment} --force` in {course.root}"
        )
    return f"{course.instructor(assignment)}: nbgrader refused it:\n{text}"
