"""The training loop, the same for every model and every update rule."""

import numpy as np

from nnkit.checkpoint import load_checkpoint, save_checkpoint
from nnkit.progress import ProgressBar


class Solver:
    """Train a model by stochastic gradient descent of one kind or another.

    Each iteration draws a minibatch, asks the model for its loss and gradients, and lets the update
    rule move every parameter. After the first iteration and after every epoch the accuracies are
    measured. At the end the model holds the parameters that did best on the validation set.

    Parameters
    ----------
    model : object
        `model.params` is a dict of arrays. `model.loss(X, y)` returns the loss of a minibatch and a
        dict of gradients with the same keys; `model.loss(X)` returns scores of shape (N, C).
    data : dict
        X_train (N, d_1, ..., d_k), y_train (N,), and X_val, y_val alike.
    update_rule : callable
        `update_rule(w, dw, config)` returns `(next_w, next_config)`; say `sgd` or `adam`.
    optim_config : dict
        Settings of the update rule, such as {"learning_rate": 1e-3}. Each parameter gets its own
        copy, which also holds what the rule remembers from step to step.
    lr_decay : float
        The learning rate is multiplied by it after every epoch.
    batch_size : int
        Examples in a minibatch, drawn with replacement.
    num_epochs : int
        Passes over the training data, each of N // batch_size iterations.
    num_train_samples, num_val_samples : int or None
        How many examples, drawn at random, an accuracy is measured on; None for all of them.
    print_every : int
        The progress bar shows the loss of every so manieth iteration.
    verbose : bool
        Show a progress bar and one line for each epoch.
    checkpoint_name : str or None
        Save everything after each epoch to `<checkpoint_name>_epoch_<number>.npz`.
    seed : int or None
        None draws from numpy's global generator, so that `np.random.seed` decides; a number gives
        this Solver a generator of its own.

    Attributes
    ----------
    loss_history : list of float, one for each iteration
    train_acc_history, val_acc_history : list of float within [0, 1]
        The first entry is from after the first iteration, then one for each epoch.
    best_val_acc, best_params : float, dict
        The best validation accuracy so far and (copies of) the parameters that reached it.
    """

    def __init__(
        self,
        model,
        data,
        *,
        update_rule,
        optim_config=None,
        lr_decay=1.0,
        batch_size=100,
        num_epochs=10,
        num_train_samples=1000,
        num_val_samples=None,
        print_every=10,
        verbose=True,
        checkpoint_name=None,
        seed=None,
    ):
        if not callable(update_rule):
            raise TypeError(f"update_rule must be a function such as sgd, not {update_rule!r}")
        missing = {"X_train", "y_train", "X_val", "y_val"} - set(data)
        if missing:
            raise ValueError(f"data has no {', '.join(sorted(missing))}")
        self.model = model
        self.X_train, self.y_train = data["X_train"], data["y_train"]
        self.X_val, self.y_val = data["X_val"], data["y_val"]
        self.update_rule = update_rule
        self.optim_configs = {name: dict(optim_config or {}) for name in model.params}
        self.lr_decay = lr_decay
        self.batch_size, self.num_epochs = batch_size, num_epochs
        self.num_train_samples, self.num_val_samples = num_train_samples, num_val_samples
        self.print_every, self.verbose = print_every, verbose
        self.checkpoint_name = checkpoint_name
        self._random = np.random if seed is None else np.random.RandomState(seed)

        self.epoch = 0
        self.loss_history, self.train_acc_history, self.val_acc_history = [], [], []
        self.best_val_acc, self.best_params = -1.0, {}

    @property
    def iterations_per_epoch(self):
        return max(len(self.X_train) // self.batch_size, 1)

    def train(self):
        """Run the epochs that are left, then give the model its best parameters.

        Training stops early when the loss is no longer a finite number.
        """
        while self.epoch < self.num_epochs:
            if not self._run_epoch():
                print(
                    f"stopped: the loss is {self.loss_history[-1]} at iteration "
                    f"{len(self.loss_history)}. A smaller learning rate or weight scale may help."
                )
                break
        if self.best_params:
            self.model.params = {name: w.copy() for name, w in self.best_params.items()}

    def check_accuracy(self, X, y, num_samples=None, batch_size=100):
        """Share of examples whose highest score is that of the right class.

        Parameters
        ----------
        X : ndarray, shape (N, d_1, ..., d_k)
            Examples.
        y : ndarray of int, shape (N,)
            Labels.
        num_samples : int or None
            Measure on so many examples only, drawn at random.
        batch_size : int
            Examples handed to the model at a time; bounds the memory that is needed.

        Returns
        -------
        float within [0, 1]
        """
        if num_samples is not None and len(X) > num_samples:
            chosen = self._random.choice(len(X), num_samples)
            X, y = X[chosen], y[chosen]
        right = 0
        for start in range(0, len(X), batch_size):
            scores = self.model.loss(X[start : start + batch_size])
            right += int(np.sum(np.argmax(scores, axis=1) == y[start : start + batch_size]))
        return right / len(X)

    def load_checkpoint(self, path):
        """Go back to where a checkpoint was saved; `train()` then runs the epochs after it.

        The random numbers to come are not part of a checkpoint.
        """
        load_checkpoint(self, path)

    def _run_epoch(self):
        """Run one epoch; return whether the loss is still finite."""
        label = f"epoch {self.epoch + 1}/{self.num_epochs}"
        bar = ProgressBar(self.iterations_per_epoch, label, enabled=self.verbose)
        for iteration in range(1, self.iterations_per_epoch + 1):
            loss = self._step()
            finite = bool(np.isfinite(loss))
            if iteration % self.print_every == 0:
                bar.update(iteration, f"loss {loss:.4f}")
            # A single iteration per epoch is both the first and the last: measured just once.
            first = len(self.loss_history) == 1 and self.iterations_per_epoch > 1
            if first or not finite:
                self._measure()
            if not finite:
                break
        bar.clear()
        if finite:
            self._finish_epoch(label)
        return finite

    def _step(self):
        """Draw a minibatch and move every parameter once; return the loss before the move."""
        chosen = self._random.choice(len(self.X_train), self.batch_size)
        loss, grads = self.model.loss(self.X_train[chosen], self.y_train[chosen])
        self.loss_history.append(float(loss))
        for name, w in self.model.params.items():
            if name not in grads:
                raise ValueError(f"model.loss(X, y) returned no gradient for {name}")
            dw = grads[name]
            if np.shape(dw) != w.shape:
                raise ValueError(
                    f"the gradient of {name} has shape {np.shape(dw)}, but {name} has {w.shape}"
                )
            next_w, self.optim_configs[name] = self.update_rule(w, dw, self.optim_configs[name])
            self.model.params[name] = next_w
        return self.loss_history[-1]

    def _finish_epoch(self, label):
        self.epoch += 1
        for config in self.optim_configs.values():
            if "learning_rate" in config:
                config["learning_rate"] *= self.lr_decay
        self._measure()
        if self.checkpoint_name is not None:
            save_checkpoint(self, f"{self.checkpoint_name}_epoch_{self.epoch}.npz")
        if self.verbose:
            loss = np.mean(self.loss_history[-self.iterations_per_epoch :])
            print(
                f"{label}  mean loss {loss:.4f}  "
                f"train {self.train_acc_history[-1]:.1%}  val {self.val_acc_history[-1]:.1%}"
            )

    def _measure(self):
        """Append both accuracies to the histories and remember the best parameters."""
        train = self.check_accuracy(self.X_train, self.y_train, self.num_train_samples)
        val = self.check_accuracy(self.X_val, self.y_val, self.num_val_samples)
        self.train_acc_history.append(train)
        self.val_acc_history.append(val)
        if val > self.best_val_acc:
            self.best_val_acc = val
            self.best_params = {name: w.copy() for name, w in self.model.params.items()}
