"""The student's functions and objects as a hidden suite uses them.

`student.f(x)` calls; `net.loss(X, y)` calls a method; `net.params["W1"]` gives a value and
`net.params["W1"] = a` sets one, `assign(net.params, {...})` several; `fetch(net.params)` gives the
value of an attribute. What a call returns comes by value as far as it is plain data; everything
else stays in the worker as a `Remote`. Neither a `Remote` nor a `Path` can be compared, iterated or
turned into an array: student code never gets to decide a check.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NoReturn

import numpy as np
from numpy.typing import ArrayLike, NDArray

from autograder.sandbox.calls import Target
from autograder.sandbox.codec import Handle
from autograder.sandbox.faults import clean_name

if TYPE_CHECKING:
    from autograder.sandbox.respondent import Respondent


class Student:
    """Everything that the student's program defined, by name."""

    __slots__ = ("_worker",)

    def __init__(self, worker: Respondent) -> None:
        self._worker = worker

    def __getattr__(self, name: str) -> Path:
        if name.startswith("__"):
            raise AttributeError(name)
        if self._worker.alive and name not in self._worker.names:
            raise self._worker.missing(name)
        return Path(self._worker, (("name", name),))

    def __repr__(self) -> str:
        return "<the student's code>"


class Path:
    """The way to a value in the worker; nothing moves until it is called, fetched or indexed.

    A student's attribute called `inout` can't be reached: the name is taken.
    """

    __slots__ = ("_target", "_worker")

    def __init__(self, worker: Respondent, target: Target) -> None:
        self._worker = worker
        self._target = target

    def __call__(self, *args: object, **kwargs: object) -> Any:
        return self._worker.call(self._target, args, kwargs)

    def inout(self, *args: object, **kwargs: object) -> tuple[Any, tuple[Any, ...]]:
        """Call; return the value and the positional arguments as they are after the call."""
        value, after = self._worker.call(self._target, args, kwargs, inout=True)
        return value, after

    def __getattr__(self, name: str) -> Path:
        if name.startswith("__"):
            raise AttributeError(name)
        return Path(self._worker, (*self._target, ("attr", name)))

    def __getitem__(self, key: object) -> Any:
        return fetch(Path(self._worker, (*self._target, ("item", key))))

    def __setitem__(self, key: object, value: object) -> None:
        assign(self, {key: value})

    def __repr__(self) -> str:
        return "<a value in the worker>"

    def _refuse(self, *args: object) -> NoReturn:
        raise TypeError("this value is in the student's process; use fetch(...) to get it")

    # Reached by == and !=, if, len, for, in, float() and numpy: none may ask the student's object.
    __eq__ = __ne__ = __lt__ = __le__ = __gt__ = __ge__ = _refuse
    __bool__ = __len__ = __iter__ = __contains__ = __array__ = _refuse
    __float__ = __int__ = __index__ = _refuse
    __hash__ = object.__hash__


class Remote(Path):
    """An object that stays in the worker: a cache, a net, a function."""

    __slots__ = ("_handle",)

    def __init__(self, worker: Respondent, handle: Handle) -> None:
        super().__init__(worker, (("handle", handle.id),))
        self._handle = handle

    @property
    def remote_type(self) -> str:
        """What the worker calls the object's type; for messages only."""
        return clean_name(self._handle.type, "object")

    @property
    def handle(self) -> Handle:
        """What the worker calls the object."""
        return self._handle

    def handle_for(self, worker: Respondent) -> Handle:
        """The handle to send to `worker`, which must be the one the object lives in."""
        if worker is not self._worker:
            raise TypeError("a remote object can only be used with the worker it lives in")
        return self._handle

    def __del__(self) -> None:
        self._worker.release(self._handle.id)

    def __reduce__(self) -> tuple[type[Stayed], tuple[()]]:
        """In another process of the grader's nothing of it is left but that it was there."""
        return Stayed, ()

    def __repr__(self) -> str:
        return f"<remote {self.remote_type}>"


class Stayed:
    """In place of a `Remote` in a record that came from another process."""

    __slots__ = ()


def fetch(path: Path) -> Any:
    """Return the value that `path` leads to, as far as it is plain data."""
    return path._worker.get(path._target)


def assign(path: Path, values: Mapping[Any, object]) -> None:
    """Set items of what `path` leads to, in one message."""
    label = "setting " + ", ".join(f"item {key!r}" for key in values)
    path._worker.request("set", path._target, dict(values), label=label)


def perturb(
    net: Path, name: str, directions: NDArray[np.float64], h: float, *args: object
) -> NDArray[np.float64]:
    """Losses around the present parameters, in one message.

    Parameters
    ----------
    net : has `.params` and `.loss`.
    name, directions : where to go from `net.params[name]`; shape (n, ...) for a parameter of
        shape (...).
    h : how far.
    args : for `net.loss`; of a tuple that it returns, the first part is the loss.

    Returns
    -------
    array of shape (2, n)
        Row 0 with the parameter moved by `h` along each direction, row 1 against it.
    """
    found: ArrayLike = net._worker.perturb(net._target, name, directions, float(h), args)
    if isinstance(found, np.ndarray) and found.shape == (2, len(directions)):
        return found
    raise TypeError("the worker did not answer with two losses for each direction")
