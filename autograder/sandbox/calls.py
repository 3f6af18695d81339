"""What was asked of a student's code and what came back: one record for each request of a check."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

# ("name", "f") or ("handle", 7), then ("attr", "params") and ("item", "W1") steps.
Target = tuple[tuple[str, object], ...]
# By name of a function or class, other names for keyword arguments of its calls.
Renames = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True)
class Call:
    """One request and its outcome. The values are those of the check, not copies of them.

    Attributes
    ----------
    operation : "call", "inout", "get" or "perturb".
    path : what was called or read; of "perturb", the net.
    arguments : the positional arguments, then the keyword arguments as a dict if there are any, as
        the check gave them; of "perturb" name, directions, step and what the loss was called with.
    outcome : the value that the check gets, or the `StudentFault` that it sees; of "inout", the
        returned value and the arguments after the call.
    """

    operation: str
    path: Target
    arguments: tuple[object, ...]
    outcome: object


@dataclass(frozen=True)
class Request:
    """What is asked of a worker, or of what one answered before.

    Attributes
    ----------
    operation, arguments : see `Server` in `worker.py`.
    label : names it in a fault's sentence.
    seconds : wall seconds for it; the course's limit for a call if None.
    handles : whether values may stay in the worker.
    """

    operation: str
    arguments: tuple[object, ...]
    label: str
    seconds: float | None = None
    handles: bool = True


def label_of(path: Target) -> str:
    """`FullyConnectedNet.loss()` for a path, in the student's terms."""
    names = [str(key) for kind, key in path if kind in ("name", "attr")]
    return f"{'.'.join(names)}()" if names else "the call"


def renamed(operation: str, arguments: Sequence[Any], renames: Renames) -> Sequence[Any]:
    """The arguments of a request in the student's words."""
    if operation != "call" or not renames:
        return arguments
    path, args, kwargs, inout = arguments
    (kind, name), *steps = path
    if kind != "name" or steps:
        return arguments
    names = renames.get(str(name), {})
    return path, args, {names.get(key, key): value for key, value in kwargs.items()}, inout
