"""A sandbox that the tests of this folder share, and workers that end with their test."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from autograder.sandbox import Sandbox, Worker, load_program
from autograder.settings import Limits
from autograder.tests.sandbox.programs import program


@pytest.fixture(scope="session")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(Limits(call_seconds=20, task_seconds=60, memory_mib=2048)) as box:
        yield box


@pytest.fixture(scope="session")
def hasty_sandbox() -> Iterator[Sandbox]:
    """Gives a call one second."""
    with Sandbox(Limits(call_seconds=1, task_seconds=60, memory_mib=2048)) as box:
        yield box


@pytest.fixture
def load(sandbox: Sandbox) -> Iterator[Callable[[str], Worker]]:
    """Load source text into a new worker."""
    workers: list[Worker] = []

    def loader(source: str) -> Worker:
        workers.append(load_program(sandbox, program(source), 0).worker)
        return workers[-1]

    yield loader
    for worker in workers:
        worker.close()
