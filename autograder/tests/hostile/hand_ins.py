"""Hostile and broken hand-ins: folders of files, written into a submission's place."""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from autograder.submissions.files import MEGABYTE
from autograder.tests.grading.conftest import RIGHT, write_notebook

NAME = "Mini.ipynb"


@dataclass(frozen=True)
class HandIn:
    """Files that stand where a submission should.

    Attributes
    ----------
    tries : completes "The hand-in ...".
    write : writes them into a folder, which exists and holds a right notebook.
    says : a part of what is said about them.
    score : of 10.
    """

    tries: str
    write: Callable[[Path], object]
    says: str
    score: float = 0.0


def _notebook(folder: Path, cells: str, more: str = "") -> None:
    (folder / NAME).write_text(f'{{"nbformat": 4, "cells": {cells}{more}}}')


def _cell(source: str) -> str:
    return json.dumps({"cell_type": "code", "source": source})


def _huge(folder: Path) -> None:
    with open(folder / NAME, "r+b") as file:
        file.truncate(200 * MEGABYTE)  # without a block on disk


def _padded(folder: Path) -> None:
    text = (folder / NAME).read_text()
    (folder / NAME).write_text(" " * (24 * MEGABYTE - len(text)) + text)


def _many_cells(folder: Path) -> None:
    _notebook(folder, f"[{','.join([_cell('x = 1')] * 100_000)}]")


def _instead(write: Callable[[Path], object]) -> Callable[[Path], object]:
    """What writes something in the notebook's place."""

    def replace(folder: Path) -> None:
        (folder / NAME).unlink()
        write(folder / NAME)

    return replace


def _content(data: bytes) -> Callable[[Path], object]:
    return lambda folder: (folder / NAME).write_bytes(data)


def _code(source: str) -> Callable[[Path], object]:
    """A notebook whose cell of `double` holds this."""
    return lambda folder: write_notebook(folder / NAME, {**RIGHT, "double": source})


def _bobs(folder: Path) -> Path:
    return folder.parent.parent / "bob" / "mini" / NAME


def _link_to_bob(path: Path) -> None:
    path.symlink_to(_bobs(path.parent))


