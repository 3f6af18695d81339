"""Makes zip files, among them those that no zip program makes."""

from __future__ import annotations

import io
import struct
import warnings
import zipfile
from collections.abc import Mapping

CENTRAL = b"PK\x01\x02"
END, END_64 = b"PK\x05\x06", b"PK\x06\x06"
LOCAL = b"PK\x03\x04"
SYMLINK, PIPE = 0o120777, 0o010644
METHOD, SIZES, OFFSET = 10, 20, 42  # places of fields in an entry of the list


def zipped(files: Mapping[str, bytes], *, compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Return an archive of these files; names that end in `/` are folders."""
    return zipped_in_order(*files.items(), compression=compression)


def zipped_in_order(
    *files: tuple[str, bytes],
    compression: int = zipfile.ZIP_DEFLATED,
    modes: Mapping[str, int] | None = None,
) -> bytes:
    """Return an archive of files in which names may be there twice and be of special kinds."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", compression) as archive:
        for name, data in files:
            about = zipfile.ZipInfo("x")
            about.filename = name  # the constructor cuts it at a null byte
            about.compress_type = compression
            about.external_attr = (modes or {}).get(name, 0o100644) << 16
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", UserWarning)  # a name that is there already
                archive.writestr(about, data)
    return content.getvalue()


def listed(archive: bytes, number: int = 0) -> int:
    """Return where an entry of the list of files begins."""
    place = -1
    for _ in range(number + 1):
        place = archive.index(CENTRAL, place + 1)
    return place


def patched(archive: bytes, place: int, layout: str, *values: int) -> bytes:
    """Return the archive with fields written over."""
    changed = bytearray(archive)
    struct.pack_into(f"<{layout}", changed, place, *values)
    return bytes(changed)


def renamed(archive: bytes, old: bytes, new: bytes) -> bytes:
    """Return the archive with a name written over by one of the same length, in any encoding."""
    if len(old) != len(new):
        raise ValueError("the places of all that follows would change")
    return archive.replace(old, new)
