"""Python 2 leftovers: finds them, and mends what can be mended mechanically.

Two steps. A file that Python 3 cannot parse goes through fissix, in a process of its own, with
only the fixers for syntax. What parses is searched by `ast` for names and methods that are gone,
and edited at their positions, so that everything else stays as the student wrote it.

What is left alone, and why:

- Division of integers. `/` between two ints rounds down in Python 2 and does not in Python 3, but
  which of the two a line means depends on values that only a run shows; most divisions here are of
  floats and arrays. Rewriting them could make right code wrong, so the grader's verdict decides.
- `map`, `zip` and `filter`. They give iterators now. Wrapping each in `list` changes code that is
  right as it is; where a list was needed, Python says so when the code runs.
"""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from autograder.submissions.edits import (
    Edit,
    Found,
    Kind,
    Leftover,
    bound_names,
    end,
    replaced,
    start,
    walk,
)

MENDER = Path(__file__).with_name("mender.py")
MENDER_SECONDS = 30.0

SYNTAX = {
    "print": Kind("print statement", "print()", "print is a function since Python 3"),
    "except": Kind("except E, e", "except E as e", "except E, e is no longer Python"),
    "ne": Kind("<>", "!=", "<> is no longer Python"),
    "repr": Kind("backticks", "repr()", "backticks are no longer Python"),
    "raise": Kind("raise E, x", "raise E(x)", "raise E, x is no longer Python"),
    "exec": Kind("exec statement", "exec()", "exec is a function since Python 3"),
    "long": Kind("10L", "10", "numbers with an L at the end are no longer Python"),
    "octal": Kind("0777", "0o777", "numbers that start with 0 are no longer Python"),
    "tuple_params": Kind(
        "def f((a, b))", "def f(ab)", "parameters in brackets are no longer Python"
    ),
    "tabs": Kind("tabs", "spaces", "tabs and spaces are mixed in the indentation"),
}
NAMES = {
    "xrange": "range", "unicode": "str", "unichr": "chr", "basestring": "str", "long": "int",
    "raw_input": "input",
}  # fmt: skip
METHODS = {
    "iteritems": "items", "itervalues": "values", "iterkeys": "keys",
    "viewitems": "items", "viewvalues": "values", "viewkeys": "keys",
}  # fmt: skip
ITERATORS = {"izip": "zip", "imap": "map", "ifilter": "filter"}  # of itertools
VIEWS = ("items", "keys", "values")
# Modules that let one source run under Python 2 and 3; what they give is built in today.
COMPATIBILITY = ("past.builtins", "future.builtins", "six.moves", "past.types")
BUILT_IN = NAMES | {
    name: name for name in ("range", "zip", "map", "filter", "input", "str", "int", "object")
}


