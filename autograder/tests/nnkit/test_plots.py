"""Do the plots carry what they should, with labels, units and legends?"""

from __future__ import annotations

from types import SimpleNamespace

import matplotlib.pyplot as plt
import numpy as np
import pytest
from nnkit import plot_histories, plot_training, show_images, show_weights


@pytest.fixture(autouse=True)
def closed_figures():
    yield
    plt.close("all")


@pytest.fixture
def solver():
    """What plots read of a Solver, after 3 epochs of 40 iterations."""
    return SimpleNamespace(
        loss_history=list(np.linspace(2.3, 0.4, 120)),
        train_acc_history=[0.1, 0.3, 0.5, 0.6],
        val_acc_history=[0.1, 0.2, 0.3, 0.25],
        iterations_per_epoch=40,
    )


def test_one_run_shows_its_loss_and_both_accuracies(solver):
    left, right = plot_training(solver).axes
    assert (left.get_xlabel(), left.get_ylabel()) == ("iteration", "loss of the minibatch")
    assert (right.get_xlabel(), right.get_ylabel()) == ("epoch", "accuracy (%)")
    labels = [text.get_text() for text in right.get_legend().get_texts()]
    assert labels == ["training", "validation"]
    assert right.lines[1].get_ydata().tolist() == [10, 20, 30, 25]


def test_accuracies_stand_where_they_were_measured(solver):
    right = plot_training(solver).axes[1]
    assert right.lines[0].get_xdata().tolist() == [1 / 40, 1, 2, 3]


def test_several_runs_share_three_plots_and_one_legend(solver):
    figure = plot_histories({"sgd": solver, "adam": solver, "rmsprop": solver})
    titles = [axis.get_title() for axis in figure.axes]
    assert titles == ["Training loss", "Training accuracy", "Validation accuracy"]
    (legend,) = figure.legends
    assert [text.get_text() for text in legend.get_texts()] == ["sgd", "adam", "rmsprop"]
    looks = {(line.get_color(), line.get_marker()) for line in figure.axes[1].lines}
    assert len(looks) == 3


def test_a_run_that_stopped_at_once_is_plotted(solver):
    solver.loss_history, solver.iterations_per_epoch = [float("nan")], 1
    solver.train_acc_history = solver.val_acc_history = [0.1]
    plot_histories({"nan": solver}).canvas.draw()


def test_images_are_scaled_each_to_its_own_range():
    images = np.random.default_rng(0).normal(size=(3, 3, 32, 32)) * [[[[1]]], [[[9]]], [[[0]]]]
    figure = show_images(images, labels=["a", "b", "c"], columns=2)
    shown = [axis.images[0].get_array() for axis in figure.axes if axis.images]
    assert [image.shape for image in shown] == [(32, 32, 3)] * 3
    assert [(image.min(), image.max()) for image in shown] == [(0, 1), (0, 1), (0, 0)]
    assert [axis.get_title() for axis in figure.axes] == ["a", "b", "c", ""]


def test_weights_are_shown_one_unit_an_image():
    W1 = np.random.default_rng(0).normal(size=(3072, 7))
    figure = show_weights(W1, number=5, columns=5)
    first = figure.axes[0].images[0].get_array()
    column = W1[:, 0].reshape(3, 32, 32).transpose(1, 2, 0)
    assert np.allclose(first, (column - column.min()) / np.ptp(column))


def test_other_shapes_are_refused():
    with pytest.raises(ValueError, match=r"not \(2, 32, 32, 3\)"):
        show_images(np.zeros((2, 32, 32, 3)))
    with pytest.raises(ValueError, match=r"W1 of shape \(3072, H\)"):
        show_weights(np.zeros((10, 3072)))
