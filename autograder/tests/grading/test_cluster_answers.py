"""What a Dask worker answers is checked, whoever answers; a surprise here is one student's."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from autograder.errors import ClusterError
from autograder.grading.executor import Job, grade_class
from autograder.grading.results import Result
from autograder.paths import Course
from autograder.tests.grading.dask_cluster import DaskCluster

pytest.importorskip("distributed", reason="Dask is not installed (pip install distributed)")

HandIn = Callable[..., Path]
# Loaded by a worker, twice, before it starts: from then on it is no worker of this version.
LIAR = """
import json
from dataclasses import replace
from autograder.grading import cluster_worker
from autograder.grading.results import from_json, to_json

def lie(order, bundle, student, data):
    if student == "crash":
        return truth("{", bundle, student, data)
    answer = truth(order, bundle, student, data)
    result = from_json(json.loads(answer)["result"], "here")
    if student == "other_student":
        result = replace(result, student="ada")
    elif student == "other_digest":
        result = replace(result, digest="0" * 64)
    elif student == "too_much":
        result = replace(result, score=1e9)
    elif student == "broken":
        return json.dumps({"result": "{"})
    elif student == "nonsense":
        return json.dumps(["result"])
    return json.dumps({"result": to_json(result)})

truth = getattr(cluster_worker.grade_parcel, "truth", cluster_worker.grade_parcel)
lie.truth, cluster_worker.grade_parcel = truth, lie
"""
LIES = {
    "other_student": "answered for another submission",
    "other_digest": "answered for another submission",
    "too_much": "damaged result (score 1000000000.0 is not within 0 and 10.0)",
    "broken": "damaged result",
}


def surprised(grader: object, submission: object, result: Result) -> str:
    if result.student == "bob":
        raise LookupError("nobody thought of this")
    return f"record of {result.student}"


@pytest.fixture(scope="module")
def liar(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a cluster whose worker lies about the students in LIES."""
    folder = tmp_path_factory.mktemp("liar")
    (folder / "liar.py").write_text(LIAR)
    with DaskCluster(folder) as cluster:
        cluster.add_worker("--no-nanny", "--preload", str(folder / "liar.py"))
        yield cluster.address


def test_what_is_no_verdict_on_a_submission_gets_no_record(
    course: Course, hand_in: HandIn, liar: str
) -> None:
    submissions = [(name, hand_in(name)) for name in ("ada", "bob", *LIES)]
    job = Job(course, "mini", finish=surprised)
    graded = {item.student: item for item in grade_class(job, submissions, scheduler=liar)}
    assert graded.pop("ada").record == "record of ada"
    assert all(item.result is item.record is None for item in graded.values())
    surprise = graded.pop("bob").error
    assert surprise == "the grader itself failed: LookupError('nobody thought of this')"
    assert graded.keys() == LIES.keys()
    for name, complaint in LIES.items():
        assert complaint in graded[name].error, name


@pytest.mark.parametrize(
    ("name", "complaint"),
    [
        ("nonsense", "a worker's answer is no verdict; scheduler and workers need the same"),
        ("crash", "a worker can't grade: tcp://.*the grader itself failed: JSONDecodeError"),
    ],
)
def test_a_worker_that_is_no_grader_ends_the_run(
    course: Course, hand_in: HandIn, liar: str, name: str, complaint: str
) -> None:
    with pytest.raises(ClusterError, match=complaint):
        list(grade_class(Job(course, "mini"), [(name, hand_in(name))], scheduler=liar))
