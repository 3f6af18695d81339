"""Renames the local variables of a program: the same code in another student's words."""

from __future__ import annotations

import ast
from collections.abc import Callable


def renamed(source: str, rename: Callable[[str], str]) -> str:
    """Return `source` with the variables of its functions and methods renamed.

    Arguments, attributes and names that belong to a surrounding scope stay; comments are lost.
    """
    tree = ast.parse(source)
    for function in _outermost(tree):
        used = {node.id for node in ast.walk(function) if isinstance(node, ast.Name)}
        new = {name: rename(name) for name in _own_names(function)}
        for node in ast.walk(function):
            # A name that the function uses otherwise stays what it is.
            if isinstance(node, ast.Name) and new.get(node.id, node.id) not in used:
                node.id = new[node.id]
    return ast.unparse(tree)


def _outermost(tree: ast.AST) -> list[ast.FunctionDef]:
    """Functions that stand in no other function."""
    found = []
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.FunctionDef):
            found.append(node)
        else:
            found += _outermost(node)
    return found


def _own_names(function: ast.FunctionDef) -> set[str]:
    """Names that are bound by assignment in the function and in no other way."""
    bound: set[str] = set()
    fixed: set[str] = set()
    for node in ast.walk(function):
        match node:
            case ast.Name(id=name, ctx=ast.Store()):
                bound.add(name)
            case ast.arg(arg=name) | ast.FunctionDef(name=name) | ast.ClassDef(name=name):
                fixed.add(name)
            case ast.Global(names=names) | ast.Nonlocal(names=names):
                fixed.update(names)
            case ast.Import(names=aliases) | ast.ImportFrom(names=aliases):
                fixed.update((alias.asname or alias.name).partition(".")[0] for alias in aliases)
            case ast.ExceptHandler(name=str(name)):
                fixed.add(name)
    return bound - fixed
