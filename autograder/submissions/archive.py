"""What lies in a zip file that was handed in. Nothing of it is written to disk.

The standard library reads the list of members, from a file that bounds what it may ask for. Content
is read where it is wanted, into memory (`files.Zipped`).
"""

from __future__ import annotations

import io
import os
import re
import stat
import struct
import zipfile
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path, PurePosixPath

from autograder.submissions.files import (
    LOCAL_HEADER,
    MAX_NOTEBOOK,
    MAX_TOTAL,
    MEGABYTE,
    FileFault,
    Zipped,
    opened,
)
from autograder.submissions.text import shown

MAX_DIRECTORY = 2 * MEGABYTE  # bytes of the list of members
MAX_MEMBERS = 10_000
MAX_RATIO = 100  # of unpacked to packed; notebooks and models stay far below it
UNSUSPICIOUS = MAX_NOTEBOOK  # what any archive may unpack to, however small it is
LONGEST_PART = 255  # bytes of one file's or folder's name, as on disks
ENCRYPTED = 0x1 | 0x40 | 0x2000
NAMED_IN_UTF_8 = 0x800
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # others have no bound on what one step yields
DRIVE = re.compile("[A-Za-z]:")
ADDED_BY_SYSTEMS = ("__MACOSX", "__pycache__")
# What `zipfile` raises for a list that makes no sense.
NO_SENSE = (zipfile.BadZipFile, NotImplementedError, struct.error, OSError, ValueError, IndexError)
DAMAGED = "is no zip file or is damaged; zip the folder again and open it before you hand it in"
TOO_MANY = f"lists more than {MAX_MEMBERS} files; zip only what belongs to the assignment"


def is_archive(name: str) -> bool:
    return name.lower().endswith(".zip")


def list_archive(path: Path) -> tuple[dict[str, Zipped], list[str]]:
    """Return the files in the archive at `path` by name, and sentences about those left out.

    What systems add by themselves (`__MACOSX`, hidden files) is left out without a word.

    Raises
    ------
    FileFault
        If the archive as a whole is not read.
    """
    with opened(path) as file:
        size = os.fstat(file.fileno()).st_size
        members = _members(file)
    _refuse(members, size)
    files: dict[str, Zipped] = {}
    folders: set[str] = set()
    problems: list[str] = []
    for member in members:
        raw = _name(member)
        parts = [part for part in raw.split("/") if part not in ("", ".")]
        name = "/".join(parts)
        reason = _reason_to_refuse(raw, parts, member)
        if reason:
            problems.append(f"{shown(raw)} {reason}.")
        elif any(part.startswith(".") or part in ADDED_BY_SYSTEMS for part in parts):
            continue
        elif raw.endswith("/") or stat.S_ISDIR(_mode(member)):
            folders.add(name)
        else:
            if name in files:
                problems.append(f"{shown(name)} is in the archive twice; the last one counts.")
            files[name] = _zipped(path, member)
    folders.update(str(folder) for name in files for folder in PurePosixPath(name).parents)
    for name in sorted(folders & files.keys()):
        problems.append(f"{shown(name)} is a folder, not a file.")
        del files[name]
    return files, problems


class _Bounded(io.BufferedReader):
    """Refuses to read more at once than a list of members may be long."""

    def read(self, size: int | None = -1, /) -> bytes:
        most = MAX_DIRECTORY + 1
        data = super().read(most if size is None or size < 0 else min(size, most))
        if len(data) == most:
            raise FileFault(TOO_MANY)
        return data


def _members(file: io.FileIO) -> list[zipfile.ZipInfo]:
    try:
        with _Bounded(file) as bounded, zipfile.ZipFile(bounded) as archive:
            return archive.infolist()
    except NO_SENSE:
        raise FileFault(DAMAGED) from None


def _refuse(members: Sequence[zipfile.ZipInfo], size: int) -> None:
    """Refuse an archive that would cost too much to read, by what it says and by what it is."""
    unpacked = sum(member.file_size for member in members)
    if not members:
        raise FileFault("is empty")
    if len(members) > MAX_MEMBERS:
        raise FileFault(TOO_MANY)
    if any(member.flag_bits & ENCRYPTED for member in members):
        raise FileFault("is protected by a password; zip the folder again without one")
    if unpacked > max(UNSUSPICIOUS, MAX_RATIO * size):
        raise FileFault(f"would unpack to more than {MAX_RATIO} times its size; it was not opened")
    if unpacked > MAX_TOTAL:
        raise FileFault(
            f"would unpack to more than {MAX_TOTAL // MEGABYTE} MB; leave data sets out of it"
        )
    _refuse_overlaps(members, size)


def _refuse_overlaps(members: Sequence[zipfile.ZipInfo], size: int) -> None:
    end = 0
    for member in sorted(members, key=lambda member: member.header_offset):
        if member.header_offset < end:
            reason = "holds files that overlap, which no zip program makes; it was not opened"
            raise FileFault(reason if end else DAMAGED)
        end = member.header_offset + LOCAL_HEADER.size + member.compress_size
    if end > size:
        raise FileFault(DAMAGED)


def _name(member: zipfile.ZipInfo) -> str:
    """Return the name that was meant, with `/` between its parts."""
    name = member.orig_filename  # unlike `filename`, not cut at a null byte
    if not member.flag_bits & NAMED_IN_UTF_8:
        with suppress(UnicodeError):  # macOS and others write UTF-8 without saying so
            name = name.encode("cp437").decode("utf-8")
    return name.replace("\\", "/")


def _mode(member: zipfile.ZipInfo) -> int:
    return member.external_attr >> 16


def _reason_to_refuse(raw: str, parts: Sequence[str], member: zipfile.ZipInfo) -> str:
    """Complete the sentence "<name> ...", with nothing if the member may be read."""
    kind = stat.S_IFMT(_mode(member))
    if not raw.isprintable():
        return "has a name that holds control characters; rename it"
    if raw.startswith("/") or DRIVE.match(raw) or ".." in parts or not parts:
        return "leads out of the archive by its name and was left out"
    if any(len(os.fsencode(part)) > LONGEST_PART for part in parts):
        return f"has a name of more than {LONGEST_PART} bytes; rename it"
    if kind == stat.S_IFLNK:
        return "is a symbolic link, which is not followed; hand in the file itself"
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        return "is not a regular file"
    if member.compress_type not in METHODS:
        return "is compressed in a way that is not read; zip the folder again by deflate"
    return ""


def _zipped(path: Path, member: zipfile.ZipInfo) -> Zipped:
    return Zipped(
        archive=path,
        offset=member.header_offset,
        packed=member.compress_size,
        size=member.file_size,
        crc=member.CRC,
        deflated=member.compress_type == zipfile.ZIP_DEFLATED,
    )
