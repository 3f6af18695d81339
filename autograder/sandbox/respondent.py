"""What can be asked of a student's code, whoever answers for it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from typing import Any

from autograder.sandbox.calls import Call, Request, Target, label_of
from autograder.sandbox.codec import Handle
from autograder.sandbox.dtypes import Array
from autograder.sandbox.faults import StudentError, StudentFault
from autograder.sandbox.proxy import Remote, Student

Note = Callable[[str, tuple[object, ...], object], None]


class Respondent(ABC):
    """A worker with a student's code in it, or what one has answered before.

    Attributes
    ----------
    student : the student's names, to be called: `worker.student.affine_forward(x, w, b)`.
    names : name -> "function", "class" or "other"; filled by `load_program`.
    missed : whether a name was wanted that is not among these.
    record : is told of every call, reading and perturbation, see `Call`; may be None.
    note : is told operation, arguments and outcome of every request, and what names are not there;
        may be None.
    """

    def __init__(self) -> None:
        self.student = Student(self)
        self.names: dict[str, str] = {}
        self.missed = False
        self.record: Callable[[Call], None] | None = None
        self.note: Note | None = None

    @property
    @abstractmethod
    def alive(self) -> bool:
        """Whether requests are still answered."""

    @abstractmethod
    def ask(self, request: Request) -> Any:
        """Answer a request, see `request`."""

    @abstractmethod
    def reject(self, label: str) -> StudentFault:
        """Answer no more, because of what was sent; return the fault to raise."""

    @abstractmethod
    def release(self, handle_id: int) -> None:
        """Know that nobody holds the proxy of a value any more."""

    def remote(self, handle: Handle) -> Remote:
        """The proxy of a value that stays in the worker."""
        return Remote(self, handle)

    def sendable(self, value: Any) -> Handle:
        """The handle of a proxy; raises TypeError for all else."""
        if isinstance(value, Remote):
            return value.handle_for(self)
        raise TypeError(f"a value of type {type(value).__name__} cannot be sent to a worker")

    def missing(self, name: str) -> StudentError:
        """Know that a name was wanted that is not there; return the fault to raise."""
        self.missed = True
        fault = StudentError(f"{name} is not defined", "NameError")
        if self.note is not None:
            self.note("name", (name,), fault)
        return fault

    def call(
        self,
        path: Target,
        args: tuple[object, ...],
        kwargs: dict[str, object],
        *,
        inout: bool = False,
    ) -> Any:
        """Call what `path` leads to; with `inout` return (value, arguments after the call)."""
        given = (*args, kwargs) if kwargs else args
        operation = "inout" if inout else "call"
        return self._recorded(operation, path, given, lambda: self._call(path, args, kwargs, inout))

    def _call(
        self, path: Target, args: tuple[object, ...], kwargs: dict[str, object], inout: bool
    ) -> Any:
        label = label_of(path)
        value = self.request("call", path, list(args), kwargs, inout, label=label)
        if not inout:
            return value
        if type(value) is not list or len(value) != 2 or type(value[1]) is not list:
            raise self.reject(label)
        return value[0], tuple(value[1])

    def call_plain(self, name: str, args: Sequence[object]) -> Any:
        """Call a function; all that it returns comes by value, nested tuples and dicts too.

        Raises
        ------
        StudentFault
            As for `call`. Values that are too large, or that can't be sent by value, are a
            StudentError too: the arguments may come from another worker.
        """
        path: Target = (("name", name),)
        label = label_of(path)
        try:
            return self.request("call_plain", path, list(args), label=label, handles=False)
        except ValueError as error:
            raise StudentError(f"{label} got too much: {error}", "ValueError") from None

    def get(self, path: Target) -> Any:
        """Read the value that `path` leads to."""
        return self._recorded(
            "get", path, (), lambda: self.request("get", path, label="reading a value")
        )

    def perturb(
        self,
        net: Target,
        name: str,
        directions: Array,
        h: float,
        args: tuple[object, ...],
    ) -> Any:
        """Losses of `net` around its parameters, see `proxy.perturb`."""
        array = (*net, ("attr", "params"), ("item", name))
        loss = (*net, ("attr", "loss"))
        request = (array, loss, directions, h, list(args))
        return self._recorded(
            "perturb",
            net,
            (name, directions, h, *args),
            lambda: self.request("perturb", *request, label="loss()"),
        )

    def _recorded(
        self,
        operation: str,
        path: Target,
        arguments: tuple[object, ...],
        ask: Callable[[], Any],
    ) -> Any:
        """Return what `ask` returns; record it, or the fault that it raises."""
        record = self.record or (lambda call: None)
        try:
            outcome = ask()
        except StudentFault as fault:
            record(Call(operation, path, arguments, fault))
            raise
        record(Call(operation, path, arguments, outcome))
        return outcome

    def request(self, operation: str, *arguments: object, label: str, handles: bool = True) -> Any:
        """Ask for one operation; `label` names it in a fault's sentence.

        `handles` says whether values may stay in the worker.

        Raises
        ------
        StudentFault
            If there is no answer. After all but a StudentError the worker is gone.
        """
        note = self.note or (lambda *_: None)
        try:
            outcome = self.ask(Request(operation, arguments, label, handles=handles))
        except StudentFault as fault:
            note(operation, arguments, fault)
            raise
        note(operation, arguments, outcome)
        return outcome
