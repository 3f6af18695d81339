"""The command line: help with examples, errors in one line, honest exit codes."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from autograder.paths import Course

ROOT = Course.find(Path(__file__).parent).root
COMMANDS = ("build", "run", "grade", "selfcheck", "demo", "manual collect")
ENVIRONMENT = {**os.environ, "COLUMNS": "100", "TERM": "dumb"}


def autograder(*words: str | Path, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "autograder", *map(str, words)],
        cwd=cwd,
        env=ENVIRONMENT,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def test_help_lists_every_command() -> None:
    result = autograder("--help")
    assert result.returncode == 0
    for command in COMMANDS:
        assert command.split()[0] in result.stdout


@pytest.mark.parametrize("command", COMMANDS)
def test_every_commands_help_has_examples_that_name_it(command: str) -> None:
    result = autograder(*command.split(), "--help")
    assert result.returncode == 0
    examples = result.stdout.split("Examples:")[1]
    assert f"autograder {command}" in examples


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (("run", "nowhere", "-a", "quiz-8"), "nowhere: no such file or folder"),
        (("run", ".", "-a", "quiz-9"), "no assignment 'quiz-9'"),
        (("build", "quiz-9"), "no assignment 'quiz-9'; known: neural-nets, quiz-8"),
        (("selfcheck", "quiz-9"), "no assignment 'quiz-9'"),
        (("manual", "collect", "quiz-9"), "no assignment 'quiz-9'"),
        (("grade", "quiz-9"), "no assignment 'quiz-9'"),
    ],
)
def test_a_users_mistake_is_one_line_and_exit_code_1(
    words: tuple[str, ...], complaint: str
) -> None:
    result = autograder(*words)
    assert result.returncode == 1
    assert result.stderr.startswith("error: ")
    assert complaint in result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_outside_of_a_course_it_says_where_to_go(tmp_path: Path) -> None:
    result = autograder("build", cwd=tmp_path)
    assert (result.returncode, "--course DIR" in result.stderr) == (1, True)


def test_a_wrong_option_is_a_usage_error() -> None:
    result = autograder("grade", "--no-such-option")
    assert result.returncode == 2
    assert "No such option" in result.stderr


def test_an_output_that_cannot_be_written_is_one_line(tmp_path: Path) -> None:
    target = tmp_path / "file" / "result.json"
    target.parent.write_text("a file, not a folder")
    result = autograder("run", ROOT / "release" / "quiz-8", "-a", "quiz-8", "--json", target)
    assert (result.returncode, len(result.stderr.splitlines())) == (1, 1)
    assert "result.json: cannot be written" in result.stderr


def documented_commands() -> list[tuple[str, str]]:
    found = []
    for path in (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))):
        for line in re.findall(r"^\$ (autograder .*)$", path.read_text("utf-8"), re.MULTILINE):
            found.append((path.name, line))
        for line in re.findall(r"`\.venv/bin/(autograder [^`]*)`", path.read_text("utf-8")):
            found.append((path.name, line))
    return found


@pytest.mark.parametrize(("page", "line"), documented_commands())
def test_documented_commands_are_known_to_the_parser(page: str, line: str) -> None:
    words = line.split()[1:]
    depth = 2 if words[0] == "manual" else 1
    options = {word for word in words if word.startswith("-")}
    text = autograder(*words[:depth], "--help").stdout
    assert "Usage" in text, f"{page}: {line}"
    assert all(option in text for option in options), f"{page}: {line}"
