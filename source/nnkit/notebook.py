"""Using the definitions of another notebook, without running all of it.

Only what defines something is run: imports, functions, classes, and constants. Trainings, plots
and calls of check() are not. Reading needs nothing but the standard library: a notebook is JSON.
"""

import ast
import json
import linecache
import re
import sys
from pathlib import Path

DEFINITIONS = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
# What a constant may be made of: numbers, strings, arithmetic with them, lists of them and so on.
CONSTANT = (
    ast.Constant,
    ast.UnaryOp,
    ast.BinOp,
    ast.List,
    ast.Tuple,
    ast.Dict,
    ast.Set,
    ast.operator,
    ast.unaryop,
    ast.expr_context,
)
MAGIC = re.compile(r"^(\s*)(%|!|\?|.*\?\s*$|[\w., ]+=\s*[%!])")
PYTHON_CELL_MAGICS = ("%%time", "%%timeit", "%%capture", "%%prun")


class NotebookError(Exception):
    """A notebook is missing or can't be read; the message says which and what to do."""

    def _render_traceback_(self):
        """Show the message alone in Jupyter: where it was raised helps nobody."""
        return [f"{type(self).__name__}: {self}"]


def from_notebook(path, namespace=None):
    """Run the definitions of a notebook and put their names into yours.

    The file on disk is read, so save the other notebook first. A cell that can't be read or a
    definition that fails is reported in one line and left out.

    Parameters
    ----------
    path : str or Path
        The notebook, e.g. "FullyConnectedNets.ipynb".
    namespace : dict, optional
        Where the names go; by default the notebook or module that calls this function.

    Raises
    ------
    NotebookError
        If there is no such file, or it is no notebook.
    """
    if namespace is None:
        namespace = sys._getframe(1).f_globals
    defined, problems = run_definitions(path, namespace)
    for problem in problems:
        print(problem)
    names = ", ".join(defined) if defined else "nothing"
    print(f"{Path(path).name}: loaded {names}")


def run_definitions(path, namespace, seen=frozenset()):
    """Run a notebook's definitions in `namespace`, and those of notebooks that it uses.

    Returns
    -------
    defined : list of str
        Names of functions and classes, in their order.
    problems : list of str
        One sentence for each cell or definition that was left out.
    """
    path = Path(path)
    defined, problems = [], []
    for where, source in read_cells(path):
        try:
            statements = parse_cell(source).body
        except (SyntaxError, ValueError) as error:
            line = f", line {error.lineno}" if getattr(error, "lineno", None) else ""
            problems.append(f"{where}{line}: left out, not valid Python ({_first_line(error)})")
            continue
        linecache.cache[f"<{where}>"] = (len(source), None, source.splitlines(True), f"<{where}>")
        for statement in statements:
            other = used_notebook(statement)
            if other and other not in seen:
                found = _run_other(path.parent / other, namespace, {*seen, other, path.name})
            elif is_definition(statement):
                found = _run_statement(statement, where, namespace)
            else:
                continue
            defined += [name for name in found[0] if name not in defined]
            problems += found[1]
    return defined, problems


def read_cells(path):
    """Return (place, source) of each code cell; the place reads "Dropout.ipynb, cell 7"."""
    path = Path(path)
    try:
        notebook = json.loads(path.read_text(encoding="utf-8"))
        cells = notebook["cells"]
        code = [
            (f"{path.name}, cell {number}", "".join(cell["source"]))
            for number, cell in enumerate(cells, 1)
            if cell["cell_type"] == "code"
        ]
    except FileNotFoundError:
        raise NotebookError(f"{path}: there is no such file; is it in this folder?") from None
    except OSError as error:
        raise NotebookError(f"{path}: can't be read ({error.strerror})") from None
    except (ValueError, KeyError, TypeError):
        raise NotebookError(f"{path}: this is not a notebook; save it again in Jupyter") from None
    return code


def parse_cell(source):
    """Parse a cell; lines that are IPython's and not Python's count as `pass`."""
    try:
        return ast.parse(source)
    except SyntaxError:
        lines = source.splitlines()
        if lines[0].startswith("%%") and not lines[0].startswith(PYTHON_CELL_MAGICS):
            return ast.parse("")  # another language: %%bash, %%html, ...
        return ast.parse("\n".join(MAGIC.sub(r"\1pass #", line, count=1) for line in lines))


def is_definition(statement):
    """Whether a statement only defines something: an import, function, class or constant."""
    if isinstance(statement, DEFINITIONS):
        return True
    if not isinstance(statement, ast.Assign | ast.AnnAssign) or statement.value is None:
        return False
    return all(isinstance(node, CONSTANT) for node in ast.walk(statement.value))


def used_notebook(statement):
    """The name in a statement `from_notebook("Other.ipynb")`, else None."""
    match statement:
        case ast.Expr(ast.Call(func=ast.Name("from_notebook"), args=[ast.Constant(str(name)), *_])):
            return name
    return None


def _run_other(path, namespace, seen):
    try:
        return run_definitions(path, namespace, seen)
    except NotebookError as error:
        return [], [str(error)]


def _run_statement(statement, where, namespace):
    try:
        code = compile(ast.Module([statement], type_ignores=[]), f"<{where}>", "exec")
        exec(code, namespace)
    except Exception as error:  # noqa: BLE001 - one failing definition must not stop the others
        # With file and line where a module that is imported here is not valid Python.
        reason = f"{type(error).__name__}: {_first_line(str(error))}"
        return [], [f"{where}, line {statement.lineno}: left out, it fails ({reason})"]
    name = getattr(statement, "name", None)
    return ([name] if name else []), []


def _first_line(error):
    return (str(getattr(error, "msg", None) or error).splitlines() or [""])[0][:160]
