"""Students who make something of being asked for a whole task at once."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import pytest

from autograder.grading.results import Result
from autograder.grading.runner import Grader
from autograder.tests.grading.conftest import make_course, write_notebook, write_solutions
from autograder.tests.hostile.arena import SETTINGS, Arena

# What is handed on is an answer: whoever could read the second request would know the first answer.
CHAIN = """
@pytest.mark.task("triple")
def test_chain(student, rng):
    x = rng.normal(size=7)
    once = student.triple(x)
    expect.close(student.triple(once), 9 * x, name="out of out")
    expect.close(once, 3 * x, name="out")
"""
LOOKS_AHEAD = """
import gc
import numpy as np

def known(x):
    found = [o for o in gc.get_objects() if type(o) is np.ndarray]
    frames = [o for o in gc.get_objects() if type(o) in (bytes, bytearray, list, tuple, dict)]
    for holder in frames:
        parts = holder.values() if type(holder) is dict else holder
        found += [part for part in parts if type(part) is np.ndarray]
    raw = [a for a in found if a.dtype == np.uint8]
    for array in raw:  # a script: floats at any place
        data = array.tobytes()
        for at in range(8):
            end = len(data) - (len(data) - at) % 8
            found.append(np.frombuffer(data[at:end], np.float64))
    return found

def triple(x):
    for array in known(x):
        values = array.ravel()
        if values.dtype != np.float64:
            continue
        for at in range(len(values) - x.size + 1):
            part = values[at:at + x.size]
            with np.errstate(all="ignore"):
                if x.size and np.allclose(part, 3 * x.ravel(), atol=0) and x.any():
                    return part.reshape(x.shape).copy()
    return np.zeros_like(x)
"""
# Takes the place of what performs scripts; `real` is that.
TAKES_OVER = """
import gc
import numpy as np

def take_over(answer):
    for found in gc.get_objects():
        if type(found) is dict and "perform" in found and "call_plain" in found:
            real = found["perform"]
            found["perform"] = lambda scripts: answer(real, scripts)
            return True

def triple(x):
    return x
"""
LIES = {
    "garbage": "lambda real, s: [np.arange(99, dtype=np.uint8) for _ in s]",
    "nothing": "lambda real, s: []",
    "empty": "lambda real, s: [np.zeros(0, np.uint8) for _ in s]",
    "cut": "lambda real, s: [a[:-3] for a in real(s)]",
    "twice": "lambda real, s: [np.tile(a, 2) for a in real(s)]",
    "turned": "lambda real, s: real(s)[::-1]",
    "echo": "lambda real, s: [script for _, script in s]",
    "objects": "lambda real, s: [[1, 2, {'a': None}] for _ in s]",
    "large": "lambda real, s: [np.zeros(1 << 27, np.uint8) for _ in s]",
    "raises": "lambda real, s: 1 / 0",
    "ends": "lambda real, s: __import__('os')._exit(0)",
    "hangs": "lambda real, s: exec('while True: pass')",
}


@pytest.fixture(scope="module")
def grader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Grader]:
    """Of the small course, rehearsed."""
    course = make_course(tmp_path_factory.mktemp("scripts") / "course", SETTINGS)
    write_solutions(course)
    suite = course.suite("mini") / "test_mini.py"
    suite.write_text(suite.read_text() + CHAIN)
    with Grader(course, "mini") as grader:
        assert graded(grader, "ada").score == 10
        assert grader.rehearsed
        yield grader


def graded(grader: Grader, student: str, **sources: str) -> Result:
    right = {"double": "def double(x): return 2 * x", "triple": "def triple(x): return 3 * x"}
    folder = grader.course.submission("mini", student)
    write_notebook(folder / "Mini.ipynb", {**right, **sources})
    return grader.apart(partial(grader.grade, folder, student))


def test_no_request_tells_what_to_answer_to_another(grader: Grader) -> None:
    assert any(check == "chain" for _, _, check in grader.judging.memory.scripts)
    result = graded(grader, "mallory", triple=LOOKS_AHEAD)
    assert result.task("triple").score == 0
    assert result.task("double").score == 4
    # It finds what is there: with the answers before its eyes it would have all points.
    shown = LOOKS_AHEAD.replace("def triple(x):", "def triple(x):\n    shown = [3 * x]")
    assert graded(grader, "mallory", triple=shown).task("triple").score == 6


@pytest.mark.parametrize("lie", LIES, ids=str)
def test_whoever_answers_in_place_of_the_worker_earns_nothing(grader: Grader, lie: str) -> None:
    source = f"{TAKES_OVER}\ntook = take_over({LIES[lie]})\nassert took\n"
    result = graded(grader, "mallory", triple=source)
    assert result.task("triple").score == 0
    assert result.problems == ()  # it did take over
    assert graded(grader, "ada").score == 10
    assert graded(grader, "bob", triple="def triple(x): return 3 * x + 1").task("triple").score == 0


def test_the_small_course_of_all_other_cases_is_rehearsed(arena: Arena) -> None:
    assert arena.grader.rehearsed
