"""Checks that train: the two overfitting tasks, and the saved model."""

from functools import lru_cache
from pathlib import Path

import numpy as np

from nnkit.check.judge import Wrong, number
from nnkit.check.registry import NOT_WRITTEN, checks
from nnkit.data import current_dataset, get_CIFAR10_data
from nnkit.model_io import load_model, read_model
from nnkit.solver import Solver

MODEL_FILE = "best_model.npz"
AIM = 0.5


def _data(student):
    """The notebook's own `data`, or the same loaded anew."""
    data = student.get("data")
    if isinstance(data, dict) and {"X_train", "y_train", "X_val", "y_val"} <= set(data):
        return data
    return _loaded_data()


@lru_cache(maxsize=1)
def _loaded_data():
    return get_CIFAR10_data(quiet=True)


def _settings(student, function):
    settings = getattr(student, function)()
    names = {"weight_scale", "learning_rate"}
    if not isinstance(settings, dict) or set(settings) != names:
        raise Wrong(f"{function} should return a dict with weight_scale and learning_rate.")
    values = {name: number(settings[name], name) for name in sorted(names)}
    if min(values.values()) <= 0:
        raise Wrong("weight_scale and learning_rate should be above 0.")
    return values


def _overfits(student, function, hidden_dims):
    """Train on 50 examples by the notebook's rules; every one of them should be learnt."""
    settings = _settings(student, function)
    data = _data(student)
    np.random.seed(231)
    net = student.FullyConnectedNet(
        hidden_dims, weight_scale=settings["weight_scale"], dtype=np.float64
    )
    solver = Solver(
        net,
        {**data, "X_train": data["X_train"][:50], "y_train": data["y_train"][:50]},
        update_rule=student.sgd,
        optim_config={"learning_rate": settings["learning_rate"]},
        batch_size=25,
        num_epochs=20,
        num_val_samples=100,
        verbose=False,
    )
    with np.errstate(all="ignore"):
        solver.train()
    losses = solver.loss_history
    accuracy = solver.train_acc_history[-1]
    found = f"training accuracy {accuracy:.0%}, loss from {losses[0]:.4g} to {losses[-1]:.4g}"
    if accuracy == 1.0:
        return found
    raise Wrong(f"{found}. {_advice(losses)}")


def _advice(losses):
    first, last, blind = losses[0], losses[-1], np.log(10)  # blind: what guessing costs
    if not np.isfinite(last) or first > 100 or max(losses) > 2 * max(first, blind):
        return "The numbers get out of hand: try a smaller weight_scale or learning_rate."
    if last > 0.9 * min(first, blind):
        return "Hardly anything is learnt: try a larger learning_rate or weight_scale."
    return "It learns: try somewhat larger values."


@checks("overfit_three_layers", "learns 50 examples by heart")
def three_layers(student):
    return _overfits(student, "overfit_three_layers", [100, 100])


@checks("overfit_five_layers", "learns 50 examples by heart")
def five_layers(student):
    return _overfits(student, "overfit_five_layers", [100, 100, 100, 100])


@checks("best_model", "train_best_model is written")
def is_written(student):
    if not callable(student.train_best_model):
        raise Wrong("train_best_model should be a function.")
    # Calling it would take minutes; a stub shows in its code.
    code = getattr(student.train_best_model, "__code__", None)
    if code is not None and "NotImplementedError" in code.co_names:
        raise Wrong(f"train_best_model is {NOT_WRITTEN}.")


@checks("best_model", f"{MODEL_FILE} and its validation accuracy")
def saved_model(student):
    if not Path(MODEL_FILE).is_file():
        raise Wrong(f"There is no {MODEL_FILE} in this folder: run the cell that saves it.")
    net, dataset = _load(student)
    data = _data(student)
    if {dataset, current_dataset()} == {"cifar10", "sample"}:
        raise Wrong(
            f"It was trained on {dataset}, but the data here are {current_dataset()}: "
            "train and save it again."
        )
    scores = [net.loss(data["X_val"][i : i + 100]) for i in range(0, len(data["X_val"]), 100)]
    accuracy = float(np.mean(np.argmax(np.concatenate(scores), axis=1) == data["y_val"]))
    if accuracy < AIM:
        raise Wrong(f"Its validation accuracy is {accuracy:.1%}; the aim is {AIM:.0%} or more.")
    return f"validation accuracy {accuracy:.1%}"


def _load(student):
    """The saved parameters in a net of the student's own class, and what they were trained on."""
    try:
        params, _ = read_model(MODEL_FILE)
        layers = sorted(int(name[1:]) for name in params if name[0] == "W")
        hidden_dims = [params[f"W{layer}"].shape[1] for layer in layers[:-1]]
        net = student.FullyConnectedNet(hidden_dims)
        dataset = load_model(MODEL_FILE, net)
    except (OSError, ValueError, IndexError) as error:
        raise Wrong(f"{MODEL_FILE} does not hold a FullyConnectedNet: {error}") from None
    if not all(np.isfinite(w).all() for w in net.params.values()):
        raise Wrong(f"{MODEL_FILE} holds nan or inf.")
    return net, dataset
