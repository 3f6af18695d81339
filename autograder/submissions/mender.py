"""Turns Python 2 syntax into Python 3: `python mender.py < old.py`, JSON out.

A process of its own (see `python2.py`): the parser is written in Python, for friendly input. Here
it has a limit of time and memory, and where it ends badly nothing else does. It parses and prints;
nothing of its input is run.
"""

from __future__ import annotations

import json
import resource
import sys
from collections.abc import Callable, Iterator
from typing import Any

CPU_SECONDS = 5  # ten thousand print statements, the most a file can hold, take three
MEMORY = 1 << 30
MOST_GROWTH = 2  # times the input's length; mending does not make a file twice as long

FIXERS = ("print", "except", "ne", "repr", "raise", "exec", "numliterals", "tuple_params")


def main() -> int:
    """Return 0 and print `[text, [[kind, line], ...]]`, or 1 for what is not Python 2 either."""
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    source = sys.stdin.buffer.read().decode() + "\n"  # the grammar wants a last newline
    changes: list[tuple[str, int]] = []
    try:
        tree = _tool(changes).refactor_string(source, "submission")
        text = str(tree)[:-1]
    except Exception:  # noqa: BLE001 - errors of several modules, or too deep: all mean "cannot"
        return 1
    if len(text) > MOST_GROWTH * len(source):
        return 1
    sys.stdout.buffer.write(json.dumps([text, sorted(changes, key=lambda c: c[1])]).encode())
    return 0


def _tool(changes: list[tuple[str, int]]) -> Any:
    """A refactoring tool whose fixers write down what they change."""
    from fissix.pgen2 import driver, pgen

    # By default the grammar's tables are unpickled from, and written to, the user's cache folder.
    driver.load_grammar = lambda grammar, *args, **kwargs: pgen.generate_grammar(grammar)
    from fissix.refactor import RefactoringTool

    tool = RefactoringTool([f"fissix.fixes.fix_{name}" for name in FIXERS])
    for fixer in (*tool.pre_order, *tool.post_order):
        fixer.transform = _recorded(fixer, changes)
    return tool


def _recorded(fixer: Any, changes: list[tuple[str, int]]) -> Callable[[Any, Any], Any]:
    name = type(fixer).__module__.rpartition(".fix_")[2]
    transform = fixer.transform

    def recorded(node: Any, results: Any) -> Any:
        before, places = str(node), list(_places(name, node))
        new = transform(node, results)
        if new is not None or str(node) != before:
            changes.extend(places)
        return new

    return recorded


def _places(name: str, node: Any) -> Iterator[tuple[str, int]]:
    """Yield kind and line of everything that a fixer is about to change below `node`."""
    if name == "except":
        for child in node.children:
            parts = child.children
            if len(parts) == 4 and str(parts[0]).strip() == "except" and parts[2].value == ",":
                yield name, child.get_lineno()
    elif name == "numliterals":
        yield "long" if node.value[-1] in "lL" else "octal", node.get_lineno()
    else:
        yield name, node.get_lineno()


if __name__ == "__main__":
    sys.exit(main())
