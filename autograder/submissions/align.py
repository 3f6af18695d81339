"""Which cell of a student's notebook is which cell of the release.

What the file says about itself (grade ids, cell ids) is a hint: other editors drop it, students
duplicate and change it. A task's cell must define the task's functions; that decides.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from autograder.manifest import Task
from autograder.submissions.cells import Cell
from autograder.submissions.names import guessed
from autograder.submissions.parse import Piece
from autograder.submissions.release import Release, ReleaseCell
from autograder.submissions.text import enumerated, same_prose

Code = Mapping[int, tuple[Piece, ...]]  # top-level statements by a cell's place in the notebook


@dataclass(frozen=True)
class Alignment:
    """Places below index the student's cells, release indices the release's.

    Attributes
    ----------
    tasks : task id to the place of the cell that counts for it; two tasks may share a cell.
    cells : release index to place, for every release cell that was found again.
    copies : places of cells of which the master counts: given and check cells.
    more : release index of a question to places of cells in which its answer goes on.
    problems : sentences without the notebook's name.
    """

    tasks: Mapping[str, int]
    cells: Mapping[int, int]
    copies: frozenset[int]
    more: Mapping[int, tuple[int, ...]]
    problems: tuple[str, ...]


def align(release: Release, cells: Sequence[Cell], code: Code) -> Alignment:
    """Find the release's cells again: tasks first, then by ids, then by text, then by place."""
    aligner = _Aligner(release, cells, code)
    aligner.place_tasks()
    aligner.place_by_grade_id()
    aligner.place_by_cell_id()
    aligner.place_by_text()
    aligner.place_exercises()
    aligner.place_answers()
    return aligner.result()


def bound_names(pieces: Sequence[Piece]) -> frozenset[str]:
    """Names for which a cell defines functions or classes."""
    return frozenset[str]().union(*(piece.defined for piece in pieces))


