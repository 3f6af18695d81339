"""Runs a student's program in a worker, without the statements that hang or kill it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from autograder.program import FOREIGN, Outcome, Program, Statement
from autograder.sandbox.faults import StudentError, StudentFault, StudentTimeout, read_error
from autograder.sandbox.launcher import Sandbox
from autograder.sandbox.link import Answer
from autograder.sandbox.process import Worker
from autograder.settings import Limits

MAX_CULPRITS = 3
DEFINITIONS = ("def ", "class ", "import ", "from ", "async def ", "@")
KINDS = ("function", "class", "other")
LABEL = "the statement"


@dataclass(frozen=True)
class Loaded:
    """A worker with a program in it.

    Attributes
    ----------
    outcomes : what became of each statement of the program, in order.
    program : the statements that ran (raised or not), to load again without searching.
    """

    worker: Worker
    outcomes: tuple[Outcome, ...]
    program: Program


def load_program(
    sandbox: Sandbox,
    program: Program,
    seed: int,
    *,
    replaced: Collection[str] = (),
    answer: Answer | None = None,
) -> Loaded:
    """Run all statements in a new worker, in one message; each module is a namespace of its own.

    A statement that raises is recorded and the rest goes on. If the worker hangs or dies, a new
    one gets the statements one by one, and the one it ends in is left out. Every attempt has
    `call_seconds`; behind `MAX_CULPRITS` of them only definitions and imports are tried, behind one
    more nothing, and if even then the worker ends, nothing of the program is run.

    Parameters
    ----------
    replaced : names that are functions of the grader's in every namespace of the program, whatever
        the program binds them to; they may be called while it is loaded.
    answer : answers the calls of these: called with a name and the positional arguments, all of
        them plain values, it returns one. A StudentError that it raises is raised in the worker.
    """
    search = _Search(program, sandbox.limits)
    attempt = _run_at_once
    while True:
        worker = sandbox.spawn(budget=sandbox.limits.call_seconds)
        worker.cells = frozenset(statement.where for statement in program)
        worker.replace(replaced, answer)
        try:
            _prepare(worker, search, replaced)
            worker.seed(seed)
            ran = attempt(worker, search)
            worker.names = _begin(worker)
        except _Culprit as found:
            search.blame(found.index, found.fault)
        except StudentFault as fault:
            # One by one they all ran, and the worker ended nevertheless: any may be to blame.
            if attempt is _run_one_by_one:
                search.leave_out(search.usable(), fault, "its process ended after loading")
        else:
            worker.budget = sandbox.limits.task_seconds
            return _loaded(worker, search, ran)
        worker.close()
        attempt = _run_one_by_one


def run_more(worker: Worker, statements: Program) -> tuple[Outcome, ...]:
    """Run statements in a worker with a program in it.

    Raises
    ------
    StudentFault
        If the worker ends.
    """
    return tuple(_load(worker, statements))


def load_behind(worker: Worker, there: Program, more: Program) -> tuple[Outcome, ...] | None:
    """Run statements behind a program that is in use, as if all had been loaded together.

    None where that can't be told: a module is missing, what was asked of the program since then has
    left more names in it, or one of the statements raises or ends the worker. A new worker for all
    of them finds out.
    """
    modules = {statement.module for statement in there}
    if not modules.issuperset(statement.module for statement in more):
        return None
    try:
        if worker.request("resume", label=LABEL) != worker.names:
            return None
        worker.cells |= {statement.where for statement in more}
        worker.seed(0)
        outcomes = run_more(worker, more)
        worker.names = _begin(worker)
    except StudentFault:
        return None
    return outcomes if all(outcome.status == "ok" for outcome in outcomes) else None


class _Culprit(Exception):
    """A worker ended in one statement."""

    def __init__(self, index: int, fault: StudentFault) -> None:
        self.index, self.fault = index, fault


@dataclass
class _Search:
    """Which statements of a program have been left out so far."""

    program: Program
    limits: Limits
    left_out: dict[int, Outcome] = field(default_factory=dict)
    culprits: int = 0

    def usable(self) -> list[int]:
        return [index for index in range(len(self.program)) if index not in self.left_out]

    def blame(self, culprit: int, fault: StudentFault) -> None:
        """Leave a statement out, and after too many of them others too."""
        message = f"{fault.sentence}; it was left out"
        if isinstance(fault, StudentTimeout):
            seconds = self.limits.call_seconds
            message = f"the cells did not get past {LABEL} within {seconds:g} s; it was left out"
        self.leave_out([culprit], fault, message)
        self.culprits += 1
        more = [index for index in self.usable() if self._give_up_on(index, culprit)]
        self.leave_out(more, fault, f"left out: {self.culprits} other statements hung or crashed")

    def leave_out(self, indices: list[int], fault: StudentFault, message: str) -> None:
        status = "timeout" if isinstance(fault, StudentTimeout) else "died"
        for index in indices:
            self.left_out[index] = Outcome(self.program[index], status, message)

    def _give_up_on(self, index: int, culprit: int) -> bool:
        if self.culprits == MAX_CULPRITS:
            return index > culprit and not self.program[index].source.startswith(DEFINITIONS)
        if self.culprits == MAX_CULPRITS + 1:
            return index > culprit
        return self.culprits > MAX_CULPRITS


def _loaded(worker: Worker, search: _Search, ran: dict[int, Outcome]) -> Loaded:
    outcomes = {**search.left_out, **ran}
    return Loaded(
        worker,
        tuple(outcomes[index] for index in range(len(search.program))),
        tuple(search.program[index] for index in sorted(ran)),
    )


def _run_at_once(worker: Worker, search: _Search) -> dict[int, Outcome]:
    indices = search.usable()
    statements = [search.program[index] for index in indices]
    return dict(zip(indices, _load(worker, statements), strict=True))


def _run_one_by_one(worker: Worker, search: _Search) -> dict[int, Outcome]:
    """Run each by itself; `_Culprit` names the one that the worker ends in."""
    ran: dict[int, Outcome] = {}
    for index in search.usable():
        try:
            (ran[index],) = _load(worker, [search.program[index]])
        except StudentFault as fault:
            raise _Culprit(index, fault) from None
    return ran


def _prepare(worker: Worker, search: _Search, replaced: Collection[str]) -> None:
    """Announce the modules, which may import each other in any order."""
    modules = {search.program[index].module for index in search.usable()} - {""}
    names = [sorted(modules), sorted(FOREIGN), sorted(replaced)]
    worker.request("prepare", *names, label=LABEL)


def _load(worker: Worker, statements: Sequence[Statement]) -> list[Outcome]:
    rows = [[s.source, s.where, s.line, s.module] for s in statements]
    errors = worker.request("load", rows, label=LABEL)
    if type(errors) is not list or len(errors) != len(statements):
        raise worker.reject(LABEL)
    return [_outcome(worker, *pair) for pair in zip(statements, errors, strict=True)]


def _outcome(worker: Worker, statement: Statement, error: object) -> Outcome:
    if error is None:
        return Outcome(statement, "ok")
    fault = read_error(error, known=())
    if not isinstance(fault, StudentError):
        raise worker.reject(LABEL)
    return Outcome(statement, "failed", fault.sentence)


def _begin(worker: Worker) -> dict[str, str]:
    """End loading; return the names and their kinds."""
    names = worker.request("begin", label=LABEL)
    if type(names) is not dict:
        raise worker.reject(LABEL)
    for name, kind in names.items():
        if type(name) is not str or type(kind) is not str or kind not in KINDS:
            raise worker.reject(LABEL)
    return names
