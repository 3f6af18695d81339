"""The log of changed scores: one line each, whatever happened to the file before."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from autograder.commands.audit import AuditLog, change_text, score_change
from autograder.grading.results import Result, TaskResult


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


@pytest.mark.parametrize("torn", [b'{"when": "2026', b"\xff\n[1]\n", b"\n\n7"])
def test_a_torn_line_spoils_neither_the_next_nor_those_before(tmp_path: Path, torn: bytes) -> None:
    path = tmp_path / "audit.jsonl"
    up, down = score_change(result(2.0), result(3.0)), score_change(result(3.0), result(2.0))
    assert up is not None
    assert down is not None
    AuditLog(path).append(up)
    with open(path, "ab") as file:
        file.write(torn)
    AuditLog(path).append(up)
    AuditLog(path).append(down)
    lines = path.read_bytes().splitlines()
    assert json.loads(lines[0])["score"] == up["score"]
    assert json.loads(lines[-1])["score"] == down["score"]
    assert path.read_bytes().count(b'"when": "20') == 2 + torn.count(b'"when": "20')
