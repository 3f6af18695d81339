"""`autograder demo`: a course in a folder of its own, a class of 12, graded and compared."""

from __future__ import annotations

import shlex
import shutil
from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from autograder.authoring.build import build_assignment
from autograder.commands.grade import grade_all
from autograder.commands.manual import collect_answers
from autograder.demo.answers import answers_of
from autograder.demo.students import STUDENTS, SampleStudent
from autograder.errors import SettingsError
from autograder.grading.reference_submission import solved_cells, trained_model, write_submission
from autograder.grading.results import read_result
from autograder.grading.terms import Terms
from autograder.manifest import Assignment, load_assignment
from autograder.paths import MARKER, Course
from autograder.reports.tables import score_text

DEMO_MARKER = ".autograder-demo"
# A hang should cost the demo seconds; a real course is more patient.
DEMO_CALL_SECONDS = "call_seconds = 3.0"


def run_demo(course: Course, folder: Path, console: Console) -> bool:
    """Make the demo course, grade both assignments; True if all scores are the expected ones."""
    demo = make_course(course, folder)
    console.print(f"[bold]a course in[/] {escape(str(folder))}", highlight=False, soft_wrap=True)
    right = True
    for name in demo.assignments():
        build_assignment(demo, name)
        console.print(f"[green]built[/] release/{name}")
        assignment = load_assignment(demo, name)
        make_class(demo, assignment)
        right &= grade_all(demo, name, [], None, Terms(), False, console)
        collect_answers(demo, name, console)
    right &= compare(demo, console)
    _say_where_to_look(folder, console)
    return right


def _say_where_to_look(folder: Path, console: Console) -> None:
    shown, quoted = escape(str(folder)), escape(shlex.quote(str(folder)))
    console.print(
        f"\nLook at [bold]{shown}[/]: results/ (a JSON per submission), autograded/ (notebooks "
        "with scores), manual/ (written answers), gradebook.db. Stock nbgrader works there too:\n"
        f"  cd {quoted} && nbgrader export && nbgrader generate_feedback neural-nets",
        highlight=False,
        soft_wrap=True,
    )


def make_course(course: Course, folder: Path) -> Course:
    """Copy what a course is made of into `folder`, which is emptied first if it was a demo."""
    if folder.exists() and not (folder / DEMO_MARKER).is_file() and any(folder.iterdir()):
        raise SettingsError(f"{folder}: neither empty nor a demo; name another with --into")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    (folder / DEMO_MARKER).write_text("Made by `autograder demo`, which empties it first.\n")
    for name in ("source", "solutions", "tests", "release"):
        shutil.copytree(
            course.root / name, folder / name, ignore=shutil.ignore_patterns("__pycache__")
        )
    shutil.copy(course.root / MARKER, folder / MARKER)
    demo = Course(folder)
    lines = demo.settings_file.read_text(encoding="utf-8").splitlines()
    lines = [DEMO_CALL_SECONDS if x.startswith("call_seconds") else x for x in lines]
    demo.settings_file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    # Training the reference's model takes a while: take the course's, if it has one.
    cached = trained_model(course)
    target = demo.build / "cache" / cached.name
    target.parent.mkdir(parents=True)
    shutil.copy(cached, target)
    return demo


def make_class(course: Course, assignment: Assignment) -> None:
    """Write everybody's submission of one assignment."""
    solved = solved_cells(course, assignment.id)
    for student in STUDENTS:
        folder = course.submission(assignment.id, student.name)
        written = {**answers_of(student.name), **student.cells}
        cells = solved | {k: v for k, v in written.items() if k in solved}
        write_submission(course, assignment, folder, cells, student.untouched)
        for task in assignment.tasks:
            for name in task.files:
                shutil.copyfile(trained_model(course), folder / name)
        for damage in student.damage:
            damage(folder)


def expected_score(assignment: Assignment, student: SampleStudent) -> float:
    """What a sample student must earn automatically."""
    return sum(
        round(float(student.kept.get(task.id, Fraction(1)) * Fraction(task.points)), 4)
        for task in assignment.tasks
    )


def compare(course: Course, console: Console) -> bool:
    """Print the class with expected and earned scores; True if they agree."""
    assignments = [load_assignment(course, name) for name in course.assignments()]
    table = Table(title="the gradebook, automatic part")
    table.add_column("student")
    table.add_column("what was handed in", overflow="fold")
    for assignment in assignments:
        table.add_column(assignment.id, justify="right")
    table.add_column("as expected")
    right = True
    for student in STUDENTS:
        earned = {a.id: _earned(course, a, student) for a in assignments}
        expected = {a.id: expected_score(a, student) for a in assignments}
        same = _same(earned, expected)
        right &= same
        table.add_row(
            student.name,
            student.story,
            *(score_text(earned[a.id], a.auto_points) for a in assignments),
            "[green]yes[/]" if same else f"[red]no, expected {list(expected.values())}[/]",
        )
    console.print(table)
    return right


def _earned(course: Course, assignment: Assignment, student: SampleStudent) -> float:
    path = course.result_file(assignment.id, student.name)
    return read_result(path).score if path.is_file() else 0.0


def _same(earned: Mapping[str, float], expected: Mapping[str, float]) -> bool:
    return all(abs(earned[name] - expected[name]) < 1e-3 for name in expected)