class _Aligner:
    """The state of one alignment; each method places more of the release's cells."""

    def __init__(self, release: Release, cells: Sequence[Cell], code: Code) -> None:
        self.release, self.student, self.code = release, cells, code
        self.names = {place: bound_names(pieces) for place, pieces in code.items()}
        self.keys = [cell.key for cell in cells]
        self.by_grade_id: dict[str, list[int]] = {}
        for place, cell in enumerate(cells):
            self.by_grade_id.setdefault(cell.grade_id, []).append(place)
        self.marked = any(self.by_grade_id)
        self.tasks: dict[str, int] = {}
        self.cells: dict[int, int] = {}
        self.used: set[int] = set()
        self.copies: set[int] = set()
        self.more: dict[int, tuple[int, ...]] = {}
        self.problems: list[str] = []

    def result(self) -> Alignment:
        return Alignment(
            self.tasks, self.cells, frozenset(self.copies), self.more, tuple(self.problems)
        )

    def place_tasks(self) -> None:
        if not self.marked:
            self.problems.append(
                "the marks that say which cell is which are gone (some editors drop them); "
                "answers were found by the names of their functions and by their places"
            )
        homes = {cell.grade_id: cell for cell in self.release.of("task")}
        for task in self.release.tasks:
            stub = homes.get(task.id)
            place = self._task_place(task, stub.key if stub else "")
            if place is None:
                continue
            self.tasks[task.id] = place
            if stub and place not in self.used:
                self.cells[stub.index] = place
            self.used.add(place)

    def _task_place(self, task: Task, stub_key: str) -> int | None:
        """Choose the cell that counts: changed before untouched, then marked, then the last."""
        functions = set(task.functions)
        marked = self.by_grade_id.get(task.id, [])
        defining = [p for p, names in self.names.items() if functions & names]
        if not defining:
            names = " and ".join(task.functions)
            self.problems.append(f"no cell defines {names}")
            return marked[-1] if marked else None
        place = max(
            defining,
            key=lambda p: (
                self.keys[p] != stub_key,
                p in marked,
                len(functions & self.names[p]),
                p,
            ),
        )
        self._explain(task, place, marked, defining)
        return place

    def _explain(self, task: Task, place: int, marked: list[int], defining: list[int]) -> None:
        number = self.student[place].number
        rivals = [p for p in defining if self.keys[p] != self.keys[place]]
        if place not in marked and self.marked:
            self.problems.append(
                f"cell {number} counts for {task.id}; it was found by the name of its function"
            )
        elif len(marked) > 1:
            numbers = enumerated([self.student[p].number for p in marked])
            self.problems.append(
                f"cells {numbers} are all marked as the answer to {task.id}; cell {number} counts"
            )
        elif rivals:
            numbers = enumerated([self.student[p].number for p in rivals])
            plural = len(rivals) > 1
            self.problems.append(
                f"cell{'s' * plural} {numbers} define{'s' * (not plural)} "
                f"{' and '.join(task.functions)} again; cell {number} counts"
            )
        if self.student[place].kind != "code":
            self.problems.append(f"cell {number} is not a code cell; it was read as one")

    def place_by_grade_id(self) -> None:
        for cell in self.release.of("given", "check", "exercise", "question"):
            marked = self.by_grade_id.get(cell.grade_id, ())
            places = [place for place in marked if place not in self.used]
            if places:
                self._place(cell, self._pick(cell, places))
            if cell.locked:
                self.copies.update(places)
                self.used.update(places)

    def _pick(self, cell: ReleaseCell, places: list[int]) -> int:
        """The last one that was worked on, else the last."""
        if len(places) == 1:
            return places[0]
        touched = [p for p in places if not same_prose(self.student[p].source, cell.source)]
        place = (touched or places)[-1]
        if cell.role == "question":
            numbers = enumerated([self.student[p].number for p in places])
            self.problems.append(
                f"cells {numbers} are all marked as the answer to {cell.grade_id}; "
                f"cell {self.student[place].number} counts"
            )
        return place

    def place_by_cell_id(self) -> None:
        places: dict[str, int | None] = {}
        for place, student in enumerate(self.student):
            places[student.cell_id] = None if student.cell_id in places else place
        for cell in self._missing():
            found = places.get(cell.cell_id)
            if cell.cell_id and found is not None and self._fits(cell, found):
                self._place(cell, found)

    def place_by_text(self) -> None:
        by_text: dict[str, list[int]] = {}
        for place, student in enumerate(self.student):
            if not student.blank:
                by_text.setdefault(self.keys[place], []).append(place)
        for cell in self._missing():
            places = by_text.get(cell.key, [])
            free = [place for place in places if self._fits(cell, place)]
            if free:
                self._place(cell, free[0])

    def place_exercises(self) -> None:
        """Find worked-on exercises by the functions that their stubs define."""
        for cell in self._missing():
            if cell.role == "exercise":
                functions = set(guessed(cell.source))
                places = [p for p, names in self.names.items() if names & functions]
                free = [place for place in places if self._fits(cell, place)]
                if free:
                    self._place(cell, free[-1])

    def _missing(self) -> list[ReleaseCell]:
        """Release cells not found so far; a task that no cell answers is none to look for."""
        return [c for c in self.release.cells if c.index not in self.cells and c.role != "task"]

    def _fits(self, cell: ReleaseCell, place: int) -> bool:
        return place not in self.used and self.student[place].kind == cell.kind

    def _place(self, cell: ReleaseCell, place: int) -> None:
        self.cells[cell.index] = place
        self.used.add(place)
        if cell.locked:
            self.copies.add(place)

    def place_answers(self) -> None:
        """Give prose without a place to the question above it: an answer in a cell of its own."""
        for cell in self.release.of("question"):
            found = cell.index in self.cells
            start = self.cells[cell.index] if found else self._place_before(cell.index)
            follow = self._prose_after(start)
            if not found and self._next_is_missing_too(cell):
                follow = follow[:1]
            if not found and not follow:
                self.problems.append(f"the answer cell of {cell.grade_id} is not there")
                continue
            if follow and self.marked:
                self.problems.append(f"{self._cells(follow)} the answer to {cell.grade_id}")
            if not found:
                self._place(cell, follow.pop(0))
            self.more[cell.index] = tuple(follow)
            self.used.update(follow)

    def _cells(self, places: list[int]) -> str:
        numbers = enumerated([self.student[place].number for place in places])
        return f"cells {numbers} count as" if len(places) > 1 else f"cell {numbers} counts as"

    def _place_before(self, index: int) -> int:
        """The place of the nearest release cell above `index` that was found, or -1."""
        above = [found for found in self.cells if found < index]
        return self.cells[max(above)] if above else -1

    def _prose_after(self, place: int) -> list[int]:
        """Places of the unbroken run of prose after `place` that belongs to no release cell."""
        ids = {cell.grade_id for cell in self.release.cells if cell.grade_id}
        run = []
        for following in range(place + 1, len(self.student)):
            student = self.student[following]
            if following in self.used or student.kind == "code":
                break
            if not student.blank and student.grade_id not in ids:
                run.append(following)
        return run

    def _next_is_missing_too(self, cell: ReleaseCell) -> bool:
        """Whether another lost question follows with nothing found in between."""
        for later in self.release.cells[cell.index + 1 :]:
            if later.index in self.cells:
                return False
            if later.role == "question":
                return True
        return False
