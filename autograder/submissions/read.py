"""Reads one submission from beginning to end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from autograder.manifest import Assignment
from autograder.program import Program
from autograder.submissions.align import align
from autograder.submissions.answers import written_answers
from autograder.submissions.assemble import given_statements, parse_code, student_statements
from autograder.submissions.cells import Cell, Unreadable, read_cells
from autograder.submissions.collect import HandedIn, collect
from autograder.submissions.files import MAX_NOTEBOOK, FileFault, digest, read_bytes
from autograder.submissions.match import match_files, named_like, stem
from autograder.submissions.release import Release, read_release, untouched
from autograder.submissions.repair import repair
from autograder.submissions.submission import Answer, Submission
from autograder.submissions.text import limited, shown

if TYPE_CHECKING:
    from nbformat import NotebookNode

# What all notebooks together may hold: each is kept in memory until the last one is read.
MAX_NOTEBOOKS = 4 * MAX_NOTEBOOK


@dataclass(frozen=True)
class _Notebook:
    """One notebook of the submission, read against its release."""

    statements: Program
    answers: Mapping[str, Answer]
    repaired: NotebookNode | None
    problems: tuple[str, ...]


def read_submission(path: Path, assignment: Assignment, release: Path, student: str) -> Submission:
    """Read what `student` handed in at `path`; runs none of it.

    Parameters
    ----------
    release : folder with the release notebooks of `assignment`.

    Raises
    ------
    SubmissionError
        If there is nothing at `path`. Whatever is wrong inside becomes a sentence in `problems`.
    AuthoringError
        If the release has not been built.
    """
    releases = read_release(release, assignment)
    expected = _expected(assignment)
    handed_in = collect(path, expected)
    readable, problems = _read_files(handed_in, expected)
    preferred = path.name if path.name in handed_in.notebooks else ""
    matched = match_files(readable, releases, preferred)
    problems += _matching_problems(handed_in, readable, matched, releases)
    notebooks = {
        name: _read_notebook(releases[name], readable[matched[name]])
        if name in matched
        else _missing_notebook(releases[name])
        for name in releases
    }
    repaired = {n: nb.repaired for n, nb in notebooks.items() if nb.repaired is not None}
    return Submission(
        student=student,
        assignment=assignment.id,
        path=path,
        digest=digest(handed_in.files),
        statements={name: notebook.statements for name, notebook in notebooks.items()},
        problems=(
            *limited((*handed_in.problems, *problems)),
            *(sentence for notebook in notebooks.values() for sentence in notebook.problems),
        ),
        files=handed_in.others,
        answers={q: a for notebook in notebooks.values() for q, a in notebook.answers.items()},
        notebooks=repaired,
        present=frozenset(matched),
        untouched=untouched(releases, repaired),
    )


def submission_digest(path: Path, assignment: Assignment) -> str:
    """Return the digest that reading `path` would give.

    Raises
    ------
    SubmissionError
        If there is nothing at `path`.
    """
    return digest(collect(path, _expected(assignment)).files)


def _expected(assignment: Assignment) -> frozenset[str]:
    files = {file for task in assignment.tasks for file in task.files}
    return frozenset(files | {f"{notebook.name}.ipynb" for notebook in assignment.notebooks})


def _read_files(
    handed_in: HandedIn, expected: frozenset[str]
) -> tuple[dict[str, tuple[Cell, ...]], list[str]]:
    """Read the cells of every notebook, those under a name of the assignment first."""
    readable: dict[str, tuple[Cell, ...]] = {}
    problems: list[str] = []
    room = MAX_NOTEBOOKS
    for file, path in sorted(handed_in.notebooks.items(), key=lambda item: item[0] not in expected):
        try:
            content = read_bytes(path, MAX_NOTEBOOK)
            room -= len(content)
            if room < 0:
                raise Unreadable("is one notebook too many; hand in only what belongs here")
            readable[file], damage = read_cells(content)
        except (FileFault, Unreadable) as fault:
            problems.append(f"{shown(file)} {fault}.")
        else:
            problems += _sentences(f"{shown(file)} ", damage)
    return readable, problems


def _matching_problems(
    handed_in: HandedIn,
    readable: Mapping[str, Sequence[Cell]],
    matched: Mapping[str, str],
    releases: Mapping[str, Release],
) -> list[str]:
    problems = [
        f"{shown(file)} was read as {name}.ipynb."
        for name, file in matched.items()
        if stem(file) != name
    ]
    for file in readable:
        if file not in matched.values():
            problems.append(f"{shown(file)} was not used.")
    unreadable = [file for file in handed_in.notebooks if file not in readable]
    for name in releases:
        if name not in matched and not any(named_like(file, name) for file in unreadable):
            problems.append(f"{name}.ipynb was not handed in.")
    return problems


def _read_notebook(release: Release, cells: Sequence[Cell]) -> _Notebook:
    code, faults = parse_code(cells, release)
    alignment = align(release, cells, code)
    statements, more = student_statements(release, cells, code, alignment)
    answers = written_answers(release, cells, alignment)
    shown_faults = [text for place, text in faults.items() if place not in alignment.copies]
    return _Notebook(
        statements=given_statements(release) + statements,
        answers=answers,
        repaired=repair(release, cells, alignment, answers),
        problems=_sentences(f"{release.name}: ", [*alignment.problems, *shown_faults, *more]),
    )


def _missing_notebook(release: Release) -> _Notebook:
    stubs = {cell.grade_id: Answer(cell.source, False) for cell in release.of("question")}
    return _Notebook(given_statements(release), stubs, None, ())


def _sentences(prefix: str, parts: Sequence[str]) -> tuple[str, ...]:
    return limited([f"{prefix}{part}." for part in parts], prefix)
