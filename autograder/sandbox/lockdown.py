"""Takes a freshly forked worker's rights away, step by step, before it sees student code.

The order matters: each step may forbid what earlier ones used, so seccomp comes last.
"""

from __future__ import annotations

import os
import resource
from collections.abc import Callable
from dataclasses import dataclass

from autograder.sandbox.landlock import restrict_files
from autograder.sandbox.linux import (
    PR_SET_DUMPABLE,
    PR_SET_NO_NEW_PRIVS,
    end_with_parent,
    prctl,
)
from autograder.sandbox.seccomp import restrict_calls

SOCKET = 3
NOBODY = 65534
MAX_DESCRIPTORS = 16


@dataclass(frozen=True)
class Allowance:
    """What the worker may use, for the kernel to enforce."""

    memory_mib: int
    cpu_seconds: int


def lock_down(allowance: Allowance, parent: int) -> tuple[dict[str, object], dict[str, str]]:
    """Run all steps; return the active layers and, for each missing one, the reason."""
    steps: dict[str, Callable[[], object]] = {
        "session": lambda: _leave_session(parent),
        "rlimits": lambda: _limit(allowance),
        "user": _drop_root,
        "parent_death": lambda: _die_with(parent),
        "no_new_privs": lambda: prctl(PR_SET_NO_NEW_PRIVS, 1) == 0,
        "landlock": restrict_files,
        "seccomp": restrict_calls,
    }
    layers: dict[str, object] = {}
    missing: dict[str, str] = {}
    for name, step in steps.items():
        try:
            layers[name] = step()
        except (OSError, ValueError) as error:
            missing[name] = str(error)
    return layers, missing


def keep_only(descriptor: int) -> None:
    """Move the socket to `SOCKET`, stdin/stdout/stderr to /dev/null, and close all others."""
    null = os.open("/dev/null", os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(null, standard)
    # os.dup2 of a descriptor onto itself changes nothing.
    os.dup2(descriptor, SOCKET)
    os.closerange(SOCKET + 1, 1 << 20)


def _leave_session(parent: int) -> bool:
    os.setsid()
    os.chdir("/")
    return True


def _limit(allowance: Allowance) -> bool:
    limits = {
        resource.RLIMIT_AS: allowance.memory_mib << 20,
        resource.RLIMIT_CPU: allowance.cpu_seconds,
        resource.RLIMIT_NOFILE: MAX_DESCRIPTORS,
        resource.RLIMIT_NPROC: 0,
        resource.RLIMIT_FSIZE: 0,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_MEMLOCK: 0,
        resource.RLIMIT_MSGQUEUE: 0,
    }
    for kind, value in limits.items():
        hard = resource.getrlimit(kind)[1]
        allowed = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(kind, (allowed, allowed))
    return True


def _drop_root() -> object:
    """Become nobody if root; an ordinary user can't change and stays who they are."""
    if os.geteuid() != 0:
        return "unchanged"
    os.setgroups([])
    os.setresgid(NOBODY, NOBODY, NOBODY)
    os.setresuid(NOBODY, NOBODY, NOBODY)
    return NOBODY


def _die_with(parent: int) -> bool:
    """End with the zygote. Comes after the change of user, which clears this setting."""
    end_with_parent(parent)
    prctl(PR_SET_DUMPABLE, 0)
    return True
