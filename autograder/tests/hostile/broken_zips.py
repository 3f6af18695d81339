"""Makes zip files that no zip program makes, out of a right notebook."""

from __future__ import annotations

import os
import struct
import zipfile
from collections.abc import Callable

from autograder.submissions.files import MEGABYTE
from autograder.tests.hostile.hand_ins import NAME
from autograder.tests.submissions.archives import (
    CENTRAL,
    END,
    END_64,
    LOCAL,
    OFFSET,
    SIZES,
    listed,
    patched,
    renamed,
    zipped,
    zipped_in_order,
)

Make = Callable[[bytes], bytes]


def bomb(_: bytes) -> bytes:
    return zipped({NAME: bytes(60 * MEGABYTE)})


def bomb_beside_noise(notebook: bytes) -> bytes:
    noise = b"".join(os.urandom(MEGABYTE) for _ in range(6))
    content = zipped({NAME: notebook, "noise": noise, "a": bytes(50 * MEGABYTE)})
    place = listed(content, 2) + SIZES + 4
    return patched(content, place, "I", 550 * MEGABYTE)


def overlapping(notebook: bytes) -> bytes:
    """Every name stands for the same bytes."""
    archive = zipped_in_order(
        (NAME, notebook), *((f"{number}.ipynb", notebook) for number in range(9))
    )
    for number in range(10):
        archive = patched(archive, listed(archive, number) + OFFSET, "I", 0)
    return archive


def quine(notebook: bytes) -> bytes:
    """Each level holds ten of the next."""
    content = zipped({NAME: notebook})
    for _ in range(5):
        content = zipped({f"{number}.zip": content for number in range(10)})
    return content


def list_of(count: int) -> bytes:
    """A list of so many files without names or content."""
    entry = CENTRAL + bytes(42)
    end = struct.pack("<4s4H2LH", END, 0, 0, 0xFFFF, 0xFFFF, len(entry) * count, 0, 0)
    return entry * count + end


def list_elsewhere(place: int, size: int) -> Make:
    """A list that is said to begin at one place and to have one size."""
    end = struct.pack("<4s4H2LH", END, 0, 0, 1, 1, size, place, 0)
    return lambda notebook: zipped({NAME: notebook})[: -len(end)] + end


def list_with_64_bits(size: int, place: int, locator: int) -> Make:
    """The same, with numbers of 64 bits."""

    def make(notebook: bytes) -> bytes:
        archive = zipped({NAME: notebook})[:-22]
        archive += struct.pack("<4sQ2H2L4Q", END_64, 44, 45, 45, 0, 0, 1, 1, size, place)
        archive += struct.pack("<4sLQL", b"PK\6\7", 0, locator or len(archive) - 56, 1)
        return archive + struct.pack("<4s4H2LH", END, 0, 0, 0xFFFF, 0xFFFF, 2**32 - 1, 2**32 - 1, 0)

    return make


def wrong_extra_field(notebook: bytes) -> bytes:
    """Sizes are said to stand in a field of 64 bits that is too short."""
    archive = zipped({NAME: notebook})
    place = listed(archive)
    archive = patched(archive, place + SIZES, "II", 2**32 - 1, 2**32 - 1)
    archive = patched(archive, place + SIZES + 10, "H", 4)
    end = place + 46 + len(NAME)
    archive = archive[:end] + struct.pack("<HH", 1, 0) + archive[end:]
    return patched(archive, len(archive) - 10, "I", len(archive) - 22 - place)


def no_header(notebook: bytes) -> bytes:
    return zipped({NAME: notebook}).replace(LOCAL, b"PK\0\0")


def header_beyond(notebook: bytes) -> bytes:
    """The notebook's own header says that its name and extra field reach beyond the end."""
    return patched(zipped({NAME: notebook}), 26, "HH", 0xFFFF, 0xFFFF)


def broken_name(notebook: bytes) -> bytes:
    """A name that is said to be UTF-8 and is none."""
    return renamed(zipped({NAME: notebook, "Lösung": b""}), "ö".encode(), b"\xff\xfe")


def flipped(notebook: bytes) -> bytes:
    archive = zipped({NAME: notebook}, compression=zipfile.ZIP_STORED)
    return archive.replace(b"return", b"Return")
