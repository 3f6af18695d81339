"""Settings that students look for, and the search for a good model."""

from nnkit import Solver

from solutions.fc_net import FullyConnectedNet
from solutions.optim import adam


def overfit_three_layers():
    """Settings with which a three-layer net learns 50 examples by heart.

    The net has two hidden layers of 100 units and trains by plain `sgd`, 20 epochs of minibatches
    of 25, in float64.

    Returns
    -------
    dict of str to float
        weight_scale, the standard deviation of the initial weights, and learning_rate, the size of
        one step (both without a unit), that reach a training accuracy of 100 %.
    """
    # TODO: find both numbers by experiments and set `weight_scale` and `learning_rate`.
    ### BEGIN SOLUTION
    weight_scale = 3e-2
    learning_rate = 3e-3
    ### END SOLUTION
    return {"weight_scale": weight_scale, "learning_rate": learning_rate}


def overfit_five_layers():
    """Settings with which a five-layer net learns 50 examples by heart.

    The net has four hidden layers of 100 units and trains by plain `sgd`, 20 epochs of minibatches
    of 25, in float64.

    Returns
    -------
    dict of str to float
        weight_scale, the standard deviation of the initial weights, and learning_rate, the size of
        one step (both without a unit), that reach a training accuracy of 100 %.
    """
    # TODO: find both numbers by experiments and set `weight_scale` and `learning_rate`.
    ### BEGIN SOLUTION
    weight_scale = 6e-2
    learning_rate = 4e-3
    ### END SOLUTION
    return {"weight_scale": weight_scale, "learning_rate": learning_rate}


def train_best_model(data):
    """Train the best fully-connected net that you can find.

    Parameters
    ----------
    data : dict of str to ndarray
        X_train of shape (N, 3, 32, 32) and y_train of shape (N,); X_val and y_val alike. Look at
        the validation set to choose among models; keep the test set for the end.

    Returns
    -------
    model : FullyConnectedNet
        The trained net with the best validation accuracy.
    """
    # TODO: train nets with different settings and set `best_model` to the best of them.
    ### BEGIN SOLUTION
    # About 2000 updates for each candidate: 5 epochs of all of CIFAR-10, more of a small data set.
    updates_per_epoch = max(len(data["X_train"]) // 100, 1)
    num_epochs = min(max(2000 // updates_per_epoch, 5), 20)
    best_model, best_val_acc = None, -1.0
    for learning_rate in (5e-4, 1e-3):
        for weight_scale in (5e-3, 2e-2):
            model = FullyConnectedNet([100, 100, 100, 100], weight_scale=weight_scale)
            solver = Solver(
                model,
                data,
                update_rule=adam,
                optim_config={"learning_rate": learning_rate},
                lr_decay=0.9,
                batch_size=100,
                num_epochs=num_epochs,
                verbose=False,
            )
            solver.train()
            if solver.best_val_acc > best_val_acc:
                best_model, best_val_acc = model, solver.best_val_acc
    ### END SOLUTION
    return best_model
