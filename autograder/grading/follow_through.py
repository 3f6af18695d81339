"""Correct functions in place of a student's own, for follow-through marking.

One mistake should cost once: a net whose layers are wrong is judged again with correct ones. The
student's process never holds the reference's source. A call of a replaced function comes back to
the grader, which passes it on to a worker of its own that holds the reference: what a student sends
there (huge arrays, nonsense) meets the same limits of time and memory as everything of a student's.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from inspect import isfunction
from types import SimpleNamespace

from autograder.grading.random_traces import draws_mask
from autograder.manifest import Assignment, Task, load_assignment
from autograder.paths import Course
from autograder.program import Program
from autograder.sandbox import Sandbox, StudentError, StudentFault, Worker, load_program

LOST = "the correct function could not work with these arguments"


def replaced_functions(
    course: Course, assignment: Assignment, reference: SimpleNamespace
) -> dict[str, frozenset[str]]:
    """By task id, what correct functions take the place of when the task is judged again.

    These are the functions of the tasks that it needs, and those that the course gives to students
    (a loss, a sandwich layer), which they may have changed. Classes are not replaced: a net is an
    object in the student's process.
    """
    functions = {name for name, value in vars(reference).items() if isfunction(value)}
    every = [t for name in course.assignments() for t in load_assignment(course, name).tasks]
    given = functions.difference(*(task.functions for task in every))
    found = {}
    for task in assignment.tasks:
        needed = {name for need in task.needs for name in assignment.task(need).functions}
        if needed & functions:
            found[task.id] = frozenset((needed & functions) | given)
    return found


def draw_numbers(functions: Collection[str]) -> bool:
    """Whether any of these functions draws random numbers."""
    return any(draws_mask(f".{name}") for name in functions)


class CorrectLayers:
    """Answers calls of replaced functions; one for each running submission.

    Parameters
    ----------
    program : the reference as a program.
    functions : by task id, the functions to replace when that task is judged.
    """

    def __init__(
        self, sandbox: Sandbox, program: Program, functions: Mapping[str, Collection[str]]
    ) -> None:
        self._sandbox = sandbox
        self._program = program
        self._functions = functions
        self._worker: Worker | None = None
        self._seed = 0

    def replaced(self, task: Task) -> Collection[str]:
        """Names that come from here while `task` is judged."""
        return self._functions.get(task.id, ())

    def draw(self, task: Task) -> bool:
        """Whether any of the functions draws random numbers while `task` is judged."""
        return draw_numbers(self.replaced(task))

    def seed(self, number: int) -> None:
        """Begin a check: what the functions draw depends on `number` alone."""
        self._seed = number
        if self._worker is not None and self._worker.alive:
            self._begin(self._worker)

    def answer(self, name: str, arguments: list[object]) -> object:
        """Call the reference's function `name`.

        Raises
        ------
        StudentError
            If it raises, or does not get done with these arguments.
        """
        if self._worker is None or not self._worker.alive:
            self._worker = load_program(self._sandbox, self._program, 0).worker
            self._begin(self._worker)
        try:
            return self._worker.call_plain(name, arguments)
        except StudentError:
            raise
        except StudentFault:
            raise StudentError(LOST, "RuntimeError") from None

    def _begin(self, worker: Worker) -> None:
        # It serves many checks; what bounds each of them is the time of the student's own process.
        worker.budget = worker.seconds_used + self._sandbox.limits.task_seconds
        worker.seed(self._seed)

    def close(self) -> None:
        """End the worker."""
        if self._worker is not None:
            self._worker.close()
            self._worker = None
