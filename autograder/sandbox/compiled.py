"""From a statement's text to its code; what many programs have in common is compiled once.

Statements of the release stand in every submission. The zygote compiles them before it forks, and
each of its workers has their code.
"""

from __future__ import annotations

import contextlib
from functools import lru_cache
from types import CodeType

_known: dict[tuple[str, str, int], CodeType] = {}


def know(source: str, where: str, line: int) -> None:
    """Compile a statement for all processes that are forked later."""
    with contextlib.suppress(SyntaxError, ValueError):  # whoever runs it says what is wrong
        _known[source, where, line] = _compiled(source, where, line, 0)


def code_of(source: str, where: str, line: int, flags: int) -> CodeType:
    """The code of a statement whose first line is `line` of the cell `where`.

    Parameters
    ----------
    flags : of the imports from `__future__` that came before it.
    """
    known = None if flags else _known.get((source, where, line))
    return known or _compiled(source, where, line, flags)


# Where known mistakes are put in one after the other, the same definitions take them out.
@lru_cache(maxsize=32)
def _compiled(source: str, where: str, line: int, flags: int) -> CodeType:
    # Not by way of a syntax tree, which takes longer.
    text = "\n" * (line - 1) + source
    code: CodeType = compile(text, where, "exec", flags=flags, dont_inherit=True)
    return code
