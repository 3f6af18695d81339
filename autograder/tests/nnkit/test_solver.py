"""Does the Solver learn, count, reproduce, and say what is wrong?"""

from __future__ import annotations

import numpy as np
import pytest
from nnkit import Solver

from solutions.fc_net import FullyConnectedNet
from solutions.optim import adam, sgd


@pytest.fixture
def data():
    """Two well separated classes of 4 numbers."""
    rng = np.random.default_rng(0)
    y = rng.integers(2, size=130)
    X = rng.normal(size=(130, 4)) + 4 * y[:, None]
    return {"X_train": X[:100], "y_train": y[:100], "X_val": X[100:], "y_val": y[100:]}


@pytest.fixture
def make(data):
    """Make a Solver for a small net; the net's weights come from the same seed every time."""

    def make(**settings):
        np.random.seed(0)
        net = FullyConnectedNet([8], input_dim=4, num_classes=2, weight_scale=0.1)
        defaults = {
            "update_rule": sgd,
            "optim_config": {"learning_rate": 0.1},
            "batch_size": 20,
            "num_epochs": 4,
            "verbose": False,
        }
        return Solver(net, data, **{**defaults, **settings})

    return make


def test_it_learns(make):
    solver = make()
    solver.train()
    assert solver.best_val_acc > 0.9
    assert solver.loss_history[-1] < solver.loss_history[0]


def test_histories_hold_every_iteration_and_every_epoch(make):
    solver = make()
    solver.train()
    assert len(solver.loss_history) == 4 * 5
    assert len(solver.train_acc_history) == len(solver.val_acc_history) == 1 + 4


def test_a_batch_larger_than_the_data_makes_one_iteration_per_epoch(make):
    solver = make(batch_size=1000)
    solver.train()
    assert len(solver.loss_history) == len(solver.val_acc_history) == 4


def test_the_model_ends_with_the_parameters_that_validated_best(make, data):
    solver = make(optim_config={"learning_rate": 3.0})  # bounces about
    solver.train()
    accuracy = solver.check_accuracy(data["X_val"], data["y_val"])
    assert accuracy == solver.best_val_acc == max(solver.val_acc_history)


def test_the_first_batch_is_the_first_thing_drawn(make, data):
    np.random.seed(5)
    chosen = np.random.choice(100, 20)
    solver = make(num_epochs=1)
    expected, _ = solver.model.loss(data["X_train"][chosen], data["y_train"][chosen])
    np.random.seed(5)
    solver.train()
    assert solver.loss_history[0] == expected


def test_the_accuracy_after_the_first_step_draws_before_the_second_batch(make, data):
    np.random.seed(5)
    np.random.choice(100, 20)
    np.random.choice(100, 50)  # the training examples whose accuracy is measured
    second = np.random.choice(100, 20)
    seen = []
    solver = make(num_epochs=1, num_train_samples=50)
    loss = solver.model.loss
    solver.model.loss = lambda X, y=None: (seen.append(X) if y is not None else 0, loss(X, y))[1]
    np.random.seed(5)
    solver.train()
    assert np.array_equal(seen[1], data["X_train"][second])


def test_a_seed_of_its_own_leaves_the_global_generator_alone(make):
    histories = []
    for noise in (1, 2):
        solver = make(seed=7)
        np.random.seed(noise)
        before = np.random.get_state()[1].copy()
        solver.train()
        assert np.array_equal(before, np.random.get_state()[1])
        histories.append(solver.loss_history)
    assert histories[0] == histories[1]


def test_the_learning_rate_decays_after_every_epoch(make):
    solver = make(lr_decay=0.5, num_epochs=3)
    solver.train()
    assert solver.optim_configs["W1"]["learning_rate"] == pytest.approx(0.1 * 0.5**3)


def test_settings_that_were_handed_in_are_not_changed(make):
    settings = {"learning_rate": 0.1}
    make(update_rule=adam, optim_config=settings, lr_decay=0.5).train()
    assert settings == {"learning_rate": 0.1}


def test_it_stops_when_the_loss_is_no_number(make, capsys):
    solver = make(optim_config={"learning_rate": 1e30})
    with np.errstate(all="ignore"):
        solver.train()
    assert "smaller learning rate" in capsys.readouterr().out
    assert len(solver.loss_history) < 20
    assert solver.val_acc_history


def test_verbose_prints_one_line_per_epoch(make, capsys):
    make(verbose=True).train()
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 4
    assert lines[3].startswith("epoch 4/4  mean loss 0.")


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"update_rule": "adam"}, "must be a function"),
        ({"batchsize": 3}, "unexpected keyword argument 'batchsize'"),
    ],
)
def test_settings_that_make_no_sense_are_refused(make, settings, message):
    with pytest.raises(TypeError, match=message):
        make(**settings)


def test_missing_data_are_named(make):
    with pytest.raises(ValueError, match="data has no X_val, y_val"):
        Solver(make().model, {"X_train": 0, "y_train": 0}, update_rule=sgd)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda grads: grads.pop("b2"), "no gradient for b2"),
        (lambda grads: grads.update(W1=grads["W1"].T), r"gradient of W1 has shape \(8, 4\)"),
    ],
)
def test_wrong_gradients_are_named(make, change, message):
    solver = make()
    loss = solver.model.loss

    def broken(X, y=None):
        value, grads = loss(X, y)
        change(grads)
        return value, grads

    solver.model.loss = broken
    with pytest.raises(ValueError, match=message):
        solver.train()


def test_a_run_goes_on_from_a_checkpoint_as_if_never_interrupted(make, tmp_path):
    whole = make(update_rule=adam, checkpoint_name=tmp_path / "run")
    np.random.seed(1)
    whole.train()
    rest = make(update_rule=adam)
    rest.load_checkpoint(tmp_path / "run_epoch_2.npz")
    np.random.seed(1)
    for _ in range(2 * 5):
        np.random.choice(100, 20)  # what the first two epochs drew
    rest.train()
    assert rest.loss_history == whole.loss_history
    assert rest.val_acc_history == whole.val_acc_history
    assert np.array_equal(rest.model.params["W1"], whole.model.params["W1"])


def test_a_checkpoint_holds_no_pickle_and_leaves_no_scraps(make, tmp_path):
    make(num_epochs=1, checkpoint_name=tmp_path / "run").train()
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["run_epoch_1.npz"]
    with np.load(tmp_path / "run_epoch_1.npz", allow_pickle=False) as saved:
        assert all(saved[name].dtype.kind in "fi" for name in saved.files)


def test_a_checkpoint_of_another_net_is_refused(make, data, tmp_path):
    make(num_epochs=1, checkpoint_name=tmp_path / "run").train()
    other = Solver(FullyConnectedNet([9], input_dim=4, num_classes=2), data, update_rule=sgd)
    with pytest.raises(ValueError, match=r"W1 has shape \(4, 9\) here"):
        other.load_checkpoint(tmp_path / "run_epoch_1.npz")
