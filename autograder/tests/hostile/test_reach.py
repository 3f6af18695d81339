"""Code that looks around finds no file, no other process, no network and nothing hidden."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from autograder.sandbox import Remote, StudentError
from autograder.tests.sandbox.programs import CELL

ROOT = Path(__file__).resolve().parents[3]
SECRET = "a-secret-of-the-grader-4711"

FILES = [
    "/etc/passwd",
    "/etc/hostname",
    "/dev/zero",
    "/proc/self/environ",
    "/proc/self/maps",
    f"/proc/{os.getpid()}/mem",
    f"/proc/{os.getpid()}/environ",
    f"/proc/{os.getpid()}/cmdline",
    str(ROOT / "solutions" / "layers.py"),
    str(ROOT / "tests" / "neural-nets"),
    str(ROOT / "submitted" / "someone"),
    str(ROOT / "pyproject.toml"),
    str(Path(os.__file__)),
    "/tmp",
    "/",
    ".",
]


@pytest.mark.parametrize("call", ["open", "os.listdir", "os.stat", "os.readlink", "np.load"])
def test_nothing_in_the_file_system_is_readable(load, call: str) -> None:
    worker = load(f"import os\nimport numpy as np\ndef f(path): return {call}(path)")
    for path in FILES:
        with pytest.raises(StudentError, match="Operation not permitted"):
            worker.student.f(path)


def test_what_is_said_about_a_file_does_not_show_its_folder(load) -> None:
    worker = load("def f(path): return open(path)")
    with pytest.raises(StudentError) as caught:
        worker.student.f(str(ROOT / "solutions" / "layers.py"))
    assert caught.value.sentence == (
        f"PermissionError: [Errno 1] Operation not permitted: 'layers.py' ({CELL}, line 1)"
    )


@pytest.mark.parametrize(
    "code",
    [
        "open(path, 'w')",
        "open(path, 'a')",
        "os.mkdir(path)",
        "os.mkfifo(path)",
        "os.symlink('/etc', path)",
        "os.link('/etc/passwd', path)",
        "os.rename('/tmp', path)",
        "os.unlink(path)",
        "os.rmdir(path)",
        "os.chmod(path, 0o777)",
        "os.chown(path, 0, 0)",
        "os.utime(path)",
        "os.truncate(path, 0)",
        "os.chdir(path)",
        "os.chroot(path)",
        "os.memfd_create('x')",
        "np.save(path, np.ones(3))",
        "tempfile.TemporaryFile()",
    ],
)
def test_nothing_can_be_written_or_changed(load, tmp_path: Path, code: str) -> None:
    tmp_path.chmod(0o777)
    target = tmp_path / "file"
    target.write_text("kept")
    target.chmod(0o666)
    worker = load(f"import os, tempfile\nimport numpy as np\ndef f(path): return {code}")
    with pytest.raises(StudentError, match="Errno"):
        worker.student.f(str(target))
    assert target.read_text() == "kept"
    assert [entry.name for entry in tmp_path.iterdir()] == ["file"]


@pytest.mark.parametrize(
    "code",
    [
        "socket.socket()",
        "socket.socket(socket.AF_UNIX)",
        "socket.socket(socket.AF_NETLINK, socket.SOCK_RAW)",
        "socket.socketpair()",
        "socket.create_connection(('127.0.0.1', 80))",
        "socket.getaddrinfo('localhost', 80)",
        "os.pipe()",
        "os.eventfd(0)",
    ],
)
def test_there_is_no_network_and_no_pipe(load, code: str) -> None:
    worker = load(f"import os, socket\ndef f(): return {code}")
    with pytest.raises(StudentError):
        worker.student.f()


def test_no_descriptor_leads_anywhere(load) -> None:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        worker = load("""
            import os, stat
            def f():
                found = []
                for number in range(1000):
                    try:
                        os.lseek(number, 0, os.SEEK_CUR)
                        found.append([number, "seekable"])
                    except OSError as error:
                        if error.errno != 9:
                            found.append([number, "stream"])
                return found
        """)
        null, stream = "seekable", "stream"
        assert worker.student.f() == [[0, null], [1, null], [2, null], [3, stream]]


KERNEL = """
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
def call(*arguments):
    ctypes.set_errno(0)
    return libc.syscall(*[ctypes.c_long(a) for a in arguments]), ctypes.get_errno()
