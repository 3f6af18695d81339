"""NumPy names that are gone, and what to write in their place.

The tables follow NumPy's own migration guide for 2.0 and the release notes of 1.20 to 2.4; a name
counts as gone if the NumPy that grades does not have it. Only names with one plain successor are
here.
"""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator

import numpy

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

# {np} stands for what the file calls numpy.
SUCCESSORS = {
    "int": "int", "float": "float", "bool": "bool", "complex": "complex", "object": "object",
    "str": "str", "unicode": "str", "long": "int",
    "product": "{np}.prod", "cumproduct": "{np}.cumprod",
    "alltrue": "{np}.all", "sometrue": "{np}.any",
    "float_": "{np}.float64", "complex_": "{np}.complex128", "cfloat": "{np}.complex128",
    "singlecomplex": "{np}.complex64", "longfloat": "{np}.longdouble",
    "unicode_": "{np}.str_", "string_": "{np}.bytes_",
    "bool8": "{np}.bool_", "int0": "{np}.intp", "uint0": "{np}.uintp",
    "Inf": "{np}.inf", "Infinity": "{np}.inf", "infty": "{np}.inf", "PINF": "{np}.inf",
    "NINF": "(-{np}.inf)", "NaN": "{np}.nan", "NAN": "{np}.nan", "PZERO": "0.0", "NZERO": "(-0.0)",
    "round_": "{np}.round", "in1d": "{np}.isin", "row_stack": "{np}.vstack",
    "trapz": "{np}.trapezoid", "mat": "{np}.asmatrix", "rank": "{np}.ndim",
    "math": '__import__("math")',
}  # fmt: skip
GONE = {name: text for name, text in SUCCESSORS.items() if name not in dir(numpy)}
# Arguments of functions, and their new names.
KEYWORDS = {("reshape", "newshape"): "shape"}
KEYWORDS_GONE = {
    (function, old): new
    for (function, old), new in KEYWORDS.items()
    if old not in inspect.signature(getattr(numpy, function)).parameters
}


def find_gone(tree: ast.Module) -> Iterator[Found]:
    """Yield every use of a NumPy name that is gone, with the edits that mend it."""
    modules = _names_of_numpy(tree)
    for node in walk(tree):
        match node:
            case ast.Attribute(value=ast.Name(id=module), attr=name) if module in modules:
                if name in GONE:
                    text = GONE[name].format(np=module)
                    yield _found(name, GONE[name], node.lineno, replaced(node, text))
            case ast.Call(func=ast.Attribute(value=ast.Name(id=module), attr="asscalar")):
                if module in modules and len(node.args) == 1 and not node.keywords:
                    nothing = Edit(start(node.func), end(node.func), "")
                    method = Edit(end(node), end(node), ".item()")
                    yield _found("asscalar", "x.item()", node.lineno, nothing, method)
            case ast.Call(func=ast.Attribute(value=ast.Name(id=module), attr=function)):
                if module in modules:
                    yield from _keywords(function, node.keywords)
            case ast.Attribute(
                value=ast.Attribute(value=ast.Name(id=module), attr="lib"), attr="pad"
            ) if module in modules and not hasattr(numpy.lib, "pad"):
                yield _found("lib.pad", "{np}.pad", node.lineno, replaced(node, f"{module}.pad"))
            case ast.ImportFrom(module="numpy", level=0, names=names):
                for alias in names:
                    successor = GONE.get(alias.name, "")
                    if successor.startswith("{np}."):
                        text = f"{successor[5:]} as {alias.asname or alias.name}"
                        edit = replaced(alias, text)
                        yield _found(alias.name, successor, node.lineno, edit)


def _keywords(function: str, keywords: list[ast.keyword]) -> Iterator[Found]:
    for keyword in keywords:
        name = keyword.arg or ""
        if new := KEYWORDS_GONE.get((function, name)):
            line, column = keyword.lineno, keyword.col_offset
            edit = Edit((line, column), (line, column + len(name)), new)
            was, now = f"np.{function}({name}=)", f"np.{function}({new}=)"
            yield Leftover(Kind(was, now, f"{was} is gone from NumPy"), line), (edit,)


def _names_of_numpy(tree: ast.Module) -> frozenset[str]:
    imports = (node for node in ast.walk(tree) if isinstance(node, ast.Import))
    aliases = (alias for node in imports for alias in node.names)
    names = {alias.asname or "numpy" for alias in aliases if alias.name == "numpy"}
    # `from layers import *` brings another file's `np` along.
    return frozenset(names | ({"np"} - bound_names(tree)))


def _found(name: str, successor: str, line: int, *edits: Edit) -> Found:
    was, now = f"np.{name}", successor.format(np="np")
    return Leftover(Kind(was, now, f"{was} is gone from NumPy"), line), edits
