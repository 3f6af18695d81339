"""Programs that start processes, reach for the network, and strike at other processes."""

from autograder.tests.hostile.programs.case import Case

DENIED = "Operation not permitted"
LIBC = """
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
def call(*arguments):
    if libc.syscall(*map(ctypes.c_long, arguments)) < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
"""

CODES = {
    "fork": "import os; os.fork()",
    "program": "import os; os.execv('/bin/true', ['true'])",
    "spawned_program": "import os; os.posix_spawn('/bin/true', ['true'], {})",
    "subprocess": "import subprocess; subprocess.run(['/bin/true'])",
    "network": "import socket; socket.create_connection(('127.0.0.1', 80))",
    "socket": "import socket; socket.socket()",
    "unix_socket": "import socket; socket.socket(socket.AF_UNIX).connect('/run/docker.sock')",
    "pipe": "import os; os.pipe()",
    "memory_file": "import os; os.memfd_create('x')",
    "kill_the_grader": "import os; os.kill(GRADER, 9)",
    "stop_the_grader": "import os, signal; os.kill(GRADER, signal.SIGSTOP)",
    "kill_everybody": "import os; os.kill(-1, 9)",
    "kill_the_zygote": "import os; os.kill(os.getppid(), 9)",
    "root_again": "import os; os.setuid(0)",
    "greedy": "import os; os.setpriority(os.PRIO_PROCESS, GRADER, 19)",
    "pinned_grader": "import os; os.sched_setaffinity(GRADER, {0})",
}
# Numbers of x86_64; elsewhere they name other calls, none of which is allowed.
CALLS = {
    "ptrace": "call(101, 16, GRADER, 0, 0)",
    "process_vm_readv": "call(310, GRADER, 0, 0, 0, 0, 0)",
    "pidfd_open": "call(434, GRADER, 0)",
    "unshare": "call(272, 0x10000000)",
    "dumpable_again": "call(157, 4, 1, 0, 0, 0)",
    "io_uring": "call(425, 1, 0)",
    "bpf": "call(321, 0, 0, 0)",
    "keyring": "call(250, 0, 0, 0)",
}
BOMBS = (
    Case(
        "fork_bomb",
        "forks for ever",
        """
        import os
        while True:
            try:
                os.fork()
            except OSError:
                pass
        """,
        "did not finish within",
    ),
    Case(
        "thread_bomb",
        "starts threads for ever",
        """
        import threading
        while True:
            try:
                threading.Thread(target=print).start()
            except RuntimeError:
                pass
        """,
        "did not finish within",
    ),
    Case(
        "thread",
        "starts a thread",
        "import threading; threading.Thread(target=print).start()",
        "RuntimeError: can't start new thread",
    ),
    Case(
        "process",
        "starts a process by multiprocessing",
        "import multiprocessing; multiprocessing.Process(target=print).start()",
        "No module named 'multiprocessing.popen_fork'",
    ),
    Case(
        "shell",
        "has a shell run a command",
        "import os; raise RuntimeError(os.system('touch ROOT/owned'))",
        "RuntimeError: ",
    ),
    Case(
        "name_lookup",
        "asks the network for a name",
        "import socket; socket.getaddrinfo('localhost', 80)",
        "gaierror",
    ),
    Case(
        "web",
        "fetches a page",
        "import urllib.request; urllib.request.urlopen('http://127.0.0.1/').read()",
        "is not available to the grader",
    ),
    Case(
        "more_memory",
        "raises its own limit of memory",
        "import resource; resource.setrlimit(resource.RLIMIT_AS, (-1, -1))",
        "not allowed to raise maximum limit",
    ),
)


def _raw(name: str, code: str) -> Case:
    return Case(name, f"calls the kernel: `{code}`", code, DENIED, LIBC)


CASES = (
    *BOMBS,
    *(Case(name, f"runs `{code}`", code, DENIED) for name, code in CODES.items()),
    *(_raw(name, code) for name, code in CALLS.items()),
)
