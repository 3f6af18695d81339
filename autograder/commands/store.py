"""Stores verdicts so that a kill at any point loses none of them.

A verdict first goes into a file of its own beside the result file, and its notebooks into
autograded/. The gradebook takes a batch at a time. The result file comes last: it means that
autograded/ and the gradebook have everything. Where the next run finds a verdict that was not
stored, it stores it; nobody has to grade again.

Where two graders have verdicts on one submission, the later one's file is in the place of the
other's: whoever finds that it is not its own any more leaves the storing to the other.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from autograder.commands.audit import AuditLog, Line, score_change
from autograder.errors import AutograderError, ResultError, SubmissionError, file_fault
from autograder.gradebook.autograded import write_autograded
from autograder.gradebook.record import Record, record_of
from autograder.gradebook.writer import Writer
from autograder.grading.executor import Graded, Job
from autograder.grading.results import Result, read_result
from autograder.manifest import Assignment
from autograder.replace import replace_file

AUDIT_LOG = "audit.jsonl"
LOCK = ".lock"
# A folder in the place of one student's file is no reason to stop the others, a full disk is.
IN_ITS_PLACE = (FileExistsError, IsADirectoryError, NotADirectoryError)
# A batch is stored when it is as large, or as old: a transaction costs what several rows cost.
BATCH = 50
BATCH_SECONDS = 2.0


@dataclass(frozen=True)
class _Waiting:
    """A verdict that is not in the gradebook yet."""

    item: Graded
    result: Result
    record: Record
    new: bool  # whether there is no result file of it yet
    scored: bool = False  # whether only the files are missing


class Store:
    """Takes one verdict after the other, as a context manager that stores what is left at its end.

    Parameters
    ----------
    on_change : is told of each score that grading again changed.
    force : store over what the gradebook has of a later hand-in.
    """

    def __init__(
        self,
        job: Job,
        assignment: Assignment,
        writer: Writer,
        on_change: Callable[[Line], None],
        *,
        force: bool = False,
    ) -> None:
        self._job = job
        self._assignment = assignment
        self._writer = writer
        self._on_change = on_change
        self._force = force
        self._folder = job.course.result_file(assignment.id, "").parent
        self._audit = AuditLog(self._folder / AUDIT_LOG)
        self._batch: list[_Waiting] = []
        self._since = 0.0

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *error: object) -> None:
        # After Ctrl-C too; what stopped the run is what is told, not what follows from it.
        with contextlib.suppress(AutograderError, OSError):
            self.flush()

    def keep(self, item: Graded) -> list[Graded]:
        """Take a new verdict; return what is stored by now or never will be.

        What can't be stored for one student does not stop the others.
        """
        if item.result is None or not isinstance(item.record, Record):
            return [item]
        return self._take(_Waiting(item, item.result, item.record, new=True))

    def restore(self, item: Graded, *, new: bool, scored: bool = False) -> list[Graded]:
        """Store a known verdict again; return what is stored by now or never will be.

        Parameters
        ----------
        new : whether an earlier run found it and did not come to store it.
        scored : whether the gradebook has it; to write it again would ask for another look at what
            was graded by hand.
        """
        if item.result is None:
            return [item]
        try:
            submission = self._job.terms.read(
                self._job.course, self._assignment, item.path, item.student
            )
            record = record_of(self._job.course, self._assignment, submission, item.result)
        except (SubmissionError, ResultError) as error:
            return [replace(item, result=None, error=str(error))]
        return self._take(_Waiting(item, item.result, record, new, scored))

    def flush(self) -> list[Graded]:
        """Store what is waiting."""
        batch, self._batch = self._batch, []
        if not batch:
            return []
        with self._alone():
            ours = [waiting for waiting in batch if self._is_ours(waiting)]
            records = [waiting.record for waiting in ours if not waiting.scored]
            refused = self._writer.write(records, force=self._force)
            done = [self._finish(waiting, refused.get(waiting.item.student)) for waiting in ours]
        return done + [self._left_to_another(each) for each in batch if each not in ours]

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Have this assignment's results alone: files and gradebook are of one verdict."""
        self._folder.mkdir(parents=True, exist_ok=True)
        with open(self._folder / LOCK, "ab") as file:
            with contextlib.suppress(OSError):  # some network drives have no locks
                fcntl.flock(file, fcntl.LOCK_EX)
            yield

    def _check_unchanged(self, waiting: _Waiting) -> None:
        path = waiting.item.path
        if self._job.terms.digest(self._assignment, path) != waiting.result.digest:
            raise SubmissionError(f"{path}: changed while it was graded; grade it again")

    def _is_ours(self, waiting: _Waiting) -> bool:
        """Whether no other grader kept or asked for a verdict on this submission since."""
        try:
            return _pending(self._file(waiting.item.student)).read_bytes() == waiting.record.result
        except FileNotFoundError:
            return False

    def _left_to_another(self, waiting: _Waiting) -> Graded:
        """Rely on another grader's verdict, if it is on the same files."""
        item = waiting.item
        for place, _ in result_files(self._file(item.student)):
            with contextlib.suppress(ResultError):
                other = read_result_of(place, self._assignment.id, item.student)
                if other.digest == waiting.result.digest:
                    return item
        sentence = f"{item.path}: another grader asked for it meanwhile; grade it again"
        return replace(item, result=None, error=sentence)

    def _take(self, waiting: _Waiting) -> list[Graded]:
        try:
            with self._alone():
                self._check_unchanged(waiting)
                replace_file(_pending(self._file(waiting.item.student)), waiting.record.result)
                write_autograded(self._job.course, waiting.record)
        except SubmissionError as error:
            return [replace(waiting.item, result=None, error=str(error))]
        except IN_ITS_PLACE as error:
            return [replace(waiting.item, result=None, error=file_fault(error))]
        if not self._batch:
            self._since = time.monotonic()
        # Without the files, which may be large.
        item, record = replace(waiting.item, record=None), replace(waiting.record, files={})
        self._batch.append(replace(waiting, item=item, record=record))
        late = time.monotonic() - self._since > BATCH_SECONDS
        return self.flush() if late or len(self._batch) >= BATCH else []

    def _finish(self, waiting: _Waiting, refused: str | None) -> Graded:
        """Put the result file in its place, now that all else is."""
        item, path = waiting.item, self._file(waiting.item.student)
        try:
            if refused is None and waiting.new:
                self._log_change(path, waiting.result)
                replace_file(path, waiting.record.result)
            _pending(path).unlink(missing_ok=True)
            if refused is None:
                forget_before(path)
        except IN_ITS_PLACE as error:
            return replace(item, result=None, error=file_fault(error))
        return item if refused is None else replace(item, result=None, error=refused)

    def _log_change(self, path: Path, result: Result) -> None:
        with contextlib.suppress(ResultError):  # none before, or a damaged one
            last = path if path.is_file() else _aside(path)
            before = read_result_of(last, self._assignment.id, result.student)
            change = score_change(before, result)
            if change:
                self._audit.append(change)
                self._on_change(change)

    def _file(self, student: str) -> Path:
        return self._job.course.result_file(self._assignment.id, student)


def result_files(path: Path) -> Iterator[tuple[Path, bool]]:
    """Yield files that may hold a submission's verdict, and whether all of it was stored."""
    pending = _pending(path)
    is_pending = pending.is_file()
    if is_pending:
        yield pending, False
    if path.is_file():
        yield path, not is_pending


def read_result_of(path: Path, assignment: str, student: str) -> Result:
    """Read a result file; `ResultError`, too, if it is about something else."""
    result = read_result(path)
    if (result.assignment, result.student) != (assignment, student):
        raise ResultError(f"{path}: the result of {result.student} in {result.assignment}")
    return result


def set_aside(path: Path) -> None:
    """Have a submission graded again; its scores are remembered until new ones are stored."""
    _pending(path).unlink(missing_ok=True)
    if path.is_file() or path.is_symlink():
        with contextlib.suppress(FileNotFoundError):  # another grader's doing
            os.replace(path, _aside(path))


def forget_before(path: Path) -> None:
    """Remove what `set_aside` made of a result file: its successor is in its place."""
    _aside(path).unlink(missing_ok=True)


def _aside(path: Path) -> Path:
    return path.with_name(f".{path.name}.before")


def _pending(path: Path) -> Path:
    return path.with_name(f".{path.name}.pending")
