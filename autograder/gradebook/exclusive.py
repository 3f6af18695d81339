"""One writer at a time, however many grading runs there are, and each change as a whole.

exclusive(db_url) -> context manager: of all that use it, one at a time
transaction(gradebook) -> context manager: the same, and all within is one change
retried(work) -> what it returns: call it once more if some other program got in its way

Stock nbgrader takes no such lock, and commits each cell on its own. It is kept out by the database:
SQLite has one transaction that writes, PostgreSQL locks rows.
"""

from __future__ import annotations

import fcntl
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from threading import Timer
from typing import TypeVar

from nbgrader.api import Gradebook
from sqlalchemy import URL, Connection, create_engine, make_url, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.pool import NullPool

from autograder.gradebook.explanations import CANNOT_BE_OPENED, LOCKED, WAIT_SECONDS, fault, shown

LOCK_SUFFIX = ".lock"
BETWEEN_LOOKS = 0.01  # seconds
PATIENCE = 1.0  # seconds without a word
ADVISORY_LOCK = int.from_bytes(b"autograd", "big")  # any number that nobody else uses
ATTEMPTS = 5
# Of PostgreSQL: somebody else wrote the same rows meanwhile, and they are seen the next time.
UNIQUE_VIOLATION = "23505"

T = TypeVar("T")


@contextmanager
def exclusive(db_url: str) -> Iterator[None]:
    """Wait until nobody else has this gradebook, and have it within the `with`.

    Raises
    ------
    GradebookError
        If it is locked for longer than `WAIT_SECONDS`.
    """
    url = make_url(db_url)
    if url.get_backend_name() == "postgresql":
        # Of a transaction, not of a session: connection poolers hand sessions around.
        with create_engine(url, poolclass=NullPool).connect() as connection:
            _take_advisory_lock(connection)
            yield
    else:
        with _lock_file(url):
            yield


@contextmanager
def transaction(gradebook: Gradebook) -> Iterator[Connection]:
    """Have the gradebook alone; what is done in the connection, and what nbgrader commits within
    the `with`, is one transaction.

    An exception undoes all of it.
    """
    with ExitStack() as stack:
        connection = gradebook.engine.connect()
        stack.callback(connection.close)  # rolls back what was not committed
        if connection.dialect.name == "postgresql":
            _take_advisory_lock(connection)
        else:
            stack.enter_context(_lock_file(gradebook.engine.url))
            with _announced(gradebook.engine.url):
                connection.exec_driver_sql("BEGIN IMMEDIATE")
        gradebook.db.remove()
        # nbgrader's `commit` flushes, its `rollback` undoes; the real commit is below.
        gradebook.db.configure(bind=connection, join_transaction_mode="rollback_only")
        try:
            yield connection
            gradebook.db.flush()
            connection.commit()
        finally:
            gradebook.db.remove()
            gradebook.db.configure(bind=gradebook.engine)


def retried(work: Callable[[], T]) -> T:
    """Do some work within a transaction again if another program added the same rows meanwhile."""
    for _ in range(ATTEMPTS - 1):
        try:
            return work()
        except IntegrityError as error:
            if getattr(error.orig, "sqlstate", None) != UNIQUE_VIOLATION:
                raise
    return work()


def _take_advisory_lock(connection: Connection) -> None:
    # Each statement is to see what was committed before it, whatever the server's default.
    connection.execution_options(isolation_level="READ COMMITTED")
    connection.execute(text(f"SET LOCAL lock_timeout = '{WAIT_SECONDS}s'"))
    with _announced(connection.engine.url):
        connection.execute(text(f"SELECT pg_advisory_xact_lock({ADVISORY_LOCK})"))


@contextmanager
def _lock_file(url: URL) -> Iterator[None]:
    """Lock a file beside the database: SQLite's own lock ends with each of nbgrader's commits."""
    path = Path(f"{(url.database or '').removeprefix('file:')}{LOCK_SUFFIX}")
    wait = float(str(url.query.get("timeout", WAIT_SECONDS)))
    try:
        # Stays where it is: who deletes a lock file lets two in.
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o666)
    except OSError:
        raise fault(str(url), f"the gradebook {CANNOT_BE_OPENED}") from None
    try:
        with _announced(url):
            deadline = time.monotonic() + wait
            while not _locked(descriptor):
                if time.monotonic() > deadline:
                    raise fault(str(url), f"the gradebook {LOCKED}")
                time.sleep(BETWEEN_LOOKS)
        yield
    finally:
        os.close(descriptor)


def _locked(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


@contextmanager
def _announced(url: URL) -> Iterator[None]:
    """Say what is waited for once it takes a while: a run without a word seems to hang."""
    sentence = f"waiting for another program that has {shown(str(url))} (another grading run?)"
    timer = Timer(PATIENCE, print, [sentence], {"file": sys.stderr, "flush": True})
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
