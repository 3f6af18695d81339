"""Does the sandbox refuse to start where a layer is missing, and record what there is?

The machines without a layer are real processes here: a filter of our own makes the kernel say
that it has no seccomp, no Landlock, or no other user to become.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from autograder.errors import SandboxUnavailable
from autograder.sandbox import Sandbox
from autograder.settings import Limits

LIMITS = Limits(20, 60, 2048)

# Denies a call with one first argument, then opens a sandbox and prints what it gets.
SCRIPT = """
import ctypes, errno, json, sys
sys.path[:] = {path!r}
from autograder.sandbox import seccomp
from autograder.sandbox.linux import PR_SET_NO_NEW_PRIVS, prctl
from autograder.sandbox.seccomp import Instruction, LOAD, IF_EQUAL, RETURN, RETURN_ERRNO
steps = [Instruction(LOAD, seccomp.NUMBER), Instruction(IF_EQUAL, {number}, 0, 3)]
steps += [Instruction(LOAD, seccomp.ARGUMENT_0), Instruction(IF_EQUAL, {argument}, 0, 1)]
steps += [Instruction(RETURN, RETURN_ERRNO | errno.{error})]
steps += [Instruction(RETURN, seccomp.RETURN_ALLOW)]
seccomp.build_filter = lambda machine, pid: steps
prctl(PR_SET_NO_NEW_PRIVS, 1)
seccomp.restrict_calls()

from autograder.errors import SandboxUnavailable
from autograder.program import Statement
from autograder.sandbox import Sandbox, StudentError, load_program
from autograder.settings import Limits
try:
    with Sandbox(Limits(20, 60, 2048), allow_degraded={degraded}) as box:
        program = (Statement("def f(): return open('/etc/passwd').read(4)", "cell", 1),)
        try:
            read = load_program(box, program, 0).worker.student.f()
        except StudentError as fault:
            read = fault.etype
        print(json.dumps({{"layers": box.layers, "read": read}}))
except SandboxUnavailable as error:
    print(json.dumps({{"refused": str(error)}}))
"""
x86_64 = pytest.mark.skipif(os.uname().machine != "x86_64", reason="call numbers of x86_64")
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root has a user id to drop")
NO_SECCOMP = {"number": 157, "argument": 22, "error": "EINVAL"}
NO_LANDLOCK = {"number": 444, "argument": 0, "error": "ENOSYS"}
NO_OTHER_USER = {"number": 117, "argument": 65534, "error": "EPERM"}


def on_a_machine(degraded: bool, **denied: object) -> dict[str, object]:
    script = SCRIPT.format(path=sys.path, degraded=degraded, **denied)
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert done.stderr == ""
    return json.loads(done.stdout)


def test_the_layers_are_recorded() -> None:
    with Sandbox(LIMITS) as box:
        layers = box.layers
    assert layers["seccomp"] == os.uname().machine
    assert layers["user"] == (65534 if os.geteuid() == 0 else "unchanged")
    for name in ("session", "rlimits", "parent_death", "no_new_privs"):
        assert layers[name] is True
    assert set(layers["missing"]) <= {"landlock"}
    assert layers["escapes"] == []
    json.dumps(layers, allow_nan=False)


@x86_64
def test_without_seccomp_it_refuses_and_says_what_to_do() -> None:
    refused = on_a_machine(False, **NO_SECCOMP)["refused"]
    assert "does not give seccomp ([Errno 22] prctl 22: Invalid argument)" in refused
    assert "kernel and container allow seccomp filters" in refused
    assert "pass --allow-degraded-sandbox; every result" in refused


@x86_64
def test_opting_in_goes_on_without_seccomp_and_records_it() -> None:
    found = on_a_machine(True, **NO_SECCOMP)
    assert "seccomp" in found["layers"]["missing"]
    assert "a socket" in found["layers"]["escapes"]


@x86_64
def test_without_landlock_seccomp_still_keeps_files_away() -> None:
    found = on_a_machine(False, **NO_LANDLOCK)
    assert "landlock" in found["layers"]["missing"]
    assert found["read"] == "PermissionError"


@x86_64
@as_root
def test_a_root_that_cannot_change_its_user_is_refused() -> None:
    refused = on_a_machine(False, **NO_OTHER_USER)["refused"]
    assert "does not give user" in refused
    assert "run as an ordinary user" in refused


def test_off_linux_it_says_how_to_use_a_container(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    with pytest.raises(SandboxUnavailable, match=r"needs Linux; on darwin .*docker run"):
        Sandbox(LIMITS).__enter__()


def test_a_python_that_does_not_run_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with pytest.raises(SandboxUnavailable, match=r"does /bin/false run"):
        Sandbox(LIMITS).__enter__()


def test_a_sandbox_that_was_not_started_says_so() -> None:
    with pytest.raises(SandboxUnavailable, match="use `with Sandbox"):
        Sandbox(LIMITS).spawn()


def test_closing_twice_is_harmless() -> None:
    with Sandbox(LIMITS) as box:
        worker = box.spawn()
        worker.close()
        worker.close()
        box.close()


def test_workers_end_with_their_sandbox() -> None:
    with Sandbox(LIMITS) as box:
        worker = box.spawn()
        assert worker.alive
    assert not worker.alive


def test_a_zygote_that_was_killed_is_told_and_its_workers_end() -> None:
    with Sandbox(LIMITS) as box:
        worker = box.spawn()
        zygote = box._zygote
        assert zygote is not None
        zygote.kill()
        zygote.wait()
        with pytest.raises(SandboxUnavailable, match="has ended"):
            box.spawn()
        with pytest.raises(SandboxUnavailable, match="has ended"):
            worker.get((("name", "x"),))
