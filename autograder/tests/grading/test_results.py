"""Result files: round trip, versioned, atomic, checked when read."""

import json
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from autograder.errors import ResultError
from autograder.grading.results import (
    Check,
    Diagnosis,
    Result,
    TaskResult,
    from_json,
    read_result,
    to_json,
    write_result,
)

RESULT = Result(
    assignment="quiz-8",
    student="ada",
    score=6.5,
    max_score=8.0,
    tasks=(
        TaskResult(
            task="conv_forward_naive",
            score=6.5,
            max_score=8.0,
            status="partial",
            checks=(Check("values", "passed", 2.0), Check("stride", "failed", 1.0, "wrong shape")),
            seconds=0.25,
            diagnoses=(Diagnosis("stride_ignored", "Is stride used for both axes?"),),
            layers="correct",
        ),
    ),
    problems=("Quiz8, cell 4, line 2: NameError",),
    sandbox={"seccomp": True},
    versions={"numpy": "2.0"},
    digest="ab",
    repairs=("conv.py: xrange -> range (2 times)",),
    untouched=("convolve_by_hand",),
)


SANDBOX = {"user": 65534, "missing": {}, "deep": [[], [1, {"ä": None}]], "time": np.float64(0.1)}


@pytest.mark.parametrize("result", [RESULT, replace(RESULT, tasks=(), sandbox=SANDBOX)])
def test_a_result_is_written_as_json_indents(result: Result) -> None:
    text = to_json(result)
    assert text == json.dumps(json.loads(text), indent=2, sort_keys=True) + "\n"


def test_a_result_survives_json() -> None:
    assert from_json(to_json(RESULT), "here") == RESULT


def test_json_carries_the_schema_number_and_the_documented_fields() -> None:
    data = json.loads(to_json(RESULT))
    assert data["schema"] == 2
    assert set(data) >= {
        "assignment",
        "student",
        "score",
        "max_score",
        "tasks",
        "sandbox",
        "digest",
        "convention",
        "layout",
        "repairs",
    }
    assert set(data["tasks"][0]) == {
        *("task", "score", "max_score", "status", "checks", "seconds", "diagnoses", "layers")
    }
    assert set(data["tasks"][0]["checks"][0]) == {"name", "status", "weight", "message"}


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ('"schema": 2', '"schema": 99', "schema 99"),
        ('"score": 6.5', '"score": 9', "not within"),
        ('"score": 6.5', '"score": NaN', "not within"),
        ('"score": 6.5', '"score": -1', "not within"),
        ('"status": "partial"', '"status": "great"', "unknown status"),
        ('"layers": "correct"', '"layers": "mine"', "unknown status"),
        ('"student"', '"pupil"', "damaged"),
        ('"score": 6.5', '"score": "6.5"', "score is not float"),
        ('"score": 6.5', '"score": true', "score is not float"),
        ('"score": 6.5', f'"score": {10**400}', "damaged"),
        ('"score": 6.5', '"score": 3.0', "not the sum"),
        ('"numpy": "2.0"', '"numpy": 2', "versions is not"),
        ('"task": "conv_forward_naive"', '"task": []', "task is not str"),
        ('"name": "values"', '"name": null', "name is not str"),
        ('"digest": "ab",', "", "checksum"),
        ('"checksum"', '"sum"', "damaged"),
        ('"seccomp": true', '"seccomp": ' + "[" * 100_000, "damaged"),
        ("{", "", "damaged"),
    ],
)
def test_a_damaged_result_is_one_clear_error(old: str, new: str, complaint: str) -> None:
    text = to_json(RESULT).replace(old, new, 1)
    with pytest.raises(ResultError, match=complaint) as error:
        from_json(text, "results/ada.json")
    assert str(error.value).startswith("results/ada.json: ")


def test_no_bit_of_a_result_changes_unnoticed() -> None:
    text = to_json(RESULT).encode()
    for place in range(len(text)):
        for bit in range(8):
            damaged = text[:place] + bytes([text[place] ^ 1 << bit]) + text[place + 1 :]
            with pytest.raises((ResultError, UnicodeDecodeError)):
                from_json(damaged.decode(), "here")


def test_writing_leaves_the_file_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "quiz-8" / "ada.json"
    write_result(path, RESULT)
    write_result(path, RESULT)
    assert [p.name for p in path.parent.iterdir()] == ["ada.json"]
    assert read_result(path) == RESULT


def test_a_missing_result_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ResultError, match=r"nobody\.json"):
        read_result(tmp_path / "nobody.json")


def link(path: Path) -> None:
    path.with_name("other.json").write_text(to_json(RESULT))
    path.symlink_to("other.json")


def huge(path: Path) -> None:
    with open(path, "wb") as file:
        file.truncate(10_000_000_000)


@pytest.mark.parametrize(
    "put",
    [
        link,
        huge,
        Path.mkdir,
        os.mkfifo,
        lambda path: path.write_bytes(b"\xff"),
        lambda path: path.write_text("[]"),
        lambda path: path.write_text("null"),
        lambda path: path.write_bytes(to_json(RESULT).encode()[:-20]),
    ],
)
def test_what_is_no_result_is_one_clear_error(put: Callable[[Path], None], tmp_path: Path) -> None:
    path = tmp_path / "ada.json"
    put(path)
    with pytest.raises(ResultError) as error:
        read_result(path)
    assert str(error.value).startswith(f"{path}: ")
    assert "grade again" in str(error.value)
