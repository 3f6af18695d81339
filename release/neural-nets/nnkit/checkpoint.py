"""Saving a training run and going on with it later.

A checkpoint is an .npz file of plain arrays. It holds no pickles: reading one can't run code.
"""

import os
from pathlib import Path

import numpy as np

HISTORIES = ("loss_history", "train_acc_history", "val_acc_history")


def save_arrays(path, arrays):
    """Write a dict of arrays to an .npz file, the whole file or nothing.

    A run that is interrupted while it writes leaves the file that was there before.
    """
    path = Path(path)
    arrays = {name: np.asarray(value) for name, value in arrays.items()}
    for name, array in arrays.items():
        if array.dtype.hasobject:
            raise TypeError(f"{name} is not made of numbers, so it can't be saved to {path}")
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        with open(temporary, "wb") as file:
            np.savez(file, **arrays)
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)


def save_checkpoint(solver, path):
    """Save a Solver's progress: parameters, state of the update rule, histories."""
    arrays = {"epoch": solver.epoch, "best_val_acc": solver.best_val_acc}
    arrays.update({name: np.array(getattr(solver, name)) for name in HISTORIES})
    for name, w in solver.model.params.items():
        arrays[f"params.{name}"] = w
        arrays[f"best.{name}"] = solver.best_params[name]
        for key, value in solver.optim_configs[name].items():
            arrays[f"optim.{name}.{key}"] = value
    save_arrays(path, arrays)


def load_checkpoint(solver, path):
    """Give a Solver, made for the same model, the progress that `save_checkpoint` saved."""
    with np.load(path, allow_pickle=False) as saved:
        arrays = {key: saved[key] for key in saved.files}
    for name, w in solver.model.params.items():
        found = arrays[f"params.{name}"].shape if f"params.{name}" in arrays else "nothing"
        if found != w.shape:
            raise ValueError(f"{path}: {name} has shape {w.shape} here, the checkpoint has {found}")
    solver.epoch, solver.best_val_acc = int(arrays["epoch"]), float(arrays["best_val_acc"])
    for name in HISTORIES:
        setattr(solver, name, arrays[name].tolist())
    for name in solver.model.params:
        solver.model.params[name] = arrays[f"params.{name}"]
        solver.best_params[name] = arrays[f"best.{name}"]
        start = f"optim.{name}."
        config = {key.removeprefix(start): arrays[key] for key in arrays if key.startswith(start)}
        solver.optim_configs[name] = {k: v if v.ndim else v.item() for k, v in config.items()}
