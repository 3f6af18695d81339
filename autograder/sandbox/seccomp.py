"""seccomp: the system calls that a worker may make, and no others.

An allowlist as classic BPF, written here so that the sandbox needs no native library. Not on it:
the file system, sockets, processes, threads, exec, tracing, namespaces, keys, bpf. A call that is
not allowed fails with EPERM; one of a foreign architecture kills the process.
"""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import struct
from dataclasses import dataclass
from functools import cache, cached_property

from autograder.sandbox.linux import PR_SET_SECCOMP, prctl

SECCOMP_MODE_FILTER = 2
RETURN_ALLOW, RETURN_ERRNO, RETURN_KILL = 0x7FFF0000, 0x00050000, 0x80000000
LOAD, IF_EQUAL, IF_AT_LEAST, RETURN = 0x20, 0x15, 0x35, 0x06
# Offsets in struct seccomp_data; arguments are 64 bits wide, the low half comes first.
NUMBER, ARCHITECTURE, ARGUMENT_0, ARGUMENT_1 = 0, 4, 16, 24
X32_BIT = 0x40000000
TCGETS = 0x5401
F_SETFL = 4
F_DUPFD_CLOEXEC = 1030

AUDIT_CODES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
COLUMNS = {"x86_64": 0, "aarch64": 1}

# name: (x86_64, aarch64); None where the architecture has no such call.
ALLOWED: dict[str, tuple[int | None, int | None]] = {
    # open descriptors: /dev/null and the socket to the grader
    "read": (0, 63),
    "write": (1, 64),
    "readv": (19, 65),
    "writev": (20, 66),
    "close": (3, 57),
    "fstat": (5, 80),
    "lseek": (8, 62),
    "dup": (32, 23),
    "poll": (7, None),
    "ppoll": (271, 73),
    "select": (23, None),
    "pselect6": (270, 72),
    # memory
    "mmap": (9, 222),
    "mprotect": (10, 226),
    "munmap": (11, 215),
    "mremap": (25, 216),
    "brk": (12, 214),
    "madvise": (28, 233),
    "membarrier": (324, 283),
    # locks of the one thread, time, randomness
    "futex": (202, 98),
    "rseq": (334, 293),
    "sched_yield": (24, 124),
    "nanosleep": (35, 101),
    "clock_nanosleep": (230, 115),
    "clock_gettime": (228, 113),
    "clock_getres": (229, 114),
    "gettimeofday": (96, 169),
    "time": (201, None),
    "times": (100, 153),
    "getrandom": (318, 278),
    # what a process may know about itself
    "getpid": (39, 172),
    "gettid": (186, 178),
    "getppid": (110, 173),
    "getuid": (102, 174),
    "geteuid": (107, 175),
    "getgid": (104, 176),
    "getegid": (108, 177),
    "getcwd": (79, 17),
    "getrusage": (98, 165),
    "sched_getaffinity": (204, 123),
    "uname": (63, 160),
    "sysinfo": (99, 179),
    # its own signals and its end
    "rt_sigaction": (13, 134),
    "rt_sigprocmask": (14, 135),
    "rt_sigreturn": (15, 139),
    "sigaltstack": (131, 132),
    "setitimer": (38, 103),
    "alarm": (37, None),
    "restart_syscall": (219, 128),
    "exit": (60, 93),
    "exit_group": (231, 94),
}
KILL, TGKILL = (62, 129), (234, 131)
IOCTL, FCNTL, CLONE3 = (16, 29), (72, 25), (435, 435)


@dataclass(frozen=True)
class Instruction:
    """One step of the filter; the jumps count instructions from the next one."""

    code: int
    value: int
    if_true: int = 0
    if_false: int = 0

    @cached_property
    def packed(self) -> bytes:
        return struct.pack("=HBBI", self.code, self.if_true, self.if_false, self.value)


