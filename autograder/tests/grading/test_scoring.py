"""A task's score is its points times the share of weight passed."""

import pytest

from autograder.grading.scoring import CheckRun, score_task
from autograder.manifest import Task

TASK = Task("adam", "FullyConnectedNets", 6, ("adam",))


def runs(*statuses: str) -> list[CheckRun]:
    return [CheckRun("adam", f"check{i}", 1, status) for i, status in enumerate(statuses)]


def test_all_passed_earns_exactly_the_points() -> None:
    result = score_task(Task("t", "n", 0.1 + 0.2, ("f",)), runs("passed", "passed", "passed"))
    assert result.score == result.max_score
    assert result.status == "passed"


def test_weights_decide_the_share() -> None:
    checks = [CheckRun("adam", "a", 3, "passed"), CheckRun("adam", "b", 1, "failed")]
    assert score_task(TASK, checks).score == 4.5


def test_thirds_are_rounded_to_four_digits() -> None:
    task = Task("t", "n", 1, ("f",))
    assert score_task(task, runs("passed", "failed", "failed")).score == 0.3333


def test_nothing_passed_earns_nothing() -> None:
    assert score_task(TASK, runs("failed", "error")).score == 0


@pytest.mark.parametrize(
    ("statuses", "status"),
    [
        (("passed", "failed"), "partial"),
        (("passed", "timeout"), "timeout"),
        (("missing", "missing"), "missing"),
        (("missing", "failed"), "failed"),
        (("error", "error"), "error"),
        (("failed", "error"), "failed"),
    ],
)
def test_status_of_mixed_checks(statuses: tuple[str, ...], status: str) -> None:
    assert score_task(TASK, runs(*statuses)).status == status
