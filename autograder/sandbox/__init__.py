"""Runs student code in a locked-down process and hands back plain values."""

from autograder.sandbox.calls import Call
from autograder.sandbox.faults import (
    ProtocolViolation,
    StudentError,
    StudentFault,
    StudentTimeout,
    WorkerDied,
)
from autograder.sandbox.launcher import Sandbox
from autograder.sandbox.linux import end_with_parent, harden_self
from autograder.sandbox.loader import Loaded, load_program
from autograder.sandbox.process import Worker
from autograder.sandbox.proxy import Path, Remote, Stayed, Student, assign, fetch, perturb

__all__ = [
    "Call",
    "Loaded",
    "Path",
    "ProtocolViolation",
    "Remote",
    "Sandbox",
    "Stayed",
    "Student",
    "StudentError",
    "StudentFault",
    "StudentTimeout",
    "Worker",
    "WorkerDied",
    "assign",
    "end_with_parent",
    "fetch",
    "harden_self",
    "load_program",
    "perturb",
]
