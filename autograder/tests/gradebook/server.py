"""A real PostgreSQL server in a temporary folder, and databases on it."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

PASSWORD = "not for anybody's eyes"
# Nothing has to outlive the tests; no port is opened.
OPTIONS = "-c fsync=off -c full_page_writes=off -c listen_addresses='' -k {folder}"


@dataclass(frozen=True)
class Server:
    """A running server that is reached through a socket in `folder`."""

    folder: Path

    def url(self, database: str, password: str = PASSWORD, user: str = "grader") -> str:
        from sqlalchemy import URL

        return URL.create(
            "postgresql+psycopg", user, password, None, None, database, {"host": str(self.folder)}
        ).render_as_string(hide_password=False)

    def run(self, sql: str, database: str = "postgres") -> list[tuple[object, ...]]:
        """Run one statement as the server's owner."""
        import psycopg

        with psycopg.connect(
            host=str(self.folder),
            user="grader",
            password=PASSWORD,
            dbname=database,
            autocommit=True,
        ) as connection:
            cursor = connection.execute(sql)  # type: ignore[call-overload]
            return cursor.fetchall() if cursor.description else []


@contextmanager
def running_server() -> Iterator[Server]:
    """Start a server and stop it; skip the test where there is none, and say what is missing."""
    pytest.importorskip("psycopg", reason="psycopg is not installed; pip install 'psycopg[binary]'")
    programs = _programs()
    # Short, because of the socket's name, and where another user may go: pytest's own is neither.
    folder = Path(tempfile.mkdtemp(prefix="pg-"))
    # PostgreSQL refuses to be root.
    user = {"user": "nobody", "group": "nogroup", "extra_groups": []} if os.getuid() == 0 else {}
    if user:
        shutil.chown(folder, "nobody", "nogroup")

    def do(program: str, *words: str) -> None:
        subprocess.run(
            [programs / program, *words],
            cwd=folder,
            check=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            timeout=120,
            **user,  # type: ignore[call-overload]
        )

    try:
        (folder / "password").write_text(PASSWORD)
        (folder / "password").chmod(0o644)
        about = ("--username=grader", "--auth=scram-sha-256", f"--pwfile={folder / 'password'}")
        do("initdb", "--no-sync", "--encoding=UTF8", *about, f"--pgdata={folder / 'data'}")
        log, options = folder / "log", OPTIONS.format(folder=folder)
        do("pg_ctl", "-D", str(folder / "data"), "-w", "-l", str(log), "-o", options, "start")
        try:
            yield Server(folder)
        finally:
            do("pg_ctl", "-D", str(folder / "data"), "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder)


def _programs() -> Path:
    on_path = shutil.which("initdb")
    places = [Path(on_path).resolve().parent] if on_path else []
    places += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    for place in places:
        if (place / "initdb").exists() and (place / "pg_ctl").exists():
            return place
    pytest.skip("PostgreSQL is not installed: no initdb on PATH or in /usr/lib/postgresql")
