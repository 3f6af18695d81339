"""python -m nnkit.check NOTEBOOK [--task TASK]: the visible checks of a notebook's code."""

import argparse
import ast
import contextlib
import sys
from pathlib import Path

from nnkit.check.registry import CHECKS, no_such_task, run
from nnkit.check.render import show
from nnkit.notebook import NotebookError, parse_cell, read_cells, run_definitions

PASSED, FAILED, UNUSABLE = 0, 1, 2
EXAMPLES = """examples:
  python -m nnkit.check FullyConnectedNets.ipynb
  python -m nnkit.check Dropout.ipynb --task dropout_forward

exit status: 0 all checks passed, 1 a check failed, 2 there was nothing to check"""


def main(arguments=None):
    """Check one notebook and return the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m nnkit.check",
        description="Run the visible checks on the functions and classes of a notebook.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("notebook", type=Path, help="a notebook of this assignment")
    parser.add_argument("--task", help="check this task only, e.g. dropout_forward")
    options = parser.parse_args(arguments)
    try:
        if options.task and options.task not in CHECKS:
            raise NotebookError(no_such_task(options.task))
        cells = read_cells(options.notebook)
        tasks = [options.task] if options.task else tasks_of(cells)
        if not tasks:
            raise NotebookError(f"{options.notebook}: no cell calls check(), so nothing to check")
        # The notebook's own folder: that is where it finds its files when it runs in Jupyter.
        with contextlib.chdir(options.notebook.resolve().parent):
            return check_notebook(options.notebook.name, tasks)
    except NotebookError as error:
        print(error, file=sys.stderr)
        return UNUSABLE


def tasks_of(cells):
    """Tasks that the notebook checks by itself, in its order."""
    found = []
    for _, source in cells:
        with contextlib.suppress(SyntaxError, ValueError):
            for node in ast.walk(parse_cell(source)):
                match node:
                    case ast.Call(ast.Name("check"), [ast.Constant(task)]) if task in CHECKS:
                        found.append(task)
    return list(dict.fromkeys(found))


def check_notebook(name, tasks):
    """Run a notebook's definitions, then the checks of some tasks; return the exit status."""
    namespace = {"__name__": "notebook"}
    _, problems = run_definitions(name, namespace)
    for problem in problems:
        print(problem)
    reports = [run(task, namespace) for task in tasks]
    for report in reports:
        show(report)
    right = sum(report.passed for report in reports)
    print(f"\n{name}: {right} of {len(reports)} tasks passed their visible checks")
    return PASSED if right == len(reports) else FAILED


if __name__ == "__main__":
    sys.exit(main())
