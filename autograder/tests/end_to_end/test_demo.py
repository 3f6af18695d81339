"""The main job, end to end: a class of 12 is released to, graded, and found in the gradebook."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import pytest
from nbgrader.api import Gradebook, MissingEntry

from autograder.demo.students import STUDENTS, SampleStudent
from autograder.grading.results import Result, read_result
from autograder.manifest import load_assignment
from autograder.paths import Course
from autograder.tests.end_to_end.conftest import run

ASSIGNMENTS = ("neural-nets", "quiz-8")
NAMES = [student.name for student in STUDENTS]


def by_name(name: str) -> SampleStudent:
    return next(student for student in STUDENTS if student.name == name)


def scores(course: Course, assignment: str) -> dict[str, dict[str, float | None]]:
    """Automatic scores in a gradebook, by student and grade cell; nothing where nothing is."""
    found: dict[str, dict[str, float | None]] = {}
    with Gradebook(f"sqlite:///{course.gradebook_file}") as gradebook:
        for student in NAMES:
            try:
                submission = gradebook.find_submission(assignment, student)
            except MissingEntry:
                found[student] = {}
                continue
            found[student] = {
                grade.name: grade.auto_score
                for notebook in submission.notebooks
                for grade in notebook.grades
            }
    return found


def test_the_class_has_12_and_everybodys_scores_are_the_expected_ones(
    demo: tuple[Course, str],
) -> None:
    assert len(STUDENTS) == 12
    for line in demo[1].splitlines():
        assert "expected [" not in line


@pytest.mark.parametrize("student", STUDENTS, ids=lambda s: s.name)
def test_points_are_lost_exactly_where_something_is_wrong(
    demo: tuple[Course, str], student: SampleStudent
) -> None:
    for name in ASSIGNMENTS:
        result = read_result(demo[0].result_file(name, student.name))
        for task in result.tasks:
            share = float(student.kept.get(task.task, 1))
            assert task.score == pytest.approx(share * task.max_score, abs=1e-3), task


def test_the_gradebook_holds_what_the_results_say(demo: tuple[Course, str]) -> None:
    for name in ASSIGNMENTS:
        stored = scores(demo[0], name)
        for student in NAMES:
            for task in read_result(demo[0].result_file(name, student)).tasks:
                assert stored[student][f"{task.task}_check"] == pytest.approx(task.score)


def test_stock_autograde_gives_the_same_scores(demo: tuple[Course, str], stock: Course) -> None:
    for name in ASSIGNMENTS:
        ours, theirs = scores(demo[0], name), scores(stock, name)
        for student in NAMES:
            if theirs[student]:
                assert ours[student] == theirs[student], student
            else:  # stock nbgrader has no row for a submission without a single notebook
                assert set(ours[student].values()) <= {0.0, None}, student


def verdict(result: Result) -> Result:
    """The result without its times."""
    tasks = tuple(replace(task, seconds=0.0) for task in result.tasks)
    return replace(result, tasks=tasks)


def test_hostile_classmates_change_nothing(demo: tuple[Course, str], tmp_path: Path) -> None:
    # In the demo boris was graded beside endless loops, os._exit(0) and a replaced np.allclose.
    course, alone = demo[0], tmp_path / "boris.json"
    folder = course.submission("neural-nets", "boris")
    result = run(
        "autograder", "run", folder, "--assignment", "neural-nets", "--json", alone, cwd=course.root
    )
    assert result.returncode == 0, result.stderr
    beside = read_result(course.result_file("neural-nets", "boris"))
    assert verdict(read_result(alone)) == verdict(beside)


def test_the_sandboxs_layers_are_in_every_result(demo: tuple[Course, str]) -> None:
    for name in ASSIGNMENTS:
        for student in NAMES:
            layers = read_result(demo[0].result_file(name, student)).sandbox
            assert layers["seccomp"], layers


def test_no_message_for_students_holds_a_path_or_pytests_own_words(
    demo: tuple[Course, str],
) -> None:
    for name in ASSIGNMENTS:
        for student in NAMES:
            result = read_result(demo[0].result_file(name, student))
            messages = [c.message for t in result.tasks for c in t.checks] + [*result.problems]
            for message in messages:
                for forbidden in (
                    "DESIRED",
                    "ACTUAL",
                    "assert ",
                    str(demo[0].root),
                    "site-packages",
                ):
                    assert forbidden not in message


def test_broken_files_are_one_clear_sentence_each(demo: tuple[Course, str]) -> None:
    problems = {
        (name, student): read_result(demo[0].result_file(name, student)).problems
        for name in ASSIGNMENTS
        for student in NAMES
    }
    assert any("Dropout" in text and "JSON" in text for text in problems["neural-nets", "george"])
    assert any("empty" in text for text in problems["quiz-8", "george"])
    assert any("rename" in text.lower() or "(1)" in text for text in problems["quiz-8", "hana"])
    assert any("line 2" in text for text in problems["neural-nets", "fatima"])
    assert problems["neural-nets", "ada"] == ()


def test_what_was_not_handed_in_is_missing_not_wrong(demo: tuple[Course, str]) -> None:
    for name in ASSIGNMENTS:
        blank = read_result(demo[0].result_file(name, "emil"))
        assert {task.status for task in blank.tasks} == {"missing"}


def test_export_adds_up_and_written_answers_wait(demo: tuple[Course, str]) -> None:
    course = demo[0]
    result = run("nbgrader", "export", "--to", "grades.csv", cwd=course.root)
    assert result.returncode == 0, result.stderr
    with open(course.root / "grades.csv", newline="") as file:
        rows = {(row["assignment"], row["student_id"]): row for row in csv.DictReader(file)}
    for name in ASSIGNMENTS:
        assignment = load_assignment(course, name)
        row = rows[name, "ada"]
        assert float(row["score"]) == pytest.approx(assignment.auto_points)
        assert float(row["max_score"]) == assignment.auto_points + assignment.manual_points
    with Gradebook(f"sqlite:///{course.gradebook_file}") as gradebook:
        waiting = gradebook.find_submission("neural-nets", "ada").needs_manual_grade
        blank = gradebook.find_submission("neural-nets", "emil").needs_manual_grade
    assert (waiting, blank) == (True, False)


def test_feedback_is_made_by_stock_nbgrader(demo: tuple[Course, str]) -> None:
    course = demo[0]
    result = run("nbgrader", "generate_feedback", "quiz-8", "--student", "ada", cwd=course.root)
    assert result.returncode == 0, result.stderr[-3000:]
    page = course.root / "feedback" / "ada" / "quiz-8" / "Quiz8.html"
    assert "conv_forward_naive" in page.read_text("utf-8")


def test_a_second_demo_into_the_same_folder_replaces_it(demo: tuple[Course, str]) -> None:
    stray = demo[0].root / "submitted" / "stray"
    from autograder.demo.run import make_course

    stray.mkdir()
    copy = make_course(demo[0], demo[0].root.parent / "second")
    make_course(demo[0], copy.root)
    assert not (copy.root / "submitted").exists()


def test_a_folder_that_is_no_demo_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.tex").write_text("precious")
    result = run("autograder", "demo", "--into", tmp_path, cwd=Path(__file__).parent)
    assert result.returncode == 1
    assert "neither empty nor a demo" in result.stderr
    assert (tmp_path / "thesis.tex").read_text() == "precious"
