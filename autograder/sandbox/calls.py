"""What was asked of a student's code and what came back: one record for each request of a check."""

from __future__ import annotations

from dataclasses import dataclass

# ("name", "f") or ("handle", 7), then ("attr", "params") and ("item", "W1") steps.
Target = tuple[tuple[str, object], ...]


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


def label_of(path: Target) -> str:
    """`FullyConnectedNet.loss()` for a path, in the student's terms."""
    names = [str(key) for kind, key in path if kind in ("name", "attr")]
    return f"{'.'.join(names)}()" if names else "the call"