def build_filter(machine: str, pid: int) -> list[Instruction]:
    """The allowlist for an architecture; signals only to `pid`, the process itself."""
    steps = [
        Instruction(LOAD, ARCHITECTURE),
        Instruction(IF_EQUAL, AUDIT_CODES[machine], 1, 0),
        Instruction(RETURN, RETURN_KILL),
        Instruction(LOAD, NUMBER),
    ]
    if machine == "x86_64":
        steps += [
            Instruction(IF_AT_LEAST, X32_BIT, 0, 1),
            Instruction(RETURN, RETURN_KILL),
        ]
    for call in (KILL, TGKILL):
        steps += _on(call[COLUMNS[machine]], _only_if(ARGUMENT_0, [(IF_EQUAL, pid)], errno.EPERM))
    return steps + _for_all(COLUMNS[machine])


@cache
def _for_all(column: int) -> list[Instruction]:
    """What is the same in every process: the zygote makes it, its workers have it."""
    # ENOSYS makes the C library fall back to clone, which is denied with a proper EPERM.
    steps = _on(CLONE3[column], [Instruction(RETURN, RETURN_ERRNO | errno.ENOSYS)])
    # isatty() asks for TCGETS; ENOTTY is what a pipe would answer.
    steps += _on(IOCTL[column], _only_if(ARGUMENT_1, [(IF_EQUAL, TCGETS)], errno.ENOTTY))
    steps += _on(FCNTL[column], _fcntl())
    for numbers in ALLOWED.values():
        number = numbers[column]
        if number is not None:
            steps += _on(number, [Instruction(RETURN, RETURN_ALLOW)])
    return [*steps, Instruction(RETURN, RETURN_ERRNO | errno.EPERM)]


def prepare_filter() -> None:
    """Make beforehand what the filters of all processes that are forked later have in common."""
    if platform.machine() in COLUMNS:
        _packed(build_filter(platform.machine(), os.getpid()))


def _packed(steps: list[Instruction]) -> bytes:
    return b"".join(step.packed for step in steps)


def _on(number: int, then: list[Instruction]) -> list[Instruction]:
    """Run `then`, which returns, if the call is `number`; else skip it."""
    return [Instruction(IF_EQUAL, number, 0, len(then)), *then]


def _only_if(argument: int, tests: list[tuple[int, int]], error: int) -> list[Instruction]:
    """Allow if one of the tests holds for the argument, else fail with `error`."""
    steps = [Instruction(LOAD, argument)]
    for code, value in tests:
        steps += [Instruction(code, value, 0, 1), Instruction(RETURN, RETURN_ALLOW)]
    return [*steps, Instruction(RETURN, RETURN_ERRNO | error)]


def _fcntl() -> list[Instruction]:
    """Copying descriptors and reading their flags (commands below F_SETFL), nothing else."""
    return [
        Instruction(LOAD, ARGUMENT_1),
        Instruction(IF_EQUAL, F_DUPFD_CLOEXEC, 1, 0),
        Instruction(IF_AT_LEAST, F_SETFL, 1, 0),
        Instruction(RETURN, RETURN_ALLOW),
        Instruction(RETURN, RETURN_ERRNO | errno.EPERM),
    ]


class _Program(ctypes.Structure):
    """struct sock_fprog."""

    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_void_p))


def restrict_calls() -> str:
    """Install the allowlist for good; return the architecture. Needs no_new_privs.

    Raises
    ------
    OSError
        If the architecture is not supported or the kernel has no seccomp.
    """
    machine = platform.machine()
    if machine not in COLUMNS or struct.calcsize("P") != 8:
        raise OSError(errno.ENOSYS, f"no filter for {machine}; known: {', '.join(COLUMNS)}")
    code = _packed(build_filter(machine, os.getpid()))
    buffer = ctypes.create_string_buffer(code, len(code))
    program = _Program(len(code) // 8, ctypes.cast(buffer, ctypes.c_void_p))
    prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, ctypes.addressof(program))
    return machine
