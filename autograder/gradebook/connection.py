"""Opens nbgrader's gradebook as `nbgrader_config.py` says, in SQLite or PostgreSQL.

course_directory(course) -> nbgrader CourseDirectory
open_gradebook(course) -> context manager of nbgrader.api.Gradebook
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from alembic.script import ScriptDirectory
from nbgrader.api import Base, Gradebook
from nbgrader.coursedir import CourseDirectory
from nbgrader.dbutil import ALEMBIC_DIR
from sqlalchemy import create_engine, inspect, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import NullPool
from traitlets.config import Config

from autograder.authoring.stock import nbgrader_config
from autograder.errors import GradebookError
from autograder.gradebook.exclusive import exclusive
from autograder.gradebook.explanations import DAMAGED, WAIT_SECONDS, explained, fault
from autograder.paths import MARKER, Course

__all__ = ["course_directory", "explained", "open_gradebook"]


def course_directory(course: Course, config: Config | None = None) -> CourseDirectory:
    """nbgrader's idea of the course; on SQLite its `db_url` is of the course and waits.

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
    if url.get_backend_name() == "sqlite":
        coursedir.db_url = _of_course(url, course).render_as_string(hide_password=False)
    return coursedir


def _of_course(url: URL, course: Course) -> URL:
    """Name the same SQLite file from whatever folder a command is started in."""
    if url.database and not url.database.startswith((":memory:", "file:")):
        url = url.set(database=str(course.root / url.database))
    if "timeout" not in url.query:
        url = url.update_query_dict({"timeout": str(WAIT_SECONDS)})
    return url


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
    with explained(coursedir.db_url):
        with exclusive(coursedir.db_url):  # two at once would make each table twice
            _look_for_damage(coursedir.db_url)
            _make_tables(coursedir.db_url)
            gradebook = Gradebook(coursedir.db_url, coursedir.course_id)
        with gradebook:
            _try_to_write(gradebook)
            yield gradebook


def _look_for_damage(db_url: str) -> None:
    """Refuse a SQLite file that is damaged anywhere: SQLite itself would write to its other parts.

    Takes a tenth of a second for the gradebook of 3,000 students.
    """
    engine = create_engine(db_url, poolclass=NullPool)
    if engine.dialect.name == "sqlite":
        with engine.connect() as connection:
            if connection.exec_driver_sql("PRAGMA quick_check(1)").scalar() != "ok":
                raise fault(db_url, f"the gradebook {DAMAGED}")


def _make_tables(db_url: str) -> None:
    """Make what a new gradebook lacks as a whole, so that a killed run leaves nothing or all of it.

    nbgrader makes tables first and notes their version later; without that note it could never
    upgrade them.
    """
    engine = create_engine(db_url, poolclass=NullPool)
    if inspect(engine).get_table_names():
        return
    head = ScriptDirectory(ALEMBIC_DIR).get_current_head()
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            # The driver begins a transaction by itself only before a change of rows.
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        Base.metadata.create_all(connection)
        connection.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)"))
        connection.execute(text("INSERT INTO alembic_version VALUES (:head)"), {"head": head})
        connection.commit()


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
