"""Keeping a trained model in a file of plain arrays."""

from pathlib import Path

import numpy as np

from nnkit.checkpoint import save_arrays
from nnkit.data import current_dataset

DATASETS = ("cifar10", "sample")


def save_model(model, path="best_model.npz", dataset=None):
    """Save a model's parameters, and what they were trained on, to an .npz file.

    Parameters
    ----------
    model : object
        `model.params` is a dict of arrays of numbers.
    path : str or Path
        Where to; a file that is there already is replaced.
    dataset : str or None
        "cifar10" or "sample"; by default what `get_CIFAR10_data` returned last.

    Raises
    ------
    TypeError
        If `model` has no params.
    ValueError
        If it is not known what the model was trained on.
    """
    params = getattr(model, "params", None)
    if not isinstance(params, dict) or not params:
        raise TypeError(
            f"save_model needs a model with params, not {type(model).__name__}; "
            "does train_best_model return its model? (A Solver has it as solver.model.)"
        )
    dataset = dataset or current_dataset()
    if dataset not in DATASETS:
        raise ValueError(
            f"the data set is {dataset!r}: load the data with get_CIFAR10_data(), or pass "
            f"dataset= one of {', '.join(DATASETS)}"
        )
    save_arrays(path, {**params, "dataset": dataset})
    size = Path(path).stat().st_size / 1e6
    print(f"saved {len(params)} arrays to {path} ({size:.1f} MB)")


def load_model(path, model):
    """Give a model the parameters of a file that `save_model` wrote.

    Parameters
    ----------
    path : str or Path
        The file.
    model : object
        A model of the same layers; its parameters are replaced.

    Returns
    -------
    str
        What it was trained on: "cifar10", "sample" or "unknown".

    Raises
    ------
    ValueError
        If the file's parameters do not fit the model.
    """
    params, dataset = read_model(path)
    if set(params) != set(model.params):
        raise ValueError(
            f"{path} holds {', '.join(sorted(params))}; "
            f"the model wants {', '.join(sorted(model.params))}"
        )
    for name, w in model.params.items():
        if params[name].shape != w.shape:
            raise ValueError(
                f"{path}: {name} has shape {params[name].shape}, the model wants {w.shape}"
            )
    model.params = {name: params[name].astype(w.dtype) for name, w in model.params.items()}
    return dataset


def read_model(path):
    """Read a file that `save_model` wrote: a dict of arrays, and the name of the data set."""
    with np.load(path, allow_pickle=False) as saved:
        arrays = {name: saved[name] for name in saved.files}
    dataset = str(arrays.pop("dataset", "unknown"))
    return arrays, dataset
