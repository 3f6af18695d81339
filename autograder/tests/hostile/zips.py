"""Hostile and broken zip files, each in the place of a submission."""

from __future__ import annotations

import os
import zipfile
from collections.abc import Callable
from pathlib import Path

from autograder.submissions.files import MEGABYTE
from autograder.tests.hostile.broken_zips import (
    Make,
    bomb,
    bomb_beside_noise,
    broken_name,
    flipped,
    header_beyond,
    list_elsewhere,
    list_of,
    list_with_64_bits,
    no_header,
    overlapping,
    quine,
    wrong_extra_field,
)
from autograder.tests.hostile.hand_ins import NAME, HandIn
from autograder.tests.submissions.archives import (
    METHOD,
    OFFSET,
    PIPE,
    SIZES,
    SYMLINK,
    listed,
    patched,
    zipped,
    zipped_in_order,
)

ZIP = "hand_in.zip"
STUB = b'{"nbformat": 4, "cells": []}'
REFUSED = "was not opened"
DAMAGED = "is no zip file or is damaged"
WITHIN = "is damaged within the archive"


def _zip(make: Make) -> Callable[[Path], object]:
    """Put the archive that `make` makes of the notebook in the notebook's place."""

    def write(folder: Path) -> None:
        notebook = (folder / NAME).read_bytes()
        (folder / NAME).unlink()
        (folder / ZIP).write_bytes(make(notebook))

    return write


def _with(*names: str) -> Callable[[Path], object]:
    """Files of these names beside a right notebook."""
    return _zip(lambda notebook: zipped({NAME: notebook, **dict.fromkeys(names, b"owned")}))


def _named(name: str) -> Callable[[Path], object]:
    """The notebook, under this name only."""
    return _zip(lambda notebook: zipped({name: notebook}))


def _of_kind(mode: int, content: bytes = b"") -> Callable[[Path], object]:
    return _zip(lambda notebook: zipped_in_order((NAME, content or notebook), modes={NAME: mode}))


def _saying(place: int, layout: str, *values: int) -> Callable[[Path], object]:
    """A right archive whose list says something else."""

    def make(notebook: bytes) -> bytes:
        archive = zipped({NAME: notebook})
        return patched(archive, listed(archive) + place, layout, *values)

    return _zip(make)


def _linked(target: str) -> Callable[[Path], object]:
    def write(folder: Path) -> None:
        (folder / NAME).unlink()
        (folder / ZIP).symlink_to(target)

    return write


def _pipe(folder: Path) -> None:
    (folder / NAME).unlink()
    os.mkfifo(folder / ZIP)


