"""Tables for the terminal: whatever a student wrote is shown as text, never obeyed."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console
from rich.table import Table

from autograder.grading.executor import Graded
from autograder.grading.results import STATUSES, Check, Diagnosis, Result, TaskResult
from autograder.manifest import Assignment, Notebook, Task
from autograder.reports.tables import (
    class_table,
    printable,
    result_table,
    score_text,
    status_text,
)
from autograder.reports.terminal import terminal

TASKS = (Task("adam", "Nets", 6, ("adam",)), Task("net", "Nets", 6, ("Net",), needs=("adam",)))
ASSIGNMENT = Assignment("hw", "Homework", (Notebook("Nets"),), TASKS, ())

HOSTILE = (
    "[red]all right[/red]",
    "[/]",
    "[link=https://example.org]click[/link]",
    "[bold",
    "\\[bold]",
    "\x1b[2J\x1b]0;title\x07",
    "\x9b31m",
    "\u202egnp.exe",
    ":smiley:",
    "ends with a backslash\\",
)


def task(status: str = "failed", score: float = 0.0, *checks: Check) -> TaskResult:
    return TaskResult("adam", score, 6.0, status, checks)


def result(*tasks: TaskResult, student: str = "ada", problems: tuple[str, ...] = ()) -> Result:
    score = sum(t.score for t in tasks)
    return Result("hw", student, score, 6.0 * len(tasks), tasks, problems)


def one_table(*tasks: TaskResult, student: str = "ada") -> Table:
    return result_table(result(*tasks, student=student), ASSIGNMENT)


def rendered(table: Table) -> str:
    """Return what a colour terminal would get."""
    screen = io.StringIO()
    Console(file=screen, force_terminal=True, width=200, color_system="truecolor").print(table)
    return screen.getvalue()


def plain(table: Table) -> str:
    """Return what a pipe gets."""
    console = terminal()
    with console.capture() as captured:
        console.print(table)
    return captured.get()


def visible(text: str) -> str:
    """What of a hostile text is to be seen: every printable character, others replaced."""
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)


def tables_that_show(text: str) -> Iterator[Table]:
    yield one_table(task("failed", 0, Check("step", "failed", 1, text)))
    yield one_table(task("failed", 0, Check(text, "failed", 1, "wrong")))
    yield one_table(replace(task(), diagnoses=(Diagnosis("mistake", text),)))
    yield one_table(task(), student=text)
    yield class_table("hw", [Graded(text, Path("x"), result(task(), student=text))])
    yield class_table("hw", [Graded("ada", Path("x"), None, text)])


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_shown_letter_by_letter(text: str) -> None:
    for table in tables_that_show(text):
        assert visible(text) in plain(table)


@pytest.mark.parametrize("text", HOSTILE)
def test_no_control_character_of_a_student_reaches_the_terminal(text: str) -> None:
    for table in tables_that_show(text):
        screen = rendered(table)
        assert "\x1b[2J" not in screen
        assert not set("\x07\x9b\u202e") & set(screen)
        assert "\x1b]8" not in screen  # a link


def test_a_line_break_in_a_message_stays_one() -> None:
    assert printable("first\nsecond\r\n") == "first\nsecond\N{REPLACEMENT CHARACTER}\n"


def test_checks_with_one_message_share_a_line() -> None:
    checks = [Check(name, "failed", 1, "wrong values") for name in ("a", "b", "c")]
    text = plain(one_table(task("failed", 0, *checks)))
    assert "a, b, c: wrong values" in text


def test_many_checks_with_one_message_are_counted() -> None:
    checks = [Check(f"c{i}", "failed", 1, "not defined") for i in range(4)]
    assert "4 checks: not defined" in plain(one_table(task("failed", 0, *checks)))


def test_passed_checks_need_no_advice() -> None:
    text = plain(one_table(task("passed", 6, Check("step", "passed", 1, "fine"))))
    assert "fine" not in text


def test_a_known_mistake_stands_above_the_failed_checks() -> None:
    failed = task("failed", 0, Check("step", "failed", 1, "wrong values"))
    text = plain(one_table(replace(failed, diagnoses=(Diagnosis("d", "The root is missing."),))))
    assert text.index("Looks like: The root is missing.") < text.index("step: wrong values")


def test_follow_through_is_told_although_the_task_passed() -> None:
    net = TaskResult("net", 6.0, 6.0, "passed", layers="correct")
    assert "mistakes in adam cost nothing here" in plain(one_table(task(), net))


@pytest.mark.parametrize(
    ("layout", "convention", "caption"),
    [
        ("notebook", "keep", None),
        ("package", "keep", "layout: package; p is the probability to keep a unit"),
        ("notebook", "drop", "layout: notebook; p is the probability to drop a unit"),
    ],
)
def test_the_caption_says_how_it_was_read_unless_as_usual(
    layout: str, convention: str, caption: str | None
) -> None:
    read = replace(result(task()), layout=layout, convention=convention)
    assert result_table(read, ASSIGNMENT).caption == caption


def test_the_footer_adds_up() -> None:
    text = plain(one_table(task("passed", 6), task("partial", 1.5)))
    assert "7.5 / 12" in text.splitlines()[-2]


def test_the_class_is_sorted_and_says_where_points_were_lost() -> None:
    graded = [
        Graded("zoe", Path("z"), result(task("passed", 6), task("timeout", 0))),
        Graded("ada", Path("a"), result(task("failed"), task("error"))),
        Graded("eve", Path("e"), None, "the grading process was killed"),
    ]
    rows = [line for line in plain(class_table("hw", graded)).splitlines() if "│" in line]
    names = [row.split("│")[1].strip() for row in rows]
    assert names == ["ada", "eve", "zoe"]
    assert "every task" in rows[0]
    assert "killed" in rows[1]
    assert "adam (timeout)" in rows[2]


@pytest.mark.parametrize(("count", "title"), [(0, "0 submissions"), (1, "1 submission")])
def test_the_title_counts(count: int, title: str) -> None:
    graded = [Graded("ada", Path("a"), result(task()))] * count
    assert class_table("hw", graded).title == f"hw: {title}"


def test_problems_are_counted_not_shown() -> None:
    text = plain(class_table("hw", [Graded("a", Path("a"), result(task(), problems=("x", "y")))]))
    assert "2 in the result" in text


@pytest.mark.parametrize(
    ("score", "text"),
    [(7.5, "7.5 / 84"), (84.0, "84 / 84"), (0.0, "0 / 84"), (1 / 3, "0.3333 / 84")],
)
def test_scores_have_no_superfluous_zeros(score: float, text: str) -> None:
    assert score_text(score, 84.0) == text


def test_large_scores_are_not_written_with_exponents() -> None:
    assert score_text(12345.5, 20000.0) == "12345.5 / 20000.0"


def test_every_status_has_a_colour() -> None:
    for status in STATUSES:
        assert status_text(status).endswith(f"]{status}[/]")


def test_a_pipe_gets_each_row_on_one_line() -> None:
    path = "/a course/with spaces/" + "and a long name/" * 20
    text = plain(class_table("hw", [Graded("ada", Path("a"), None, path)]))
    assert any(path in line for line in text.splitlines())
