"""What runs in the processes of a Dask worker: grades parcels in lanes of its own.

The worker itself, with its threads and its network, holds bytes only. Grading is done in a process
of its own for each of its threads, as on the coordinator's machine: what kills that process does
not end the worker, and it ends with the worker in whatever way that ends.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import platform
import tempfile
import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

import autograder
from autograder.errors import ClusterError
from autograder.grading.bundle import digest_of, unpack
from autograder.grading.job import GraderKilled, Job, why_not
from autograder.grading.lane import Lanes
from autograder.grading.parcel import Parcel
from autograder.grading.results import to_json
from autograder.grading.suite import suite_digest
from autograder.grading.terms import Terms
from autograder.paths import Course
from autograder.sandbox import harden_self
from autograder.settings import load_settings

# Jobs that a worker's thread stays ready for, e.g. of two people who grade at once.
WARM_JOBS = 2
IMAGES = "CIFAR10_DIR"
# As the command line has it: sums round alike everywhere, and graders do not slow each other down.
ONE_THREAD = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")


def facts(course: Course, assignment: str, seed: int) -> dict[str, str]:
    """Everything that verdicts depend on besides the submission, as a result names it."""
    settings = replace(load_settings(course), seed=seed)
    return {
        "autograder": autograder.__version__,
        "numpy": np.__version__,
        "python": platform.python_version(),
        IMAGES: os.environ.get(IMAGES, ""),
        "suite": suite_digest(course, assignment, settings),
    }


def grade_parcel(order: str, bundle: bytes, student: str, data: bytes) -> str:
    """Grade one submission on a Dask worker.

    Parameters
    ----------
    order : JSON of what is the same for all submissions of a run, see `cluster`.
    bundle : the course's files, packed.
    student, data : a packed submission.

    Returns
    -------
    JSON of one of: `result` (a result's own JSON as text), `error` (why there is none), `killed`
    (true), `refused` (why this worker can't grade anything).
    """
    try:
        job = _job(json.loads(order), bundle)
        graded = _lanes.grade(job, Parcel(student, Path(student), data))
    except GraderKilled:
        return json.dumps({"killed": True})
    except Exception as error:  # noqa: BLE001 - what Dask can't pickle never reaches who waits
        return json.dumps({"refused": f"{_worker().address}: {why_not(error)}"})
    if graded.result is None:
        return json.dumps({"error": graded.error})
    return json.dumps({"result": to_json(graded.result)})


_lanes = Lanes(WARM_JOBS)
_lock = threading.Lock()
_courses: dict[str, Course] = {}  # by digest of the bundle
_jobs: dict[str, Job] = {}  # by order


def _job(order: dict[str, Any], bundle: bytes) -> Job:
    key = json.dumps(order, sort_keys=True)
    with _lock:
        if key not in _jobs:
            harden_self()  # hidden tests are in this process's memory
            for variable in ONE_THREAD:
                os.environ.setdefault(variable, "1")  # read by numpy in the lanes
            # Dask's nanny starts workers as daemons, which multiprocessing denies children. It
            # ends them itself, and the lanes end with their parent.
            multiprocessing.current_process().daemon = False
            course = _course(order["digest"], bundle)
            terms = Terms(**order["terms"])
            _compare(facts(course, order["assignment"], terms.seed or 0), order["facts"])
            _jobs[key] = Job(course, order["assignment"], terms, order["allow_degraded"])
        return _jobs[key]


def _course(digest: str, bundle: bytes) -> Course:
    """Unpack a bundle once, into a folder that nobody else can look into.

    What lies on the disk from before is never taken for it.
    """
    if digest not in _courses:
        if digest_of(bundle) != digest:
            raise ClusterError("the course's files were damaged on their way")
        # Dask removes the worker's directory with the worker, or after it if it was killed.
        place = _worker().local_directory
        folder = Path(tempfile.mkdtemp(prefix="autograder-", dir=place))  # mode 0700
        unpack(bundle, folder)
        _courses[digest] = Course(folder)
    return _courses[digest]


def _worker() -> Any:
    from distributed import get_worker

    return get_worker()


def _compare(ours: dict[str, str], theirs: dict[str, str]) -> None:
    """Refuse to grade where a verdict might be another than on the coordinator's machine."""
    for name, wanted in theirs.items():
        if name == "suite" and ours[name] != wanted:
            raise ClusterError("its autograder has other files than the coordinator's")
        if ours[name] != wanted:
            here, there = ours[name] or "not set", wanted or "not set"
            raise ClusterError(f"{name} is {here} there and {there} here; they must be equal")
