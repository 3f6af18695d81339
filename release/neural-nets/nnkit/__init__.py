"""What the notebooks need beside your own code: data, a Solver, gradient checks, plots, check()."""

from nnkit.check import check
from nnkit.data import current_dataset, get_CIFAR10_data, sample_data
from nnkit.gradient_check import (
    eval_numerical_gradient,
    eval_numerical_gradient_array,
    rel_error,
)
from nnkit.model_io import load_model, save_model
from nnkit.notebook import from_notebook
from nnkit.plots import plot_histories, plot_training, show_images, show_weights
from nnkit.solver import Solver

__all__ = [
    "Solver",
    "check",
    "current_dataset",
    "eval_numerical_gradient",
    "eval_numerical_gradient_array",
    "from_notebook",
    "get_CIFAR10_data",
    "load_model",
    "plot_histories",
    "plot_training",
    "rel_error",
    "sample_data",
    "save_model",
    "show_images",
    "show_weights",
]
