"""The package layout of an assignment: students write modules, the notebooks import from them.

It is made from the same text and the same solutions as the notebook layout, by the rules of which
they have been held before this begins. A line `from solutions.layers import affine_forward` stays
an import, from the package that students write in.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

import nbformat

from autograder.authoring import rules
from autograder.authoring.definitions import read_text
from autograder.authoring.draft import PLAIN, QUESTION, Cell, Draft, read_draft
from autograder.authoring.instructor import render, rendered
from autograder.authoring.material import Material, shown
from autograder.authoring.modules import module_file, released_modules, renamed
from autograder.authoring.notebooks import IMPORT, assemble, put_answers, sources
from autograder.authoring.regions import BEGIN, cell_regions
from autograder.authoring.trees import Tree
from autograder.authoring.wording import load_wordings, reword
from autograder.paths import Course

# What is saved in a module counts from the next cell on, without a restart of the kernel.
AUTORELOAD = "%load_ext autoreload\n%autoreload 2"


def package_tree(course: Course, material: Material, instructor: Tree) -> dict[str, bytes]:
    """Return an assignment in package layout as path -> content, ready for nbgrader.

    Its modules hold stubs already; nbgrader clears notebooks only.

    Parameters
    ----------
    instructor : the assignment in notebook layout, which has all that is the same in both.

    Raises
    ------
    AuthoringError, SettingsError
        If `package.toml` or an import breaks a rule.
    """
    assignment = material.assignment
    wordings = load_wordings(course, assignment)
    wanted: set[str] = set()
    tree = dict(instructor)
    for notebook in assignment.notebooks:
        path = course.authored(assignment.id) / f"{notebook.name}.md"
        where = shown(course, path)
        draft = reword(read_draft(read_text(path, where), notebook.name, where), wordings)
        wanted |= {module for module, _ in _imports(draft.cells)}
        made = assemble(_in_package_layout(draft, material), material)
        tree[f"{notebook.name}.ipynb"] = nbformat.writes(made).encode() + b"\n"
    modules = released_modules(course, wanted)
    tree |= {name: text.encode() for name, text in modules.items()}
    return tree | rendered(assignment, [name for name in modules if "__init__" not in name])


def _in_package_layout(draft: Draft, material: Material) -> Draft:
    cells = tuple(_importing(cell, draft, material) for cell in draft.cells)
    made = rules.stubs_are_where_they_belong(replace(draft, cells=cells), material)
    made = _with_note(_with_autoreload(made), _homes(draft, material))
    return put_answers(made, material)


def _importing(cell: Cell, draft: Draft, material: Material) -> Cell:
    """Return a cell that imports from the package; it is the students' if a stub is left in it."""
    if cell.kind != "code":
        return cell
    for number, line in enumerate(cell.source.splitlines(), cell.line + 1):
        if match := IMPORT.fullmatch(line):
            list(sources(match, draft.path, number, material))  # refuses what is not there
    made = replace(cell, source=renamed(cell.source))
    if cell.may_hold_solutions and not cell_regions(cell.source, draft.path, cell.line + 1):
        made = replace(made, role=PLAIN, name="")
    return made


def _with_autoreload(draft: Draft) -> Draft:
    """Switch autoreload on in the first code cell, before it imports anything."""
    first = next((cell for cell in draft.cells if cell.kind == "code"), None)
    cells = (
        replace(cell, source=f"{AUTORELOAD}\n\n{cell.source}") if cell is first else cell
        for cell in draft.cells
    )
    return replace(draft, cells=tuple(cells))


def _with_note(draft: Draft, homes: Mapping[str, Sequence[str]]) -> Draft:
    """Say below the title, or at the top where there is none, in which file students write what."""
    if not homes:
        return draft
    note = render(
        "package_note.md.j2",
        homes=homes,
        exercises=any(cell.may_hold_solutions for cell in draft.cells),
        questions=bool(draft.cells_of(QUESTION)),
    )
    titled = bool(draft.cells) and draft.cells[0].source.startswith("# ")
    at = 1 if titled and draft.cells[0].kind == "markdown" else 0
    cell = Cell("markdown", note.rstrip(), line=1)
    return replace(draft, cells=(*draft.cells[:at], cell, *draft.cells[at:]))


def _homes(draft: Draft, material: Material) -> dict[str, list[str]]:
    """Return the definitions that students complete in each file."""
    homes: dict[str, list[str]] = {}
    for module, names in _imports(cell for cell in draft.cells if cell.may_hold_solutions):
        stubs = [name for name in names if BEGIN in material.modules[module][name]]
        if stubs:
            homes.setdefault(module_file(module), []).extend(stubs)
    return homes


def _imports(cells: Iterable[Cell]) -> Iterator[tuple[str, list[str]]]:
    """Yield module and names of each line `from solutions.x import a, b`."""
    for cell in cells:
        for line in cell.source.splitlines():
            if cell.kind == "code" and (match := IMPORT.fullmatch(line)):
                yield match[1], re.split(r", *", match[2])
