"""Packages that were handed in to hurt or to mislead the grader while it reads them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from autograder.submissions import Submission, read_package
from autograder.submissions.collect import MAX_FILES
from autograder.submissions.library import MAX_PARSED
from autograder.submissions.parse import MAX_SOURCE
from autograder.submissions.python2 import mend_syntax
from autograder.tests.submissions.packages import ASSIGNMENT, KEEP_2019

ADAM = "def adam(w, dw):\n    return w, dw\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "submitted" / "eve" / "nets"
    folder.mkdir(parents=True)
    return folder


def read(folder: Path, optim: str = "", *, repair: bool = True) -> Submission:
    if optim:
        (folder / "optim.py").write_text(optim)
    return read_package(folder, ASSIGNMENT, "eve", repair=repair)


def sources(submission: Submission) -> list[str]:
    return [statement.source for statement in submission.program(ASSIGNMENT, "Nets")]


@pytest.mark.parametrize("old", ["", "print 'Python 2'\n"], ids=["new", "old"])
def test_reading_and_mending_run_nothing(folder: Path, old: str) -> None:
    witness = folder / "witness"
    strike = f"open({str(witness)!r}, 'w').close()"
    submission = read(
        folder,
        f"{old}{strike}\n__import__('os').system('touch {witness}')\n"
        f"def adam(w=eval({strike!r}), dw=xrange(3)):\n    return w\n",
    )
    assert strike in sources(submission)
    assert not witness.exists()


def test_mending_imports_nothing_of_the_students(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    witness = folder / "witness"
    for name in ("json.py", "fissix.py", "resource.py", "sitecustomize.py"):
        (folder / name).write_text(f"open({str(witness)!r}, 'w')\n")
    monkeypatch.chdir(folder)
    monkeypatch.setenv("PYTHONPATH", str(folder))
    assert mend_syntax("print 'a'") is not None
    assert not witness.exists()


@pytest.mark.parametrize(
    "attack",
    [
        "x = " + "(" * 10_000,
        "x = " + "(" * 90 + "1" + ")" * 90 + "\nprint " + "(" * 5_000 + ")" * 5_000,
        "x = " + "`" * 1001,
        "print " + "-" * 50_000 + "1",
        "print 1" + " + 1" * 20_000 + "\n",
        "if x:\n" + "".join(" " * k + "if x:\n" for k in range(1, 600)) + "print 1",
        "x = a" + ".a" * 90_000,
        "try:\n pass\n" + "except A, e:\n pass\n" * 9_000,  # takes the mender all its time
        "print '''" + "\\\n" * 90_000,
        "\0" * 1000,
        "x = " + "[" * 190 + "lambda (a, b): a" + "]" * 190,
    ],
)
def test_text_made_to_overflow_a_parser_ends_in_a_sentence(folder: Path, attack: str) -> None:
    submission = read(folder, f"{ADAM}{attack}\n")
    mine = [sentence for sentence in submission.problems if sentence.startswith("optim.py")]
    assert len(mine) == 1 or submission.repairs
    assert all(len(sentence) < 300 and sentence.isprintable() for sentence in mine)


def test_a_file_that_is_too_long_is_left_out(folder: Path) -> None:
    submission = read(folder, ADAM + "# long\n" * (MAX_SOURCE // 6))
    assert submission.problems[-1] == (
        f"optim.py: is longer than {MAX_SOURCE} characters; the file was left out."
    )


def test_megabytes_in_one_file_are_not_read(folder: Path) -> None:
    with open(folder / "optim.py", "wb") as file:
        file.truncate(3 << 30)
    assert sources(read(folder)) == []


def test_megabytes_in_many_files_are_not_all_parsed(folder: Path) -> None:
    text = ADAM + "# " + "x" * (MAX_SOURCE - 100)
    many = MAX_PARSED // len(text) + 3
    for number in range(many):
        (folder / f"optim{number:02}.py").write_text(text)
    submission = read(folder)
    assert "from package.optim00 import adam" in sources(submission)


def test_thousands_of_files_are_not_all_read(folder: Path) -> None:
    for number in range(MAX_FILES + 5):
        (folder / f"a{number}.py").write_text("")
    (folder / "optim.py").write_text(ADAM)
    assert f"More than {MAX_FILES} files" in read(folder).problems[0]


def test_a_long_chain_of_imports_ends(folder: Path) -> None:
    for number in range(300):
        (folder / f"m{number}.py").write_text(f"import m{number + 1}\n")
    submission = read(folder, f"import m0\n{ADAM}")
    assert sources(submission)[-1] == "from package.optim import adam"


def test_thousands_of_branches_end(folder: Path) -> None:
    branches = "if x == 0:\n    y = 0\n" + "elif x:\n    y = 1\n" * 2000
    submission = read(folder, f"{branches}else:\n    def adam(w, dw):\n        return w, dw\n")
    assert sources(submission)[-1] == "from package.optim import adam"


def test_links_are_not_followed(folder: Path) -> None:
    other = folder.parent / "ada"
    other.mkdir()
    (other / "optim.py").write_text(ADAM)
    (other / "best_model.npz").write_bytes(b"")
    for name in ("optim.py", "best_model.npz"):
        (folder / name).symlink_to(other / name)
    (folder / "cs231n").symlink_to(other)
    submission = read(folder)
    assert (sources(submission), submission.files) == ([], {})
    assert (
        "optim.py is a symbolic link, which is not followed; hand in the file itself."
        in submission.problems
    )


def test_pipes_do_not_hang_the_grader(folder: Path) -> None:
    for name in ("optim.py", "best_model.npz"):
        os.mkfifo(folder / name)
    assert sources(read(folder)) == []


def test_names_cannot_write_to_the_terminal_nor_into_the_program(folder: Path) -> None:
    (folder / "\x1b]0;owned\x07.py").write_text(ADAM)
    (folder / "a import b; import os #.py").write_text(ADAM)
    submission = read(folder)
    assert sources(submission)[-1] == "from package.a_import_b__import_os__ import adam"
    assert all(sentence.isprintable() for sentence in submission.problems)


def test_two_files_that_become_one_name_are_two_modules(folder: Path) -> None:
    (folder / "a-b.py").write_text(ADAM)
    (folder / "a_b.py").write_text("def affine_forward(x, w, b):\n    return x, w\n")
    submission = read(folder)
    named = {s.module for s in submission.program(ASSIGNMENT, "Nets") if s.module}
    assert len(named) == 2


def test_letters_that_look_like_ascii_do_not_break_the_mending(folder: Path) -> None:
    submission = read(folder, f"{ADAM}x = d.ｉｔｅｒｉｔｅｍｓ(), np.ｆｌｏａｔ, ｘｒａｎｇｅ\n")
    assert "from package.optim import adam" in sources(submission)


def test_a_package_beside_others_is_read_alone(folder: Path) -> None:
    for name, text in KEEP_2019.items():
        path = folder.parent / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    submission = read(folder, f"from ..cs231n.layers import *\nfrom ... import secret\n{ADAM}")
    assert all(s.module in ("", "package.optim") for s in submission.program(ASSIGNMENT, "Nets"))
