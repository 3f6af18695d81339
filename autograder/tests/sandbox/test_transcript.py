"""Scripts: what a check asks is taken down once, and performed by other workers."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import numpy as np
import pytest

from autograder.sandbox import (
    CodecError,
    Performed,
    Replay,
    Script,
    StudentError,
    StudentTimeout,
    Transcript,
    Worker,
    fetch,
    performed,
)
from autograder.sandbox.dtypes import Array
from autograder.sandbox.process import Worker as Process

Load = Callable[[str], Worker]
LAYERS = """
import numpy as np
def forward(x, w):
    return x @ w, (x, w)
def backward(dout, cache):
    x, w = cache
    return dout @ w.T, x.T @ dout
def momentum(w, dw, config=None):
    config = dict(config or {"velocity": 0 * w})
    config["velocity"] = 0.9 * config["velocity"] - 0.1 * dw
    return w + config["velocity"], config
def draw(n):
    return np.random.rand(n)
class Net:
    def __init__(self, size):
        self.params = {"W": np.zeros((size, size))}
    def loss(self, x):
        return float(np.sum(x @ self.params["W"])), {"W": x.T @ np.ones_like(x)}
"""
# The same in other words, and with a cache of another form.
OTHER_WORDS = LAYERS.replace("return x @ w, (x, w)", "return np.dot(x, w), [w, (x,)]")
OTHER_WORDS = OTHER_WORDS.replace("x, w = cache", "w, (x,) = cache")
x, w = np.arange(6.0).reshape(2, 3), np.ones((3, 4))


def layers(student: object) -> None:
    out, cache = student.forward(x, w)  # type: ignore[attr-defined]
    student.backward(np.ones_like(out), cache)  # type: ignore[attr-defined]


def steps(student: object) -> None:
    at, config = student.momentum(w, w)  # type: ignore[attr-defined]
    at, config = student.momentum(at, 2 * w, config)  # type: ignore[attr-defined]
    student.momentum(at, 3 * w, config)  # type: ignore[attr-defined]


def net(student: object) -> None:
    made = student.Net(3)  # type: ignore[attr-defined]
    made.params["W"] = np.eye(3)
    made.loss(x)
    fetch(made.params)
    student.draw(4)  # type: ignore[attr-defined]


def raising(student: object) -> None:
    student.forward(x, w)  # type: ignore[attr-defined]
    with pytest.raises(StudentError):
        student.forward(x, "w")  # type: ignore[attr-defined]


def taken_down(worker: Worker, check: Callable[[object], None]) -> Transcript:
    transcript = Transcript()
    worker.note = transcript.note
    worker.seed(7)
    check(worker.student)
    worker.note = None
    return transcript


def answered(worker: Worker, transcript: Transcript) -> Performed:
    script = transcript.script()
    (answers,) = worker.perform([(7, script.frames(worker.renames))], 20)
    return performed(script, answers, worker.names, worker.cells)


def digests(worker: Worker, transcript: Transcript) -> list[bytes]:
    return list(answered(worker, transcript).digests)


@pytest.mark.parametrize("check", [layers, steps, net, raising])
def test_a_script_gets_the_answers_that_its_requests_got_one_by_one(load: Load, check) -> None:
    transcript = taken_down(load(LAYERS), check)
    found = digests(load(LAYERS), transcript)
    assert len(found) == len(transcript.script())
    assert found == transcript.digests
    assert len(set(found)) == len(found)


@pytest.mark.parametrize("check", [layers, steps, net])
def test_answers_that_are_the_same_have_one_digest_whatever_the_code(load: Load, check) -> None:
    script = taken_down(load(LAYERS), check)
    worker = load(OTHER_WORDS)
    digests(worker, script)  # handles of an earlier script are no matter
    live = taken_down(worker, check)
    assert live.script().shared(script.script()) == len(script.script())
    assert digests(worker, script)[-1] == live.digests[-1]


def test_answers_that_differ_in_the_last_bit_have_another_digest(load: Load) -> None:
    script = taken_down(load(LAYERS), steps)
    off = load(LAYERS.replace("- 0.1 * dw", "- 0.1 * dw * (1 + 2e-16)"))
    assert script.digests[-1] not in digests(off, script)


def test_a_handed_on_cache_is_the_performers_own(load: Load) -> None:
    script = taken_down(load(LAYERS), layers)
    worker = load(LAYERS.replace("return x @ w, (x, w)", "return x @ w, (2 * x, w)"))
    live = taken_down(worker, layers)
    assert digests(worker, script)[-1] == live.digests[-1] != script.digests[-1]


def test_a_script_ends_with_the_first_exception(load: Load) -> None:
    script = taken_down(load(LAYERS), steps)
    worker = load(LAYERS.replace("config = dict(", "assert not config\n    config = dict("))
    assert len(digests(worker, script)) == 2


def test_a_place_in_the_code_is_part_of_a_fault(load: Load) -> None:
    fail = "def forward(x, w):\n    raise ValueError('no')"
    found = [load(source) for source in (fail, fail.replace(":", ":\n", 1))]
    scripts = [taken_down(worker, failing) for worker in found]
    assert scripts[0].digests[-1] != scripts[1].digests[-1]
    for worker, script in zip(found, scripts, strict=True):
        assert digests(worker, scripts[0])[-1] == script.digests[-1]


def failing(student: object) -> None:
    with pytest.raises(StudentError):
        student.forward(x, w)  # type: ignore[attr-defined]


def wide(student: object) -> None:
    out, _ = student.forward(x, w)  # type: ignore[attr-defined]
    student.forward(2 * out.T, w[:2])  # type: ignore[attr-defined]


def narrow(student: object) -> None:
    out, _ = student.forward(x, w)  # type: ignore[attr-defined]
    student.draw(out.astype(np.float32))  # type: ignore[attr-defined]


def index(student: object) -> None:
    out, _ = student.forward(x, w)  # type: ignore[attr-defined]
    student.draw(int(out.sum()))  # type: ignore[attr-defined]


def switch(student: object) -> None:
    out, _ = student.forward(x.astype(int), w.astype(int))  # type: ignore[attr-defined]
    student.draw(1 + out)  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("check", "little", "much"),
    [
        *((check, False, False) for check in (layers, steps, net)),
        (wide, True, True),
        *((check, False, True) for check in (narrow, index, switch)),
    ],
)
def test_numbers_made_of_answers_are_found_by_a_nudge(load: Load, check, little, much) -> None:
    worker = load(LAYERS.replace("np.random.rand(n)", "0"))
    done = answered(worker, taken_down(worker, check))
    for nudge, expected in (("little", little), ("much", much)):
        replay = Replay(done, nudge=nudge)  # type: ignore[arg-type]
        with suppress(BaseException):
            check(replay.student)
        assert replay.diverged is expected


def test_answers_can_be_replayed(load: Load) -> None:
    for check in (layers, steps, net, raising):
        worker = load(LAYERS)
        done = answered(worker, taken_down(worker, check))
        worker.close()
        replay = Replay(done)
        check(replay.student)
        assert replay.heard == len(done.script)
        with pytest.raises(BaseException):  # noqa: B017, PT011  there are no more
            check(replay.student)
        assert replay.diverged


def test_what_came_back_is_not_changed_in_place(load: Load) -> None:
    def changing(student: object) -> None:
        out, _ = student.forward(x, w)  # type: ignore[attr-defined]
        with pytest.raises(ValueError, match="read-only"):
            out[0] = 0

    worker = load(LAYERS)
    script = taken_down(worker, changing)
    changing(Replay(answered(worker, script)).student)


def test_a_million_answers_are_not_looked_through(load: Load) -> None:
    worker = load(LAYERS)
    done = answered(worker, taken_down(worker, steps))
    many = np.frombuffer(b"".join(map(bytes, done.frames)) * 2, np.uint8)
    with pytest.raises(CodecError):
        performed(done.script, many, worker.names, worker.cells)


def test_of_more_than_a_check_needs_nothing_is_kept(load: Load, monkeypatch) -> None:
    monkeypatch.setattr("autograder.sandbox.transcript.MOST_BYTES", 20_000)
    worker = load(
        "import numpy as np\ndef f(x):\n    return np.ones(x)\ndef g():\n    return 1 / 0"
    )

    def asks(student: Any) -> None:
        student.f(1000)
        student.f(2000)
        with pytest.raises(StudentError):
            student.g()
        student.f(1)

    found = taken_down(worker, asks)
    assert found.digests == []
    assert len(found.script()) == 0


def test_a_missing_name_is_no_silence(load: Load) -> None:
    def asks(student: Any) -> None:
        student.f()
        with suppress(StudentError):
            student.g()

    found = [
        taken_down(load(f"def f():\n    return 1\n{more}"), asks).digests
        for more in ("", "def g():\n    return 2")
    ]
    assert found[0][0] == found[1][0]
    assert found[0][1] != found[1][1]


def test_keyword_arguments_are_renamed_when_a_script_is_performed(load: Load) -> None:
    def named(student: object) -> None:
        student.scaled(x, dropout=0.5)  # type: ignore[attr-defined]

    script = taken_down(load("def scaled(x, dropout): return x * dropout"), named)
    worker = load("def scaled(x, ratio): return x * ratio")
    assert digests(worker, script) != script.digests
    worker.renames = {"scaled": {"dropout": "ratio"}}
    assert digests(worker, script) == script.digests
    assert taken_down(worker, named).script().shared(script.script()) == 1


def test_a_script_that_takes_too_long_ends_the_worker(load: Load) -> None:
    script = taken_down(load("def f(): return 1"), lambda student: student.f())  # type: ignore[attr-defined]
    worker = load("def f():\n    while True: pass")
    used = worker.seconds_used
    with pytest.raises(StudentTimeout):
        worker.perform([(7, script.script().frames({}))], 0.2)
    assert not worker.alive
    assert worker.seconds_used == used


@pytest.mark.parametrize(
    "raw", [b"x", b"agr1", b"\0" * 64, b"agr1\1\0\0\0" + b"\xff" * 20, b"agr1\0" + b"\0" * 30]
)
def test_answers_that_are_no_frames_are_refused(raw: bytes) -> None:
    with pytest.raises(CodecError):
        performed(Script([], []), np.frombuffer(raw, np.uint8), {}, frozenset())


@pytest.mark.parametrize(
    "answer",
    [None, [], [None], ["x"], [np.zeros(3)], [np.zeros((1, 2), np.uint8)], [np.uint8(1)]],
    ids=repr,
)
def test_answers_of_another_form_end_the_worker(load: Load, answer: object, monkeypatch) -> None:
    worker = load("def f(): return 1")
    monkeypatch.setattr(Process, "ask", lambda *_, **__: answer)
    empty: Array = np.zeros(0, np.uint8)
    with pytest.raises(Exception, match="not an answer"):
        worker.perform([(7, empty)], 20)
    assert not worker.alive
