"""The log of changed scores: one line each, whatever happened to the file before."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from autograder.commands.audit import AuditLog, change_text, score_change
from autograder.grading.results import Result, TaskResult
from autograder.tests.faults.limits import no_file_larger_than


def result(score: float, suite: str = "a") -> Result:
    tasks = (TaskResult("relu", score, 4.0, "partial"), TaskResult("adam", 1.0, 4.0, "partial"))
    return Result("quiz", "ada", score + 1, 8.0, tasks, versions={"suite": suite}, digest="d")


def test_equal_scores_are_no_change_whatever_suite_gave_them() -> None:
    assert score_change(result(2.0), result(2.0, "b")) is None


def test_only_changed_tasks_are_named() -> None:
    change = score_change(result(2.0), result(3.5, "b"))
    assert change is not None
    assert change_text(change) == "ada: 3 -> 4.5 (relu 2 -> 3.5)"
    assert change["suite"] == {"old": "a", "new": "b"}


def test_a_task_that_is_gone_and_a_new_one_are_changes() -> None:
    new = Result("quiz", "ada", 3.0, 8.0, (TaskResult("sgd", 3.0, 4.0, "partial"),))
    change = score_change(result(2.0), new)
    assert change is not None
    assert change_text(change) == "ada: 3 -> 3 (sgd - -> 3, relu 2 -> -, adam 1 -> -)"


def test_a_change_that_is_logged_already_is_not_logged_again(tmp_path: Path) -> None:
    path = tmp_path / "results" / "audit.jsonl"
    up, down = score_change(result(2.0), result(3.0)), score_change(result(3.0), result(2.0))
    assert up is not None
    assert down is not None
    for change in (up, up, down, up):
        AuditLog(path).append(change)  # each as a run of its own
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    assert [line["score"]["new"] for line in lines] == [4.0, 3.0, 4.0]
    assert all(line["when"].endswith("+00:00") for line in lines)


@pytest.mark.parametrize("torn", [b'{"when": "2026', b"\0\0", b'{"when": 1, "student": []}'])
def test_a_last_line_that_a_killed_run_tore_is_gone_and_written_again(
    tmp_path: Path, torn: bytes
) -> None:
    path = tmp_path / "audit.jsonl"
    up, down = score_change(result(2.0), result(3.0)), score_change(result(3.0), result(2.0))
    assert up is not None
    assert down is not None
    AuditLog(path).append(up)
    with open(path, "ab") as file:
        file.write(torn)
    AuditLog(path).append(down)
    assert [line["score"] for line in map(json.loads, path.read_bytes().splitlines())] == [
        up["score"],
        down["score"],
    ]


def test_a_whole_last_line_without_its_end_gets_it(tmp_path: Path) -> None:
    path = tmp_path / "audit.jsonl"
    up = score_change(result(2.0), result(3.0))
    assert up is not None
    AuditLog(path).append(up)
    whole = path.read_bytes()
    path.write_bytes(whole.rstrip())
    AuditLog(path).append(up)
    assert path.read_bytes() == whole


def test_damaged_lines_spoil_no_other_and_stay(tmp_path: Path) -> None:
    path = tmp_path / "audit.jsonl"
    up = score_change(result(2.0), result(3.0))
    assert up is not None
    AuditLog(path).append(up)
    before = path.read_bytes()
    damaged = b"\xff\n[1]\n\n7\n" + b"[" * 100_000 + b"\n"
    path.write_bytes(damaged + before)
    AuditLog(path).append(up)
    assert path.read_bytes() == damaged + before


def test_runs_side_by_side_log_a_change_once(tmp_path: Path) -> None:
    path = tmp_path / "audit.jsonl"
    up, down = score_change(result(2.0), result(3.0)), score_change(result(3.0), result(2.0))
    assert up is not None
    assert down is not None
    one, other = AuditLog(path), AuditLog(path)
    for log, change in ((one, up), (other, up), (other, down), (one, down), (one, up)):
        log.append(change)
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    assert [line["score"]["new"] for line in lines] == [4.0, 3.0, 4.0]


def test_without_room_for_a_line_no_part_of_it_is_left(tmp_path: Path) -> None:
    path = tmp_path / "audit.jsonl"
    up, down = score_change(result(2.0), result(3.0)), score_change(result(3.0), result(2.0))
    assert up is not None
    assert down is not None
    log = AuditLog(path)
    log.append(up)
    before = path.read_bytes()
    with no_file_larger_than(len(before) + 20), pytest.raises(OSError, match=r"audit\.jsonl"):
        log.append(down)
    assert path.read_bytes() == before
    log.append(down)
    assert len(path.read_text().splitlines()) == 2
