"""Small CIFAR-10 batches, written as the real ones are: by Python 2, pickle protocol 2."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np

NAMES = ("data_batch_1", "data_batch_2", "data_batch_3", "data_batch_4", "data_batch_5")


def python2_batch(images: np.ndarray, labels: list[int], numpy_module: str = "numpy.core") -> bytes:
    """Pickle a batch, opcode by opcode: no Python 3 writes strings as Python 2 did."""
    rows, columns = images.shape
    array = (
        f"c{numpy_module}.multiarray\n_reconstruct\n(cnumpy\nndarray\n".encode()
        + b"K\x00\x85"
        + _string(b"b")
        + b"tR(K\x01"
        + _integer(rows)
        + _integer(columns)
        + b"\x86cnumpy\ndtype\n("
        + _string(b"u1")
        + b"K\x00K\x01tR(K\x03"
        + _string(b"|")
        + b"NNN"
        + _integer(-1) * 2
        + b"K\x00tb\x89"
        + _string(images.tobytes())
        + b"tb"
    )
    entries = (
        _string(b"batch_label")
        + _string(b"training batch 1 of 5")
        + _string(b"labels")
        + b"]("
        + b"".join(map(_integer, labels))
        + b"e"
        + _string(b"data")
        + array
        + _string(b"filenames")
        + b"]("
        + b"".join(_string(b"image_%d.png" % number) for number in range(rows))
        + b"e"
    )
    return b"\x80\x02}(" + entries + b"u."


def write_batches(folder: Path, per_batch: int = 10000) -> dict[str, tuple[np.ndarray, list[int]]]:
    """Write all six batches and return what is in them."""
    folder.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(0)
    contents = {}
    for name in (*NAMES, "test_batch"):
        images = rng.integers(0, 256, size=(per_batch, 3072), dtype=np.uint8)
        labels = rng.integers(0, 10, size=per_batch).tolist()
        (folder / name).write_bytes(python2_batch(images, labels))
        contents[name] = (images, labels)
    return contents


def _string(text: bytes) -> bytes:
    return b"T" + struct.pack("<i", len(text)) + text


def _integer(value: int) -> bytes:
    return b"J" + struct.pack("<i", value)
