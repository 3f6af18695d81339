"""Follow-through marking and diagnosis on the real course, in the real sandbox."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from pathlib import Path

import pytest
from nnkit import save_model

from autograder.authoring.pieces import pieces_of
from autograder.grading.convention import Convention
from autograder.grading.judging import Subject
from autograder.grading.overlays import load_misconceptions, reference_program
from autograder.grading.results import TaskResult
from autograder.grading.rounds import Play, Round
from autograder.grading.runner import Grader
from autograder.grading.scoring import CheckRun
from autograder.grading.student_run import StudentRun
from autograder.paths import Course
from autograder.program import Program, Statement
from autograder.submissions.files import File
from solutions.fc_net import FullyConnectedNet

KEEP = Convention("keep")
Judge = Callable[..., TaskResult]

RELU_WITHOUT_GATE = """
def relu_backward(dout, cache):
    return dout
"""
# Answers otherwise each time that it is asked.
RELU_WITH_NOISE = """
def relu_forward(x):
    return np.maximum(x, 0) + np.random.default_rng().normal(size=x.shape), x
"""
# Right on its own; of no use with what the course's relu_forward keeps.
OWN_CACHE = """
def relu_forward(x):
    return np.maximum(x, 0), {"active": x > 0}

def relu_backward(dout, cache):
    return dout * cache["active"]
"""
NO_LAYERS = """
def affine_forward(x, w, b):
    raise NotImplementedError()

def affine_backward(dout, cache):
    raise NotImplementedError()

def relu_forward(x):
    raise NotImplementedError()

def relu_backward(dout, cache):
    raise NotImplementedError()
"""
TWICE_THE_GRADIENT = """
class TwoLayerNet(TwoLayerNet):
    def loss(self, X, y=None):
        out = super().loss(X, y)
        if y is not None:
            out[1]["W1"] = 2 * out[1]["W1"]
        return out
"""
UPHILL = """
def sgd_momentum(w, dw, config=None):
    config = {"learning_rate": 1e-2, "momentum": 0.9, "velocity": 0 * w, **(config or {})}
    velocity = config["momentum"] * config["velocity"] + config["learning_rate"] * dw
    config["velocity"] = velocity
    return w + velocity, config
"""
BINOMIAL_WITHOUT_SCALE = """
def dropout_forward(x, dropout_param):
    mode, p = dropout_param["mode"], dropout_param.get("p")
    rng = np.random.default_rng(dropout_param.get("seed"))
    mask = rng.binomial(1, p, size=x.shape).astype(x.dtype) if mode == "train" else None
    return (x * mask if mode == "train" else x), (dropout_param, mask)
"""
SEED_IGNORED_AND_TEST_MODE_SCALED = """
def dropout_forward(x, dropout_param):
    if dropout_param["mode"] == "test":
        return x * dropout_param.get("p", 1), (dropout_param, None)
    p = dropout_param["p"]
    mask = (np.random.default_rng().uniform(size=x.shape) < p).astype(x.dtype) / x.dtype.type(p)
    return x * mask, (dropout_param, mask)
"""
# The pair fits, but for a forward pass that takes inputs of two dimensions only.
SCALED_BACKWARD = """
def dropout_forward(x, dropout_param):
    if dropout_param["mode"] == "test":
        return x, (dropout_param, None)
    if "seed" in dropout_param:
        np.random.seed(dropout_param["seed"])
    rows, columns = x.shape
    mask = np.random.rand(rows, columns) < dropout_param["p"]
    return (x * mask / dropout_param["p"]).astype(x.dtype), (dropout_param, mask)

def dropout_backward(dout, cache):
    dropout_param, mask = cache
    if dropout_param["mode"] == "test":
        return dout
    return (dout * mask / dropout_param["p"]).astype(dout.dtype)
"""
SHIFTED = """
def affine_forward(x, w, b):
    return x.reshape(len(x), -1) @ w + b + 17.3, (x, w, b)
