"""Makes classes of any size: submissions as they come in, each with code of its own.

Of ten in a row seven are right, at most two have known mistakes in them, and one is not finished.
So a class of ten is made up as one of three thousand, and the first n students of a class are the
class of n.
"""

from __future__ import annotations

import ast
import random
import shutil
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial

from autograder.authoring.misconceptions import Misconception
from autograder.authoring.pieces import defined_names
from autograder.grading.overlays import load_misconceptions, load_variations
from autograder.grading.reference_submission import solved_cells, trained_model, write_submission
from autograder.manifest import Assignment, load_assignment
from autograder.paths import Course
from benchmarks.renaming import renamed

SEED = 231
RIGHT, ONE_MISTAKE, TWO_MISTAKES, PARTIAL, BLANK = (
    "right", "one mistake", "two mistakes", "partly done", "untouched"
)  # fmt: skip
PATTERN = (
    RIGHT, RIGHT, ONE_MISTAKE, RIGHT, RIGHT, RIGHT, PARTIAL, RIGHT, ONE_MISTAKE, RIGHT,
    RIGHT, TWO_MISTAKES, RIGHT, RIGHT, RIGHT, ONE_MISTAKE, RIGHT, RIGHT, BLANK, RIGHT,
)  # fmt: skip
# Endings of local names: `out` becomes `out_` or `my_out`, as students would have it.
STYLES = ("{}", "{}_", "my_{}", "the_{}", "{}1", "{}_val", "new_{}", "{}_arr", "tmp_{}", "_{}")


@dataclass(frozen=True)
class HandIn:
    """What one student hands in.

    Attributes
    ----------
    kind : one of those above.
    mistakes : ids of the known mistakes in it.
    cells : source of the solution cells by `grade_id`; others are stubs still.
    """

    student: str
    kind: str
    mistakes: tuple[str, ...]
    cells: Mapping[str, str]


class ClassMaker:
    """Makes the students of one course's assignment, the same ones each time."""

    def __init__(self, course: Course, assignment: str) -> None:
        self.course = course
        self.assignment: Assignment = load_assignment(course, assignment)
        self._solved = solved_cells(course, assignment)
        self._mistakes = [
            m for m in load_misconceptions(course, self.assignment) if m.task in self._solved
        ]
        self._variations = [
            parts
            for variation in load_variations(course, self.assignment)
            if (parts := _by_task(variation.source, self.assignment))
        ]

    def hand_in(self, number: int) -> HandIn:
        """Return the hand-in of student `number`, counted from 0."""
        rng = random.Random(f"{SEED} {number}")  # noqa: S311  nobody has to guess wrong
        kind = PATTERN[number % len(PATTERN)]
        mistakes = self._some_mistakes(rng, {ONE_MISTAKE: 1, TWO_MISTAKES: 2}.get(kind, 0))
        wrong = {m.task: m.code for m in mistakes}
        cells = self._solved | self._varied(rng, set(wrong)) | wrong
        style = rng.choice(STYLES)
        tasks = [task.id for task in self.assignment.tasks]
        for task in tasks:
            cells[task] = renamed(cells[task], partial(_in_style, rng.choice((style, "{}"))))
        # No two students write the same, whatever the draws above.
        cells[tasks[0]] = f"# student {number}\n{cells[tasks[0]]}"
        if kind == PARTIAL:
            cells = _first(cells, tasks, rng.randint(len(tasks) // 3, len(tasks) - 2))
        if kind == BLANK:
            cells = {}
        return HandIn(f"student{number:04}", kind, tuple(m.id for m in mistakes), cells)

    def hand_ins(self, count: int) -> Iterator[HandIn]:
        """Yield a class of `count`."""
        return map(self.hand_in, range(count))

    def write(self, hand_ins: Iterable[HandIn]) -> None:
        """Write submissions, trained models included, into the course."""
        model = trained_model(self.course)
        for hand_in in hand_ins:
            folder = self.course.submission(self.assignment.id, hand_in.student)
            write_submission(self.course, self.assignment, folder, hand_in.cells)
            for task in self.assignment.tasks:
                for name in task.files if task.id in hand_in.cells else ():
                    shutil.copyfile(model, folder / name)

    def _varied(self, rng: random.Random, taken: set[str]) -> dict[str, str]:
        """Return cells of variations that have no task in common, nor one that is taken."""
        cells: dict[str, str] = {}
        names: set[str] = set()
        for parts in rng.sample(self._variations, len(self._variations)):
            defined = defined_names("\n".join(parts.values()))
            if not taken & parts.keys() and not names & defined:
                taken |= parts.keys()
                names |= defined  # helpers too: two variations may call theirs the same
                if rng.random() < 0.5:  # the others keep the reference's way
                    cells |= parts
        return cells

    def _some_mistakes(self, rng: random.Random, count: int) -> list[Misconception]:
        chosen: list[Misconception] = []
        while len(chosen) < count:
            mistake = rng.choice(self._mistakes)
            if mistake.task not in {m.task for m in chosen}:
                chosen.append(mistake)
        return chosen


def _in_style(style: str, name: str) -> str:
    return style.format(name)


def _first(cells: Mapping[str, str], tasks: list[str], count: int) -> dict[str, str]:
    """Keep what is no task, and the first tasks: work that was begun."""
    done = tasks[:count]
    return {name: source for name, source in cells.items() if name not in tasks or name in done}


def _by_task(source: str, assignment: Assignment) -> dict[str, str]:
    """Divide a variation's definitions among the cells of their tasks.

    Helpers go before the first. Empty where that makes no cells: of variations that build on the
    reference's class, which their own takes the place of, and of other assignments'.
    """
    if "from solutions.fc_net" in source or "from __future__" in source:
        return {}
    cells: dict[str, list[str]] = {}
    helpers: list[str] = []
    for node in ast.parse(source).body[1:]:  # a docstring stands first
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("solutions"):
            continue
        text = "\n".join(source.splitlines()[_first_line(node) - 1 : node.end_lineno])
        names = defined_names(text)
        tasks = [task.id for task in assignment.tasks if names & set(task.functions)]
        if tasks:  # the last: a net of all variants has dropout, which the first notebook has not
            cells.setdefault(tasks[-1], []).append(text)
        else:
            helpers.append(text)
    order = [task.id for task in assignment.tasks if task.id in cells]
    for first in _first_of_each_notebook(assignment, order):
        cells[first] = [*helpers, *cells[first]]
    return {task: "\n\n\n".join(cells[task]) for task in order}


def _first_line(node: ast.stmt) -> int:
    decorators: list[ast.expr] = getattr(node, "decorator_list", [])
    return min([node.lineno, *(decorator.lineno for decorator in decorators)])


def _first_of_each_notebook(assignment: Assignment, tasks: list[str]) -> list[str]:
    notebooks: dict[str, str] = {}
    for task in tasks:
        notebooks.setdefault(assignment.task(task).notebook, task)
    return list(notebooks.values())
