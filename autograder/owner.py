"""A base of context managers that own other ones."""

from __future__ import annotations

from contextlib import ExitStack
from types import TracebackType


class Owner:
    """Leaves what its `__enter__` put on `_stack`, the last one first."""

    _stack: ExitStack

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stack.__exit__(kind, error, trace)
