"""Turns source text into programs, for the tests of the sandbox."""

from __future__ import annotations

import ast
import textwrap
from collections.abc import Mapping
from dataclasses import replace

from autograder.program import Program, Statement

CELL = "Notebook, cell 1"


def program(source: str, where: str = CELL) -> Program:
    """Split dedented source into its top-level statements; line 1 is the first line of text."""
    source = textwrap.dedent(source).strip("\n")
    lines = source.split("\n")
    statements = []
    for node in ast.parse(source).body:
        decorators = [d.lineno for d in getattr(node, "decorator_list", [])]
        first = min([node.lineno, *decorators])
        text = "\n".join(lines[first - 1 : node.end_lineno])
        statements.append(Statement(text, where, first))
    return tuple(statements)


def package(files: Mapping[str, str]) -> Program:
    """Source text by dotted module name, in the order it is to run; "" is the main namespace."""
    return tuple(
        replace(statement, module=name)
        for name, source in files.items()
        for statement in program(source, f"{name.replace('.', '/')}.py" if name else CELL)
    )