def mend_syntax(source: str) -> tuple[str, tuple[Leftover, ...]] | None:
    """Return Python 3 for Python 2 syntax and what was changed; None if it is neither."""
    try:
        done = subprocess.run(
            [sys.executable, "-I", "-B", str(MENDER)],
            input=source.encode(),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=MENDER_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return None
    if done.returncode:
        return None
    text, changes = json.loads(done.stdout)
    return text, tuple(Leftover(SYNTAX[kind], line) for kind, line in changes)


def has_print_statement(tree: ast.Module) -> bool:
    """Whether a statement is `print` alone or begins with `print >>file`."""
    for node in walk(tree):
        if isinstance(node, ast.Expr):
            value = node.value
            if isinstance(value, ast.Tuple) and value.elts:
                value = value.elts[0]
            if isinstance(value, ast.BinOp) and isinstance(value.op, ast.RShift):
                value = value.left
            if isinstance(value, ast.Name) and value.id == "print":
                return True
    return False


def expand_tabs(source: str) -> str:
    """Write indentation as spaces, eight to a tab stop, which is what Python 2 took a tab for.

    Lines inside of strings are part of a value; but where indentation is broken nobody can say
    yet which lines these are, and such values are docstrings.
    """
    lines = source.split("\n")
    margins = [line[: len(line) - len(line.lstrip(" \t"))] for line in lines]
    return "\n".join(
        margin.expandtabs(8) + line[len(margin) :]
        for margin, line in zip(margins, lines, strict=True)
    )


def find_leftovers(tree: ast.Module) -> Iterator[Found]:
    """Yield every name and method that Python 3 does not have, with the edits that mend it."""
    bound = bound_names(tree)
    for node in walk(tree):
        match node:
            case ast.Name(id=name, ctx=ast.Load()) if name in NAMES and name not in bound:
                yield _gone(name, NAMES[name], node.lineno, replaced(node, NAMES[name]))
            case ast.Call(func=ast.Attribute(attr=name) as method) if name not in bound:
                if name in METHODS and not node.args:
                    yield _gone(f".{name}()", f".{METHODS[name]}()", *_renamed(method))
                elif name == "has_key" and len(node.args) == 1:
                    # An attribute for an attribute: `k in d` would have to move whole expressions.
                    yield _gone(".has_key()", ".__contains__()", *_renamed(method))
            case ast.Attribute(value=ast.Name(id="itertools"), attr=name) if name in ITERATORS:
                yield _gone(name, ITERATORS[name], node.lineno, replaced(node, ITERATORS[name]))
            case ast.ImportFrom(module="itertools", names=names):
                if all(alias.name in ITERATORS for alias in names):
                    pairs = [(a.asname or a.name, ITERATORS[a.name]) for a in names]
                    text = "; ".join(f"{ours} = {theirs}" for ours, theirs in pairs)
                    was, now = names[0].name, ITERATORS[names[0].name]
                    yield _gone(was, now, node.lineno, replaced(node, text))
            case ast.BinOp(op=ast.Add(), left=left, right=right):
                yield from (_listed(side) for side in (left, right) if _is_no_list(side, bound))
            case ast.Subscript(value=value) if _is_no_list(value, bound | {"range"}):
                yield _listed(value)
    yield from _find_reduce(tree, bound)


def _gone(was: str, now: str, line: int, *edits: Edit) -> Found:
    return Leftover(Kind(was, now, f"{was} is gone since Python 3"), line), edits


def _renamed(method: ast.Attribute) -> tuple[int, Edit]:
    """Line and edit that give a method another name, the last thing in its text."""
    now = METHODS.get(method.attr, "__contains__")
    line, column = end(method)
    return line, Edit((line, column - len(method.attr)), (line, column), now)


def _is_no_list(node: ast.expr, bound: frozenset[str]) -> bool:
    """Whether `node` makes what was a list in Python 2 and takes neither + nor [0] now."""
    match node:
        case ast.Call(func=ast.Attribute(attr=name), args=[], keywords=[]):
            return name in VIEWS and name not in bound
        case ast.Call(func=ast.Name(id="range")):
            return "range" not in bound
    return False


def _listed(node: ast.expr) -> Found:
    match node:
        case ast.Call(func=ast.Attribute(attr=name)):
            was, now = f".{name}()", f"list(d.{name}())"
        case _:
            was, now = "range()", "list(range())"
    kind = Kind(f"{was} as a list", now, f"{was} is no list since Python 3")
    edits = (Edit(start(node), start(node), "list("), Edit(end(node), end(node), ")"))
    return Leftover(kind, node.lineno), edits


def _find_reduce(tree: ast.Module, bound: frozenset[str]) -> Iterator[Found]:
    """`reduce` moved to functools: import it behind an import, so that lines keep their numbers."""
    uses = [n.lineno for n in walk(tree) if isinstance(n, ast.Name) and n.id == "reduce"]
    if not uses or "reduce" in bound:
        return
    statement = "from functools import reduce"
    imports = [n for n in tree.body if isinstance(n, ast.Import | ast.ImportFrom)]
    # Imports from __future__ must come first, so behind the last of them is always allowed.
    place = end(imports[-1]) if imports else (1, 0)
    edit = Edit(place, place, f"; {statement}" if imports else f"{statement}\n")
    kind = Kind("reduce", "functools.reduce", "reduce must be imported from functools")
    yield Leftover(kind, min(uses)), (edit,)


def spelled_out(node: ast.stmt, source: str) -> str:
    """Return an import from a compatibility module as plain Python 3; other statements as is.

    `from past.builtins import xrange` is right under Python 3, with a package that the grader
    does not have.
    """
    if not isinstance(node, ast.ImportFrom) or node.module not in COMPATIBILITY or node.level:
        return source
    if not all(alias.name in BUILT_IN or alias.name == "reduce" for alias in node.names):
        return source
    return "; ".join(
        f"from functools import reduce as {alias.asname or 'reduce'}"
        if alias.name == "reduce"
        else f"{alias.asname or alias.name} = {BUILT_IN[alias.name]}"
        for alias in node.names
    )
