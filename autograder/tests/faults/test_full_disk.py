"""A disk without room: one clear error, what was stored is kept, and the next run does the rest."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from autograder.paths import Course
from autograder.replace import is_temporary
from autograder.tests.faults.conftest import BY_HAND, GRADE, Undisturbed, by_hand, only_line
from autograder.tests.faults.mounts import Machine, SmallDisk
from autograder.tests.faults.state import state

PAGE = 4096  # bytes; each file of results/ needs one
PLENTY = 100_000_000
NO_ROOM = "No space left on device; make room on its disk and run the same command again"
FULL = "the gradebook found no room left on its disk; make some and try again"
# In which run, what lies on the disk, how many pages are free, and what there is no room for.
DISKS = [
    ("first", ".", 0, f"gradebook.db: {FULL}"),
    ("first", ".", 30, f"gradebook.db: {FULL}"),
    ("again", ".", 0, f"gradebook.db: {FULL}"),
    ("again", "autograded", 0, f"autograded/bo/quiz-8/Quiz8.ipynb: {NO_ROOM}"),
    ("again", "results", 0, f"results/quiz-8/.bo.json.pending: {NO_ROOM}"),
    ("again", "results", 1, f"results/quiz-8/audit.jsonl: {NO_ROOM}"),
    ("again", "results", 2, f"results/quiz-8/bo.json: {NO_ROOM}"),
]


def temporary_files(course: Course) -> list[Path]:
    return [path for path in course.root.parent.rglob("*") if is_temporary(path)]


@pytest.mark.parametrize(
    ("run", "folder", "pages", "complaint"), DISKS, ids=lambda value: str(value).split(":")[0]
)
def test_a_run_on_a_full_disk_ends_in_one_error_and_the_next_one_does_the_rest(
    courses: dict[str, Course],
    undisturbed: Undisturbed,
    copy_of: Callable[[Course], Course],
    machine: Machine,
    tmp_path: Path,
    run: str,
    folder: str,
    pages: int,
    complaint: str,
) -> None:
    course = copy_of(courses[run])
    with SmallDisk(machine, course, folder) as disk:
        disk.leave_free(pages * PAGE)
        # Of a single one, for how many verdicts are stored at once depends on how long they take.
        line = only_line(machine.run(course.root, (*GRADE, "--student", "bo")))
        assert line == f"error: {course.root}/{complaint}"
        stopped = disk.copy(tmp_path / "stopped")
        if run == "again":
            assert by_hand(stopped) == BY_HAND
        assert temporary_files(stopped) == []
        disk.leave_free(PLENTY)
        again = machine.run(course.root, GRADE)
        assert (again.code, again.stderr) == (0, "")
        assert state(disk.copy(tmp_path / "complete")) == undisturbed(run)[1]
