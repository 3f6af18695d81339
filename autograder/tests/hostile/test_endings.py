"""Code that hangs, crashes or eats everything costs its own call, and nothing stays behind."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest

from autograder.sandbox import Sandbox, StudentError, StudentTimeout, WorkerDied, load_program
from autograder.settings import Limits
from autograder.tests.sandbox.programs import program

HANGS = {
    "loop": "while True: pass",
    "sleep": "import time; time.sleep(1000)",
    "loop that catches everything": """
    while True:
        try:
            while True: pass
        except BaseException:
            pass
    """,
    "ignored signals": """
    import signal
    for number in range(1, 65):
        try:
            signal.signal(number, signal.SIG_IGN)
        except (OSError, ValueError):
            pass
    while True: pass
    """,
    "a timer that catches": """
    import signal
    signal.signal(signal.SIGALRM, lambda *a: None)
    signal.setitimer(signal.ITIMER_REAL, 0.01, 0.01)
    while True: pass
    """,
    "C code that never returns": "import re; re.match(r'(a+)+$', 'a' * 64 + 'b')",
    "endless printing": "\n    while True: print('x' * 10000)",
    "waiting for input": "import select; select.poll().poll()",
}


@pytest.mark.parametrize("code", HANGS.values(), ids=HANGS.keys())
def test_a_hang_ends_at_its_deadline(hasty_sandbox: Sandbox, code: str) -> None:
    source = f"def f():\n    {code.strip()}"
    worker = load_program(hasty_sandbox, program(source), 0).worker
    started = time.monotonic()
    with pytest.raises(StudentTimeout):
        worker.student.f()
    assert time.monotonic() - started < 10
    assert not worker.alive


DEATHS = {
    "os._exit(0)": "exit code 0",
    "os._exit(77)": "exit code 77",
    "os.kill(os.getpid(), 9)": "used more processor time or memory than allowed",
    "os.abort()": "it aborted",
    "ctypes.string_at(0)": "segmentation fault",
    "os.close(3)": "exit code 1",
    "os.closerange(0, 100)": "exit code 1",
    "os.close(3) or os.dup(0)": "exit code 0",
}
if sys.version_info < (3, 12):  # later ones bound the recursion of their C code themselves
    DEATHS["sys.setrecursionlimit(10**9) or repr(deep())"] = "segmentation fault"


@pytest.mark.parametrize("code", DEATHS)
def test_a_death_is_told_as_such(load, code: str) -> None:
    worker = load(f"""
        import ctypes, os, sys
        def deep():
            nest = []
            for _ in range(10**6):
                nest = [nest]
            return nest
        def f(): return {code}
    """)
    with pytest.raises(WorkerDied, match=r"f\(\) ended its process") as caught:
        worker.student.f()
    assert DEATHS[code] in caught.value.sentence
    assert not worker.alive
    with pytest.raises(WorkerDied):
        worker.student.f()


def test_hanging_up_without_dying_ends_the_worker(load) -> None:
    worker = load("import os, time\ndef f():\n    os.close(3)\n    time.sleep(1000)")
    with pytest.raises(WorkerDied, match="hung up on the grader"):
        worker.student.f()


@pytest.fixture(scope="module")
def small_sandbox() -> Iterator[Sandbox]:
    """Gives a worker 800 MiB."""
    with Sandbox(Limits(call_seconds=20, task_seconds=60, memory_mib=800)) as box:
        yield box


@pytest.mark.parametrize(
    "code",
    [
        "bytearray(10**10)",
        "np.ones(10**10)",
        "[bytearray(2**20) for _ in range(10**6)]",
        "'x' * 10**10",
        "bytearray(790 << 20)",
    ],
)
def test_a_memory_bomb_is_an_error_of_its_own_call(small_sandbox: Sandbox, code: str) -> None:
    source = f"import numpy as np\ndef f(): return {code}\ndef g(n): return len(bytearray(n))"
    worker = load_program(small_sandbox, program(source), 0).worker
    with pytest.raises(StudentError, match="MemoryError"):
        worker.student.f()
    assert worker.student.g(100 << 20) == 100 << 20


def test_the_kernel_limits_what_the_deadline_does_not(small_sandbox: Sandbox) -> None:
    worker = small_sandbox.spawn()
    with open(f"/proc/{worker.pid}/limits") as limits:
        rows = {line[:26].strip(): line[26:].split()[:2] for line in limits}
    assert rows["Max cpu time"] == ["65", "65"]
    assert rows["Max address space"] == [str(800 << 20)] * 2
    for name in ("Max processes", "Max file size", "Max core file size", "Max locked memory"):
        assert rows[name] == ["0", "0"]


def test_huge_output_is_swallowed(load) -> None:
    worker = load("""
        import os, sys
        def f():
            for _ in range(100):
                print("x" * 10**6)
                sys.stderr.write("y" * 10**6)
                sys.__stdout__.write("z" * 10**5)
                os.write(2, b"w" * 10**6)
            return 1
    """)
    assert worker.student.f() == 1


@pytest.mark.parametrize(
    "code",
    [
        "os.fork()",
        "os.posix_spawn('/bin/true', ['true'], {})",
        "os.execv('/bin/true', ['true'])",
        "subprocess.run(['/bin/true'])",
        "os.system('true') and 1 / 0",
        "threading.Thread(target=print).start()",
        "multiprocessing.Process(target=print).start()",
        "concurrent.futures.ThreadPoolExecutor().submit(print)",
    ],
)
def test_no_process_thread_or_program_can_be_started(load, code: str) -> None:
    worker = load(f"""
        import concurrent.futures, multiprocessing, os, subprocess, threading
        def f():
            {code}
    """)
    with pytest.raises((StudentError, WorkerDied)):
        worker.student.f()
    assert children_of(worker.pid) == []


def children_of(pid: int) -> list[int]:
    """Process ids whose parent is `pid`."""
    found = []
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            try:
                with open(f"/proc/{entry}/stat") as stat:
                    parent = int(stat.read().rpartition(")")[2].split()[1])
            except (FileNotFoundError, ProcessLookupError):
                continue
            if parent == pid:
                found.append(int(entry))
    return found


def test_nothing_runs_after_the_sandbox_is_closed() -> None:
    before = set(children_of(os.getpid()))
    with Sandbox(Limits(20, 60, 2048)) as box:
        source = "def f(): return 1"
        workers = [load_program(box, program(source), 0).worker for _ in range(3)]
        (zygote,) = set(children_of(os.getpid())) - before
        pids = [worker.pid for worker in workers]
        assert sorted(children_of(zygote)) == sorted(pids)
        workers[0].close()
        assert sorted(children_of(zygote)) == sorted(pids[1:])
    assert set(children_of(os.getpid())) == before
    assert not any(os.path.exists(f"/proc/{pid}") for pid in (zygote, *pids))


def test_nothing_runs_after_the_grader_was_killed() -> None:
    script = f"""
import os, sys, time
sys.path[:] = {sys.path!r}
from autograder.sandbox import Sandbox, load_program
from autograder.settings import Limits
from autograder.tests.sandbox.programs import program
box = Sandbox(Limits(60, 60, 2048)).__enter__()
worker = load_program(box, program("def f():\\n    while True: pass"), 0).worker
print(box._zygote.pid, worker.pid, flush=True)
worker.student.f()
"""
    grader = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)
    assert grader.stdout is not None
    pids = [int(pid) for pid in grader.stdout.readline().split()]
    grader.kill()
    grader.communicate()
    deadline = time.monotonic() + 10
    while any(running(pid) for pid in pids) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not any(running(pid) for pid in pids)


def running(pid: int) -> bool:
    """Whether a process exists and is no zombie."""
    try:
        with open(f"/proc/{pid}/stat") as stat:
            return stat.read().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False
