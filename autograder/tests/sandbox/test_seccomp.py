"""Does the filter allow what it names, and nothing else, on both architectures?

The filter is run by a small interpreter here, because no machine has both architectures; that
it is in force is tested by the hostile cases and by the sandbox's own probe.
"""

from __future__ import annotations

import errno

import pytest

from autograder.sandbox import seccomp
from autograder.sandbox.seccomp import ALLOWED, AUDIT_CODES, COLUMNS, Instruction, build_filter

PID = 4321
NO_CALL = 0x3FFF
machines = pytest.mark.parametrize("machine", sorted(COLUMNS))
DENIED = {
    "x86_64": {"open": 2, "socket": 41, "fork": 57, "execve": 59, "ptrace": 101, "prctl": 157},
    "aarch64": {"openat": 56, "socket": 198, "clone": 220, "execve": 221, "ptrace": 117},
}


def run(steps: list[Instruction], arch: int, number: int, *arguments: int) -> int:
    """Interpret the filter for one call; return the action."""
    data = {seccomp.NUMBER: number, seccomp.ARCHITECTURE: arch}
    data |= {16 + 8 * i: value for i, value in enumerate((*arguments, 0, 0)[:2])}
    accumulator, at = 0, 0
    while True:
        step = steps[at]
        at += 1
        if step.code == seccomp.LOAD:
            accumulator = data[step.value]
        elif step.code == seccomp.RETURN:
            return step.value
        else:
            holds = {
                seccomp.IF_EQUAL: accumulator == step.value,
                seccomp.IF_AT_LEAST: accumulator >= step.value,
            }[step.code]
            at += step.if_true if holds else step.if_false


def action(machine: str, number: int, *arguments: int) -> int:
    return run(build_filter(machine, PID), AUDIT_CODES[machine], number, *arguments)


def fails(error: int) -> int:
    return seccomp.RETURN_ERRNO | error


@machines
def test_every_named_call_is_allowed(machine: str) -> None:
    numbers = [row[COLUMNS[machine]] for row in ALLOWED.values()]
    assert {action(machine, n) for n in numbers if n is not None} == {seccomp.RETURN_ALLOW}


@machines
def test_every_other_call_fails(machine: str) -> None:
    column = COLUMNS[machine]
    named = {row[column] for row in ALLOWED.values()} | {seccomp.CLONE3[column]}
    named |= {seccomp.IOCTL[column], seccomp.FCNTL[column]}
    others = set(range(600)) - named
    assert {action(machine, number) for number in others} == {fails(errno.EPERM)}


@pytest.mark.parametrize(
    ("machine", "number"),
    [(machine, number) for machine, calls in DENIED.items() for number in calls.values()],
)
def test_well_known_dangers_fail(machine: str, number: int) -> None:
    assert action(machine, number) == fails(errno.EPERM)


@machines
def test_a_foreign_architecture_is_killed(machine: str) -> None:
    other = next(code for name, code in AUDIT_CODES.items() if name != machine)
    assert run(build_filter(machine, PID), other, 0) == seccomp.RETURN_KILL


def test_the_x32_interface_is_killed() -> None:
    assert action("x86_64", seccomp.X32_BIT | 1) == seccomp.RETURN_KILL


@machines
def test_signals_go_to_the_process_itself_only(machine: str) -> None:
    for call in (seccomp.KILL, seccomp.TGKILL):
        number = call[COLUMNS[machine]]
        assert action(machine, number, PID) == seccomp.RETURN_ALLOW
        assert action(machine, number, PID + 1) == fails(errno.EPERM)
        assert action(machine, number, 2**32 - 1) == fails(errno.EPERM)


@machines
def test_clone3_is_not_there(machine: str) -> None:
    assert action(machine, seccomp.CLONE3[COLUMNS[machine]]) == fails(errno.ENOSYS)


@machines
def test_ioctl_only_asks_for_a_terminal(machine: str) -> None:
    number = seccomp.IOCTL[COLUMNS[machine]]
    assert action(machine, number, 1, seccomp.TCGETS) == seccomp.RETURN_ALLOW
    assert action(machine, number, 1, 0x5412) == fails(errno.ENOTTY)


@machines
@pytest.mark.parametrize(
    ("command", "allowed"), [(0, True), (3, True), (4, False), (1030, True), (1031, False)]
)
def test_fcntl_copies_and_reads_flags_only(machine: str, command: int, allowed: bool) -> None:
    number = seccomp.FCNTL[COLUMNS[machine]]
    expected = seccomp.RETURN_ALLOW if allowed else fails(errno.EPERM)
    assert action(machine, number, 3, command) == expected