"""


@pytest.fixture(scope="module")
def grader() -> Iterator[Grader]:
    with Grader(Course.find(), "neural-nets") as grader:
        grader.rehearse()  # as before the first submission of a class
        yield grader


@pytest.fixture
def judge(grader: Grader) -> Judge:
    """The verdict on one task of the reference with other definitions behind it, or with files.

    `rounds` gets who was asked, and the names of the checks that were. `before` are tasks that the
    same process is asked for first.
    """

    def verdict(
        task: str,
        source: str = "",
        files: Mapping[str, File] | None = None,
        rounds: list[tuple[StudentRun, list[str]]] | None = None,
        before: Sequence[str] = (),
    ) -> TaskResult:
        program: Program = (
            *reference_program(grader.course, KEEP),
            Statement(source, "Mine, cell 1", 1),
        )
        subject = Subject(lambda _: program, files=files or {}, draw="mine")
        found: list[TaskResult] = []

        def body(play: Play) -> None:
            run = grader.judging.run_of(subject)

            def noted(round: Round, *which: Collection[str] | None) -> list[CheckRun]:
                runs = play(round, *which)
                if rounds is not None:
                    rounds.append((round.subject, [run.name for run in runs]))
                return runs

            found.extend(grader.judging.judge(noted, run, subject, KEEP, [*before, task]))

        grader.play(body)
        return found[-1]

    return verdict


@pytest.mark.parametrize("net", ["two_layer_net", "fc_net", "fc_net_dropout"])
def test_a_mistake_in_a_layer_costs_the_nets_nothing(judge: Judge, net: str) -> None:
    task = judge(net, RELU_WITHOUT_GATE)
    assert (task.score, task.layers) == (task.max_score, "correct")
    assert task.diagnoses == ()


def test_what_passes_with_correct_layers_is_not_asked_again_with_its_own(judge: Judge) -> None:
    # Wrong gradients are in doubt at first: their checks ask for more than right code is asked.
    rounds: list[tuple[StudentRun, list[str]]] = []
    task = judge("two_layer_net", RELU_WITHOUT_GATE, rounds=rounds)
    (own, first), (again, second) = rounds
    assert own is not again
    assert first == second == [check.name for check in task.checks]
    assert (task.status, task.layers) == ("passed", "correct")


def test_what_fails_with_correct_layers_too_is_settled_with_its_own(judge: Judge) -> None:
    rounds: list[tuple[StudentRun, list[str]]] = []
    task = judge("two_layer_net", RELU_WITHOUT_GATE + TWICE_THE_GRADIENT, rounds=rounds)
    own = rounds[0][0]
    assert sum(who is own for who, _ in rounds) > 1
    assert task.status == "partial"


def test_what_one_task_leaves_unsettled_is_no_doubt_about_the_next(judge: Judge) -> None:
    rounds: list[tuple[StudentRun, list[str]]] = []
    task = judge("sgd_momentum", RELU_WITH_NOISE, rounds=rounds, before=["two_layer_net"])
    own = rounds[0][0]
    assert [who is own for who, _ in rounds] == [True, False, True]
    assert task.status == "passed"


@pytest.mark.parametrize(
    ("net", "dropout"),
    [
        ("same_masks_in_every_pass", "seed_ignored"),
        ("seed_not_handed_on", "same_mask_in_each_pass"),
    ],
)
def test_wrong_masks_do_not_hide_a_mistake_of_the_net(
    grader: Grader, judge: Judge, net: str, dropout: str
) -> None:
    code = {m.id: m.code for m in load_misconceptions(grader.course, grader.assignment)}
    assert judge("fc_net_dropout", code[dropout]).status == "passed"
    task = judge("fc_net_dropout", f"{code[dropout]}\n\n{code[net]}")
    assert task.status == "partial"
    assert task.score < task.max_score
    assert task.diagnoses


def test_the_layer_itself_pays(judge: Judge) -> None:
    task = judge("relu_backward", RELU_WITHOUT_GATE)
    assert task.score < task.max_score
    assert task.layers == "own"
    assert len(task.diagnoses) == 1


def test_own_layers_count_where_they_earn_as_much(judge: Judge) -> None:
    for net in ("fc_net", "relu_backward"):
        task = judge(net, OWN_CACHE)
        assert (task.score, task.layers) == (task.max_score, "own")


def test_a_net_is_judged_although_no_layer_was_written(judge: Judge) -> None:
    task = judge("two_layer_net", NO_LAYERS)
    assert (task.score, task.layers) == (task.max_score, "correct")


def test_functions_that_fit_each_other_alone_are_not_diagnosed_beside_others(judge: Judge) -> None:
    # With the cache of a correct dropout_forward it looks as if the mask were applied twice.
    task = judge("dropout_backward", SCALED_BACKWARD)
    assert 0 < task.score < task.max_score
    assert (task.layers, task.diagnoses) == ("own", ())


def test_a_mistake_is_told_from_others_by_what_it_returns(judge: Judge) -> None:
    (diagnosis,) = judge("sgd_momentum", UPHILL).diagnoses
    assert diagnosis.id == "momentum_climbs"


def test_masks_drawn_in_another_way_are_known_by_their_statistics(judge: Judge) -> None:
    (diagnosis,) = judge("dropout_forward", BINOMIAL_WITHOUT_SCALE).diagnoses
    assert diagnosis.id == "never_scaled"


def test_two_mistakes_at_once_are_both_named(judge: Judge) -> None:
    task = judge("dropout_forward", SEED_IGNORED_AND_TEST_MODE_SCALED)
    assert {d.id for d in task.diagnoses} == {"seed_ignored", "scales_in_test_mode_too"}


def test_an_unknown_mistake_has_no_diagnosis(judge: Judge) -> None:
    task = judge("affine_forward", SHIFTED)
    assert task.diagnoses == ()
    assert all(check.message for check in task.checks if check.status == "failed")


@pytest.mark.parametrize("source", ["affine_forward = None", "def affine_forward(): pass"])
def test_code_that_only_raises_is_not_diagnosed(judge: Judge, source: str) -> None:
    assert judge("affine_forward", source).diagnoses == ()


@pytest.mark.parametrize("compression", [zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED])
def test_a_model_in_a_zip_file_is_judged(
    judge: Judge, grader: Grader, tmp_path: Path, compression: int
) -> None:
    model = tmp_path / "best_model.npz"
    save_model(FullyConnectedNet([20]), model, dataset="sample")  # not trained
    with zipfile.ZipFile(tmp_path / "hand_in.zip", "w", compression) as archive:
        archive.write(model, "hw/best_model.npz")
    model.unlink()
    task = judge("best_model", files=grader.read(tmp_path, "ada").files)
    status = {check.name: check.status for check in task.checks}
    assert status.pop("file") == "passed"
    assert set(status.values()) == {"failed"}
    assert "of unseen images right" in task.checks[-1].message


def test_children_find_the_known_mistakes_put_together(grader: Grader) -> None:
    def prepare() -> int:
        before = pieces_of.cache_info().misses
        grader.judging.prepare(KEEP)
        return pieces_of.cache_info().misses - before

    grader.apart(lambda: None)
    assert grader.apart(prepare) == 0
    pieces_of.cache_clear()
    assert grader.apart(prepare) > 100
