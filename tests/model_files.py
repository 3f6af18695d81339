"""Reading a handed-in model without trusting it: arrays of floats or nothing."""

from __future__ import annotations

import functools
import io
import math
import re
import tokenize
import zipfile
import zlib
from dataclasses import dataclass
from typing import NoReturn

import numpy as np
from numpy.lib import format as npy

from autograder.grading import expect
from autograder.submissions.files import MAX_FILE, File, FileFault, Zipped, read_bytes

LARGEST_BYTES = 64 * 2**20
MOST_ARRAYS = 101  # fifty layers and the name of the data set
# A layer of few weights may still be wide; what it computes for an image then fills the memory.
MOST_UNITS = 10_000
# zipfile makes an object of each of these before anything can be asked about it. By chance they
# stand in the weights of a model once in a hundred files, if at all.
MEMBER_MARK, MOST_MARKS = b"PK\1\2", 10 * MOST_ARRAYS
INPUTS, CLASSES = 3 * 32 * 32, 10
DATASETS = ("sample", "cifar10")
# What numpy, zipfile and zlib raise for files that are not what they should be.
DAMAGE = (
    *(zipfile.BadZipFile, zlib.error, FileFault, tokenize.TokenError, RuntimeError),
    *(ValueError, TypeError, OverflowError, KeyError, OSError, EOFError),
)
HEADER_READERS = {(1, 0): npy.read_array_header_1_0, (2, 0): npy.read_array_header_2_0}


@dataclass(frozen=True, eq=False)
class Model:
    """A fully-connected net: W1, b1 to WL, bL, its layer sizes, and what it was trained on."""

    params: dict[str, np.ndarray]
    dims: tuple[int, ...]
    dataset: str


def read_model(file: File | None) -> Model:
    """Return the model in `file`, or fail with what is wrong about the file."""
    if file is None:
        expect.missing("best_model.npz was not handed in; save_model(...) writes it")
    try:
        return _model_in(file, _version(file))
    except (FileFault, OSError):
        _damaged()


def _version(file: File) -> tuple[int, ...]:
    """What changes with the file's content."""
    found = (file.archive if isinstance(file, Zipped) else file).lstat()
    return found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns


@functools.lru_cache(maxsize=1)  # several checks in a row ask for the same one
def _model_in(file: File, version: tuple[int, ...]) -> Model:
    arrays = _read_arrays(read_bytes(file, MAX_FILE))  # what is checked is what is loaded
    dataset = arrays.pop("dataset", None)
    if dataset is None or dataset.shape or str(dataset) not in DATASETS:
        expect.fail(
            "best_model.npz does not say what the model was trained on; load the data by "
            "get_CIFAR10_data(), then write the file by save_model(...)"
        )
    return Model(arrays, _check_params(arrays), str(dataset))


def warm_up() -> None:
    """Read arrays once, so that what zipfile and numpy import on first use is there."""
    buffer = io.BytesIO()
    np.savez(buffer, W1=np.zeros((1, 1)))
    _read_arrays(buffer.getvalue())


def _read_arrays(content: bytes) -> dict[str, np.ndarray]:
    try:
        if content.count(MEMBER_MARK) > MOST_MARKS:
            expect.fail("best_model.npz holds too many arrays")
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
            # Before anything is loaded: all of them together are small.
            expect.that(len(members) <= MOST_ARRAYS, "best_model.npz holds too many arrays")
            size = sum(member.file_size for member in members)
            expect.that(
                size <= LARGEST_BYTES, "best_model.npz is larger than any model needs to be"
            )
            return {
                member.filename.removesuffix(".npy"): _array_in(archive, member)
                for member in members
            }
    except DAMAGE:
        _damaged()


def _damaged() -> NoReturn:
    expect.fail("best_model.npz is damaged or no .npz file; write it by save_model(...)")


def _array_in(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> np.ndarray:
    """Return the array in a member as it lies there, without room for more than the member holds.

    Not by np.load, which would open everything a second time.
    """
    if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise zipfile.BadZipFile(member.filename)
    with archive.open(member) as opened:
        content = opened.read(member.file_size)
    file = io.BytesIO(content)
    shape, fortran_order, dtype = HEADER_READERS[npy.read_magic(file)](file)
    if dtype.hasobject:
        expect.fail(
            "best_model.npz holds pickled objects, which are never loaded; save arrays only"
        )
    start = file.tell()
    if math.prod(shape) * dtype.itemsize != member.file_size - start:
        raise zipfile.BadZipFile(member.filename)
    return np.ndarray(shape, dtype, content, start, order="F" if fortran_order else "C")


def _check_params(params: dict[str, np.ndarray]) -> tuple[int, ...]:
    """Return the layer sizes, inputs first; fail unless the parameters make a net."""
    layers = len(params) // 2
    wanted = {f"{kind}{layer}" for layer in range(1, layers + 1) for kind in "Wb"}
    if not layers or set(params) != wanted:
        strange = sorted(name for name in params if not re.fullmatch(r"[Wb][1-9]\d*", name))
        about = f"; it also holds {strange[0][:20]!r}" if strange else ""
        expect.fail(f"best_model.npz should hold W1, b1 to WL, bL of a FullyConnectedNet{about}")
    dims = [INPUTS]
    for layer in range(1, layers + 1):
        W, b = params[f"W{layer}"], params[f"b{layer}"]
        units = W.shape[1] if W.ndim == 2 else 0
        expect.that(units <= MOST_UNITS, f"W{layer} has more columns than any model needs")
        if layer == layers:
            expect.that(units == CLASSES, f"W{layer}, the last one, should have {CLASSES} columns")
        expect.floats(W, (dims[-1], units), name=f"W{layer} in best_model.npz")
        expect.floats(b, (units,), name=f"b{layer} in best_model.npz")
        dims.append(units)
    return tuple(dims)
