"""Opens nbgrader's gradebook as `nbgrader_config.py` says, and explains what is wrong with it.

course_directory(course) -> nbgrader CourseDirectory
open_gradebook(course) -> context manager of nbgrader.api.Gradebook
explained(course) -> context manager that turns database errors into GradebookError
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from nbgrader.api import Gradebook, InvalidEntry, MissingEntry
from nbgrader.coursedir import CourseDirectory
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError
from tornado.log import app_log
from traitlets.config import Config

from autograder.authoring.stock import nbgrader_config
from autograder.errors import GradebookError
from autograder.paths import Course

WAIT_SECONDS = 60

# What SQLite says -> what to do about it.
EXPLANATIONS = {
    "readonly database": "is read-only; make the file and its folder writable and try again",
    "database is locked": (
        f"was locked by another program for {WAIT_SECONDS} seconds; close what uses it (another "
        "grading run, a database browser) and try again"
    ),
    "unable to open": "cannot be opened; is its folder there, and may you write to it?",
    "not a database": "is damaged; put a backup in its place, or move it away and grade again",
    "malformed": "is damaged; put a backup in its place, or move it away and grade again",
    "no such table": "is of another version; make a backup, then run `nbgrader db upgrade`",
    "no such column": "is of another version; make a backup, then run `nbgrader db upgrade`",
}


def course_directory(course: Course, config: Config | None = None) -> CourseDirectory:
    """nbgrader's idea of the course; on SQLite its `db_url` waits for a locked gradebook."""
    coursedir = CourseDirectory(config=config or nbgrader_config(course), root=str(course.root))
    url = make_url(coursedir.db_url)
    if url.get_backend_name() == "sqlite" and "timeout" not in url.query:
        url = url.update_query_dict({"timeout": str(WAIT_SECONDS)})
        coursedir.db_url = url.render_as_string(hide_password=False)
    return coursedir


@contextmanager
def open_gradebook(course: Course) -> Iterator[Gradebook]:
    """Open the gradebook for writing, making it if there is none.

    Raises
    ------
    GradebookError
        If it is read-only, locked or damaged, now or when it is used within the `with`.
    """
    coursedir = course_directory(course)
    with explained(coursedir.db_url), alembic_on_path():
        gradebook = Gradebook(coursedir.db_url, coursedir.course_id)
        with gradebook:
            _try_to_write(gradebook)
            yield gradebook


@contextmanager
def explained(db_url: str) -> Iterator[None]:
    """Turn an error of the database into a `GradebookError` that says what to do."""
    # nbgrader logs the traceback of what it then raises; the reader gets one sentence instead.
    was_disabled, app_log.disabled = app_log.disabled, True
    try:
        yield
    except (SQLAlchemyError, InvalidEntry, MissingEntry) as error:
        raise GradebookError(f"{_shown(db_url)}: {explain(str(error))}") from None
    finally:
        app_log.disabled = was_disabled


def explain(message: str) -> str:
    """Complete the sentence "the gradebook ..." for an error message of the database."""
    for phrase, explanation in EXPLANATIONS.items():
        if phrase in message:
            return f"the gradebook {explanation}"
    return f"the gradebook refused: {message.splitlines()[0] if message else 'no reason given'}"


@contextmanager
def alembic_on_path() -> Iterator[None]:
    """Let nbgrader find the `alembic` of this environment, which a new gradebook needs.

    nbgrader runs it by name; in a virtual environment that is not activated there is none.
    """
    before = os.environ.get("PATH", os.defpath)
    if shutil.which("alembic") is None:
        os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), before])
    try:
        yield
    finally:
        os.environ["PATH"] = before


def _try_to_write(gradebook: Gradebook) -> None:
    """Find out now, not after an hour of grading, that nothing can be written."""
    if gradebook.engine.dialect.name != "sqlite":
        return
    with gradebook.engine.connect() as connection:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        # On a read-only file SQLite grants the lock all the same; only a change is refused.
        connection.exec_driver_sql("PRAGMA user_version = 1")
        connection.exec_driver_sql("ROLLBACK")


def _shown(db_url: str) -> str:
    url = make_url(db_url)
    if url.get_backend_name() == "sqlite" and url.database:
        return url.database
    return url.render_as_string(hide_password=True)
