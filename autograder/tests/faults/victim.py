"""Runs `autograder` again and again, each time in a fork of this process, and kills it where asked.

    with Victims() as victims:
        victims.run(root, words)               to its end
        victims.run(root, words, event=17)     until right before its 17th change of a file or table
        victims.run(root, words, seconds=0.5)  until then

Only the process that the user started is killed. What it had started has to end by itself: it is
adopted by this process, which waits for it. Temporary files of a run go beside its course.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PR_SET_CHILD_SUBREAPER = 36
PATIENCE = 60.0  # seconds for orphans to end
CHANGES = {"os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.truncate", "os.link", "os.chmod"}
WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT


@dataclass(frozen=True)
class Outcome:
    """What became of a run.

    Attributes
    ----------
    code : exit status, or minus the number of the signal.
    events : what it changed or was about to, in its order; the last is where it was killed.
    orphans : processes that it had started and that went on without it.
    """

    code: int
    stdout: str
    stderr: str
    seconds: float
    events: list[str]
    orphans: int


class Victims:
    """A process that has imported everything already, so that a run takes no time to start.

    Parameters
    ----------
    within : a command that this process is started by.
    """

    def __init__(self, within: Sequence[str] = ()) -> None:
        self._within = within

    @property
    def pid(self) -> int:
        return self._server.pid

    def __enter__(self) -> Victims:
        self._server = subprocess.Popen(
            [*self._within, sys.executable, "-m", __name__],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        return self

    def __exit__(self, *_: object) -> None:
        self._server.communicate()

    def run(
        self,
        root: Path,
        words: Sequence[str],
        *,
        event: int | None = None,
        seconds: float | None = None,
    ) -> Outcome:
        assert self._server.stdin
        assert self._server.stdout
        json.dump([str(root), list(words), event, seconds], self._server.stdin)
        print(file=self._server.stdin, flush=True)
        return Outcome(**json.loads(self._server.stdout.readline()))


def temporary_files(root: Path) -> Path:
    """Where runs in this course have their temporary files."""
    folder = root.with_name("temporary")
    folder.mkdir(exist_ok=True)
    return folder


def serve() -> None:
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    # So that no run has to.
    import autograder.commands.class_run
    import autograder.commands.grade  # noqa: F401

    for request in sys.stdin:
        print(json.dumps(_run(*json.loads(request))), flush=True)


def _run(root: str, words: list[str], event: int | None, seconds: float | None) -> dict[str, Any]:
    outputs = [os.memfd_create(name) for name in ("stdout", "stderr", "events")]
    started = time.monotonic()
    pid = os.fork()
    if pid == 0:
        os.chdir(root)
        os.environ["TMPDIR"] = str(temporary_files(Path(root)))
        devnull = os.open(os.devnull, os.O_RDONLY)
        for target, source in enumerate([devnull, *outputs[:2]]):
            os.dup2(source, target)
        _command(words, root, event, outputs[2])
    if seconds is not None:
        time.sleep(seconds)
        os.kill(pid, signal.SIGKILL)
    _, status = os.waitpid(pid, 0)
    took = time.monotonic() - started
    orphans = _wait_for_orphans()
    stdout, stderr, events = map(_content, outputs)
    return {
        "code": os.waitstatus_to_exitcode(status),
        "stdout": stdout,
        "stderr": stderr,
        "seconds": took,
        "events": events.splitlines(),
        "orphans": orphans,
    }


def _command(words: list[str], root: str, event: int | None, log: int) -> None:
    """Be the command line, as `python -m autograder` is."""
    from autograder.cli import main

    code = 1
    try:
        _count(root, event, log)
        sys.argv[:] = ["autograder", *words]
        main()
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _count(root: str, wanted: int | None, log: int) -> None:
    """Write down each change right before it happens; end this process before the wanted one."""
    from sqlalchemy import Engine
    from sqlalchemy import event as sql

    count = 0

    def happens(what: str) -> None:
        nonlocal count
        os.write(log, what.replace("\n", " ").encode("utf-8", "replace") + b"\n")
        if count == wanted:
            os.kill(os.getpid(), signal.SIGKILL)
        count += 1

    def audited(name: str, arguments: tuple[Any, ...]) -> None:
        if name in CHANGES or (name == "open" and arguments[2] & WRITES):
            paths = [str(part) for part in arguments[:2]]
            if isinstance(arguments[0], int) or any(root in path for path in paths):
                happens(f"{name} {' '.join(paths)}")

    def asked(*call: Any) -> None:
        if not call[2].strip().startswith(("SELECT", "PRAGMA")):
            happens(f"sql {call[2]}")

    sys.addaudithook(audited)
    sql.listen(Engine, "before_cursor_execute", asked)
    sql.listen(Engine, "commit", lambda _: happens("sql COMMIT"))


def _wait_for_orphans() -> int:
    """Wait until no process is left of a run; return how many had to be killed."""
    deadline = time.monotonic() + PATIENCE
    killed = 0
    while True:
        try:
            pid, _ = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return killed
        if pid == 0 and time.monotonic() > deadline:
            killed += _kill_children()
        elif pid == 0:
            time.sleep(0.01)


def _kill_children() -> int:
    pids = Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(int(pid), signal.SIGKILL)
    return len(pids)


def _content(file: int) -> str:
    os.lseek(file, 0, os.SEEK_SET)
    with open(file, encoding="utf-8", errors="replace") as stream:
        return stream.read()


if __name__ == "__main__":
    serve()
