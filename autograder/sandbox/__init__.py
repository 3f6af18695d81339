"""Runs student code in a locked-down process and hands back plain values."""

from autograder.sandbox.calls import Call
from autograder.sandbox.codec import CodecError
from autograder.sandbox.faults import (
    ProtocolViolation,
    StudentError,
    StudentFault,
    StudentTimeout,
    WorkerDied,
)
from autograder.sandbox.launcher import Sandbox
from autograder.sandbox.linux import end_with_parent, harden_self
from autograder.sandbox.loader import Loaded, load_behind, load_program, run_more
from autograder.sandbox.process import Worker
from autograder.sandbox.proxy import Path, Remote, Stayed, Student, assign, fetch, perturb
from autograder.sandbox.replay import Performed, Replay, performed
from autograder.sandbox.transcript import Script, Transcript

__all__ = [
    "Call",
    "CodecError",
    "Loaded",
    "Path",
    "Performed",
    "ProtocolViolation",
    "Remote",
    "Replay",
    "Sandbox",
    "Script",
    "Stayed",
    "Student",
    "StudentError",
    "StudentFault",
    "StudentTimeout",
    "Transcript",
    "Worker",
    "WorkerDied",
    "assign",
    "end_with_parent",
    "fetch",
    "harden_self",
    "load_behind",
    "load_program",
    "performed",
    "perturb",
    "run_more",
]
