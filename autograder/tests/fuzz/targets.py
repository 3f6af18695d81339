"""What may be fed any bytes: plain data or the module's own refusal, never another exception."""

from __future__ import annotations

import contextlib
import tempfile
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import msgpack

from autograder.sandbox import codec
from autograder.submissions.archive import list_archive
from autograder.submissions.cells import Unreadable, read_cells
from autograder.submissions.files import MAX_FILE, FileFault, read_bytes
from autograder.submissions.parse import CellFault, parse_cell
from autograder.tests.sandbox.wire import read
from autograder.tests.submissions.archives import zipped


def frame(data: bytes) -> None:
    """A whole frame of the sandbox, prefix included."""
    try:
        read(data.ljust(codec.PREFIX.size, b"\0"))
    except (codec.CodecError, EOFError):
        return


def header(data: bytes) -> None:
    """A frame's header, as large as the fuzzer makes it; what is accepted can be sent again."""
    try:
        arrays, tree = codec.parse_header(data, 64)
        for array in arrays:
            array.fill(0)  # otherwise whatever was in memory
        value = codec.decode(tree, arrays, lambda handle: handle)
    except codec.CodecError:
        return
    codec.encode(codec.REPLY, value)


def notebook(data: bytes) -> None:
    """A notebook file, and each cell's code."""
    try:
        cells, problems = read_cells(data)
    except Unreadable:
        return
    "".join(problems).encode()
    for cell in cells:
        source(cell.source.encode())


def source(data: bytes) -> None:
    """A cell's code, with the line ends that every reader makes."""
    try:
        parse_cell(data.decode("utf-8", "replace").replace("\r", "\n"))
    except CellFault:
        return


def archive(data: bytes) -> None:
    """A zip file, and each file in it."""
    with tempfile.NamedTemporaryFile() as file:
        file.write(data)
        file.flush()
        try:
            files, problems = list_archive(Path(file.name))
        except FileFault:
            return
        "".join(problems).encode()
        for zipped_file in files.values():
            with contextlib.suppress(FileFault):
                read_bytes(zipped_file, MAX_FILE)


TARGETS: Mapping[str, Callable[[bytes], None]] = {
    target.__name__: target for target in (frame, header, notebook, source, archive)
}
_VALUE = {"a": [1, None, (2.5, "text")], ("b", 1): True}
SEEDS: Mapping[str, tuple[bytes, ...]] = {
    "frame": (b"".join(codec.encode(codec.REPLY, _VALUE, 7)),),
    "header": (
        bytes(msgpack.packb([[[11, 8]], [codec.LIST, [codec.ARRAY], 1.5, b"x"]])),
        bytes(msgpack.packb([[[0, 64]], [codec.DICT, "a", [codec.ARRAY]]])),
    ),
    "notebook": (
        b'{"cells": [{"cell_type": "code", "source": ["x = 1\\n"], "metadata": {}}]}',
        b'{"worksheets": [{"cells": [{"cell_type": "heading", "level": 2, "source": "T"}]}]}',
    ),
    "source": (b"%matplotlib inline\ndef f(x):\n    return x\n", b"!ls\n?x\nprint 'a'\n"),
    "archive": (
        zipped({"hw/": b"", "hw/a.ipynb": bytes(99), "hw/\u00e4": b""}),
        zipped({"a\\b": b"x"}, compression=zipfile.ZIP_STORED),
    ),
}
