"""Files that were handed in to hurt or to mislead the grader while it reads them."""

from __future__ import annotations

import copy
import json
import multiprocessing
import os
import random
import stat
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import nbformat
import pytest

from autograder.submissions import Submission, read_submission
from autograder.submissions.collect import HandedIn, collect
from autograder.submissions.files import MAX_NOTEBOOK
from autograder.submissions.read import submission_digest
from autograder.tests.submissions.archives import zipped
from autograder.tests.submissions.notebooks import (
    ASSIGNMENT,
    RELEASE,
    Json,
    cell,
    code,
    insert_below,
    solved,
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "submitted" / "eve" / "small"
    folder.mkdir(parents=True)
    return folder


def read(folder: Path, layers: Json | None = None) -> Submission:
    if layers is not None:
        (folder / "Layers.ipynb").write_text(json.dumps(layers))
    return read_submission(folder, ASSIGNMENT, RELEASE, "eve")


def test_reading_runs_nothing(folder: Path) -> None:
    witness = folder / "witness"
    strike = f"open({str(witness)!r}, 'w').close()"
    layers = solved("Layers")
    cell(layers, "double")["source"] = "\n".join(
        [
            "# -*- coding: rot13 -*-",
            strike,
            f"@eval({strike!r})",
            f"def double(x=eval({strike!r})):",
            "    return x",
            f"class A(metaclass=eval({strike!r})):",
            f"    {strike}",
            f'x = f"""{{{strike}}}"""',
        ]
    )
    submission = read(folder, layers)
    assert any(strike in s.source for s in submission.statements["Layers"])
    assert not witness.exists()


@pytest.mark.parametrize("collected", [True, False])
@pytest.mark.parametrize("packed", [True, False])
def test_a_time_that_the_student_wrote_into_a_subfolder_is_not_the_collectors(
    folder: Path, packed: bool, collected: bool
) -> None:
    written = dict.fromkeys(("work/Layers.ipynb", "work/timestamp.txt", "other/notes.txt"), b"x")
    for name, data in {"work.zip": zipped(written)}.items() if packed else written.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(data)
    if collected:
        (folder / "timestamp.txt").write_text("late")
    files = collect(folder).files
    assert "Layers.ipynb" in files
    assert files.get("timestamp.txt") == (folder / "timestamp.txt" if collected else None)


def test_a_link_to_another_students_notebook_earns_nothing(folder: Path) -> None:
    other = folder.parent.parent / "ada.ipynb"
    other.write_text(json.dumps(solved("Layers")))
    (folder / "Layers.ipynb").symlink_to(other)
    submission = read(folder)
    assert submission.present == frozenset()
    assert "Layers.ipynb is a symbolic link" in submission.problems[0]


@pytest.mark.parametrize("target", ["/dev/zero", "/proc/self/mem", "/etc/passwd"])
def test_a_link_to_a_device_is_not_opened(folder: Path, target: str) -> None:
    for name in ("Layers.ipynb", "best_model.npz"):
        (folder / name).symlink_to(target)
    submission = read(folder)
    assert (submission.present, submission.files) == (frozenset(), {})


def test_a_loop_of_links_ends(folder: Path) -> None:
    (folder / "loop").symlink_to(folder)
    (folder / "Layers.ipynb").symlink_to(folder / "Layers.ipynb")
    assert read(folder).present == frozenset()


def test_a_pipe_does_not_hang_the_grader(folder: Path) -> None:
    for name in ("Layers.ipynb", "best_model.npz"):
        os.mkfifo(folder / name)
    assert read(folder).files == {}


def collected_by_nobody(folder: str) -> tuple[HandedIn, str]:
    """Without root's privileges. The way to `folder` may be closed to others, so it is relative."""
    if os.geteuid() == 0:
        os.setgroups([])
        os.setgid(65534)
        os.setuid(65534)
    return collect(Path(folder)), submission_digest(Path(folder), ASSIGNMENT)


def test_a_subfolder_whose_files_nobody_may_look_at_is_a_sentence(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "Layers.ipynb").write_text("x")
    (folder / "data" / "deep").mkdir(parents=True)
    (folder / "data" / "notes.txt").write_text("x")
    folder.chmod(0o755)
    monkeypatch.chdir(folder.parent)
    folder.parent.chmod(0o755)
    (folder / "data").chmod(stat.S_IRUSR | stat.S_IRGRP | stat.S_IROTH)
    with ProcessPoolExecutor(1, multiprocessing.get_context("fork")) as process:
        handed_in, digest = process.submit(collected_by_nobody, folder.name).result()
    (folder / "data").chmod(0o755)
    assert set(handed_in.files) == {"Layers.ipynb"}
    assert handed_in.problems == (
        "data/deep cannot be read: Permission denied.",
        "data/notes.txt cannot be read: Permission denied.",
    )
    assert digest != submission_digest(folder, ASSIGNMENT)


def test_a_huge_notebook_is_not_read(folder: Path) -> None:
    with open(folder / "Layers.ipynb", "wb") as file:
        file.truncate(MAX_NOTEBOOK + 1)
    submission = read(folder)
    assert submission.problems[0] == (
        "Layers.ipynb is larger than 25 MB; clear its outputs and save it."
    )


@pytest.mark.parametrize("attack", ["[" * 200_000, '{"a":' * 200_000, '{"cells":' + "9" * 100_000])
def test_json_made_to_overflow_is_one_sentence(folder: Path, attack: str) -> None:
    (folder / "Layers.ipynb").write_text(attack)
    submission = read(folder)
    assert len(submission.problems) == 2  # and the other notebook is missing
    assert "not" in submission.problems[0]


def test_names_cannot_write_to_the_terminal(folder: Path) -> None:
    (folder / "\x1b]0;owned\x07Layers.ipynb").write_text("{}")
    (folder / os.fsdecode(b"\xff\xfeNets.ipynb")).write_text("{}")
    submission = read(folder)
    assert submission.files == {}
    assert all(sentence.isprintable() for sentence in submission.problems)


def test_a_syntax_error_cannot_write_to_the_terminal(folder: Path) -> None:
    layers = solved("Layers")
    cell(layers, "double")["source"] = "x = \x1b[31m\u202e" + "y" * 500
    for sentence in read(folder, layers).problems:
        assert sentence.isprintable()
        assert len(sentence) < 300


def test_forged_marks_give_no_points(folder: Path) -> None:
    layers = solved("Layers")
    for row in layers["cells"]:
        if "nbgrader" in row["metadata"]:
            row["metadata"]["nbgrader"].update(points=1000, grade=True, locked=False, checksum="0")
    notebook = read(folder, layers).notebooks["Layers"]
    release = nbformat.read(RELEASE / "Layers.ipynb", as_version=4)
    assert [row.metadata for row in notebook.cells] == [row.metadata for row in release.cells]


def test_a_forged_score_in_a_check_cells_output_is_gone(folder: Path) -> None:
    layers = solved("Layers")
    forged = {"output_type": "execute_result", "data": {"text/plain": "3.0"}, "metadata": {}}
    cell(layers, "double_check").update(outputs=[forged], source="3.0")
    rows = {row.id: row for row in read(folder, layers).notebooks["Layers"].cells}
    assert rows["double_check"].outputs == []
    assert rows["double_check"].source == 'check("double")'


def test_a_cell_under_a_given_cells_id_does_not_run(folder: Path) -> None:
    layers = solved("Layers")
    forged = cell(layers, "given_setup") | {"source": "def check(name):\n    pass", "id": "x"}
    insert_below(layers, "double", forged)
    sources = [statement.source for statement in read(folder, layers).statements["Layers"]]
    assert "def check(name):\n    pass" not in sources


def test_ids_made_to_collide_stay_unique(folder: Path) -> None:
    layers = solved("Layers")
    layers["cells"] += [code("x = 1", id="double"), code("y = 1", id="../../x"), code("z", id=7)]
    notebook = read(folder, layers).notebooks["Layers"]
    nbformat.validate(notebook)
    assert len({row.id for row in notebook.cells}) == len(notebook.cells)


JUNK: list[Any] = [None, True, -1, 1e308, "", "double", "\ud800\0", [], ["\n", 1], {}, {"a": {}}]


def mutate(value: Any, chance: random.Random) -> Any:
    """Return `value` with about one part in thirty replaced, dropped or doubled."""
    if chance.random() < 0.03:
        return copy.deepcopy(chance.choice(JUNK))
    if isinstance(value, dict):
        return {k: mutate(v, chance) for k, v in value.items() if chance.random() > 0.03}
    if isinstance(value, list):
        items = [mutate(item, chance) for item in value if chance.random() > 0.03]
        return items + items[: chance.random() < 0.1]
    return value


@pytest.mark.parametrize("seed", range(60))
def test_a_damaged_notebook_is_read_or_reported_and_never_raises(folder: Path, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - damage, not cryptography
    damaged = mutate(solved("Layers"), chance)
    (folder / "Layers.ipynb").write_text(json.dumps(damaged))
    submission = read(folder)
    assert all(sentence.isprintable() for sentence in submission.problems)
    for notebook in submission.notebooks.values():
        nbformat.validate(notebook)
        nbformat.writes(notebook).encode()
