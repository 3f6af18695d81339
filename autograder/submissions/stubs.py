"""Whether a definition has been written or is still what was handed out.

A guess that only ranks copies of one function; it never costs anybody a point.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from autograder.submissions.names import defines

Function = ast.FunctionDef | ast.AsyncFunctionDef


def definitions(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """Yield statements that define something at the top, those under `if` and `try` included."""
    todo = body[::-1]  # no recursion: thousands of `elif` lie in each other
    while todo:
        node = todo.pop()
        match node:
            case ast.If(body=then, orelse=other):
                todo += [*then, *other][::-1]
            case ast.Try(body=tried, handlers=handlers, orelse=other, finalbody=last):
                handled = [line for handler in handlers for line in handler.body]
                todo += [*tried, *handled, *other, *last][::-1]
            case _ if defines(node):
                yield node


def is_stub(node: ast.stmt) -> bool:
    """Whether a function or one of a class's methods raises, passes or returns an empty name."""
    if isinstance(node, ast.ClassDef):
        methods = [part for part in node.body if isinstance(part, Function)]
        return not methods or any(_is_unwritten(method) for method in methods)
    return isinstance(node, Function) and _is_unwritten(node)


def _is_unwritten(function: Function) -> bool:
    body = [line for line in function.body if not _does_nothing(line)]
    return not body or any(map(_is_refusal, body)) or _returns_nothing(function)


def _does_nothing(node: ast.stmt) -> bool:
    constant = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    return constant or isinstance(node, ast.Pass)


def _is_refusal(node: ast.stmt) -> bool:
    match node:
        case ast.Raise(exc=ast.Name(id="NotImplementedError")):
            return True
        case ast.Raise(exc=ast.Call(func=ast.Name(id="NotImplementedError"))):
            return True
    return False


def _returns_nothing(function: Function) -> bool:
    """Whether a first returned name is never given more than None: `out = None`, `return out`."""
    empty: set[str] = set()
    filled: set[str] = set()
    for node in ast.walk(function):
        if isinstance(node, ast.Assign):
            for name, value in _assigned(node):
                if isinstance(value, ast.Constant) and value.value is None:
                    empty.add(name)
                elif not _is_of(name, value):
                    filled.add(name)
        elif isinstance(node, ast.AugAssign | ast.AnnAssign | ast.For | ast.NamedExpr):
            filled |= {n.id for n in ast.walk(node.target) if isinstance(n, ast.Name)}
    returned = (node.value for node in ast.walk(function) if isinstance(node, ast.Return))
    firsts = (v.elts[0] if isinstance(v, ast.Tuple) and v.elts else v for v in returned)
    return any(isinstance(v, ast.Name) and v.id in empty - filled for v in firsts)


def _assigned(node: ast.Assign) -> Iterator[tuple[str, ast.expr]]:
    """Pairs of name and value, `a, b = x, y` taken apart."""
    for target in node.targets:
        match target, node.value:
            case ast.Tuple(elts=names), ast.Tuple(elts=values) if len(names) == len(values):
                pairs = list(zip(names, values, strict=True))
            case ast.Tuple(elts=names), value:
                pairs = [(name, value) for name in names]
            case _:
                pairs = [(target, node.value)]
        yield from ((name.id, value) for name, value in pairs if isinstance(name, ast.Name))


def _is_of(name: str, value: ast.expr) -> bool:
    """Whether a value is a method's of the name itself: `out = out.astype(x.dtype)`."""
    match value:
        case ast.Call(func=ast.Attribute(value=ast.Name(id=owner))):
            return owner == name
    return False
