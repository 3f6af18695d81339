"""Grading on the workers of a Dask scheduler.

Dask moves bytes and text, and decides where each submission is graded; it learns nothing of what
they mean. The course's files are a task of their own whose result is their bytes: each worker gets
them once, from the scheduler or from another worker, and they are made again where they were lost.
"""

from __future__ import annotations

import asyncio
import json
import pickle
from collections.abc import Callable
from concurrent.futures import CancelledError, Executor, Future
from contextlib import ExitStack
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from autograder.errors import ClusterError, ResultError
from autograder.grading.bundle import course_files, digest_of, pack
from autograder.grading.cluster_worker import facts, grade_parcel
from autograder.grading.job import Graded, GraderKilled, Job, why_not
from autograder.grading.parcel import pack_submission
from autograder.grading.results import Result, from_json
from autograder.owner import Owner
from autograder.submissions import Submission

CONNECT_SECONDS = 15
# Submitted and not yet answered: enough for a cluster that grows with what waits, and bounded, for
# the scheduler keeps it in memory.
MOST_WAITING = 256
WAITING_PER_THREAD = 4
MOST_BYTES = 256 << 20
MISSING = "--scheduler needs Dask, which is not installed here: pip install distributed"
ALIKE = "scheduler and workers need the same autograder, numpy and Python as this machine"


@dataclass(frozen=True)
class _Sent:
    """A submission that waits for its verdict, so that it is read once; pickled, which is small.

    Attributes
    ----------
    size : in bytes, of this and of what was sent.
    """

    submission: bytes
    size: int


class Cluster(Owner):
    """A Dask cluster as a place to grade at; a context manager.

    Parameters
    ----------
    address : of the scheduler, such as tls://host:8786.
    note : is told when no worker is there.
    """

    def __init__(self, job: Job, address: str, note: Callable[[str], None]) -> None:
        self._job = job
        self._address = address
        self._note = note
        self._grader = job.grader()  # never entered: it reads, and grades nothing here
        self._sent: dict[Future[Any], _Sent] = {}
        self._lonely = False

    def __enter__(self) -> Cluster:
        """Connect.

        Raises
        ------
        ClusterError
            If Dask is not installed or no scheduler answers.
        """
        course, assignment, terms = self._job.course, self._job.assignment, self._job.terms
        bundle = pack(course_files(course, assignment))
        digest = digest_of(bundle)
        seed = self._grader.settings.seed
        self._order = json.dumps(
            {
                "digest": digest,
                "facts": facts(course, assignment, seed),
                "assignment": assignment,
                "terms": asdict(replace(terms, seed=seed)),
                "allow_degraded": self._job.allow_degraded,
            }
        )
        with ExitStack() as stack:
            self._client = stack.enter_context(_connected(self._address))
            self._executor: Executor = self._client.get_executor(pure=False)
            stack.callback(self._executor.shutdown, wait=False)  # cancels what waits
            # `bytes` of bytes is these bytes.
            self._bundle = self._client.submit(bytes, bundle, key=f"autograder-course-{digest}")
            self.look()
            self._stack = stack.pop_all()
        return self

    def submit(self, student: str, path: Path) -> Future[Any]:
        """Read a submission here and send it; one that can't be read is answered at once."""
        try:
            submission = self._grader.read(path, student)
            data = pack_submission(submission, self._grader.assignment)
            kept = pickle.dumps(submission, pickle.HIGHEST_PROTOCOL)
        except Exception as error:  # noqa: BLE001 - one student's surprise must not stop the class
            answered: Future[Any] = Future()
            answered.set_result(why_not(error))
            return answered
        future = self._executor.submit(grade_parcel, self._order, self._bundle, student, data)
        self._sent[future] = _Sent(kept, len(data) + len(kept))
        return future

    def full(self, waiting: int) -> bool:
        most = max(MOST_WAITING, WAITING_PER_THREAD * self._threads)
        return waiting >= most or sum(sent.size for sent in self._sent.values()) >= MOST_BYTES

    def look(self) -> None:
        """Count the workers' threads; say so once if there are none."""
        try:
            self._threads = sum(self._client.nthreads().values())
        except (OSError, RuntimeError) as error:
            raise self._lost(error) from None
        if not self._threads and not self._lonely:
            self._note(f"{self._address}: no worker is there; waiting for one to join")
        self._lonely = not self._threads

    def outcome(self, future: Future[Any], student: str, path: Path) -> Graded:
        """Return what a worker answered; it is read like a result file, and no better trusted."""
        from distributed.scheduler import KilledWorker

        if future not in self._sent:
            return Graded(student, path, None, future.result())
        sent = self._sent.pop(future)
        try:
            answer = json.loads(future.result())
        except KilledWorker:
            raise GraderKilled from None
        except CancelledError as error:
            raise self._lost(error) from None
        except Exception as error:  # noqa: BLE001 - whatever Dask or a foreign worker raises
            raise ClusterError(f"{self._address}: cannot grade: {error!r}; {ALIKE}") from None
        match answer:
            case {"result": str(text)}:
                try:
                    result = from_json(text, self._address)
                    return Graded(student, path, result, record=self._record(sent, result))
                except Exception as error:  # noqa: BLE001 - as in `submit`
                    return Graded(student, path, None, why_not(error))
            case {"error": str(sentence)}:
                return Graded(student, path, None, sentence)
            case {"killed": True}:
                raise GraderKilled
            case {"refused": str(sentence)}:
                raise ClusterError(f"a worker can't grade: {sentence}")
        raise ClusterError(f"{self._address}: a worker's answer is no verdict; {ALIKE}")

    def _record(self, sent: _Sent, result: Result) -> object:
        submission: Submission = pickle.loads(sent.submission)  # noqa: S301  written by `submit`
        about = (submission.student, submission.assignment, submission.digest)
        if about != (result.student, result.assignment, result.digest):
            raise ResultError(f"{self._address}: answered for another submission; grade it again")
        return self._job.finish(self._grader, submission, result) if self._job.finish else None

    def _lost(self, error: BaseException) -> ClusterError:
        return ClusterError(
            f"{self._address}: the scheduler does not answer any more ({error!r}); what was "
            "finished is kept, run again for the rest"
        )


def _connected(address: str) -> Any:
    try:
        from distributed import Client
    except ImportError:
        raise ClusterError(MISSING) from None
    try:
        asyncio.run(_knock(address))
        return Client(address, timeout=CONNECT_SECONDS, set_as_default=False, name="autograder")
    except (OSError, ValueError, TypeError, RuntimeError) as error:
        raise ClusterError(f"{address}: no Dask scheduler answers there ({error})") from None


async def _knock(address: str) -> None:
    """Find out whether somebody is there: a client that can't connect lingers for half a minute."""
    from distributed import Security
    from distributed.comm import connect

    security = Security().get_connection_args("client")
    comm = await connect(address, timeout=CONNECT_SECONDS, **security)
    await comm.close()
