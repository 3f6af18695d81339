"""Rules that an authored notebook must keep; each takes a draft and hands it on unchanged."""

from __future__ import annotations

from autograder.authoring.draft import CHECK, GIVEN, QUESTION, TASK, Cell, Draft
from autograder.authoring.material import Material
from autograder.authoring.pieces import defined_names
from autograder.authoring.regions import cell_regions
from autograder.errors import AuthoringError


def unique_ids(draft: Draft, material: Material) -> Draft:
    """Refuse two cells with one `grade_id`."""
    first: dict[str, Cell] = {}
    for cell in draft.cells:
        earlier = first.setdefault(cell.grade_id, cell)
        if cell.grade_id and earlier is not cell:
            message = f"id {cell.grade_id!r} is already that of the cell in line {earlier.line}"
            raise draft.error(cell, message)
    return draft


def every_task_has_its_cells(draft: Draft, material: Material) -> Draft:
    """Refuse a task without a cell or check, a cell or check without a task."""
    tasks = {task.id: task for task in material.assignment.tasks}
    for cell in draft.cells_of(TASK):
        if cell.name not in tasks:
            message = f"task {cell.name!r} is not in {material.manifest_path}; add it there"
            raise draft.error(cell, message)
        _check_home(draft, cell, tasks[cell.name].notebook)
    written = {cell.name for cell in draft.cells_of(TASK)}
    for cell in draft.cells_of(CHECK):
        if cell.name not in written:
            raise draft.error(cell, f"check {cell.name!r} has no task cell in this notebook")
    checked = {cell.name for cell in draft.cells_of(CHECK)}
    for task in tasks.values():
        if task.notebook == draft.name and task.id not in written:
            raise material.error(task.id, f"task {task.id!r} has no task cell in {draft.path}")
    for cell in draft.cells_of(TASK):
        if cell.name not in checked:
            raise draft.error(cell, f"task {cell.name!r} has no check cell in this notebook")
    return draft


def every_question_has_its_cell(draft: Draft, material: Material) -> Draft:
    """Refuse a question without a region, and a region without a question or with text in it."""
    questions = {question.id: question for question in material.assignment.questions}
    for cell in draft.cells_of(QUESTION):
        if cell.name not in questions:
            message = f"question {cell.name!r} is not in {material.manifest_path}; add it there"
            raise draft.error(cell, message)
        _check_home(draft, cell, questions[cell.name].notebook)
        if cell.source.strip():
            message = "leave this region empty; the model answer comes from solutions/answers"
            raise draft.error(cell, message)
    written = {cell.name for cell in draft.cells_of(QUESTION)}
    for question in questions.values():
        if question.notebook == draft.name and question.id not in written:
            message = f"question {question.id!r} has no region in {draft.path}"
            raise material.error(question.id, message)
    return draft


def authored_regions_are_sound(draft: Draft, material: Material) -> Draft:
    """Refuse a broken solution region in authored text, and any in a cell that shows it whole."""
    for cell in draft.cells:
        first_line = cell.line if not cell.role and cell.kind != "code" else cell.line + 1
        regions = cell_regions(cell.source, draft.path, first_line)
        if regions and not cell.may_hold_solutions:
            raise AuthoringError(
                draft.path,
                first_line + regions[0].begin - 1,
                "a solution region belongs in a task or exercise cell",
            )
    return draft


def stubs_are_where_they_belong(draft: Draft, material: Material) -> Draft:
    """Refuse a task or exercise without a stub, and a given cell with one.

    Runs after the definitions have been put into their cells.
    """
    for cell in draft.cells:
        regions = cell.role and cell_regions(cell.source, draft.path, cell.line + 1)
        if cell.may_hold_solutions and not regions:
            raise draft.error(
                cell, f"{cell.role} {cell.name!r} holds no solution region; students need a stub"
            )
        if cell.role == GIVEN and regions:
            message = f"given {cell.name!r} holds a solution region; only whole definitions here"
            raise draft.error(cell, message)
    return draft


def tasks_define_their_functions(draft: Draft, material: Material) -> Draft:
    """Refuse a task cell that lacks a function which the manifest says it defines."""
    for cell in draft.cells_of(TASK):
        try:
            defined = defined_names(cell.source)
        except SyntaxError as error:
            raise draft.error(cell, f"not valid Python: {error.msg}") from None
        missing = [f for f in material.assignment.task(cell.name).functions if f not in defined]
        if missing:
            raise draft.error(cell, f"task {cell.name!r} does not define {', '.join(missing)}")
    return draft


def _check_home(draft: Draft, cell: Cell, notebook: str) -> None:
    if notebook != draft.name:
        message = f"{cell.role} {cell.name!r} belongs in {notebook}, says assignment.toml"
        raise draft.error(cell, message)
