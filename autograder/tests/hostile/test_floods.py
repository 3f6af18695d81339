"""Files that were handed in to slow, fill or stop the grader, which has no deadline of its own."""

from __future__ import annotations

import copy
import json
import os
import shutil
import struct
import time
import tracemalloc
import zipfile
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from autograder.gradebook.autograded import write_autograded
from autograder.gradebook.markdown import safe_markdown
from autograder.gradebook.record import record_of
from autograder.grading.expect import CheckFailed
from autograder.grading.suite import load_reference
from autograder.paths import Course
from autograder.submissions import Submission, read_submission
from autograder.submissions.files import MAX_NOTEBOOK
from autograder.tests.gradebook.courses import ROOT, verdict
from autograder.tests.submissions.notebooks import ASSIGNMENT, RELEASE, Json, cell, code, solved

MANIFEST = "\n".join(
    [
        'id = "small"\ntitle = "Two small notebooks"',
        *(f'[[notebooks]]\nname = "{name}"' for name in ("Layers", "Nets")),
        *(
            f'[[tasks]]\nid = "{task.id}"\nnotebook = "{task.notebook}"\n'
            f"points = {task.points}\nfunctions = {json.dumps(task.functions)}"
            for task in ASSIGNMENT.tasks
        ),
        *(
            f'[[questions]]\nid = "{question.id}"\nnotebook = "{question.notebook}"\n'
            f'points = {question.points}\ntitle = "{question.title}"'
            for question in ASSIGNMENT.questions
        ),
    ]
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "submitted" / "eve" / "small"
    folder.mkdir(parents=True)
    return folder


def read(folder: Path, layers: Json | None = None) -> Submission:
    (folder / "Layers.ipynb").write_text(json.dumps(layers or solved("Layers")))
    return read_submission(folder, ASSIGNMENT, RELEASE, "eve")


def test_thousands_of_cells_beside_a_long_one_are_told_apart_at_once(folder: Path) -> None:
    layers = solved("Layers")
    layers["cells"] = [code(f"double = triple = {number}") for number in range(1900)]
    layers["cells"].append(code("def double(x): pass\ndef triple(x): pass\n" + "#\n" * 70_000))
    started = time.process_time()
    read(folder, layers)
    assert time.process_time() - started < 5


def test_a_heap_of_large_notebooks_is_not_read_to_its_end(folder: Path) -> None:
    for name in "abcde":
        with open(folder / f"{name}.ipynb", "wb") as file:
            file.truncate(MAX_NOTEBOOK)
    submission = read(folder)
    assert submission.present == {"Layers"}
    assert "e.ipynb is one notebook too many" in " ".join(submission.problems)


def test_a_heap_of_strange_files_is_a_few_sentences(folder: Path) -> None:
    for number in range(500):
        (folder / f"{number}").symlink_to("/etc/passwd")
        (folder / f"{number}.ipynb").write_text("{}")
    problems = read(folder).problems
    assert len(problems) < 50
    assert any("more problems of this kind" in sentence for sentence in problems)


def test_a_cell_copied_very_often_is_a_short_sentence(folder: Path) -> None:
    layers = solved("Layers")
    layers["cells"] += [
        copy.deepcopy(cell(layers, "double")) | {"source": f"def double(x): return {number}"}
        for number in range(1000)
    ]
    problems = read(folder, layers).problems
    assert any("and 991 more are all marked as the answer to double" in p for p in problems)
    assert max(map(len, problems)) < 300


def write(folder: Path) -> list[str]:
    """Write the graded submission as `autograder grade` does; return the names of its files."""
    course = Course(folder.parent.parent.parent)
    shutil.copytree(RELEASE, course.release("small"))
    course.authored("small").mkdir(parents=True)
    (course.authored("small") / "assignment.toml").write_text(MANIFEST)
    record = record_of(course, ASSIGNMENT, read(folder), verdict(ASSIGNMENT, "eve"))
    write_autograded(course, record)
    return sorted(os.listdir(course.autograded("small", "eve")))


def test_a_name_as_long_as_names_can_be_does_not_stop_the_class(folder: Path) -> None:
    name = "x" * 251 + ".png"
    (folder / name).write_bytes(b"picture")
    assert name in write(folder)


def test_a_heap_of_large_pictures_is_not_copied(folder: Path) -> None:
    for number in range(4):
        with open(folder / f"{number}.png", "wb") as file:
            file.truncate(20_000_000)
    (folder / "timestamp.txt").write_text("2026-01-01 12:00:00 UTC")
    assert write(folder) == ["0.png", "1.png", "Layers.ipynb", "Nets.ipynb", "timestamp.txt"]


@pytest.mark.parametrize("opening", ["\\\\(", "\\\\[", "\\begin{a}"])
@pytest.mark.parametrize("length", [19_000, 100_000])
def test_formulas_that_never_end_are_shown_at_once(opening: str, length: int) -> None:
    started = time.process_time()
    shown = safe_markdown({"cell": {}}, "<b>" + opening * (length // len(opening)))
    assert time.process_time() - started < 0.3
    assert shown.startswith("<pre>&lt;b&gt;")


def refused(path: Path) -> str:
    """What the hidden suite says about a model file."""
    load_reference(Course(ROOT))  # makes `tests` the course's
    from tests.model_files import read_model

    with pytest.raises(CheckFailed) as caught:
        read_model(path)
    return str(caught.value)


def test_a_small_model_that_computes_very_much_is_refused(tmp_path: Path) -> None:
    sizes = (3072, 1, 1_000_000, 10)
    params = {
        f"{kind}{layer}": np.zeros((fan_in, fan_out)[kind == "b" :], np.float16)
        for layer, (fan_in, fan_out) in enumerate(pairwise(sizes), 1)
        for kind in "Wb"
    }
    path = tmp_path / "best_model.npz"
    np.savez_compressed(path, dataset=np.array("sample"), **params)
    assert path.stat().st_size < 100_000
    assert refused(path) == "W2 has more columns than any model needs"


class Strike:
    """Pickled, it writes a file wherever it is unpickled."""

    def __init__(self, witness: Path) -> None:
        self.witness = witness

    def __reduce__(self) -> tuple[object, ...]:
        return Path.touch, (self.witness,)


@pytest.mark.parametrize("name", ["W1", "dataset"])
def test_a_model_that_holds_a_pickle_is_refused_unread(tmp_path: Path, name: str) -> None:
    arrays = {"dataset": np.array("sample"), "W1": np.zeros((3072, 10)), "b1": np.zeros(10)}
    arrays[name] = np.array([Strike(tmp_path / "witness")], dtype=object)
    np.savez(tmp_path / "best_model.npz", **arrays)
    assert "holds pickled objects, which are never loaded" in refused(tmp_path / "best_model.npz")
    assert not (tmp_path / "witness").exists()


@pytest.mark.parametrize(
    ("shape", "data"),
    [
        ("(0, 10000000000000000000000)", b""),  # numpy: too large to convert
        ("(2.0,)", bytes(16)),  # a header that its readers take
        ("(2", b""),  # never closed
        ("(-1, -2)", bytes(16)),
        ("(3,)", bytes(16)),
    ],
)
def test_an_array_that_lies_about_its_shape_is_damage(
    tmp_path: Path, shape: str, data: bytes
) -> None:
    header = f"{{'descr': '<f8', 'fortran_order': False, 'shape': {shape}, }}\n".encode()
    with zipfile.ZipFile(tmp_path / "best_model.npz", "w") as archive:
        opening = b"\x93NUMPY\1\0" + struct.pack("<H", len(header))
        archive.writestr("W1.npy", opening + header + data)
    assert "is damaged or no .npz file" in refused(tmp_path / "best_model.npz")


def test_an_archive_of_countless_members_is_not_opened(tmp_path: Path) -> None:
    count = 400_000
    member = struct.pack("<4s4B4H3L5H2L", b"PK\1\2", 20, 0, 20, 0, *[0] * 7, 1, *[0] * 6) + b"a"
    place = count * len(member)
    many = 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF
    end = struct.pack("<4sQ2H2L4Q", b"PK\6\6", 44, 45, 45, 0, 0, count, count, place, 0)
    end += struct.pack("<4sLQL", b"PK\6\7", 0, place, 1)
    end += struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, *many, 0)
    path = tmp_path / "best_model.npz"
    path.write_bytes(member * count + end)
    tracemalloc.start()
    try:
        assert refused(path) == "best_model.npz holds too many arrays"
        assert tracemalloc.get_traced_memory()[1] < 75_000_000
    finally:
        tracemalloc.stop()