ZIPS = {
    "zip_with_dot_dot": HandIn(
        "has names that lead upwards",
        _with("../../../gradebook.db", "..\\..\\bob\\mini\\Mini.ipynb", "a/../../b"),
        "leads out of the archive",
        10.0,
    ),
    "zip_with_absolute_names": HandIn(
        "has names from the root",
        _with("/etc/cron.d/owned", "C:\\Windows\\owned", "//host/owned", "\\owned"),
        "leads out of the archive",
        10.0,
    ),
    "zip_of_a_notebook_upwards": HandIn(
        "has its notebook in another submission",
        _named("../../bob/mini/Mini.ipynb"),
        "leads out of the archive",
    ),
    "zip_with_a_link": HandIn(
        "links to another notebook",
        _of_kind(SYMLINK, b"../../bob/mini/Mini.ipynb"),
        "is a symbolic link",
    ),
    "zip_with_a_pipe": HandIn("holds a pipe", _of_kind(PIPE), "is not a regular file"),
    "zip_with_a_device": HandIn("holds a device", _of_kind(0o020666), "is not a regular file"),
    "zip_with_a_socket": HandIn("holds a socket", _of_kind(0o140666), "is not a regular file"),
    "zip_with_a_setuid_program": HandIn("is setuid", _of_kind(0o104777), "", 10.0),
    "zip_of_one_name_twice": HandIn(
        "has two notebooks of one name",
        _zip(lambda notebook: zipped_in_order((NAME, STUB), (NAME, notebook))),
        "the last one counts",
        10.0,
    ),
    "zip_of_names_in_two_cases": HandIn(
        "has names that differ in their case",
        _zip(lambda notebook: zipped({"mini.IPYNB": STUB, NAME: notebook, "MINI.ipynb": STUB})),
        "was not used",
        10.0,
    ),
    "zip_of_a_file_that_is_a_folder": HandIn(
        "has a file and a folder of one name",
        _zip(lambda notebook: zipped({NAME: notebook, f"{NAME}/{NAME}": STUB})),
        "is a folder, not a file",
    ),
    "zip_with_a_password": HandIn("is encrypted", _saying(8, "H", 1), "is protected by a password"),
    "zip_bomb": HandIn("unpacks to 60 MB of zeros", _zip(bomb), "more than 100 times its size"),
    "zip_bomb_beside_noise": HandIn(
        "unpacks to 550 MB", _zip(bomb_beside_noise), "would unpack to more than"
    ),
    "zip_bomb_of_overlaps": HandIn("has names for the same bytes", _zip(overlapping), "overlap"),
    "zip_in_zip": HandIn("is zips in zips, ten by ten", _zip(quine), REFUSED),
    "zip_of_many_files": HandIn(
        "lists 50,000 files", _zip(lambda _: list_of(50_000)), "lists more than 10000 files"
    ),
    "zip_of_some_more_files": HandIn(
        "lists 10,001 files", _zip(lambda _: list_of(10_001)), "lists more than 10000 files"
    ),
    "zip_that_says_too_little": HandIn(
        "says that it is small", _saying(SIZES + 4, "I", 10), WITHIN
    ),
    "zip_that_says_too_much": HandIn(
        "says that it is large", _saying(SIZES + 4, "I", 20 * MEGABYTE), WITHIN
    ),
    "zip_that_says_4_gb": HandIn(
        "says that it is huge", _saying(SIZES + 4, "I", 2**32 - 2), "more than 100 times its size"
    ),
    "zip_packed_to_nothing": HandIn("says that nothing is packed", _saying(SIZES, "I", 0), WITHIN),
    "zip_packed_beyond_the_end": HandIn(
        "says that more is packed than is there", _saying(SIZES, "I", 10**6), DAMAGED
    ),
    "zip_with_another_checksum": HandIn("has a wrong checksum", _saying(16, "I", 7), WITHIN),
    "zip_with_a_changed_byte": HandIn("was changed", _zip(flipped), WITHIN),
    "zip_with_an_unknown_method": HandIn(
        "is packed by nobody knows what", _saying(METHOD, "H", 99), "in a way that is not read"
    ),
    "zip_by_bzip2": HandIn(
        "is packed by bzip2",
        _zip(lambda notebook: zipped({NAME: notebook}, compression=zipfile.ZIP_BZIP2)),
        "in a way that is not read",
    ),
    "zip_of_another_version": HandIn("needs version 255", _saying(6, "H", 255), DAMAGED),
    "zip_without_headers": HandIn("has no header before its file", _zip(no_header), WITHIN),
    "zip_with_a_header_beyond": HandIn("has a header to the end", _zip(header_beyond), WITHIN),
    "zip_with_a_place_beyond": HandIn("points beyond", _saying(OFFSET, "I", 10**9), DAMAGED),
    "zip_with_a_broken_name": HandIn("has a name in no encoding", _zip(broken_name), DAMAGED),
    "zip_with_a_wrong_extra_field": HandIn(
        "has an extra field too short", _zip(wrong_extra_field), DAMAGED
    ),
    "zip_with_its_list_before": HandIn(
        "has its list before its beginning", _zip(list_elsewhere(2**31, 60)), DAMAGED
    ),
    "zip_with_a_list_of_4_gb": HandIn(
        "says that its list is huge", _zip(list_elsewhere(0, 2**32 - 2)), DAMAGED
    ),
    "zip_with_an_empty_list": HandIn(
        "says that its list is empty", _zip(list_elsewhere(0, 0)), "is empty"
    ),
    "zip_64_with_a_huge_list": HandIn(
        "has a list of 2^63 bytes", _zip(list_with_64_bits(2**63, 0, 0)), DAMAGED
    ),
    "zip_64_with_a_list_beyond": HandIn(
        "has a list at 2^64", _zip(list_with_64_bits(60, 2**64 - 1, 0)), DAMAGED
    ),
    "zip_64_with_its_end_beyond": HandIn(
        "has its end at 2^64", _zip(list_with_64_bits(60, 0, 2**64 - 1)), DAMAGED
    ),
    "zip_cut_off": HandIn("is half a zip", _zip(lambda n: zipped({NAME: n})[:-40]), DAMAGED),
    "zip_end_alone": HandIn(
        "is the end of a zip", _zip(lambda n: zipped({NAME: n})[-22:]), DAMAGED
    ),
    "zip_of_nothing": HandIn("is an empty zip", _zip(lambda _: zipped({})), "is empty"),
    "zip_empty_file": HandIn("is an empty file", _zip(lambda _: b""), DAMAGED),
    "zip_that_is_a_page": HandIn(
        "is the page of a login", _zip(lambda _: b"<!DOCTYPE html><title>Log in"), DAMAGED
    ),
    "zip_with_control_characters": HandIn(
        "has names that write to the terminal",
        _with("\x1b]0;owned\x07.ipynb", "a\nb", "\u202egnp.exe"),
        "control characters",
        10.0,
    ),
    "zip_with_a_null_byte": HandIn(
        "hides the end of a name", _named(f"{NAME}\0.txt"), "control characters"
    ),
    "zip_with_long_names": HandIn(
        "has a name of 10,000 characters",
        _with("x" * 10_000, f"{'y' * 300}/z"),
        "a name of more than 255 bytes",
        10.0,
    ),
    "zip_of_deep_folders": HandIn(
        "has folders 1,000 deep", _named("d/" * 1000 + NAME), "was not handed in"
    ),
    "zip_with_names_of_nothing": HandIn(
        "has names without a name", _with(".", "./", "//", "a//."), "leads out", 10.0
    ),
    "zip_with_modules": HandIn(
        "brings modules and settings",
        _with("conftest.py", "numpy.py", "sitecustomize.py", "evil.pth", "nbgrader_config.py"),
        "",
        10.0,
    ),
    "zip_of_spaces": HandIn(
        "pads its notebook to 24 MB",
        _zip(lambda notebook: zipped({NAME: b" " * 24 * MEGABYTE + notebook})),
        "",
        10.0,
    ),
    "zip_that_links_to_zeros": HandIn("links to zeros", _linked("/dev/zero"), "is a symbolic link"),
    "zip_that_links_to_itself": HandIn("links to itself", _linked(ZIP), "is a symbolic link"),
    "zip_that_is_a_pipe": HandIn("is a pipe that nobody writes", _pipe, "is not a regular file"),
    "archive_of_another_kind": HandIn(
        "is a tarball",
        lambda folder: (folder / NAME).rename(folder / "hand_in.tar.gz"),
        REFUSED,
    ),
}
