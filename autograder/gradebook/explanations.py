"""Says in one sentence what is wrong with a gradebook, never with the password of its `db_url`.

explained(db_url) -> context manager that turns database errors into GradebookError
shown(db_url) -> the db_url as people may read it
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from nbgrader.api import InvalidEntry, MissingEntry
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError
from tornado.log import app_log

from autograder.errors import GradebookError

WAIT_SECONDS = 60

LOCKED = (
    "was locked by another program for too long; close what uses it (another grading run, a "
    "database browser) and try again"
)
CANNOT_BE_OPENED = "cannot be opened; is its folder there, and may you write to it?"
DAMAGED = "is damaged; put a backup in its place, or move it away and grade again"
OTHER_VERSION = "is of another version; make a backup, then run `nbgrader db upgrade`"
READ_ONLY = "is read-only; make the file and its folder writable and try again"
FULL = "found no room left on its disk; make some and try again"
UNREACHABLE = (
    "cannot be reached; is the server running, and do host and port in nbgrader_config.py hold?"
)
NOT_LET_IN = "did not let you in; check user and password (of db_url, PGPASSWORD or ~/.pgpass)"
FORBIDDEN = "may not be changed by this user; let its owner grant INSERT, UPDATE and DELETE"
# What SQLite and PostgreSQL say -> what to do about it. The first that is found counts.
EXPLANATIONS = {
    "readonly database": READ_ONLY,
    "database is locked": LOCKED,
    "unable to open": CANNOT_BE_OPENED,
    "not a database": DAMAGED,
    "malformed": DAMAGED,
    "no such table": OTHER_VERSION,
    "no such column": OTHER_VERSION,
    "database or disk is full": FULL,
    "disk I/O error": "could not be written; is its disk full or failing?",
    "lock timeout": LOCKED,
    "password": NOT_LET_IN,
    "pg_hba.conf": NOT_LET_IN,
    'role "': "knows no such user; check the user of db_url in nbgrader_config.py",
    'database "': "is not there; make it by `createdb`, or check db_url in nbgrader_config.py",
    "permission denied": FORBIDDEN,
    "read-only transaction": "is on a read-only server; name the one that takes changes in db_url",
    "No space left": FULL,
    "UndefinedTable": OTHER_VERSION,
    "UndefinedColumn": OTHER_VERSION,
    "connection failed": UNREACHABLE,
    "connection to server": UNREACHABLE,
    "failed to resolve host": UNREACHABLE,
    "terminating connection": "lost its server; what was written is kept, try again",
    "server closed the connection": "lost its server; what was written is kept, try again",
    "consuming input failed": "lost its server; what was written is kept, try again",
}
# What Python says of a damaged SQLite file's texts and dates.
NO_TEXT_NO_DATE = ("'utf-8' codec can't decode", "Invalid isoformat string")


@contextmanager
def explained(db_url: str) -> Iterator[None]:
    """Turn an error of the database into a `GradebookError` that says what to do."""
    # nbgrader logs the traceback of what it then raises; the reader gets one sentence instead.
    was_disabled, app_log.disabled = app_log.disabled, True
    try:
        yield
    except (SQLAlchemyError, InvalidEntry, MissingEntry) as error:
        raise fault(db_url, explain(str(error))) from None
    except ValueError as error:
        if not any(phrase in str(error) for phrase in NO_TEXT_NO_DATE):
            raise
        raise fault(db_url, f"the gradebook {DAMAGED}") from None
    finally:
        app_log.disabled = was_disabled


def fault(db_url: str, sentence: str) -> GradebookError:
    """Return the error that says `sentence` of the gradebook; a password in it is blackened."""
    password = make_url(db_url).password
    if password:
        sentence = sentence.replace(str(password), "***")
    return GradebookError(f"{shown(db_url)}: {sentence}")


def explain(message: str) -> str:
    """Complete the sentence "the gradebook ..." for an error message of the database."""
    for phrase, explanation in EXPLANATIONS.items():
        if phrase in message:
            return f"the gradebook {explanation}"
    return f"the gradebook refused: {message.splitlines()[0] if message else 'no reason given'}"


def shown(db_url: str) -> str:
    """Return the file of a SQLite gradebook, or the URL without anything that may be secret."""
    url = make_url(db_url)
    if url.get_backend_name() == "sqlite" and url.database:
        return url.database
    # libpq takes a password among the options, too.
    places = {key: url.query[key] for key in ("host", "port") if key in url.query}
    return url.set(password=None, query=places).render_as_string(hide_password=True)
