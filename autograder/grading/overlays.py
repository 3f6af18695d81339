"""Programs made of the reference: itself, with one mistake in it, or right in another way.

Solutions, misconceptions and variations are written in terms of the probability to keep a unit.
Where p is the probability to drop one, the substitutions of `solutions/conventions.toml` put their
text into these terms.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from autograder.authoring.misconceptions import Misconception, read_misconceptions
from autograder.authoring.pieces import Piece, defined_names, pieces_of
from autograder.errors import SettingsError
from autograder.grading.convention import Convention
from autograder.grading.suite import REFERENCE_MODULES
from autograder.manifest import Assignment, Task, load_assignment
from autograder.paths import Course
from autograder.program import Program, Statement
from autograder.settings import check_keys, read_toml

Translate = Callable[[str], str]
MODULES = (*REFERENCE_MODULES, "training")


@dataclass(frozen=True)
class Variation:
    """One legitimate way to be right.

    Attributes
    ----------
    name : of its file, without `.py`.
    title : what is different, the first line of its docstring.
    tasks : ids of the tasks whose functions it defines, and of those that need them.
    source : definitions that take the place of the reference's.
    """

    name: str
    title: str
    tasks: tuple[str, ...]
    source: str


def reference_program(course: Course, convention: Convention) -> Program:
    """Return everything that `solutions/` defines as statements of one namespace.

    Raises
    ------
    SettingsError
        If a module or `conventions.toml` is missing or broken.
    """
    return tuple(_reference(course, translator(course, convention)))


def misconception_program(
    course: Course, convention: Convention, misconception: Misconception
) -> Program:
    """Return the reference with the mistake in it."""
    overlay = misconception_overlay(misconception, translator(course, convention))
    return (*reference_program(course, convention), *overlay)


def misconception_overlay(misconception: Misconception, translate: Translate) -> Program:
    """Return what is run behind the reference to put the mistake into it."""
    where = f"{misconception.task}.toml, {misconception.id}"
    return tuple(_statements(translate(misconception.code), where))


def variation_program(course: Course, convention: Convention, variation: Variation) -> Program:
    """Return the reference with the variation's definitions in the place of its own."""
    translate = translator(course, convention)
    overlay = _statements(translate(variation.source), f"{variation.name}.py")
    return (*_reference(course, translate), *overlay)


def translator(course: Course, convention: Convention) -> Translate:
    """Return what puts code into the terms of `convention`, in one pass over it."""
    rules = _substitutions(course)
    if convention.name == "keep" or not rules:
        return str
    longest_first = sorted(rules, key=len, reverse=True)
    pattern = re.compile("|".join(map(re.escape, longest_first)))
    return lambda source: pattern.sub(lambda match: rules[match[0]], source)


def load_misconceptions(course: Course, assignment: Assignment) -> tuple[Misconception, ...]:
    """Read the bug library; return what concerns the tasks of `assignment`, in their order.

    The `code` of each is complete: its edits have been made. Mistakes in entries of other
    assignments are found, too.

    Raises
    ------
    SettingsError
        If an entry is not as it should be; the message names file and id.
    """
    tasks = _course_tasks(course)
    definitions = _definitions(course)
    found: dict[str, Misconception] = {}
    for path in sorted((course.solutions / "misconceptions").glob("*.toml")):
        if path.stem not in tasks:
            raise SettingsError(f"{path}: no assignment has a task {path.stem!r}")
        for read in read_misconceptions(path):
            where = f"{path}: {read.id}"
            if read.id in found:
                raise SettingsError(f"{where} is also the id of one of {found[read.id].task}")
            code = read.code or _edited(tasks[path.stem], definitions, read, where)
            _check_overlay(code, tasks[path.stem].functions, where)
            _check_definitions(code, where)
            found[read.id] = replace(read, code=code)
    order = [task.id for task in assignment.tasks]
    own = [m for m in found.values() if m.task in order]
    return tuple(sorted(own, key=lambda m: order.index(m.task)))


def load_variations(course: Course, assignment: Assignment) -> tuple[Variation, ...]:
    """Read the legitimate variations that concern a task of `assignment`, by name.

    Raises
    ------
    SettingsError
        If a file is not Python, has no docstring or defines no task's function.
    """
    functions = {name for task in _course_tasks(course).values() for name in task.functions}
    found = []
    for path in sorted((course.solutions / "variations").glob("*.py")):
        source = _read_text(path)
        names = _check_overlay(source, functions, str(path))
        title = ast.get_docstring(ast.parse(source))
        if not title:
            raise SettingsError(f"{path}: begin with a docstring that says why this is right")
        if tasks := _concerned(assignment, names):
            found.append(Variation(path.stem, title.splitlines()[0], tasks, source))
    return tuple(found)


