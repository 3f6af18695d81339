"""What a top-level statement binds, and whether it may run outside of a solution cell.

Outside of solution cells only definitions come along: imports, functions, classes, and names for
constant expressions. They neither train nor plot nor print, whatever cell they stand in.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable
from typing import Any, NamedTuple

DEFINITION = re.compile(r"\n(?:async )?(?:def|class) (\w+)")

SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
SEQUENCES = (ast.Tuple, ast.List)
# The fields of each kind of node in which there may be others.
INNER = {
    kind: tuple(name for name in kind._fields if name not in ("ctx", "op", "ops", "id", "attr"))
    for kind in vars(ast).values()
    if isinstance(kind, type) and issubclass(kind, ast.AST)
} | {ast.Constant: ()}


def guessed(source: str) -> list[str]:
    """What a source defines, where a guess will do and it may not even be Python."""
    return DEFINITION.findall("\n" + source)  # a pattern for starts of lines takes much longer


class Bindings(NamedTuple):
    """Names that a statement binds, and those of them that stand for modules."""

    names: frozenset[str]
    modules: frozenset[str]


def defines(node: ast.stmt) -> frozenset[str]:
    """Names for which `node` defines a function or class; an alias or a lambda counts too."""
    if isinstance(node, SCOPES):
        return frozenset({node.name})
    if isinstance(node, ast.Assign):
        return frozenset(_plain_targets(node) or ())
    return frozenset()


class Definitions:
    """Decides, statement by statement in notebook order, which ones are definitions."""

    def __init__(self) -> None:
        self._modules: set[str] = set()
        self._known: set[str] = set()

    def admit(self, node: ast.stmt, bound: Bindings | None = None) -> bool:
        """Whether `node` is a definition; its names are then known to later constants.

        Parameters
        ----------
        bound : what `bindings` says of it, where somebody knows already.
        """
        try:
            admitted = self._is_definition(node)
        except RecursionError:  # an expression a thousand levels deep
            admitted = False
        names, modules = bound or bindings(node)
        # Until it is known again a name may stand for something that did not run.
        self._known -= names
        self._modules -= names
        if admitted:
            self._known |= defines(node) or names
            self._modules |= modules
        return admitted

    def _is_definition(self, node: ast.stmt) -> bool:
        match node:
            case ast.Import() | ast.ImportFrom() | ast.Pass():
                return True
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                return True
            case ast.Assign():
                return _plain_targets(node) is not None and self._is_constant(node.value)
            case ast.AnnAssign(target=ast.Name(), value=ast.expr() as value):
                return self._is_constant(value)
            case ast.Try():
                handled = [line for handler in node.handlers for line in handler.body]
                body = [*node.body, *handled, *node.orelse, *node.finalbody]
                return all(self._is_definition(line) for line in body)
        return False

    def _is_constant(self, node: ast.expr | None) -> bool:
        match node:
            case ast.Constant():
                return True
            case ast.Name(id=name):
                return name in self._known
            case ast.Attribute(value=ast.Name(id=name)):
                return name in self._modules  # np.pi, np.float32
            case ast.Tuple(elts=parts) | ast.List(elts=parts) | ast.Set(elts=parts):
                return self._all_constant(parts)
            case ast.Dict(keys=keys, values=values):
                return self._all_constant([*keys, *values])
            case ast.UnaryOp(operand=operand):
                return self._is_constant(operand)
            case ast.BinOp(left=left, right=right):
                return self._all_constant([left, right])
            case ast.Lambda(args=args):
                defaults = [d for d in (*args.defaults, *args.kw_defaults) if d is not None]
                return self._all_constant(defaults)
        return False

    def _all_constant(self, nodes: Iterable[ast.expr | None]) -> bool:
        return all(self._is_constant(node) for node in nodes)


def _plain_targets(node: ast.Assign) -> set[str] | None:
    """Names bound by `a = b = ...` or `a, b = ...`; None if anything but a name is bound."""
    names: set[str] = set()
    for target in node.targets:
        for part in target.elts if isinstance(target, SEQUENCES) else [target]:
            if not isinstance(part, ast.Name):
                return None
            names.add(part.id)
    return names


def bindings(node: ast.stmt) -> Bindings:
    """Find the names that `node` binds, those of inner scopes included."""
    names: set[str] = set()
    modules: set[str] = set()
    # By hand, and by exact types: of all that reads a submission, this looks at most nodes.
    waiting: list[Any] = [node]
    while waiting:
        inner = waiting.pop()
        kind = type(inner)
        if kind is ast.Name:
            if type(inner.ctx) is not ast.Load:
                names.add(inner.id)
        elif kind in SCOPES:
            names.add(inner.name)
        elif kind is ast.Import:
            modules.update(map(_bound, inner.names))
        elif kind is ast.alias:
            names.add(_bound(inner))
        for name in INNER.get(kind, ()):
            value = getattr(inner, name)
            if type(value) is list:
                waiting += value
            elif value is not None:
                waiting.append(value)
    return Bindings(frozenset(names), frozenset(modules))


def _bound(alias: ast.alias) -> str:
    return alias.asname or alias.name.split(".")[0]
