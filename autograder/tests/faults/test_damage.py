"""Files of a course that were damaged: a clear error, or everything is found again."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from autograder.paths import Course
from autograder.tests.commands.conftest import QUIZ, hand_in
from autograder.tests.faults.conftest import GRADE, Undisturbed, copied, only_line
from autograder.tests.faults.state import files, state
from autograder.tests.faults.victim import Victims

PAGE = 4096
DAMAGED = "the gradebook is damaged; put a backup in its place, or move it away and grade again"


def flipped(data: bytes, place: int, bit: int = 0) -> bytes:
    return data[:place] + bytes([data[place] ^ 1 << bit]) + data[place + 1 :]


def another_score(data: bytes) -> bytes:
    """0.0 of a task becomes 8.0, by one bit."""
    task = data.index(b'"task"', data.index(b'"tasks"'))
    return flipped(data, data.rindex(b'"score": ', 0, task) + len(b'"score": '), 3)


# By student, what happens to the result file. All had handed in the untouched release.
DAMAGES: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda data: b"",
    "half": lambda data: data[: len(data) // 2],
    "garbage": lambda data: data[::-1],
    "zeros": lambda data: bytes(len(data)),
    "no-text": lambda data: flipped(data, data.index(b'"student"') + 1, 7),
    "no-json": lambda data: flipped(data, data.index(b":")),
    "another-score": another_score,
    "another-message": lambda data: flipped(data, data.index(b'"message": "') + 15),
    "another-student": lambda data: data.replace(b"another-student", b"sound"),
    "another-schema": lambda data: data.replace(b'"schema": 2', b'"schema": 3'),
    "a-list": lambda data: b"[" * 100_000,
}
SOUND = "sound"


@pytest.fixture(scope="session")
def class_of_damages(
    handed_in: Course, victims: Victims, tmp_path_factory: pytest.TempPathFactory
) -> Course:
    """Graded; not to be changed."""
    course = copied(handed_in, tmp_path_factory.mktemp("class"))
    for student in (*DAMAGES, SOUND):
        hand_in(course, student, solved=False)
    assert victims.run(course.root, GRADE).code == 0
    return course


def pending(path: Path) -> Path:
    return path.with_name(f".{path.name}.pending")


def put_in_place(path: Path, data: bytes) -> None:
    path.write_bytes(data)


def put_beside(path: Path, data: bytes) -> None:
    """As if the verdict had not been stored before the damage was done."""
    pending(path).write_bytes(data)


def put_in_place_of_both(path: Path, data: bytes) -> None:
    path.write_bytes(data)
    pending(path).write_bytes(data)


@pytest.mark.parametrize("put", [put_in_place, put_beside, put_in_place_of_both])
def test_damaged_results_are_found_again_with_a_note_on_each(
    class_of_damages: Course,
    copy_of: Callable[[Course], Course],
    victims: Victims,
    put: Callable[[Path, bytes], None],
) -> None:
    course = copy_of(class_of_damages)
    for student, damage in DAMAGES.items():
        path = course.result_file(QUIZ, student)
        data = damage(path.read_bytes())
        assert data != path.read_bytes()
        put(path, data)
    outcome = victims.run(course.root, GRADE)
    assert (outcome.code, outcome.stderr) == (0, "")
    for student in DAMAGES:
        path = course.result_file(QUIZ, student)
        bad = path if put is put_in_place else pending(path)
        note = f"note {bad}: damaged, of another version or student; graded anew"
        assert note in outcome.stdout.splitlines()
    assert state(course) == state(class_of_damages)


def truncated(gradebook: bytes, score: bytes) -> bytes:
    return gradebook[: len(gradebook) // 2]


def overwritten_at_its_beginning(gradebook: bytes, score: bytes) -> bytes:
    return bytes(PAGE) + gradebook[PAGE:]


def overwritten_where_scores_are(gradebook: bytes, score: bytes) -> bytes:
    page = gradebook.index(score) // PAGE * PAGE
    return gradebook[:page] + bytes(PAGE) + gradebook[page + PAGE :]


def a_bit_of_its_tables_names(gradebook: bytes, score: bytes) -> bytes:
    return flipped(gradebook, gradebook.index(b"CREATE TABLE grade") + 3, 7)


@pytest.mark.parametrize(
    "damage",
    [
        truncated,
        overwritten_at_its_beginning,
        overwritten_where_scores_are,
        a_bit_of_its_tables_names,
    ],
)
def test_a_damaged_gradebook_is_one_error_and_left_as_it_is(
    to_regrade: Course,
    copy_of: Callable[[Course], Course],
    victims: Victims,
    damage: Callable[[bytes, bytes], bytes],
) -> None:
    course = copy_of(to_regrade)
    with sqlite3.connect(course.gradebook_file) as gradebook:
        (score,) = gradebook.execute("SELECT id FROM grade WHERE manual_score = 3.5").fetchone()
    gradebook.close()
    damaged = damage(course.gradebook_file.read_bytes(), score.encode())
    course.gradebook_file.write_bytes(damaged)
    before = files(course)
    line = only_line(victims.run(course.root, GRADE))
    assert line == f"error: {course.gradebook_file}: {DAMAGED}"
    assert course.gradebook_file.read_bytes() == damaged
    assert files(course) == before


@pytest.mark.parametrize("lost", [1, 30], ids=["its last byte", "half a line"])
def test_a_torn_log_of_changes_has_each_change_once_after_the_next_run(
    to_regrade: Course,
    copy_of: Callable[[Course], Course],
    victims: Victims,
    undisturbed: Undisturbed,
    lost: int,
) -> None:
    course = copy_of(to_regrade)
    log = course.result_file(QUIZ, "audit").with_suffix(".jsonl")
    _, expected = undisturbed("again")
    changes = expected["files"][log.relative_to(course.root).as_posix()]
    assert len(changes) == 2
    text = "".join(f"{change}\n" for change in changes)
    log.write_bytes(text.encode()[:-lost])
    again = victims.run(course.root, GRADE)
    assert (again.code, again.stderr) == (0, "")
    assert state(course) == expected
