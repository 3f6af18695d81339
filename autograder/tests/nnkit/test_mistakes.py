"""What the visible checks say about well-known mistakes: the kind, and at the right place."""

from __future__ import annotations

import inspect
import linecache
import os
import subprocess
import sys
import types
from pathlib import Path

import nnkit
import pytest
from nnkit.check import CHECKS
from nnkit.check.registry import run
from nnkit.check.render import as_html, as_text, rows

SOURCE = Path(nnkit.__file__).parent.parent


def failures(report):
    """Messages of the checks that failed, by the name of the check."""
    return {one.name: one.message for one in report.outcomes if not one.passed}


def with_mistake(reference, name, old, new):
    """The reference's namespace with one function or class rewritten, as a student might have."""
    namespace = dict(reference)
    definition = reference[name]
    source = inspect.getsource(definition)
    assert old in source, f"{name} does not hold {old!r}"
    source = source.replace(old, new)
    cell = f"<cell with {name}>"
    linecache.cache[cell] = (len(source), None, source.splitlines(True), cell)
    exec(compile(source, cell, "exec"), namespace)
    for other, value in reference.items():
        if isinstance(value, types.FunctionType | type) and other != name:
            source = inspect.getsource(value)
            if value.__module__.startswith("solutions.") and f"{name}(" in source:
                exec(compile(source, f"<{other}>", "exec"), namespace)
    return namespace


MISTAKES = [
    ("affine_forward", "@ w + b", "@ w", "affine_forward", "values", "without the bias"),
    ("affine_forward", "out = x.r", "x = x.reshape(len(x), -1); out = x.r", "affine_backward",
     "dx", "the original x"),
    ("affine_backward", ".reshape(x.shape)", "", "affine_backward", "dx", "wants a reshape"),
    ("affine_backward", "sum(axis=0)", "sum()", "affine_backward", "db", "axis that should stay"),
    ("affine_backward", ".T @ dout", ".T @ dout / len(dout)", "affine_backward", "dw",
     "divided by N"),
    ("relu_forward", "out = np.maximum(x, 0)", "x[x < 0] = 0; out = x", "relu_backward", "dx",
     "relu_forward's argument x was changed"),
    ("relu_backward", "dx[x <= 0]", "dx[dout <= 0]", "relu_backward", "dx", "tests dout"),
    ("relu_backward", "return dx", "return (x > 0) * 1.0", "relu_backward", "dx", "mask alone"),
    ("relu_backward", "return dx", "return x > 0", "relu_backward", "dx", "Is it a mask"),
    ("dropout_forward", "< keep_prob", "> keep_prob", "dropout_forward", "training: mean",
     "to keep a unit"),
    ("dropout_forward", "rand(*", "randn(*", "dropout_forward", "training: share of zeros",
     "uniform"),
    ("dropout_backward", "dout * mask", 'dout * mask * dropout_param["p"]', "dropout_backward",
     "training", "factor p"),
    ("TwoLayerNet", "0.5 * self.reg", "self.reg", "two_layer_net", "loss with reg = 1",
     "factor 0.5"),
    ("TwoLayerNet", "+= self.reg * W", "+= 2 * self.reg * W", "two_layer_net",
     "gradients, reg = 0.7", "counts twice"),
    ("TwoLayerNet", 'in ("W1", "W2")', "in self.params", "two_layer_net", "gradients, reg = 0.7",
     "Biases are not regularised"),
    ("TwoLayerNet", "if y is None:", "scores = np.maximum(scores, 0)\n        if y is None:",
     "two_layer_net", "scores", "no ReLU after"),
    ("sgd_momentum", "w + velocity", "w - velocity", "sgd_momentum", "one step", "added to w"),
    ("sgd_momentum", 'config["velocity"] = velocity', "pass", "sgd_momentum", "one step",
     "still the old velocity"),
    ("rmsprop", 'config["epsilon"])', '1e-8)', "rmsprop", "a large epsilon",
     "is config['epsilon'] used"),
    ("adam", "t=t", "", "adam", "one step", "config['t'] is 5"),
    ("adam", '["t"] + 1', '["t"]', "adam", "one step", "before it is used"),
    ("adam", "m=m, v=v", "m=m_corrected, v=v_corrected", "adam", "one step", "without it"),
    ("adam", "next_w = w - step", 'next_w = w - config["learning_rate"] * m / np.sqrt(v)', "adam",
     "one step", "bias correction is missing"),
    ("conv_forward_naive", " + b\n", "\n", "conv_forward_naive",
     "channels, filters, bias, stride 2", "bias is missing"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "old", "new", "task", "check", "words"),
    MISTAKES,
    ids=[f"{name}: {words}" for name, *_, words in MISTAKES],
)
def test_message_names_the_mistake(reference, name, old, new, task, check, words):
    report = run(task, with_mistake(reference, name, old, new))
    assert words in failures(report)[check]