"""
# x86_64 numbers; what they are on aarch64 is not allowed there either (see test_seccomp).
CALLS = {
    "ptrace attach": (101, 16, os.getpid(), 0, 0),
    "process_vm_readv": (310, os.getpid(), 0, 0, 0, 0, 0),
    "kill the grader": (62, os.getpid(), 9),
    "kill everybody": (62, -1, 9),
    "tgkill the grader": (234, os.getpid(), os.getpid(), 9),
    "pidfd_open": (434, os.getpid(), 0),
    "setuid root": (105, 0),
    "prctl: become dumpable": (157, 4, 1, 0, 0, 0),
    "prlimit: more memory": (302, 0, 9, 0, 0),
    "unshare": (272, 0x10000000),
    "mount": (165, 0, 0, 0, 0, 0),
    "bpf": (321, 0, 0, 0),
    "io_uring_setup": (425, 1, 0),
    "keyctl": (250, 0, 0, 0),
    "vfork": (58,),
    "clone": (56, 17, 0, 0, 0, 0),
    "sendmsg": (46, 3, 0, 0),
    "openat2": (437, -100, 0, 0, 0),
    "name_to_handle_at": (303, -100, 0, 0, 0, 0),
    "perf_event_open": (298, 0, 0, 0, 0, 0),
    "userfaultfd": (323, 0),
    "setpgid": (109, 0, 0),
}


@pytest.mark.skipif(os.uname().machine != "x86_64", reason="system call numbers of x86_64")
@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS.keys())
def test_raw_system_calls_are_refused(load, call: tuple[int, ...]) -> None:
    worker = load(KERNEL)
    assert worker.student.call(*call) == (-1, 1)


def test_the_process_is_not_root_and_has_no_capability(load) -> None:
    worker = load("import os\ndef f(): return os.getuid(), os.geteuid(), os.getgid()")
    uid, effective, gid = worker.student.f()
    assert uid == effective != 0
    assert gid != 0
    with open(f"/proc/{worker.pid}/status") as status:
        fields = dict(line.split(":\t") for line in status.read().splitlines())
    assert int(fields["CapEff"], 16) == int(fields["CapPrm"], 16) == 0
    assert fields["NoNewPrivs"] == "1"
    assert fields["Seccomp"] == "2"
    assert fields["Threads"] == "1"


LOOK = """
import gc, os, sys
def texts():
    '''Every string that can be reached from anywhere in the process.'''
    found, seen, waiting = set(), set(), [gc.get_objects(), vars(sys), dict(os.environ)]
    waiting += [sys._getframe(), list(sys.modules.values())]
    frame = sys._getframe()
    while frame:
        waiting += [frame.f_locals, frame.f_globals, frame.f_code.co_filename]
        frame = frame.f_back
    while waiting:
        thing = waiting.pop()
        if id(thing) in seen:
            continue
        seen.add(id(thing))
        if isinstance(thing, str):
            found.add(thing)
        elif isinstance(thing, bytes):
            found.add(thing.decode("latin-1"))
        elif len(seen) < 2_000_000:
            waiting += gc.get_referents(thing)
    return found
def found(halves):
    '''Of words given in two halves, those that are in a string; their first halves.'''
    everything = texts()
    return [a for a, b in halves if any(a + b in text for text in everything)]
def environment(): return dict(os.environ)
def arguments(): return [sys.argv, sys.path, os.getcwd()]
"""


def test_no_object_in_the_process_knows_anything_hidden(
    load, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AUTOGRADER_SECRET", SECRET)
    worker = load(LOOK)
    hidden = [SECRET, "BEGIN SOLUTION", "solutions.", "tests/neural-nets", "from solutions"]
    hidden += ["pytest.mark.task", "grade_id", "gradebook", os.environ["PATH"]]
    # In halves: the question itself is in the worker.
    assert worker.student.found([(word[:3], word[3:]) for word in hidden]) == []
    assert worker.student.found([("subm", "ission")]) == ["subm"]


def test_two_submissions_do_not_see_each_other(load) -> None:
    source = LOOK + f"\nsecret = ''.join([{SECRET[:9]!r}, {SECRET[9:]!r}])"
    assert load(source).student.found([("a-sec", SECRET[5:])]) == ["a-sec"]
    assert load(LOOK).student.found([("a-sec", SECRET[5:])]) == []


def test_environment_arguments_and_path_are_empty(load) -> None:
    worker = load(LOOK)
    assert worker.student.environment() == {}
    assert worker.student.arguments() == [[""], [], "/"]


def test_what_one_worker_patches_is_whole_in_the_next(load) -> None:
    first = load("""
        import builtins, random
        import numpy as np
        np.allclose = np.dot = np.random.rand = lambda *a, **k: True
        builtins.len = builtins.abs = lambda *a: 0
        random.random = lambda: 4
        def f(): return bool(np.allclose(1, 2))
    """)
    assert first.student.f() is True
    second = load("import numpy as np\ndef f(): return bool(np.allclose(1, 2)), len([1])")
    assert second.student.f() == (False, 1)


def test_the_zygote_and_worker_cannot_be_read_by_others_of_their_user(load, sandbox) -> None:
    load("x = 1")
    for pid in (os.getpid(), sandbox._zygote.pid):
        # Unreadable processes belong to root in /proc.
        assert os.stat(f"/proc/{pid}/environ").st_uid == 0


def test_a_function_of_the_worker_is_only_a_handle(load) -> None:
    worker = load("def f():\n    import sys\n    return sys._getframe().f_back, sys.modules")
    assert all(isinstance(part, Remote) for part in worker.student.f())
