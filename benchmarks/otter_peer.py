"""otter, installed in an environment of its own."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from pprint import pformat

import nbformat
from nbformat.notebooknode import NotebookNode

from benchmarks.classes import HandIn
from benchmarks.measure import Cost, run
from benchmarks.peer_course import CHECK, NAME, id_of, peer_notebook, with_solutions
from benchmarks.peers import Peer, Unavailable

FIRST_CELL = f'import otter\ngrader = otter.Notebook("{NAME}.ipynb")'


class Otter(Peer):
    """`otter run`, a command for each submission."""

    name = "otter"

    def prepare(self) -> None:
        self._install()
        node = peer_notebook(self.course, self.assignment)
        tests = self.folder / "tests"
        tests.mkdir(parents=True)
        points = {task.id: task.points for task in self.assignment.tasks}
        for cell in node.cells:
            if id_of(cell).endswith(CHECK):
                task = id_of(cell).removesuffix(CHECK)
                text = ok_test(task, points[task], cell.source)
                (tests / f"{task}.py").write_text(text, encoding="utf-8")
                cell.source = f'grader.check("{task}")'
        node.cells.insert(0, nbformat.v4.new_code_cell(FIRST_CELL, id="otter"))
        self._released: NotebookNode = node
        self.copy_nnkit(self.folder)
        self._otter("generate", "--no-requirements", "--no-environment", "nnkit")

    def grade(self, hand_ins: Sequence[HandIn]) -> list[float]:
        seconds = []
        for hand_in in hand_ins:
            folder = self._folder(hand_in)
            folder.mkdir(parents=True, exist_ok=True)
            path = folder / f"{NAME}.ipynb"
            nbformat.write(with_solutions(self._released, hand_in.cells), path)
            seconds.append(self._otter("run", "--no-logo", "-o", str(folder), str(path)).wall)
        return seconds

    def scores(self, hand_ins: Sequence[HandIn]) -> list[float]:
        found = []
        for hand_in in hand_ins:
            results = json.loads((self._folder(hand_in) / "results.json").read_text("utf-8"))
            found.append(sum(float(test.get("score", 0)) for test in results["tests"]))
        return found

    def _folder(self, hand_in: HandIn) -> Path:
        return self.folder / "submitted" / hand_in.student

    def _programs(self) -> Path:
        # Beside the course, which is made anew each time: an installation takes a minute.
        return self.folder.with_name("otter-environment") / "bin"

    def _otter(self, *words: str) -> Cost:
        programs = self._programs()
        environment = {**os.environ, "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}"}
        return run([str(programs / "otter"), *words], self.folder, environment)

    def _install(self) -> None:
        programs = self._programs()
        if (programs / "otter").is_file():
            return
        pinned = [f"{name}=={version(name)}" for name in ("numpy", "matplotlib", "ipykernel")]
        pip = [str(programs / "python"), "-m", "pip", "install", "--quiet", "otter-grader"]
        for command in ([sys.executable, "-m", "venv", str(programs.parent)], [*pip, *pinned]):
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            if done.returncode:
                last = (done.stderr.strip().splitlines() or ["nothing was said"])[-1]
                raise Unavailable(f"it cannot be installed here: {last}")


def ok_test(task: str, points: float, source: str) -> str:
    """Return a test file in otter's own format: the statements of a cell as a doctest."""
    lines = []
    for node in ast.parse(source).body:
        first, *others = source.splitlines()[node.lineno - 1 : node.end_lineno]
        lines += [f">>> {first}", *(f"... {line}" for line in others)]
    case = {"code": "\n".join(lines) + "\n", "hidden": False, "locked": False}
    suite = {"cases": [case], "scored": True, "setup": "", "teardown": "", "type": "doctest"}
    test = {"name": task, "points": points, "suites": [suite]}
    return f"OK_FORMAT = True\n\ntest = {pformat(test)}\n"