def test_loss_without_the_half_does_not_blame_the_gradients(reference):
    wrong = with_mistake(reference, "TwoLayerNet", "0.5 * self.reg", "self.reg")
    assert list(failures(run("two_layer_net", wrong))) == ["loss with reg = 1"]


def test_stub_in_a_class_is_named_with_its_class(reference):
    wrong = with_mistake(reference, "TwoLayerNet", "self.reg = reg", "raise NotImplementedError()")
    [message] = set(failures(run("two_layer_net", wrong)).values())
    assert message == "TwoLayerNet.__init__ is not written yet."


def test_stub_of_a_long_training_is_seen_without_running_it(reference):
    namespace = dict(reference)
    exec("def train_best_model(data):\n    raise NotImplementedError()", namespace)
    report = run("best_model", namespace)
    assert failures(report)["train_best_model is written"] == "train_best_model is not written yet."


@pytest.mark.parametrize(
    ("weight_scale", "learning_rate", "advice"),
    [
        (6e-2, 3e-2, "try a smaller"),  # finite in the end, at the loss of guessing
        (6e-2, 4.0, "try a smaller"),
        (1e-3, 1e-2, "try a larger"),
        (6e-2, 4e-4, "somewhat larger"),
    ],
)
def test_advice_on_overfitting_points_the_right_way(reference, weight_scale, learning_rate, advice):
    settings = {"weight_scale": weight_scale, "learning_rate": learning_rate}
    namespace = {**reference, "overfit_five_layers": lambda: settings}
    [message] = failures(run("overfit_five_layers", namespace)).values()
    assert advice in message


def test_missing_notebook_is_one_line_in_jupyter(tmp_path):
    code = "from nnkit import from_notebook; from_notebook('None.ipynb')"
    shown = subprocess.run(
        [sys.executable, "-m", "IPython", "--colors=NoColor", "-c", code],
        env={**os.environ, "PYTHONPATH": str(SOURCE), "IPYTHONDIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert shown.stdout.strip() == (
        "NotebookError: None.ipynb: there is no such file; is it in this folder?"
    )


def test_error_is_reported_with_its_line(reference):
    wrong = with_mistake(reference, "relu_backward", "dout.copy()", "dout.coppy()")
    message = failures(run("relu_backward", wrong))["dx"]
    assert message.startswith("relu_backward raised AttributeError")
    assert message.endswith("in the line `dx = dout.coppy()`.")


def test_shapes_that_do_not_fit_are_told_without_numpys_signatures(reference):
    wrong = with_mistake(reference, "affine_backward", "dout @ w.T", "dout @ w")
    message = failures(run("affine_backward", wrong))["dx"]
    assert "do not fit for @: 5 columns on its left, 6 rows on its right in the line" in message


def test_exit_in_a_function_is_a_finding(reference):
    wrong = with_mistake(reference, "relu_forward", "cache = x", "raise SystemExit(0)")
    assert "relu_forward raised SystemExit" in failures(run("relu_forward", wrong))["values"]


def test_what_a_function_prints_does_not_bury_the_table(reference, capsys):
    chatty = with_mistake(reference, "relu_forward", "cache = x", "cache = x; print('here')")
    report = run("relu_forward", chatty)
    assert report.passed
    assert capsys.readouterr().out == ""
    assert as_text(report).endswith("Your code printed 2 lines, left out here.")
    assert "Your code printed 2 lines" in as_html(report)


def test_one_message_for_all_checks_is_shown_once():
    report = run("dropout_forward", {})
    assert len(report.outcomes) == len(CHECKS["dropout_forward"])
    assert [(one.name, one.passed) for one in rows(report)] == [("all checks", False)]
    assert as_text(report).startswith("dropout_forward: 0 of 5 checks passed\n")


def test_repeated_message_refers_to_the_first(reference):
    wrong = with_mistake(reference, "affine_forward", "return out, cache", "return None")
    shown = rows(run("affine_forward", wrong))
    assert [one.message for one in shown if not one.passed] == [
        "affine_forward returned None: does it end with `return out, cache`?",
        'as for "values"',
    ]
