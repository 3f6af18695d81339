"""The notebooks' plots. Each function draws one figure and returns it."""

import itertools

import numpy as np

# Told apart by marker and line style as well as by colour: readable in print and by everyone.
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9")
MARKERS = ("o", "s", "^", "D", "v", "P")
STYLE = {
    "axes.grid": True,
    "grid.alpha": 0.3,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.titlesize": "medium",
    "legend.frameon": False,
    "font.size": 10,
}


def plot_training(solver):
    """Plot one training run: its loss on the left, its accuracies on the right.

    Parameters
    ----------
    solver : Solver
        After `train()`.

    Returns
    -------
    matplotlib.figure.Figure
    """
    pyplot = _pyplot()
    with pyplot.rc_context(STYLE):
        figure, (left, right) = pyplot.subplots(1, 2, figsize=(10, 3.6), layout="constrained")
        _draw_loss(left, solver, COLOURS[0], "")
        left.set(title="Training loss")
        for colour, marker, name, history in (
            (COLOURS[0], "o", "training", solver.train_acc_history),
            (COLOURS[1], "s", "validation", solver.val_acc_history),
        ):
            _draw_accuracy(right, solver, history, colour, marker, name)
        right.set(title="Accuracy")
        right.legend()
    return figure


def plot_histories(solvers):
    """Plot several runs beside each other: training loss, training and validation accuracy.

    Parameters
    ----------
    solvers : dict of str to Solver
        Runs by the names that the legend gives them.

    Returns
    -------
    matplotlib.figure.Figure
    """
    pyplot = _pyplot()
    with pyplot.rc_context(STYLE):
        figure, axes = pyplot.subplots(1, 3, figsize=(13, 3.8), layout="constrained")
        looks = zip(itertools.cycle(COLOURS), itertools.cycle(MARKERS), strict=False)
        for (name, solver), (colour, marker) in zip(solvers.items(), looks, strict=False):
            _draw_loss(axes[0], solver, colour, name)
            _draw_accuracy(axes[1], solver, solver.train_acc_history, colour, marker, name)
            _draw_accuracy(axes[2], solver, solver.val_acc_history, colour, marker, name)
        titles = ("Training loss", "Training accuracy", "Validation accuracy")
        for axis, title in zip(axes, titles, strict=True):
            axis.set(title=title)
        axes[1].sharey(axes[2])
        handles, labels = axes[1].get_legend_handles_labels()
        figure.legend(handles, labels, loc="outside lower center", ncols=min(len(labels), 6))
    return figure


def show_images(images, labels=None, columns=10):
    """Show images in a grid, each scaled to its own range.

    Parameters
    ----------
    images : ndarray, shape (N, 3, 32, 32)
        Images in any range; the mean may have been subtracted.
    labels : sequence, optional
        A title for each image.
    columns : int
        Images in a row.

    Returns
    -------
    matplotlib.figure.Figure
    """
    images = np.asarray(images, dtype=np.float64)
    if images.ndim != 4 or images.shape[1] != 3:
        raise ValueError(f"show_images wants shape (N, 3, height, width), not {images.shape}")
    rows = -(-len(images) // columns)
    pyplot = _pyplot()
    size = (columns, rows * (1.25 if labels is not None else 1))
    figure, axes = pyplot.subplots(rows, columns, figsize=size, squeeze=False, layout="constrained")
    for axis in axes.flat:
        axis.axis("off")
    for number, (axis, image) in enumerate(zip(axes.flat, images, strict=False)):
        low, high = image.min(), image.max()
        axis.imshow(((image - low) / max(high - low, 1e-12)).transpose(1, 2, 0))
        if labels is not None:
            axis.set_title(str(labels[number]), fontsize=8)
    return figure


def show_weights(W1, number=40, columns=10):
    """Show what first-layer units look for: columns of W1 as images.

    Parameters
    ----------
    W1 : ndarray, shape (3 * 32 * 32, H)
        Weights of a net's first layer.
    number : int
        Show so many of the H units.
    columns : int
        Images in a row.

    Returns
    -------
    matplotlib.figure.Figure
    """
    if np.ndim(W1) != 2 or np.shape(W1)[0] != 3072:
        raise ValueError(f"show_weights wants W1 of shape (3072, H), not {np.shape(W1)}")
    return show_images(np.asarray(W1).T[:number].reshape(-1, 3, 32, 32), columns=columns)


def _draw_loss(axis, solver, colour, name):
    """Every iteration's loss, faint, and the means of fifty stretches of the run, strong."""
    losses = np.asarray(solver.loss_history, dtype=np.float64)
    iterations = np.arange(1, len(losses) + 1)
    window = max(len(losses) // 50, 1)
    whole = len(losses) // window * window
    axis.plot(iterations, losses, color=colour, alpha=0.25 if window > 1 else 1, linewidth=1)
    if window > 1:
        means = losses[:whole].reshape(-1, window).mean(axis=1)
        centres = iterations[:whole].reshape(-1, window).mean(axis=1)
        axis.plot(centres, means, color=colour, linewidth=2, label=name)
    axis.set(xlabel="iteration", ylabel="loss of the minibatch")


def _draw_accuracy(axis, solver, history, colour, marker, name):
    """Accuracy in percent; the first value is from after the first iteration."""
    epochs = np.arange(len(history), dtype=np.float64)
    if len(history) > 1 and solver.iterations_per_epoch > 1:
        epochs[0] = 1 / solver.iterations_per_epoch
    every = max(len(history) // 12, 1)
    axis.plot(
        epochs,
        100 * np.asarray(history),
        color=colour,
        marker=marker,
        markevery=every,
        markersize=5,
        label=name,
    )
    axis.set(xlabel="epoch", ylabel="accuracy (%)")


def _pyplot():
    """matplotlib, imported on first use: whoever only trains need not wait for it."""
    import matplotlib.pyplot as pyplot

    return pyplot
