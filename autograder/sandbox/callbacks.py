"""The worker's end of callbacks: functions that the grader answers in place of the student's."""

from __future__ import annotations

import builtins
import inspect
from collections.abc import Callable, Iterable
from typing import Any

from autograder.sandbox.channel import receive_frame, send_frame
from autograder.sandbox.codec import CALLBACK, FAULT, Handle, encode
from autograder.sandbox.requests import value_of

Function = Callable[..., object]


class Callbacks:
    """Makes the functions that take the place of replaced names, and speaks for them.

    Parameters
    ----------
    plain : maps a value that the codec does not know to one that it does; raises TypeError where
        there is none.

    Attributes
    ----------
    nonce : of the request that is being answered; without it the grader refuses a callback.
    """

    def __init__(self, descriptor: int, plain: Callable[[Any], object]) -> None:
        self.nonce = 0
        self._descriptor = descriptor
        self._plain = plain
        self._functions: dict[str, Function] = {}
        self._signatures: dict[str, inspect.Signature] = {}

    def replace(self, names: Iterable[str]) -> None:
        """Let `names` be answered by the grader."""
        self._functions = {name: self._function(name) for name in names}

    def rebind(self, namespace: dict[str, Any]) -> None:
        """Put the replaced functions where a namespace binds something else to their names."""
        for name, function in self._functions.items():
            own = namespace.get(name, function)
            if own is not function:
                self._learn(name, own)
                namespace[name] = function

    def bind(self, namespace: dict[str, Any]) -> None:
        """Put all replaced functions into a namespace."""
        self.rebind(namespace)
        namespace.update(self._functions)

    def _learn(self, name: str, own: object) -> None:
        """Note how the student's own function calls its parameters: they may be given by name."""
        try:
            self._signatures[name] = inspect.signature(own)  # type: ignore[arg-type]
        except BaseException:  # noqa: BLE001  no function, or a `__signature__` of the student's
            self._signatures.pop(name, None)

    def _function(self, name: str) -> Function:
        def replaced(*args: object, **kwargs: object) -> object:
            return self._ask(name, self._positional(name, args, kwargs))

        replaced.__name__ = replaced.__qualname__ = name
        return replaced

    def _positional(
        self, name: str, args: tuple[object, ...], kwargs: dict[str, object]
    ) -> list[object]:
        if not kwargs:
            return list(args)
        if name not in self._signatures:
            raise TypeError(f"{name}() is not defined here: call it with positional arguments only")
        bound = self._signatures[name].bind(*args, **kwargs)
        if bound.kwargs:  # behind a parameter that was not given
            bound.apply_defaults()
        if bound.kwargs:
            raise TypeError(f"{name}() is called with more keyword arguments than it should take")
        return list(bound.args)

    def _ask(self, name: str, args: list[object]) -> object:
        try:
            frame = encode(CALLBACK, [name, args], self.nonce, self._plain)
        except TypeError as error:
            raise TypeError(f"{name}() takes arrays, numbers, tuples and dicts; {error}") from None
        send_frame(self._descriptor, frame)
        prefix, tree, arrays = receive_frame(self._descriptor)
        answer = value_of(tree, iter(arrays), _refuse_handle)
        if prefix.kind == FAULT:
            raise _exception(*answer)
        return answer


def _refuse_handle(handle: Handle) -> None:
    raise TypeError("an answer holds plain values only")


def _exception(etype: str, message: str) -> Exception:
    """The builtin exception of that name, or a RuntimeError."""
    kind = getattr(builtins, etype, None)
    if isinstance(kind, type) and issubclass(kind, Exception):
        try:
            return kind(message.removeprefix(f"{etype}: "))
        except TypeError:  # one that takes other arguments
            pass
    return RuntimeError(message)
