"""Answers the grader's requests by running a student's code. The only file that does.

Nothing here is relied on for security: student code runs in this very process and can rewrite all
of it. What protects the grader is the lockdown before and the strict decoding on the other side.
"""

from __future__ import annotations
import __future__

import io
import linecache
import os
import random
import re
import sys
import traceback
import types
import warnings
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from autograder.sandbox.callbacks import Callbacks
from autograder.sandbox.channel import receive_frame, send_frame
from autograder.sandbox.codec import FAULT, REPLY, encode
from autograder.sandbox.compiled import code_of
from autograder.sandbox.dtypes import Array
from autograder.sandbox.kept import Kept, plain
from autograder.sandbox.modules import Modules
from autograder.sandbox.probe import escapes
from autograder.sandbox.requests import requests_in, value_of
from autograder.sandbox.standins import Phase, StandIn

MODULE = "<submission>"  # no file or folder of a student's can have this name
FUTURE_FLAGS = sum(getattr(__future__, name).compiler_flag for name in __future__.all_feature_names)
Error = list[object]
HANDLES = re.compile(r"\s*(?:try|with)\b")


class Silence(io.TextIOBase):
    """What students print goes nowhere; the grader does not look at it."""

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        return len(text)


class Server:
    """One worker: the student's modules, and the values that stay here under a handle.

    Attributes
    ----------
    operations : what can be asked for, by name.
    """

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._module = types.ModuleType(MODULE)
        self._modules = Modules(self._module)
        self._callbacks = Callbacks(descriptor, plain)
        self._future: dict[str, int] = {}
        self._lines: dict[str, list[str]] = {}
        self._kept = Kept()
        self.operations: dict[str, Callable[..., object]] = {
            "escapes": escapes,
            "prepare": self.prepare,
            "load": self.load,
            "begin": self.begin,
            "resume": self.resume,
            "call": self.call,
            "call_plain": self.call_plain,
            "get": self.resolve,
            "set": self.set,
            "perturb": self.perturb,
            "perform": self.perform,
        }

    def serve(self) -> None:
        """Answer requests until the grader hangs up."""
        sys.modules[MODULE] = sys.modules["__main__"] = self._module
        sys.stdout = sys.stderr = Silence()
        warnings.simplefilter("ignore")
        while True:
            try:
                prefix, tree, arrays = receive_frame(self._descriptor)
            except EOFError:
                os._exit(0)
            self._callbacks.nonce = prefix.nonce
            send_frame(self._descriptor, self._answer(prefix.nonce, tree, arrays))

    def _answer(self, nonce: int, tree: object, arrays: list[Array]) -> list[memoryview]:
        try:
            request = value_of(tree, iter(arrays), self._kept.value)
            released, seed, operation, *arguments = request
            self._kept.forget(released)
            if seed is not None:
                reseed(seed)
            result = self.operations[operation](*arguments)
            by_value = operation == "call_plain"
            return encode(REPLY, result, nonce, plain if by_value else self._kept.adopt)
        except BaseException as error:  # noqa: BLE001  SystemExit and KeyboardInterrupt too
            return encode(FAULT, describe(error), nonce)

    # ---- operations

    def prepare(self, modules: list[str], foreign: list[str], replaced: list[str]) -> None:
        """Make the program's modules and the functions that the grader answers."""
        self._modules.create(modules, foreign)
        self._callbacks.replace(replaced)

    def load(self, statements: list[list[Any]]) -> list[Error | None]:
        """Run [source, where, line, module] one by one; an error of each, or None."""
        for source, where, line, _ in statements:
            self._add_lines(source, where, line)
        for where in {where for _, where, _, _ in statements}:
            # Tracebacks and `inspect` find the statements' lines there.
            lines = self._lines[where]
            linecache.cache[where] = (sum(map(len, lines)), None, lines, where)
        return [self._run(*statement) for statement in statements]

    def _run(self, source: str, where: str, line: int, module: str) -> Error | None:
        namespace = self._modules.namespace(module, where)
        try:
            future = self._future.get(module, 0)
            code = code_of(source, where, line, future)
            # In `try: import x` the student has an answer of their own to a missing module.
            Phase.make_standins = not HANDLES.match(source)
            self._future[module] = future | code.co_flags & FUTURE_FLAGS
            exec(code, namespace)
        except BaseException as error:  # noqa: BLE001  a stray exit() must not stop the rest
            return describe(error)
        finally:
            self._callbacks.rebind(namespace)
        return None

    def _add_lines(self, source: str, where: str, line: int) -> None:
        """Note a statement's lines in its cell."""
        lines = self._lines.setdefault(where, [])
        lines += ["\n"] * (line - 1 - len(lines))
        new = [f"{text}\n" for text in source.split("\n")]
        there = len(lines) - (line - 1)
        for number, text in enumerate(new[:there], line - 1):
            # An import that is ascribed to the line of a definition does not hide it.
            if lines[number] == "\n":
                lines[number] = text
        lines += new[there:]

    def begin(self) -> dict[str, str]:
        """End loading: stand-ins raise from now on. Return the kind of each name."""
        self._modules.settle()
        for namespace in self._modules.namespaces():
            self._callbacks.bind(namespace)
        Phase.loading = False
        return self._names()

    def _names(self) -> dict[str, str]:
        return {
            name: kind_of(value)
            for name, value in self._module.__dict__.items()
            if not name.startswith("__")
        }

    def resume(self) -> dict[str, str]:
        """Begin to load more: stand-ins are inert again. Return the kind of each name so far."""
        Phase.loading = True
        return self._names()

    def call(self, path: list[Any], args: list[Any], kwargs: dict[str, Any], inout: bool) -> object:
        result = self._kept.by_value(self.resolve(path)(*args, **kwargs))
        return [result, args] if inout else result

    def call_plain(self, path: list[Any], args: list[Any]) -> object:
        return self.resolve(path)(*args)

    def set(self, path: list[Any], values: dict[Any, object]) -> None:
        items = self.resolve(path)
        for key, value in values.items():
            items[key] = value

    def perturb(
        self,
        array: list[Any],
        function: list[Any],
        directions: Array,
        step: float,
        args: list[Any],
    ) -> Array:
        """Values of `function(*args)`, shape (2, n), with array + step * direction and - that."""
        point = self.resolve(array)
        call = self.resolve(function)
        before = point.copy()
        values = np.empty((2, len(directions)))
        for column, direction in enumerate(directions):
            for row, sign in enumerate((1, -1)):
                point[...] = before + sign * step * direction
                result = call(*args)
                loss = result[0] if isinstance(result, tuple | list) else result
                values[row, column] = np.asarray(loss).item()
        point[...] = before
        return values

    def perform(self, scripts: list[list[Any]]) -> list[Array]:
        """Answer all requests of some checks, each with a seed and handles of its own."""
        before = self._kept
        try:
            return [self._perform(seed, script) for seed, script in scripts]
        finally:
            self._kept = before

    def _perform(self, seed: int, script: Array) -> Array:
        self._kept = Kept()
        reseed(seed)
        answers: list[bytes] = []
        for tree, arrays in requests_in(script.data):
            try:
                part = partial(self._kept.part, answers)
                operation, *arguments = value_of(tree, arrays, part)
                result = self.operations[operation](*arguments)
                answers.append(b"".join(encode(REPLY, result, 0, self._kept.adopt)))
            except BaseException as error:  # noqa: BLE001  SystemExit and KeyboardInterrupt too
                answers.append(b"".join(encode(FAULT, describe(error))))
                break
        return np.frombuffer(b"".join(answers), np.uint8)

    def resolve(self, path: list[Any]) -> Any:
        """Follow a path: a name or handle, then attributes and items."""
        (kind, key), *steps = path
        if kind == "name":
            value: Any = self._module.__dict__[key]
        else:
            value = self._kept.values[key] if kind == "handle" else key  # an "answer" is itself
        for step, name in steps:
            value = getattr(value, name) if step == "attr" else value[name]
        return value


def reseed(number: int) -> None:
    np.random.seed(number)
    random.seed(number)


def kind_of(value: object) -> str:
    if isinstance(value, type):
        return "class"
    return "function" if callable(value) and not isinstance(value, StandIn) else "other"


def describe(error: BaseException) -> Error:
    """An exception as [type, message, [[file, line], ...]], innermost frame last."""
    try:
        frames = traceback.walk_tb(error.__traceback__)
        places = [[frame.f_code.co_filename[:200], line or 0] for frame, line in frames]
        return [type(error).__name__, str(error)[:4000], places[-200:]]
    except BaseException:  # noqa: BLE001  the student's own __str__
        return ["Exception", "an exception that can't be printed", []]
