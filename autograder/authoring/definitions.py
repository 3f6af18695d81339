"""The source text of a solutions module's definitions, for the cells that show them."""

from __future__ import annotations

import ast
from pathlib import Path

from autograder.authoring.pieces import names_of
from autograder.authoring.regions import module_regions, parse
from autograder.errors import AuthoringError


def read_text(path: Path, shown: str) -> str:
    """Read UTF-8 text; a missing or undecodable file is an `AuthoringError`."""
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise AuthoringError(shown, None, "not found") from None
    except UnicodeDecodeError:
        raise AuthoringError(shown, None, "not UTF-8 text; save it as UTF-8") from None


def definitions(text: str, path: str) -> dict[str, str]:
    """Return the source of each top-level function, class and constant of a module by name.

    Decorators and the comment lines directly above come along; solution regions stay as they are.

    Raises
    ------
    AuthoringError
        If the module is not valid Python or one of its regions breaks a rule.
    """
    module_regions(text, path)
    lines = text.splitlines()
    found = {}
    for node in parse(text, path).body:
        for name in names_of(node):
            first, last = _extent(node, lines)
            found[name] = "\n".join(lines[first - 1 : last])
    return found


def _extent(node: ast.stmt, lines: list[str]) -> tuple[int, int]:
    """Return the first and last line (1-based) of a top-level statement with its comments."""
    decorators = getattr(node, "decorator_list", [])
    first = min([node.lineno, *(decorator.lineno for decorator in decorators)])
    while first > 1 and lines[first - 2].startswith("#"):
        first -= 1
    last = node.end_lineno or node.lineno
    # An indented comment after the last statement, such as an END, belongs to the body.
    for number in range(last + 1, len(lines) + 1):
        line = lines[number - 1]
        if line.strip() and not line.startswith((" ", "\t")):
            break
        if line.strip():
            last = number
    return first, last
