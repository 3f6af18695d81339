"""Hands in files and reads them as a submission."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from autograder.submissions import Submission, read_package, read_submission
from autograder.tests.submissions.notebooks import ASSIGNMENT, RELEASE
from autograder.tests.submissions.packages import ASSIGNMENT as NETS

HandIn = Callable[[dict[str, Any]], Submission]


@pytest.fixture
def hand_in(tmp_path: Path) -> HandIn:
    """Write files (a notebook as a dict, a path to copy, or bytes) and read them."""

    def write_and_read(files: dict[str, Any]) -> Submission:
        folder = tmp_path / "submitted" / "ada" / "small"
        folder.mkdir(parents=True)
        for name, content in files.items():
            if isinstance(content, Path):
                content = content.read_bytes()
            elif isinstance(content, dict):
                content = json.dumps(content).encode()
            path = folder / name
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(content)
        return read_submission(folder, ASSIGNMENT, RELEASE, "ada")

    return write_and_read


HandInPackage = Callable[..., Submission]


@pytest.fixture
def hand_in_package(tmp_path: Path) -> HandInPackage:
    """Write files (text or bytes by name) and read them as a package."""

    def write_and_read(files: Mapping[str, str | bytes], *, repair: bool = False) -> Submission:
        folder = tmp_path / "submitted" / "ada" / "nets"
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return read_package(folder, NETS, "ada", repair=repair)

    return write_and_read


Put = Callable[[bytes], Path]


@pytest.fixture
def put(tmp_path: Path) -> Put:
    """Write an archive where a submission belongs, and return its path."""

    def write(content: bytes) -> Path:
        path = tmp_path / "submitted" / "ada" / "small" / "hand_in.zip"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        return path

    return write
