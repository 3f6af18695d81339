"""Opens nbgrader's gradebook as `nbgrader_config.py` says, in SQLite or PostgreSQL.

course_directory(course) -> nbgrader CourseDirectory
open_gradebook(course) -> context manager of nbgrader.api.Gradebook
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from nbgrader.api import Gradebook
from nbgrader.coursedir import CourseDirectory
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError
from traitlets.config import Config

from autograder.authoring.stock import nbgrader_config
from autograder.errors import GradebookError
from autograder.gradebook.exclusive import exclusive
from autograder.gradebook.explanations import WAIT_SECONDS, explained
from autograder.paths import MARKER, Course
from autograder.replace import replace_file, sweep

__all__ = ["course_directory", "explained", "open_gradebook"]


def course_directory(course: Course, config: Config | None = None) -> CourseDirectory:
    """nbgrader's idea of the course; on SQLite its `db_url` waits for a locked gradebook.

    Raises
    ------
    GradebookError
        If `db_url` names no database, or one that there is no driver for.
    """
    coursedir = CourseDirectory(config=config or nbgrader_config(course), root=str(course.root))
    setting = f"{course.root / MARKER}: c.CourseDirectory.db_url"
    try:
        url = make_url(coursedir.db_url)
        url.get_dialect().import_dbapi()
    except (SQLAlchemyError, ValueError):  # what it says may hold the password
        raise GradebookError(
            f"{setting} names no database; write sqlite:////folder/gradebook.db or "
            "postgresql+psycopg://user@host/gradebook"
        ) from None
    except ImportError as error:
        raise GradebookError(
            f"{setting} needs the Python package {error.name}; for PostgreSQL install "
            "psycopg[binary] and write postgresql+psycopg://user@host/gradebook"
        ) from None
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
        If it is unreachable, read-only, locked or damaged, now or when it is used within the
        `with`.
    """
    coursedir = course_directory(course)
    with explained(coursedir.db_url), alembic_on_path():
        with exclusive(coursedir.db_url):  # two at once would make each table twice
            _make_file(coursedir)
            gradebook = Gradebook(coursedir.db_url, coursedir.course_id)
        with gradebook:
            _try_to_write(gradebook)
            yield gradebook


def _make_file(coursedir: CourseDirectory) -> None:
    """Make a new SQLite gradebook as a whole: nbgrader takes a part of one for an old version."""
    url = make_url(coursedir.db_url)
    name = url.database or ""
    if url.get_backend_name() != "sqlite" or not name or name.startswith((":", "file:")):
        return
    path = Path(os.path.realpath(name))
    if path.exists() and path.stat().st_size:
        return
    sweep(path.parent)
    with tempfile.TemporaryDirectory(prefix="autograder-gradebook-") as folder:
        new = Path(folder) / path.name
        Gradebook(f"sqlite:///{new}", coursedir.course_id).close()
        replace_file(path, new.read_bytes())


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
    with gradebook.engine.connect() as connection:
        if connection.dialect.name != "sqlite":
            # Changes no row; that the user may, and the server does, is looked at all the same.
            connection.exec_driver_sql("UPDATE grade SET auto_score = auto_score WHERE 1 = 0")
            return
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        # On a read-only file SQLite grants the lock all the same; only a change is refused.
        connection.exec_driver_sql("PRAGMA user_version = 1")
        connection.exec_driver_sql("ROLLBACK")