def _socket(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as listening:
        place = os.getcwd()
        os.chdir(path.parent)  # a socket's path has 108 characters
        try:
            listening.bind(path.name)
        finally:
            os.chdir(place)


def _linked_folder(folder: Path) -> None:
    (folder / NAME).unlink()
    folder.rmdir()
    folder.symlink_to(_bobs(folder).parent)


def _modules(folder: Path) -> None:
    """Files that something would import, run or obey if the folder were on its path."""
    strike = f"open({str(folder.parent.parent / 'owned')!r}, 'w')\n"
    names = ("conftest", "sitecustomize", "usercustomize", "numpy", "json", "pytest", "__init__")
    for name in (*names, "nbgrader_config", "jupyter_config", "setup", "test_mini"):
        (folder / f"{name}.py").write_text(strike)
    (folder / "evil.pth").write_text(f"import os; {strike}")
    for name in ("pytest.ini", "tox.ini", "setup.cfg"):
        (folder / name).write_text("[pytest]\naddopts = -p evil\n")


def _many_files(folder: Path) -> None:
    for number in range(3000):
        (folder / f"{number}.txt").touch()


def _deep_folders(folder: Path) -> None:
    deep = folder.joinpath(*["d"] * 500)
    deep.mkdir(parents=True)
    (deep / "x.ipynb").touch()


def _odd_names(folder: Path) -> None:
    for name in (
        "\x1b]0;owned\x07.ipynb",
        "a\nb.ipynb",
        "\u202egnp.ipynb",
        "-rf",
        "~",
        "$(reboot)",
    ):
        (folder / name).touch()
    (folder / os.fsdecode(b"\xff\xfe.ipynb")).touch()


HAND_INS = {
    "notebook_of_200_mb": HandIn("is a notebook of 200 MB", _huge, "is larger than 25 MB"),
    "notebook_of_spaces": HandIn("pads its notebook to 24 MB", _padded, "", 10.0),
    "cells_100000": HandIn("has 100,000 cells", _many_cells, "only the first 2000 were read"),
    "recursive_lists": HandIn(
        "is a list in a list, 200,000 deep", _content(b"[" * 200_000), "nested too deeply"
    ),
    "recursive_metadata": HandIn(
        "has metadata 100,000 deep",
        lambda folder: _notebook(
            folder, "[]", ', "metadata": ' + '{"a":' * 10**5 + "1" + "}" * 10**5
        ),
        "nested too deeply",
    ),
    "huge_number": HandIn(
        "has a format of 100,000 digits",
        lambda folder: _notebook(folder, "[]", ', "nbformat_minor": ' + "9" * 100_000),
        "nested too deeply or too large",
    ),
    "cells_are_a_text": HandIn(
        "has a text for its cells", lambda f: _notebook(f, '"x"'), "not a notebook"
    ),
    "cells_are_numbers": HandIn(
        "has numbers for cells", lambda f: _notebook(f, "[1, null]"), "is damaged"
    ),
    "empty_file": HandIn("is empty", _content(b""), "is empty"),
    "null_bytes": HandIn(
        "is a megabyte of null bytes", _content(bytes(MEGABYTE)), "not valid JSON"
    ),
    "pickle": HandIn(
        "is a pickle that runs a command", _content(b"cos\nsystem\n(S'x'\ntR."), "not valid JSON"
    ),
    "latin_1": HandIn("is no UTF-8", _content(b'{"cells": ["\xff"]}'), "is not UTF-8"),
    "program_file": HandIn(
        "is a program for Linux", _content(b"\x7fELF" + bytes(100)), "not valid JSON"
    ),
    "link_to_a_submission": HandIn(
        "links to another student's notebook", _instead(_link_to_bob), "is a symbolic link"
    ),
    "link_to_zeros": HandIn(
        "links to /dev/zero",
        _instead(lambda path: path.symlink_to("/dev/zero")),
        "is a symbolic link",
    ),
    "link_to_itself": HandIn(
        "links to itself", _instead(lambda path: path.symlink_to(path)), "is a symbolic link"
    ),
    "linked_folder": HandIn(
        "is a link to another submission", _linked_folder, "is a symbolic link"
    ),
    "named_pipe": HandIn("is a pipe that nobody writes", _instead(os.mkfifo), "is not a regular"),
    "unix_socket": HandIn("is a socket", _instead(_socket), "is not a regular file"),
    "folder_for_a_notebook": HandIn("is a folder", _instead(Path.mkdir), "is a folder, not a file"),
    "modules_beside": HandIn("brings conftest.py, numpy.py, *.pth", _modules, "", 10.0),
    "many_files": HandIn("has 3,000 files", _many_files, "More than 1000 files", 10.0),
    "deep_folders": HandIn("has folders 500 deep", _deep_folders, "", 10.0),
    "odd_names": HandIn(
        "has names with control characters", _odd_names, "control characters", 10.0
    ),
    "nested_source": HandIn(
        "opens 50,000 brackets", _code("x = " + "(" * 50_000), "too many nested parentheses", 6.0
    ),
    "signs": HandIn(
        "puts 50,000 signs before a number",
        _code("x = " + "-" * 50_000 + "1"),
        "is nested too deeply",
        6.0,
    ),
    "attributes": HandIn(
        "asks 50,000 attributes deep", _code("x = a" + ".a" * 50_000), "is nested too deeply", 6.0
    ),
    "huge_source": HandIn(
        "has 2 million characters of code", _code("#" * 2 * MEGABYTE), "lies beyond the first", 6.0
    ),
    "null_in_source": HandIn("has a null byte in its code", _code("x = 1\0"), "null bytes", 6.0),
    "coding_line": HandIn(
        "declares rot13",
        _code("# -*- coding: rot13 -*-\n" + RIGHT["double"]),
        "",
        10.0,
    ),
    "magics": HandIn(
        "has lines for a shell",
        _code(f"!touch owned\n%run owned.py\n{RIGHT['double']}%%bash\ntouch owned"),
        "invalid syntax",
        6.0,
    ),
}
