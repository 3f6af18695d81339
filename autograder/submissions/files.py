"""The content of files that were handed in, on disk or in an archive, read within bounds."""

from __future__ import annotations

import hashlib
import io
import os
import stat
import struct
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from autograder.errors import SubmissionError

MEGABYTE = 1_000_000
MAX_NOTEBOOK = 25 * MEGABYTE
MAX_FILE = 50 * MEGABYTE
MAX_TOTAL = 500 * MEGABYTE  # what a digest reads of one submission
CHUNK = 1 << 16
LOCAL_HEADER = struct.Struct("<4s22xHH")  # mark, ..., lengths of name and extra field
LOCAL_MARK = b"PK\x03\x04"
PER_BLOCK = 16  # deflate adds less to so many bytes than one of them


class FileFault(Exception):
    """A file cannot be read; `str(fault)` completes the sentence "<name> ..."."""


@dataclass(frozen=True)
class Zipped:
    """A member of a zip file; says where its content lies, and is as good in another process.

    Attributes
    ----------
    offset : of the member's own header, from the archive's first byte.
    packed, size : bytes in the archive, and of the content.
    crc : checksum of the content.
    deflated : whether it is compressed.
    """

    archive: Path
    offset: int
    packed: int
    size: int
    crc: int
    deflated: bool

    def read(self) -> bytes:
        """Return the content, which is held in memory only; never more than `size` of it.

        Raises
        ------
        FileFault
            If it is not what the archive says of it.
        """
        content = packed = self._packed()
        if self.deflated:
            inflater = zlib.decompressobj(-zlib.MAX_WBITS)
            try:
                content = inflater.decompress(packed, self.size + 1)
            except zlib.error:
                content = b""
        if len(content) != self.size or zlib.crc32(content) != self.crc:
            raise FileFault("is damaged within the archive; zip the folder again")
        return content

    def _packed(self) -> bytes:
        if self.packed > self.size + self.size // PER_BLOCK + LOCAL_HEADER.size:
            return b""  # no compression makes so much of it
        with opened(self.archive) as file:
            file.seek(self.offset)
            header = file.read(LOCAL_HEADER.size).ljust(LOCAL_HEADER.size, b"\0")
            mark, name, extra = LOCAL_HEADER.unpack(header)
            file.seek(name + extra, os.SEEK_CUR)
            return file.read(self.packed) if mark == LOCAL_MARK else b""


File = Path | Zipped


def size_of(file: File) -> int:
    """Bytes of its content.

    Raises
    ------
    SubmissionError
        If it is not there any more: somebody else changes the folder at this moment.
    """
    if isinstance(file, Zipped):
        return file.size
    try:
        return file.lstat().st_size
    except OSError as error:
        raise SubmissionError(
            f"{file}: cannot be read any more ({error.strerror}); grade it again"
        ) from None


@contextmanager
def opened(path: Path) -> Iterator[io.FileIO]:
    """Open a regular file within the `with`.

    Raises
    ------
    FileFault
        If it is something else or not readable.
    """
    try:
        # Not blocking: a FIFO would hang here, and a link put in its place would be followed.
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        with io.FileIO(handle) as file:
            if not stat.S_ISREG(os.fstat(handle).st_mode):
                raise FileFault("is not a regular file")
            yield file
    except OSError as error:
        raise FileFault(f"cannot be read ({error.strerror})") from None


def read_bytes(file: File, limit: int) -> bytes:
    """Read a regular file, or a member of an archive, of at most `limit` bytes.

    Raises
    ------
    FileFault
        If it is something else, too large or not readable.
    """
    if isinstance(file, Zipped):
        data = b"" if file.size > limit else file.read()
        size = file.size
    else:
        with opened(file) as opening, io.BufferedReader(opening) as reader:
            data = reader.read(limit + 1)
        size = len(data)
    if size > limit:
        raise _too_large(limit)
    return data


def _too_large(limit: int) -> FileFault:
    return FileFault(f"is larger than {limit // MEGABYTE} MB; clear its outputs and save it")


def _sha256(file: File) -> bytes:
    """Of the content that `read_bytes` would return, most of which is in memory at no time."""
    if isinstance(file, Zipped):
        return hashlib.sha256(read_bytes(file, MAX_FILE)).digest()
    whole, left = hashlib.sha256(), MAX_FILE
    room = memoryview(bytearray(CHUNK))
    with opened(file) as opening:
        while count := opening.readinto(room):
            left -= count
            if left < 0:
                raise _too_large(MAX_FILE)
            whole.update(room[:count])
    return whole.digest()


def digest(files: Mapping[str, File]) -> str:
    """sha256 over the sorted names and the contents of files; times do not enter.

    Of files beyond the size limits and of unreadable ones, name and size only. What was handed in
    as an archive has the digest of the same files handed in as they are.

    Raises
    ------
    SubmissionError
        As `size_of`.
    """
    whole = hashlib.sha256()
    budget = MAX_TOTAL
    for name in sorted(files):
        size = size_of(files[name])
        whole.update(os.fsencode(name) + b"\0" + str(size).encode() + b"\0")
        if size <= min(MAX_FILE, budget):
            budget -= size
            try:
                whole.update(_sha256(files[name]))
            except FileFault as fault:
                whole.update(str(fault).encode())
    return whole.hexdigest()
