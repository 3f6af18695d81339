"""Mutants of the reference: small changes to the code of graded functions, one at a time.

cosmic-ray knows the changes (another operator, a number one larger, a loop that never runs, ...)
and makes them; which code is changed and which changes count is decided here.
"""

from __future__ import annotations

import ast
import difflib
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from autograder.authoring.pieces import defined_names
from autograder.errors import AutograderError
from autograder.grading.convention import Convention
from autograder.grading.overlays import reference_program
from autograder.manifest import Assignment, Task, load_assignment
from autograder.paths import Course
from autograder.program import Program, Statement

try:
    from cosmic_ray.ast import ast_nodes, get_ast
    from cosmic_ray.mutating import mutate_code
    from cosmic_ray.plugins import get_operator, operator_names
except ImportError:
    missing = "mutants are made by cosmic-ray, which is not installed; try: make setup"
    raise AutograderError(missing) from None


@dataclass(frozen=True)
class Mutant:
    """The reference's definition of `name` with one change.

    Attributes
    ----------
    assignment, tasks : which checks must notice it; any one of the tasks is enough.
    where, line : place of the change in `solutions/`.
    operator : cosmic-ray's name of the change.
    change : "old lines -> new lines", normalised; the same on every machine and whatever stands
        above. A second change of the same text ends in " (2)".
    source : the whole changed definition.
    """

    assignment: str
    tasks: tuple[str, ...]
    name: str
    where: str
    line: int
    operator: str
    change: str
    source: str


def make_mutants(course: Course, assignment_id: str) -> Iterator[Mutant]:
    """Make every mutant of an assignment's code, in the order of the reference's text.

    Changed is what students hand in for a task that is judged by running it, and what is given to
    them and called by such code. Changes that are no Python or another change's twin don't count,
    nor those of messages: what a refusal says is not graded.
    """
    assignment = load_assignment(course, assignment_id)
    program = reference_program(course, Convention("keep"))
    for statement in program:
        for name in defined_names(statement.source):
            if tasks := judged_by(program, assignment, name):
                yield from _mutants(assignment_id, tasks, name, statement)


def mutated_program(program: Program, mutant: Mutant) -> Program:
    """Return the reference with the mutant in the place of its own definition.

    Nothing of the original is left: a mutant that cannot even be loaded is a missing definition.
    """
    return tuple(
        Statement(mutant.source, s.where, s.line) if mutant.name in defined_names(s.source) else s
        for s in program
    )


def judged_by(program: Program, assignment: Assignment, name: str) -> tuple[str, ...]:
    """Ids of the tasks whose checks judge the definition of `name`.

    Those that it is to be written for; for what is given, those whose code uses it. What a task
    with `files` asks for is not run when it is graded.
    """
    own = [task for task in assignment.tasks if name in task.functions]
    using = own or [task for task in assignment.tasks if name in _used(program, task)]
    return tuple(task.id for task in using if not task.files)


def _used(program: Program, task: Task) -> set[str]:
    """Names that the reference's code for a task mentions."""
    sources = [s.source for s in program if defined_names(s.source) & set(task.functions)]
    nodes = [node for source in sources for node in ast.walk(ast.parse(source))]
    return {node.id for node in nodes if isinstance(node, ast.Name)}


def _mutants(
    assignment: str, tasks: tuple[str, ...], name: str, statement: Statement
) -> Iterator[Mutant]:
    original = statement.source
    messages = _lines_of_messages(original)
    seen = {ast.dump(ast.parse(original))}
    changes: Counter[str] = Counter()
    for operator, line, source in sorted(_changes(original), key=lambda change: change[1]):
        if line in messages:
            continue
        try:
            tree = ast.dump(ast.parse(source))
        except SyntaxError:
            continue
        if tree in seen:
            continue
        seen.add(tree)
        change = described(original, source)
        changes[change] += 1
        if (count := changes[change]) > 1:
            change += f" ({count})"
        place = statement.line + line - 1
        yield Mutant(assignment, tasks, name, statement.where, place, operator, change, source)


def _changes(source: str) -> Iterator[tuple[str, int, str]]:
    """Yield operator, line within `source` and changed source of all that cosmic-ray can change."""
    nodes = list(ast_nodes(get_ast(source)))
    for operator_name in operator_names():
        kind = get_operator(operator_name)
        if kind.arguments():  # needs to be told what to insert, and draws the rest by chance
            continue
        operator = kind()
        places = [place for node in nodes for place in operator.mutation_positions(node)]
        for occurrence, ((line, _), _) in enumerate(places):
            yield operator_name, line, mutate_code(source, operator, occurrence)


def _lines_of_messages(source: str) -> set[int]:
    """Lines of what is raised, texts and all."""
    raised = [n for n in ast.walk(ast.parse(source)) if isinstance(n, ast.Raise)]
    return {line for n in raised for line in range(n.lineno, (n.end_lineno or n.lineno) + 1)}


def described(original: str, changed: str) -> str:
    """Return "old -> new" of the lines that differ, without what is white space only.

    Examples
    --------
    >>> described("def f(x):\\n    return x[0]", "def f(x):\\n    return x[ 1]")
    'return x[0] -> return x[1]'
    """
    before, after = original.splitlines(), changed.splitlines()
    old, new = [], []
    matcher = difflib.SequenceMatcher(None, before, after, autojunk=False)
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        if tag != "equal":
            old += before[i1:i2]
            new += after[j1:j2]
    return " -> ".join(_normalised(" ".join(lines)) for lines in (old, new))


def _normalised(text: str) -> str:
    return re.sub(r"(?<=[(\[{]) ", "", " ".join(text.split()))
