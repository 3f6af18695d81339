"""How many processes a submission takes: as few as its verdicts allow."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import nbformat
import pytest
from nbformat import v4

from autograder.grading.convention import Convention
from autograder.grading.judging import Subject
from autograder.grading.overlays import reference_program
from autograder.grading.results import Result, TaskResult
from autograder.grading.runner import Grader
from autograder.paths import Course
from autograder.program import Program, Statement
from autograder.sandbox import Sandbox, Worker

KEEP = Convention("keep")
SOURCE = (Course.find().solutions / "fc_net.py").read_text()
TWO_LAYER_NET = SOURCE[SOURCE.index("class TwoLayerNet") : SOURCE.index("class FullyC")]
TASKS = ["adam", "dropout_forward"]  # of both notebooks
Count = Callable[[], int]


@pytest.fixture(scope="module")
def grader() -> Iterator[Grader]:
    with Grader(Course.find(), "neural-nets") as grader:
        yield grader


@pytest.fixture
def count(monkeypatch: pytest.MonkeyPatch) -> Count:
    """How many processes were started so far."""
    spawned: list[Worker] = []
    spawn = Sandbox.spawn

    def noted(self: Sandbox, budget: float | None = None) -> Worker:
        spawned.append(spawn(self, budget))
        return spawned[-1]

    monkeypatch.setattr(Sandbox, "spawn", noted)
    return lambda: len(spawned)


def judged(grader: Grader, second: str, first: str = "") -> tuple[list[TaskResult], list[str]]:
    """Verdicts on the reference with more in its notebooks, and how statements of that fared."""
    reference = reference_program(grader.course, KEEP)
    mine = [Statement(first, "Mine, cell 1", 1)] if first else []

    def program_of(notebook: str) -> Program:
        more = [Statement(second, "Mine, cell 2", 1)] if notebook == "Dropout" and second else []
        return (*reference, *mine, *more)

    subject = Subject(program_of)
    run = grader.judging.run_of(subject)
    found = grader.play(lambda play: grader.judging.judge(play, run, subject, KEEP, TASKS))
    outcomes = run.outcomes("Dropout")
    assert [outcome.statement for outcome in outcomes] == list(program_of("Dropout"))
    return list(found), [
        outcome.status for outcome in outcomes if outcome.statement not in reference
    ]


def test_both_notebooks_take_one_process(grader: Grader, count: Count) -> None:
    verdicts, statuses = judged(grader, "x = 1")
    assert [task.status for task in verdicts] == ["passed"] * 2
    assert (count(), statuses) == (1, ["ok"])


def test_what_fails_while_the_second_is_loaded_is_found_by_a_process_of_its_own(
    grader: Grader, count: Count
) -> None:
    verdicts, statuses = judged(grader, "1 / 0")
    assert [task.status for task in verdicts] == ["passed"] * 2
    assert (count(), statuses) == (2, ["failed"])


def test_what_the_first_does_to_its_process_is_not_held_against_the_second(
    grader: Grader, count: Count
) -> None:
    spoils = """
def adam(w, dw, config=None, adam=adam):
    def numbers(shape=None):
        return np.ones(shape)
    np.random.random_sample = lambda size=None: np.ones(size)
    np.random.rand = lambda *shape: np.ones(shape)
    return adam(w, dw, config)
"""
    verdicts, _ = judged(grader, "", spoils)
    assert [task.status for task in verdicts] == ["passed"] * 2
    assert count() == 2


def test_globals_that_one_notebook_leaves_are_not_there_for_the_next(
    grader: Grader, count: Count
) -> None:
    leaves = """
def adam(w, dw, config=None, adam=adam):
    global ready
    ready = True
    return adam(w, dw, config)

def dropout_forward(x, dropout_param, dropout_forward=dropout_forward):
    assert ready
    return dropout_forward(x, dropout_param)
"""
    for more in ("", "1 / 0"):
        verdicts, _ = judged(grader, more, leaves)
        assert [task.score > 0 for task in verdicts] == [True, False]


def test_all_that_can_be_asked_at_once_is(grader: Grader) -> None:
    grader.apart(lambda: None)  # rehearses
    round = grader.judging.reference_round(KEEP)
    tasks = [task.id for task in grader.assignment.tasks]
    runs = grader.play(lambda play: play(round, tasks))
    round.subject.close()
    scripts = grader.judging.memory.scripts
    # Whether a handed-in model is any good rests on no answer.
    assert {r.task for r in runs if (KEEP, r.task, r.name) not in scripts} == {"best_model"}


@pytest.fixture
def released(tmp_path: Path) -> Path:
    """A submission as it was released."""
    folder = tmp_path / "ada"
    shutil.copytree(Course.find().release("neural-nets"), folder)
    return folder


def add_cell(folder: Path, source: str) -> None:
    path = folder / "FullyConnectedNets.ipynb"
    notebook = nbformat.read(path, as_version=4)
    notebook.cells.append(v4.new_code_cell(source))
    nbformat.write(notebook, path)


def test_whatever_stands_in_a_solution_cell_is_judged_with_correct_layers(
    grader: Grader, released: Path
) -> None:
    path = released / "FullyConnectedNets.ipynb"
    notebook = nbformat.read(path, as_version=4)
    (cell,) = (cell for cell in notebook.cells if cell.source.startswith("class TwoLayerNet"))
    hidden = TWO_LAYER_NET.replace("TwoLayerNet", "Mine")
    cell.source = f'{hidden}\nglobals()["Two" + "LayerNet"] = Mine'
    nbformat.write(notebook, path)
    found = {task.task: task for task in graded(grader, released).tasks}
    assert (found["two_layer_net"].status, found["two_layer_net"].layers) == ("passed", "correct")


def graded(grader: Grader, folder: Path) -> Result:
    return grader.grade(folder, "ada")


def test_tasks_that_nobody_wrote_anything_for_are_not_judged_again(
    grader: Grader, count: Count, released: Path
) -> None:
    graded(grader, released)  # after it the checks are rehearsed
    before = count()
    result = graded(grader, released)
    assert {task.status for task in result.tasks} == {"missing"}
    assert count() - before <= 3  # no more than one for each group of requests with an end


@pytest.mark.parametrize("letter", ["T", "\N{FULLWIDTH LATIN CAPITAL LETTER T}"])
def test_a_class_that_stands_in_another_cell_is_judged_with_correct_layers(
    grader: Grader, released: Path, letter: str
) -> None:
    add_cell(released, TWO_LAYER_NET.replace("TwoLayerNet", f"{letter}woLayerNet"))
    found = {task.task: task for task in graded(grader, released).tasks}
    assert found["affine_forward"].status == "missing"
    assert (found["two_layer_net"].status, found["two_layer_net"].layers) == ("passed", "correct")
