"""The command line. Parses, calls one function per command, prints; decides nothing else."""

from __future__ import annotations

import os
import shlex
import sys
from pathlib import Path
from typing import Annotated

import typer

from autograder.errors import AutograderError, file_fault
from autograder.options import (
    AssignmentsArgument,
    ConventionOption,
    CourseOption,
    DegradedOption,
    ForceOption,
    JobsOption,
    Layout,
    LayoutOption,
    RepairOption,
    SchedulerOption,
)
from autograder.paths import Course
from autograder.reports.terminal import terminal

INTERRUPTED = 130

app = typer.Typer(
    help="Auto-graded deep-learning assignments: author, release, hand in, grade.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
manual_app = typer.Typer(help="Written answers, graded by hand.", no_args_is_help=True)
app.add_typer(manual_app, name="manual")


@app.command()
def build(
    assignments: AssignmentsArgument = None,
    check: Annotated[
        bool,
        typer.Option(
            "--check", help="Write nothing; exit 1 with a diff if what was built is stale."
        ),
    ] = False,
    layout: Annotated[
        Layout, typer.Option("--layout", help="Where students write: in cells, or in modules.")
    ] = "notebook",
    course: CourseOption = None,
) -> None:
    """Make instructor notebooks (build/source) and the students' release.

    With --layout package: build/package/ASSIGNMENT for students, whose code is in .py files.

    Examples:

        autograder build

        autograder build neural-nets

        autograder build --check

        autograder build neural-nets --layout package
    """
    from autograder.commands.build import build_all, check_all

    found = Course.find(course)
    console = terminal()
    package = layout == "package"
    if not check:
        build_all(found, assignments, console, package=package)
    elif not check_all(found, assignments, console, package=package):
        raise typer.Exit(1)


@app.command()
def run(
    path: Annotated[Path, typer.Argument(metavar="PATH", help="Folder, notebook or zip to grade.")],
    assignment: Annotated[str, typer.Option("--assignment", "-a", metavar="A", help="Its id.")],
    json_file: Annotated[
        Path | None,
        typer.Option("--json", metavar="FILE", help="Write the result there; - for stdout."),
    ] = None,
    layout: LayoutOption = "notebook",
    convention: ConventionOption = None,
    repair: RepairOption = False,
    allow_degraded: DegradedOption = False,
    course: CourseOption = None,
) -> None:
    """Grade one submission; needs no gradebook and changes none.

    Exits 0 when it was graded, whatever the score.

    Examples:

        autograder run submitted/ada/neural-nets --assignment neural-nets

        autograder run ~/Downloads/Quiz8.ipynb --assignment quiz-8 --json result.json

        autograder run repository --assignment neural-nets --layout package --convention auto
    """
    from autograder.commands.run import run_one
    from autograder.grading.terms import Terms

    terms = Terms(layout, convention, repair)
    run_one(Course.find(course), path, assignment, terms, json_file, allow_degraded)


@app.command()
def grade(
    assignment: Annotated[str, typer.Argument(metavar="ASSIGNMENT", help="Its id.")],
    students: Annotated[
        list[str] | None,
        typer.Option("--student", "-s", metavar="NAME", help="Only this one; may be repeated."),
    ] = None,
    jobs: JobsOption = None,
    scheduler: SchedulerOption = "",
    layout: LayoutOption = "notebook",
    convention: ConventionOption = None,
    repair: RepairOption = False,
    force: ForceOption = False,
    quiet: Annotated[
        bool, typer.Option("--quiet", "-q", help="Only what changed or went wrong.")
    ] = False,
    allow_degraded: DegradedOption = False,
    course: CourseOption = None,
) -> None:
    """Grade what is new or changed under submitted/ into nbgrader's gradebook.

    Writes autograded/, results/ASSIGNMENT/STUDENT.json, and changes of scores to audit.jsonl there.
    Exits 1 if one could not be graded.

    Examples:

        autograder grade neural-nets

        autograder grade quiz-8 --student ada --jobs 1 --force

        autograder grade neural-nets --scheduler tls://dask.example.org:8786
    """
    from autograder.commands.grade import grade_all
    from autograder.grading.terms import Terms

    terms = Terms(layout, convention, repair)
    graded = grade_all(
        Course.find(course),
        assignment,
        students or [],
        jobs,
        terms,
        allow_degraded,
        scheduler=scheduler,
        force=force,
        quiet=quiet,
    )
    if not graded:
        raise typer.Exit(1)


@app.command()
def selfcheck(
    assignments: AssignmentsArgument = None,
    seeds: Annotated[
        int, typer.Option("--seeds", min=1, metavar="N", help="Course seeds to try.")
    ] = 1,
    jobs: JobsOption = None,
    allow_degraded: DegradedOption = False,
    course: CourseOption = None,
) -> None:
    """Does the suite judge right? Prints the matrix of all code whose verdict is known.

    Reference and legitimate variations must earn 100 %, the untouched release 0; every known
    mistake must fail its check and be diagnosed as itself, whatever p means.

    Examples:

        autograder selfcheck

        autograder selfcheck quiz-8 --seeds 20
    """
    from autograder.commands.selfcheck import selfcheck_all

    found = Course.find(course)
    if not selfcheck_all(found, assignments, terminal(), allow_degraded, seeds, jobs):
        raise typer.Exit(1)


@app.command(hidden=True)
def mutation(
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; exit 1 if docs/mutation.md is stale.")
    ] = False,
    jobs: JobsOption = None,
    allow_degraded: DegradedOption = False,
    course: CourseOption = None,
) -> None:
    """Does the suite notice every small change to the reference? Takes minutes.

    Writes what was found into docs/mutation.md. Exits 1 if fewer than 97 % of the changes fail a
    check, or if one that fails none is not listed in solutions/mutants.toml.

    Examples:

        autograder mutation

        autograder mutation --check --jobs 2
    """
    from autograder.commands.mutation import mutate_all

    found, console = Course.find(course), terminal()
    if not mutate_all(found, console, check=check, jobs=jobs, allow_degraded=allow_degraded):
        raise typer.Exit(1)


