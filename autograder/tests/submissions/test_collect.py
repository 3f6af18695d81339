"""Which files of a hand-in are read."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from autograder.submissions import collect as collecting
from autograder.submissions.collect import collect, collect_tree
from autograder.submissions.files import MAX_FILE

EXPECTED = frozenset({"best_model.npz", "Layers.ipynb"})


def test_notebooks_and_other_files_are_told_apart(tmp_path: Path) -> None:
    for name in ("Layers.ipynb", "Nets.ipynb.txt", "best_model.npz"):
        (tmp_path / name).write_text("x")
    handed_in = collect(tmp_path)
    assert set(handed_in.notebooks) == {"Layers.ipynb", "Nets.ipynb.txt"}
    assert set(handed_in.others) == {"best_model.npz"}
    assert handed_in.problems == ()


def test_a_symbolic_link_is_never_followed(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("solutions")
    folder = tmp_path / "small"
    folder.mkdir()
    for name in EXPECTED:
        (folder / name).symlink_to(secret)
    handed_in = collect(folder, EXPECTED)
    assert handed_in.files == {}
    assert handed_in.problems == (
        "Layers.ipynb is a symbolic link, which is not followed; hand in the file itself.",
        "best_model.npz is a symbolic link, which is not followed; hand in the file itself.",
    )


def test_a_linked_submission_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "Layers.ipynb").write_text("x")
    (tmp_path / "small").symlink_to(tmp_path / "real")
    assert collect(tmp_path / "small").files == {}


def test_a_linked_subfolder_is_not_entered(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "data.txt").write_text("x")
    (tmp_path / "small").mkdir()
    (tmp_path / "small" / "data").symlink_to(tmp_path / "real")
    assert collect(tmp_path / "small").files == {}


def test_a_folder_named_like_a_file_is_a_problem(tmp_path: Path) -> None:
    for name in EXPECTED:
        (tmp_path / name).mkdir()
    assert collect(tmp_path, EXPECTED).problems == (
        "Layers.ipynb is a folder, not a file.",
        "best_model.npz is a folder, not a file.",
    )


def test_a_fifo_is_a_problem(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "Layers.ipynb")
    assert collect(tmp_path).problems == ("Layers.ipynb is not a regular file.",)


def test_control_characters_in_a_name_are_a_problem(tmp_path: Path) -> None:
    (tmp_path / "Lay\x1b[31mers.ipynb").write_text("x")
    handed_in = collect(tmp_path)
    assert handed_in.files == {}
    assert handed_in.problems == (
        "Lay?[31mers.ipynb has a name that holds control characters; rename it.",
    )


def test_checkpoints_and_hidden_files_are_left_out(tmp_path: Path) -> None:
    (tmp_path / ".ipynb_checkpoints").mkdir()
    (tmp_path / ".ipynb_checkpoints" / "Layers-checkpoint.ipynb").write_text("x")
    (tmp_path / ".DS_Store").write_text("x")
    assert collect(tmp_path).files == {}


def test_a_zipped_folders_inside_is_the_submission(tmp_path: Path) -> None:
    (tmp_path / "homework").mkdir()
    for name in ("Layers.ipynb", "best_model.npz"):
        (tmp_path / "homework" / name).write_text("x")
    handed_in = collect(tmp_path, EXPECTED)
    assert set(handed_in.files) == {"Layers.ipynb", "best_model.npz"}
    assert handed_in.problems == (
        "The notebooks lie in the subfolder homework; it was read instead.",
    )


def test_a_notebook_in_a_subfolder_is_not_read_where_others_lie_at_the_top(tmp_path: Path) -> None:
    (tmp_path / "old").mkdir()
    for name in ("Layers.ipynb", "old/Layers.ipynb"):
        (tmp_path / name).write_text("x")
    handed_in = collect(tmp_path)
    assert set(handed_in.notebooks) == {"Layers.ipynb"}
    assert handed_in.problems == ("old/Layers.ipynb lies in a subfolder and was not read.",)


def test_a_model_that_is_too_large_is_a_problem(tmp_path: Path) -> None:
    with open(tmp_path / "best_model.npz", "wb") as file:
        file.truncate(MAX_FILE + 1)
    handed_in = collect(tmp_path, EXPECTED)
    assert handed_in.others == {}
    assert handed_in.problems == ("best_model.npz is larger than 50 MB and was not used.",)


def test_too_many_files_are_cut_off(tmp_path: Path) -> None:
    for number in range(collecting.MAX_FILES + 5):
        (tmp_path / f"{number}.txt").touch()
    handed_in = collect(tmp_path)
    assert len(handed_in.files) == collecting.MAX_FILES
    assert handed_in.problems == ("More than 1000 files were handed in; only these many are read.",)


def test_folders_nested_too_deeply_are_not_entered(tmp_path: Path) -> None:
    deep = tmp_path.joinpath(*"abcdefghij")
    deep.mkdir(parents=True)
    (deep / "far.txt").write_text("x")
    assert collect(tmp_path).files == {}


def test_a_tree_is_searched_for_what_is_wanted(tmp_path: Path) -> None:
    for name in ("b/c/layers.py", "optim.py", "notes.txt", "b/best_model.npz", ".git/x.py"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x")
    handed_in = collect_tree(tmp_path, lambda name: name.endswith(".py"), EXPECTED)
    assert list(handed_in.files) == ["optim.py", "b/best_model.npz", "b/c/layers.py"]
    assert handed_in.problems == ()


def test_a_tree_with_too_many_files_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(collecting, "MAX_ENTRIES", 3)
    for number in range(4):
        (tmp_path / f"{number}.txt").write_text("")
    assert collect_tree(tmp_path, lambda name: False, EXPECTED).problems == (
        "More than 3 files lie here; hand in only the package itself.",
    )
