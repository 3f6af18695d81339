"""Do the checks that train, or judge what was trained, say what is wrong?"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from nnkit import save_model
from nnkit.check.registry import run
from nnkit.data import sample_data


def messages(task, namespace):
    """The messages of the checks that failed, as one text."""
    return " | ".join(o.message for o in run(task, namespace).outcomes if not o.passed)


@pytest.mark.parametrize(
    ("settings", "advice"),
    [
        (
            {"weight_scale": 1e-6, "learning_rate": 1e-6},
            "Hardly anything is learnt: try a larger learning_rate",
        ),
        ({"weight_scale": 10.0, "learning_rate": 1.0}, "try a smaller weight_scale"),
        ({"weight_scale": -1.0, "learning_rate": 1.0}, "should be above 0"),
        ({"weight_scale": None, "learning_rate": 1.0}, "weight_scale is None"),
        ({"lr": 1.0}, "should return a dict with weight_scale and learning_rate"),
        (None, "should return a dict with weight_scale and learning_rate"),
    ],
)
def test_settings_that_do_not_overfit_are_commented(reference, settings, advice):
    namespace = {
        **reference,
        "overfit_five_layers": lambda: settings,
        "data": sample_data(50, 100, 0),
    }
    assert advice in messages("overfit_five_layers", namespace)


@pytest.fixture
def trained(tmp_path, monkeypatch, reference):
    """A folder with a saved model that gets every validation image right."""
    monkeypatch.chdir(tmp_path)
    data = sample_data(10, 200, 0)
    net = reference["FullyConnectedNet"]([20, 30])
    save_model(net, "best_model.npz", dataset="sample")
    data["y_val"] = np.argmax(net.loss(data["X_val"]), axis=1)
    return {**reference, "data": data}


def test_a_saved_model_is_scored_on_the_validation_set(trained):
    report = run("best_model", trained)
    assert report.outcomes[-1].message == "validation accuracy 100.0%"
    assert report.passed


def test_a_weak_model_is_told_its_accuracy_and_the_aim(trained):
    trained["data"]["y_val"] = (trained["data"]["y_val"] + 1) % 10
    assert "is 0.0%; the aim is 50% or more" in messages("best_model", trained)


def test_a_file_that_is_no_model_is_described(trained):
    np.savez("best_model.npz", something=np.zeros(3))
    assert "does not hold a FullyConnectedNet" in messages("best_model", trained)
    Path("best_model.npz").write_bytes(b"x")
    assert "does not hold a FullyConnectedNet" in messages("best_model", trained)
