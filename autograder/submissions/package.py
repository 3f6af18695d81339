"""Reads a submission that is a package of `.py` modules, not a notebook; runs none of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from autograder.manifest import Assignment
from autograder.program import Program
from autograder.submissions.collect import HandedIn, collect_tree
from autograder.submissions.dialect import Meaning, find_convention, find_renames
from autograder.submissions.files import File, digest
from autograder.submissions.library import Library
from autograder.submissions.modules import Module, load_modules, make_program
from autograder.submissions.names import defines
from autograder.submissions.parse import Piece
from autograder.submissions.roots import choose, listed, sentences
from autograder.submissions.sources import leftover_sentences, repair_sentences
from autograder.submissions.submission import Answer, Submission
from autograder.submissions.text import limited, shown


def read_package(
    path: Path, assignment: Assignment, student: str, *, repair: bool = False
) -> Submission:
    """Read what `student` handed in at `path`, a folder of modules, zipped or not, or a `.py` file.

    Parameters
    ----------
    repair : mend what is left of Python 2 and of old NumPy; `Submission.repairs` lists it. Without
        it every kind of such thing is a sentence in `problems`.

    Raises
    ------
    SubmissionError
        If there is nothing at `path`. Whatever is wrong inside becomes a sentence in `problems`.
    """
    expected = _expected(assignment)
    handed_in = _collect(path, expected)
    code = _read_code(handed_in, assignment, repair=repair)
    files, unclear = _expected_files(handed_in, expected)
    return Submission(
        student=student,
        assignment=assignment.id,
        path=path,
        digest=digest(handed_in.files),
        # At the head of each chain of notebooks, so that every chain has the program once.
        statements={nb.name: () if nb.uses else code.program for nb in assignment.notebooks},
        problems=limited((*handed_in.problems, *code.problems, *unclear)),
        files=files,
        answers={question.id: Answer("", False) for question in assignment.questions},
        notebooks={},
        present=frozenset(),
        layout="package",
        convention=code.convention,
        renames=code.renames,
        repairs=code.repairs,
    )


def package_digest(path: Path, assignment: Assignment) -> str:
    """Return the digest that reading `path` would give.

    Raises
    ------
    SubmissionError
        If there is nothing at `path`.
    """
    return digest(_collect(path, _expected(assignment)).files)


def _expected(assignment: Assignment) -> frozenset[str]:
    return frozenset(file for task in assignment.tasks for file in task.files)


def _collect(path: Path, expected: frozenset[str]) -> HandedIn:
    return collect_tree(path, lambda name: name.endswith(".py"), expected)


@dataclass(frozen=True)
class _Code:
    """What the modules come to."""

    program: Program
    problems: tuple[str, ...]
    repairs: tuple[str, ...]
    convention: Meaning | None
    renames: Mapping[str, Mapping[str, str]]


def _read_code(handed_in: HandedIn, assignment: Assignment, *, repair: bool) -> _Code:
    files = {name: path for name, path in handed_in.files.items() if name.endswith(".py")}
    library = Library(files, repair=repair)
    functions = list(dict.fromkeys(f for task in assignment.tasks for f in task.functions))
    definitions = list(library.find(functions))
    choice = choose(definitions)
    modules = load_modules(library, choice)
    program, notes = make_program(assignment, modules, choice.homes)
    pieces = list(_pieces(modules, choice.homes))
    convention, doubts = find_convention(pieces)
    problems = (
        *sentences(definitions, choice),
        *_missing(functions, choice.homes),
        *_file_problems(modules, repair=repair),
        *notes,
        *doubts,
    )
    repairs = tuple(_repairs(modules)) if repair else ()
    return _Code(program, problems, repairs, convention, find_renames(p.node for p in pieces))


def _pieces(modules: Iterable[Module], chosen: Mapping[str, str]) -> Iterable[Piece]:
    """Yield the statements that define tasks' functions in the files that count for them."""
    for module in modules:
        own = {function for function, file in chosen.items() if file == module.path}
        last = {name: piece for piece in module.source.mended for name in defines(piece.node)}
        yield from (last[name] for name in sorted(own & last.keys()))


def _missing(functions: Sequence[str], chosen: Mapping[str, str]) -> list[str]:
    missing = [function for function in functions if function not in chosen]
    if not missing:
        return []
    if not chosen:
        return [f"None of the functions is defined in any .py file: {listed(missing)}."]
    return [f"No file that was read defines {listed(missing)}."]


def _file_problems(modules: Iterable[Module], *, repair: bool) -> list[str]:
    found = []
    for module in modules:
        file, source = shown(module.file), module.source
        if source.fault:
            found.append(f"{file}{source.fault}.")
        if not repair:
            found += leftover_sentences(file, source.leftovers)
    return found


def _repairs(modules: Iterable[Module]) -> list[str]:
    lines = (repair_sentences(shown(m.file), m.source.leftovers) for m in modules)
    return [line for file in lines for line in file]


def _expected_files(
    handed_in: HandedIn, expected: Iterable[str]
) -> tuple[dict[str, File], list[str]]:
    """Find files such as best_model.npz anywhere, the one nearest to the top."""
    files: dict[str, File] = {}
    said = []
    for name in sorted(expected):
        places = [place for place in handed_in.others if PurePosixPath(place).name == name]
        places.sort(key=lambda place: (place.count("/"), place))
        if places:
            files[name] = handed_in.files[places[0]]
        if len(places) > 1 and places[0].count("/") == places[1].count("/"):
            said.append(f"{name} was handed in {len(places)} times; {shown(places[0])} counts.")
    return files, said
