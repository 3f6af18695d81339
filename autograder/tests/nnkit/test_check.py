"""Do the visible checks accept what is right and say what is wrong?"""

from __future__ import annotations

import sys
import tomllib
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from nnkit import check
from nnkit.check.registry import CHECKS, run

ROOT = Path(__file__).resolve().parents[3]
MANIFESTS = sorted((ROOT / "source").glob("*/assignment.toml"))
TASKS = {
    task["id"]: task["functions"]
    for manifest in MANIFESTS
    for task in tomllib.loads(manifest.read_text(encoding="utf-8"))["tasks"]
}
TRAINED = ("best_model",)


def define(source, namespace):
    """Run a student's cell."""
    exec(compile(source, "<Own.ipynb, cell 3>", "exec"), namespace)


def messages(task, namespace):
    """The messages of the checks that failed, as one text."""
    return " | ".join(o.message for o in run(task, namespace).outcomes if not o.passed)


def test_every_task_of_every_assignment_has_checks():
    assert set(CHECKS) == set(TASKS)


@pytest.mark.parametrize("task", sorted(set(TASKS) - set(TRAINED)))
def test_the_reference_passes(task, reference):
    report = run(task, reference)
    assert report.passed, report.outcomes


@pytest.mark.parametrize("task", sorted(TASKS))
def test_a_stub_is_not_written_yet(task, reference, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (name,) = TASKS[task]
    define(f"def {name}(*_, **__):\n    raise NotImplementedError", reference)
    report = check(task, reference)
    assert not any(outcome.passed for outcome in report.outcomes)
    shown = capsys.readouterr().out
    assert f"{name} is not written yet." in shown
    assert shown.count("not written yet") == 1


@pytest.mark.parametrize("task", sorted(TASKS))
def test_a_name_that_is_not_there_is_asked_for(task, reference, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (name,) = TASKS[task]
    del reference[name]
    assert f"{name} is not defined" in messages(task, reference)


@pytest.mark.parametrize(
    "task",
    ["affine_forward", "relu_forward", "dropout_forward", "adam", "conv_forward_naive"],
)
def test_none_is_noticed(task, reference):
    (name,) = TASKS[task]
    found = messages(task, {**reference, name: lambda *_: None})
    assert f"{name} returned None: does it end with `return" in found


def changed_layer(name, change):
    """The reference with one function's result changed."""
    return lambda reference: {name: lambda *a: change(reference[name](*a), *a)}


def changed_loss(net, change):
    """The reference net with the result of `loss(X, y)` changed."""

    def make(reference):
        class Changed(reference[net]):
            def loss(self, X, y=None):
                got = super().loss(X, y)
                return got if y is None else change(self, *got)

        return {net: Changed}

    return make


WRONG = {
    "sign of dx": (
        "affine_backward",
        changed_layer("affine_backward", lambda g, *_: (-g[0], g[1], g[2])),
        "dx has the right shape but wrong values (relative error 2.0e+00)",
        "Only the sign is wrong.",
    ),
    "transposed": (
        "affine_backward",
        changed_layer("affine_backward", lambda g, *_: (g[0], g[1].T, g[2])),
        "dw has shape (5, 6), it should be (6, 5). It looks transposed.",
        "",
    ),
    "nan": (
        "relu_backward",
        changed_layer("relu_backward", lambda dx, *_: dx * np.nan),
        "dx: 100 of 100 values are nan or inf. Look for a division by 0",
        "",
    ),
    "in place": (
        "relu_forward",
        lambda _: {"relu_forward": lambda x: (np.maximum(x, 0, out=x), x)},
        "x was changed in place",
        "",
    ),
    "drop probability": (
        "dropout_forward",
        lambda reference: {
            "dropout_forward": lambda x, d: reference["dropout_forward"](
                x, {**d, "p": 1 - d["p"]} if "p" in d else d
            )
        },
        "p is the probability to keep a unit, not to drop it.",
        "",
    ),
    "no scaling": (
        "dropout_forward",
        changed_layer(
            "dropout_forward",
            lambda got, x, d: (got[0] * (d["p"] if d["mode"] == "train" else 1), 0),
        ),
        "Inverted dropout divides by p in training.",
        "every entry of out must be 0 or 2",
    ),
    "rows": (
        "dropout_forward",
        lambda _: {
            "dropout_forward": lambda x, d: (x * (np.random.rand(len(x), 1) < d["p"]) / d["p"], 0)
        },
        "Whole rows share their fate",
        "",
    ),
    "new mask": (
        "dropout_backward",
        lambda _: {
            "dropout_backward": lambda dout, _: dout * 2 * (np.random.rand(*dout.shape) < 0.5)
        },
        "reuse the mask",
        "dout passes unchanged",
    ),
    "log C and no gradients": (
        "fc_net",
        changed_loss(
            "FullyConnectedNet",
            lambda net, loss, grads: (np.log(10), {k: 0 * g for k, g in grads.items()}),
        ),
        "loss is 2.30259, it should be 1.47717.",
        "grads['W3'] has the right shape but wrong values",
    ),
    "a gradient is missing": (
        "fc_net",
        changed_loss(
            "FullyConnectedNet",
            lambda net, loss, grads: (loss, {k: g for k, g in grads.items() if k != "b3"}),
        ),
        "grads should have the keys of params, but it has: W1, W2, W3, b1, b2",
        "",
    ),
    "flipped filter": (
        "conv_forward_naive",
        lambda reference: {
            "conv_forward_naive": lambda x, w, b, c: reference["conv_forward_naive"](
                x, w[:, :, ::-1, ::-1], b, c
            )
        },
        "The filter is not flipped",
        "",
    ),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_mistake_is_found_and_described(case, reference):
    task, change, *expected = WRONG[case]
    found = messages(task, {**reference, **change(reference)})
    assert all(sentence in found for sentence in expected), found
    assert found


def test_nets_without_dropout_are_found_out(reference):
    class Forgetful(reference["FullyConnectedNet"]):
        def __init__(self, *args, **settings):
            super().__init__(*args, **{**settings, "dropout": 1})

    found = messages("fc_net_dropout", {**reference, "FullyConnectedNet": Forgetful})
    assert "so nothing is dropped" in found


def test_dropping_at_test_time_is_found_out(reference):
    class Restless(reference["FullyConnectedNet"]):
        def loss(self, X, y=None):
            scores = super().loss(X)
            keep = self.dropout_param.get("p", 1)
            return (
                super().loss(X, y) if y is not None else scores * (np.random.rand() < keep) / keep
            )

    found = messages("fc_net_dropout", {**reference, "FullyConnectedNet": Restless})
    assert "the net with dropout predicts like one without" in found


def test_an_earlier_function_that_is_not_written_is_named(reference):
    define("def affine_forward(x, w, b):\n    raise NotImplementedError", reference)
    report = run("affine_backward", reference)
    assert {o.message for o in report.outcomes} == {"affine_forward is not written yet."}


def test_an_unknown_task_is_answered_with_the_likely_one(capsys):
    assert not check("affine_foward", {}).passed
    assert "Did you mean affine_forward?" in capsys.readouterr().out


def test_the_notebooks_random_numbers_go_on_as_if_nothing_had_happened(reference):
    np.random.seed(3)
    expected = np.random.rand()
    np.random.seed(3)
    run("dropout_forward", reference)
    assert np.random.rand() == expected


def test_the_callers_names_are_checked_when_no_namespace_is_given(reference, capsys):
    caller = {**reference, "check": check}
    exec("report = check('relu_forward')", caller)
    assert caller["report"].passed
    assert repr(caller["report"]) == "<relu_forward: 2 of 2 checks passed>"
    assert capsys.readouterr().out.startswith("relu_forward: all 2 checks passed\n")


def test_in_jupyter_it_is_a_table_and_students_text_is_escaped(reference, monkeypatch):
    import IPython
    import IPython.display

    shown = []
    shell = SimpleNamespace(kernel=object())
    monkeypatch.setattr(IPython, "get_ipython", lambda: shell)
    monkeypatch.setattr(IPython.display, "display", lambda bundle, raw: shown.append(bundle))
    assert "IPython" in sys.modules

    def relu_forward(x):
        raise ValueError("<script>")

    check("relu_forward", {**reference, "relu_forward": relu_forward})
    (bundle,) = shown
    assert "<table>" in bundle["text/html"]
    assert "&lt;script&gt;" in bundle["text/html"]
    assert "<script>" not in bundle["text/html"]
