"""The layout that docs/design.md promises: small files and functions, rooms in their order."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from autograder.paths import Course

ROOT = Course.find(Path(__file__).parent).root
PACKAGE = ROOT / "autograder"

# A room may import from those before it, never from those behind it.
ROOMS = (
    "errors", "owner", "paths", "settings", "manifest", "program", "built", "replace", "scratch",
    "authoring", "submissions", "sandbox", "grading", "gradebook", "manual", "reports",
    "commands", "demo", "options", "cli",
)  # fmt: skip
LONGEST_FILE = 300
LONGEST_FUNCTION = 40  # without its docstring
# Students read the reference along with the mathematics, where both passes stand side by side.
LONG_ON_PURPOSE = {("solutions/fc_net.py", "loss")}
# Each says why it cannot fail, or tells mypy what it cannot know; no user gets there.
ASSERTS = {
    "autograder/grading/lane.py": 1,
    "autograder/grading/plugin.py": 1,
    "autograder/grading/student_run.py": 1,
    "autograder/submissions/parse.py": 1,
}
# What a path of somebody's machine begins with.
MACHINE_PATH = re.compile(rb"(?<![\w.~/-])/(?:home|Users|mnt|work)/[A-Za-z]")


def sources(*folders: str) -> list[Path]:
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


PRODUCT = [path for path in sources("autograder") if PACKAGE / "tests" not in path.parents]
EVERYTHING = sources("autograder", "benchmarks", "source", "solutions", "tests")


def imported(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Yield line and dotted name of everything a module imports from the package."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == "autograder":
            yield from ((node.lineno, f"autograder.{alias.name}") for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.lineno, node.module
        elif isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)


def room(dotted: str) -> str:
    package, _, rest = dotted.partition(".")
    return rest.partition(".")[0] if package == "autograder" else ""


def functions(tree: ast.Module) -> Iterator[tuple[str, int]]:
    """Yield name and length of every function, its docstring not counted."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or 0) - node.lineno + 1
            first = node.body[0]
            if ast.get_docstring(node) is not None:
                length -= (first.end_lineno or 0) - first.lineno + 1
            yield node.name, length


def test_every_room_has_its_place_in_the_order() -> None:
    found = {path.relative_to(PACKAGE).parts[0].removesuffix(".py") for path in PRODUCT}
    assert found - {"__init__", "__main__"} == set(ROOMS)


@pytest.mark.parametrize("path", [p for p in PRODUCT if p.stem != "__main__"], ids=name)
def test_no_room_imports_from_a_later_one(path: Path) -> None:
    here = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
    last = ROOMS.index(here) if here in ROOMS else -1  # the package itself imports from no room
    for line, dotted in imported(ast.parse(path.read_text("utf-8"))):
        if room(dotted) in ROOMS:
            assert ROOMS.index(room(dotted)) <= last, f"line {line}: {dotted}"


def test_files_are_short() -> None:
    lengths = {name(path): len(path.read_text("utf-8").splitlines()) for path in EVERYTHING}
    assert {path: lines for path, lines in lengths.items() if lines >= LONGEST_FILE} == {}


def test_functions_are_short() -> None:
    long = {
        (name(path), function)
        for path in EVERYTHING
        for function, lines in functions(ast.parse(path.read_text("utf-8")))
        if lines >= LONGEST_FUNCTION
    }
    assert long == LONG_ON_PURPOSE


def test_no_users_mistake_is_answered_by_an_assert() -> None:
    counts = {
        name(path): sum(isinstance(n, ast.Assert) for n in ast.walk(ast.parse(path.read_text())))
        for path in [*PRODUCT, *sources("source", "solutions")]
    }
    assert {path: count for path, count in counts.items() if count} == ASSERTS


def test_no_tracked_file_names_a_path_of_somebodys_machine() -> None:
    tracked = subprocess.run(
        ["git", "-C", str(ROOT), "ls-files", "-z"], capture_output=True, check=False
    )
    if tracked.returncode:
        pytest.skip("not a git repository")
    found = {
        path: match[0]
        for path in tracked.stdout.decode().split("\0")
        if (ROOT / path).is_file() and (match := MACHINE_PATH.search((ROOT / path).read_bytes()))
    }
    assert found == {}


def test_grading_processes_do_without_nbgrader() -> None:
    # A second of start-up and tens of megabytes, for each of the processes that grade a class.
    program = "import autograder.gradebook.record, autograder.grading.cluster_worker, sys\n"
    program += "sys.exit('nbgrader' in sys.modules)"
    subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=True)
