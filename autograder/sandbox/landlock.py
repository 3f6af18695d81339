"""Landlock: the kernel forgets the file system for this process, and for good.

No path is allowed: everything that a student's code may import has been imported before. A
Landlock domain also keeps the process from tracing, and from ABI 6 on from signalling, any other.
"""

from __future__ import annotations

import ctypes
import os
import struct

from autograder.sandbox.linux import syscall

# The same numbers on every architecture.
CREATE_RULESET, RESTRICT_SELF = 444, 446
VERSION_FLAG = 1

# All access rights of ABI 1 (bits 0-12), and what later ABIs added.
FILE_RIGHTS = (1 << 13) - 1
REFER, TRUNCATE, IOCTL_DEVICE = 1 << 13, 1 << 14, 1 << 15
TCP_RIGHTS = 0b11
SCOPE_SOCKETS_AND_SIGNALS = 0b11


def landlock_abi() -> int:
    """The kernel's Landlock version; `OSError` where it has none."""
    arguments = (None, ctypes.c_size_t(0), ctypes.c_uint32(VERSION_FLAG))
    return syscall("landlock_create_ruleset", CREATE_RULESET, *arguments)


def restrict_files() -> int:
    """Deny everything that Landlock can deny; return the kernel's ABI. Needs no_new_privs."""
    abi = landlock_abi()
    files = FILE_RIGHTS
    for first, right in ((2, REFER), (3, TRUNCATE), (5, IOCTL_DEVICE)):
        files |= right if abi >= first else 0
    fields = [files, TCP_RIGHTS, SCOPE_SOCKETS_AND_SIGNALS]
    # Older kernels know a shorter struct.
    fields = fields[: 3 if abi >= 6 else 2 if abi >= 4 else 1]
    raw = struct.pack(f"={len(fields)}Q", *fields)
    buffer = ctypes.create_string_buffer(raw, len(raw))
    ruleset = syscall(
        "landlock_create_ruleset",
        CREATE_RULESET,
        *(buffer, ctypes.c_size_t(len(raw)), ctypes.c_uint32(0)),
    )
    try:
        flags = ctypes.c_uint32(0)
        syscall("landlock_restrict_self", RESTRICT_SELF, ctypes.c_int(ruleset), flags)
    finally:
        os.close(ruleset)
    return abi