@app.command()
def demo(
    folder: Annotated[
        Path | None,
        typer.Option("--into", metavar="DIR", help="Where; default: build/demo."),
    ] = None,
    course: CourseOption = None,
) -> None:
    """Make a sample class of 12 submissions, grade it, show the gradebook.

    Examples:

        autograder demo
    """
    from autograder.demo.run import run_demo

    found = Course.find(course)
    if not run_demo(found, folder or found.build / "demo", terminal()):
        raise typer.Exit(1)


@manual_app.command("collect")
def collect(
    assignment: Annotated[str, typer.Argument(metavar="ASSIGNMENT", help="Its id.")],
    course: CourseOption = None,
) -> None:
    """Gather every written answer by question: one HTML page, one JSON file, anonymised.

    Examples:

        autograder manual collect neural-nets
    """
    from autograder.commands.manual import collect_answers

    collect_answers(Course.find(course), assignment, terminal())


def main() -> None:
    """Run the command line; a user's mistake is one line on stderr and exit code 1."""
    # Read by numpy's libraries when they load, which is after this. Several graders side by side
    # with several threads each are slower by a factor, and one thread rounds alike everywhere.
    for variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ.setdefault(variable, "1")
    try:
        app()
    except AutograderError as error:
        print(f"error: {error}", file=sys.stderr)
        sys.exit(1)
    except OSError as error:
        print(f"error: {file_fault(error)}", file=sys.stderr)
        sys.exit(1)
    except SystemExit as end:
        if end.code == INTERRUPTED:  # typer's answer to Ctrl-C, which it does not explain
            # What --force had set aside is still to be graded, what was finished is not.
            words = [word for word in sys.argv[1:] if word != "--force"]
            command = shlex.join(["autograder", *words])
            print(
                f"interrupted; what was finished is kept. For the rest: {command}", file=sys.stderr
            )
        raise