def _reference(course: Course, translate: Translate) -> Iterator[Statement]:
    imports: set[str] = set()
    for name in MODULES:
        path = course.solutions / f"{name}.py"
        for statement in _statements(translate(_read_text(path)), path.name, str(path)):
            if statement.source not in imports:
                yield statement
            if statement.source.startswith(("import ", "from ")):
                imports.add(statement.source)


def _statements(source: str, where: str, path: str = "") -> Iterator[Statement]:
    """Cut a module into its statements, without docstrings and imports from `solutions`."""
    for piece in _pieces(source, path or where):
        if piece.runs:
            yield Statement(piece.source, where, piece.line)


def _definitions(course: Course) -> dict[str, str]:
    """Return the reference's definitions as they are written, by name."""
    return {
        name: statement.source
        for statement in _reference(course, str)
        for name in defined_names(statement.source)
    }


def _edited(
    task: Task, definitions: Mapping[str, str], misconception: Misconception, where: str
) -> str:
    if missing := [name for name in task.functions if name not in definitions]:
        raise SettingsError(f"{where}: solutions/ does not define {', '.join(missing)}")
    code = "\n\n\n".join(definitions[name] for name in task.functions)
    for old, new in misconception.edits:
        if (count := code.count(old)) != 1:
            place = f"in {', '.join(task.functions)}, not once"
            raise SettingsError(f"{where}: {old!r} stands {count} times {place}")
        code = code.replace(old, new)
    return code


def _check_overlay(source: str, functions: Iterable[str], where: str) -> set[str]:
    """Return the names that `source` defines; refuse it if no function of a task is among them."""
    names = {name for piece in _pieces(source, where) for name in piece.names}
    if not names & set(functions):
        raise SettingsError(f"{where}: defines none of {', '.join(sorted(functions))}")
    return names


def _check_definitions(code: str, where: str) -> None:
    """Refuse what can't be taken out of the reference again by running its own definitions."""
    for piece in _pieces(code, where):
        if not piece.defines:
            raise SettingsError(f"{where}: has more than functions and classes, line {piece.line}")


def _concerned(assignment: Assignment, names: set[str]) -> tuple[str, ...]:
    """Ids of the tasks whose functions are among `names`, and of those that need one of these."""
    ids: list[str] = []
    for task in assignment.tasks:  # what a task needs stands above it
        if names & set(task.functions) or set(ids) & set(task.needs):
            ids.append(task.id)
    return tuple(ids)


def _course_tasks(course: Course) -> dict[str, Task]:
    assignments = (load_assignment(course, name) for name in course.assignments())
    return {task.id: task for assignment in assignments for task in assignment.tasks}


def _substitutions(course: Course) -> dict[str, str]:
    """Return the substitutions of `conventions.toml`, old text to new.

    Raises
    ------
    SettingsError
        If one is malformed, or replaces what nothing in `solutions/` says.
    """
    path = course.solutions / "conventions.toml"
    table = read_toml(path) if path.is_file() else {}
    check_keys(path, "", table, {"drop"}, set())
    rows = table.get("drop", [])
    if not isinstance(rows, list):
        raise SettingsError(f"{path}: drop must be written as [[drop]]")
    sources = [p for kind in ("*.py", "*.toml") for p in course.solutions.rglob(kind) if p != path]
    text = "\n".join(map(_read_text, sources))
    rules = {}
    for number, row in enumerate(rows, 1):
        entry = f"drop[{number}]"
        check_keys(path, f"{entry}.", row, {"replace", "with"}, {"replace", "with"})
        old, new = row["replace"], row["with"]
        if not isinstance(old, str) or not isinstance(new, str):
            raise SettingsError(f"{path}: {entry}.replace and {entry}.with must be strings")
        if not old.strip() or old not in text:
            raise SettingsError(f"{path}: {entry} replaces {old!r}, which solutions/ never says")
        rules[old] = new
    return rules


def _pieces(source: str, where: str) -> tuple[Piece, ...]:
    try:
        return pieces_of(source)
    except SyntaxError as error:
        message = f"not valid Python, line {error.lineno} of it: {error.msg}"
        raise SettingsError(f"{where}: {message}") from None


def _read_text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise SettingsError(f"{path}: not found") from None
    except UnicodeDecodeError:
        raise SettingsError(f"{path}: not UTF-8 text; save it as UTF-8") from None
