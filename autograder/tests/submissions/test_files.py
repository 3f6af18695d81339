"""Which files are read, and their digest."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from autograder.submissions import files
from autograder.submissions.files import FileFault, collect, collect_tree, digest, read_bytes

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


def test_a_fifo_does_not_block_its_reader(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(FileFault, match="is not a regular file"):
        read_bytes(tmp_path / "pipe", 10)


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
        file.truncate(files.MAX_FILE + 1)
    handed_in = collect(tmp_path, EXPECTED)
    assert handed_in.others == {}
    assert handed_in.problems == ("best_model.npz is larger than 50 MB and was not used.",)


def test_a_file_above_the_limit_is_not_read(tmp_path: Path) -> None:
    with open(tmp_path / "Layers.ipynb", "wb") as file:
        file.truncate(files.MAX_NOTEBOOK + 1)
    with pytest.raises(FileFault, match="is larger than 25 MB; clear its outputs"):
        read_bytes(tmp_path / "Layers.ipynb", files.MAX_NOTEBOOK)


def test_too_many_files_are_cut_off(tmp_path: Path) -> None:
    for number in range(files.MAX_FILES + 5):
        (tmp_path / f"{number}.txt").touch()
    handed_in = collect(tmp_path)
    assert len(handed_in.files) == files.MAX_FILES
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
    monkeypatch.setattr(files, "MAX_ENTRIES", 3)
    for number in range(4):
        (tmp_path / f"{number}.txt").write_text("")
    assert collect_tree(tmp_path, lambda name: False, EXPECTED).problems == (
        "More than 3 files lie here; hand in only the package itself.",
    )


class TestDigest:
    def test_it_does_not_depend_on_times(self, tmp_path: Path) -> None:
        path = tmp_path / "a.txt"
        path.write_text("x")
        before = digest({"a.txt": path})
        os.utime(path, (1, 1))
        assert digest({"a.txt": path}) == before

    def test_it_depends_on_names(self, tmp_path: Path) -> None:
        path = tmp_path / "a.txt"
        path.write_text("x")
        assert digest({"a.txt": path}) != digest({"b.txt": path})

    def test_it_depends_on_contents(self, tmp_path: Path) -> None:
        path = tmp_path / "a.txt"
        path.write_text("x")
        before = digest({"a.txt": path})
        path.write_text("y")
        assert digest({"a.txt": path}) != before

    def test_it_does_not_depend_on_the_order(self, tmp_path: Path) -> None:
        paths = {name: tmp_path / name for name in ("a", "b")}
        for path in paths.values():
            path.write_text(path.name)
        assert digest(paths) == digest(dict(reversed(paths.items())))

    def test_a_huge_file_enters_by_name_and_size(self, tmp_path: Path) -> None:
        with open(tmp_path / "huge", "wb") as file:
            file.truncate(files.MAX_FILE + 1)
        before = digest({"huge": tmp_path / "huge"})
        with open(tmp_path / "huge", "r+b") as file:
            file.write(b"changed")
        assert digest({"huge": tmp_path / "huge"}) == before
