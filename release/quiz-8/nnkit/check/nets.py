"""Checks of the two nets: initialisation, scores, loss, gradients."""

from itertools import pairwise

import numpy as np

from nnkit.check.judge import Wrong, array, close, number, parts
from nnkit.check.registry import checks
from nnkit.gradient_check import eval_numerical_gradient

# TwoLayerNet on evenly spaced parameters and inputs.
TWO_LAYER_SCORES = [
    [11.53165108, 12.2917344, 13.05181771, 13.81190102, 14.57198434, 15.33206765],
    [12.05769098, 12.74614105, 13.43459113, 14.1230412, 14.81149128, 15.49994135],
    [12.58373087, 13.20054771, 13.81736455, 14.43418138, 15.05099822, 15.66781506],
]
TWO_LAYER_LOSS = {0: 3.4702243556, 1: 26.5948426952}
# FullyConnectedNet([4, 3]) with 5 inputs and 3 classes, on the parameters of `_fixed_net`.
DEEP_SCORES = [
    [-0.0183332249, -0.3065300789, 0.5844204482],
    [0.7852215563, -1.0680924778, 0.776446475],
    [0.5335412605, -1.1728662461, 1.1650961814],
    [0.8852941914, -1.650337606, 1.4375354676],
]
DEEP_LOSS = {0: 1.4771736352991909, 0.5: 6.848319827238456}


def _shapes(dims):
    shapes = {}
    for layer, (inputs, outputs) in enumerate(pairwise(dims), 1):
        shapes |= {f"W{layer}": (inputs, outputs), f"b{layer}": (outputs,)}
    return shapes


def _initialisation(net, dims, weight_scale):
    """Shapes by name, biases 0, weights with the right spread.

    A right solution misses a bound of six standard errors about once in 10 million draws.
    """
    shapes = _shapes(dims)
    params = getattr(net, "params", None)
    if not isinstance(params, dict) or set(params) != set(shapes):
        found = ", ".join(sorted(params)) if isinstance(params, dict) and params else "nothing"
        raise Wrong(f"params should hold {', '.join(shapes)}, but it holds {found}.")
    for name, shape in shapes.items():
        value = array(params[name], shape, f"params[{name!r}]")
        if name.startswith("b") and np.any(value):
            raise Wrong(f"{name} should start at 0.")
        if name.startswith("W"):
            spread, centre = value.std() / weight_scale, value.mean() / weight_scale
            chance = 6 / np.sqrt(value.size)  # of the mean; the deviation's is by a root of 2 less
            if abs(spread - 1) > chance / np.sqrt(2) or abs(centre) > chance:
                raise Wrong(
                    f"{name} has mean {value.mean():.3g} and standard deviation {value.std():.3g}; "
                    f"it should be 0 and {weight_scale:g}."
                )


def _gradients(make, X, y, reg, hint=""):
    """Compare every gradient with a numerical one; return the largest relative error.

    `make(reg)` makes the net. What is numerical is the data's share of a gradient, that of the same
    net with reg = 0: a mistake in the loss' regularisation shall not enter it.
    """
    net, plain_net = make(reg), make(0.0)
    for name in net.params.keys() - _weights(net):
        net.params[name] = net.params[name] + 0.1  # else regularised biases would not show
    for name, value in net.params.items():
        plain_net.params[name] = value.copy()
    loss, grads = parts(net.loss(X, y), ("loss", "grads"), "loss")
    number(loss, "loss")
    if not isinstance(grads, dict) or not set(grads) >= set(net.params):
        found = (
            ", ".join(sorted(map(str, grads))) if isinstance(grads, dict) else type(grads).__name__
        )
        raise Wrong(f"grads should have the keys of params, but it has: {found}.")
    errors = []
    for name in sorted(net.params, key=lambda name: (-int(name[1:]), name)):  # last layer first
        plain = eval_numerical_gradient(lambda _: plain_net.loss(X, y)[0], plain_net.params[name])
        decay = reg * net.params[name]
        want = plain + decay if name in _weights(net) else plain
        where = f"The layers after it are right. {hint}" if errors else hint
        suspects = _reg_mistakes(plain, decay, name in _weights(net)) if reg else {}
        place = f"grads[{name!r}]"
        errors.append(close(grads[name], want, place, tol=1e-5, hint=where, suspects=suspects))
    return f"largest relative error {max(errors):.1e}"


def _weights(net):
    return {name for name in net.params if name.startswith("W")}


def _reg_mistakes(plain, decay, is_weight):
    if not is_weight:
        return {"Biases are not regularised.": plain + decay}
    return {
        "The regularisation is missing: add reg * W.": plain,
        "The regularisation counts twice: 0.5 * reg * sum(W**2) has the gradient reg * W.": (
            plain + 2 * decay
        ),
        "The regularisation counts half: 0.5 * reg * sum(W**2) has the gradient reg * W.": (
            plain + decay / 2
        ),
    }


def _loss(net, X, y, reg, wants):
    loss, _ = parts(net.loss(X, y), ("loss", "grads"), "loss")
    penalty = wants[reg] - wants[0]
    biases = sum(np.sum(net.params[name] ** 2) for name in net.params.keys() - _weights(net))
    suspects = {
        "The regularisation is missing: 0.5 * reg * sum(W**2) for each W.": wants[0],
        "The factor 0.5 of the regularisation is missing.": wants[0] + 2 * penalty,
        "Biases are not regularised.": wants[reg] + 0.5 * reg * biases,
    }
    hint = "Regularisation adds 0.5 * reg * sum(W**2) for each W, none for b." if reg else ""
    error = close(loss, wants[reg], "loss", hint=hint, suspects=suspects if reg else {})
    return f"relative error {error:.1e}"


def _two_layer(student, reg=0.0):
    dims = (5, 50, 7)
    net = student.TwoLayerNet(input_dim=5, hidden_dim=50, num_classes=7, weight_scale=1e-3, reg=reg)
    ends = {"W1": (-0.7, 0.3), "b1": (-0.1, 0.9), "W2": (-0.3, 0.4), "b2": (-0.9, 0.1)}
    for name, shape in _shapes(dims).items():
        net.params[name] = np.linspace(*ends[name], int(np.prod(shape))).reshape(shape)
    return net, np.linspace(-5.5, 4.5, 15).reshape(5, 3).T, np.array([0, 5, 1])


@checks("two_layer_net", "initialisation")
def two_layer_initialisation(student):
    net = student.TwoLayerNet(input_dim=30, hidden_dim=40, num_classes=7, weight_scale=1e-2)
    _initialisation(net, (30, 40, 7), 1e-2)


@checks("two_layer_net", "scores")
def two_layer_scores(student):
    net, X, _ = _two_layer(student)
    scores = array(net.loss(X), (3, 7), "scores")
    hint = "Affine, ReLU, affine: there is no ReLU after the second affine layer."
    error = close(scores[:, :6], TWO_LAYER_SCORES, "scores", hint=hint)
    # The same scores, moved below zero: all of those above would survive a ReLU.
    net.params["b2"] = net.params["b2"] - 20
    close(net.loss(X)[:, :6], np.subtract(TWO_LAYER_SCORES, 20), "scores", hint=hint)
    return f"relative error {error:.1e}"


@checks("two_layer_net", "loss")
def two_layer_loss(student):
    net, X, y = _two_layer(student)
    return _loss(net, X, y, 0, TWO_LAYER_LOSS)


@checks("two_layer_net", "loss with reg = 1")
def two_layer_loss_with_reg(student):
    net, X, y = _two_layer(student, reg=1)
    return _loss(net, X, y, 1, TWO_LAYER_LOSS)


def _register_two_layer_gradients(reg):
    @checks("two_layer_net", f"gradients, reg = {reg}")
    def gradients(student):
        def make(reg):
            return student.TwoLayerNet(
                input_dim=6, hidden_dim=8, num_classes=4, weight_scale=0.3, reg=reg
            )

        return _gradients(make, np.random.randn(5, 6), np.array([0, 3, 1, 2, 0]), reg)


_register_two_layer_gradients(0)
_register_two_layer_gradients(0.7)


def _fixed_net(student, reg=0.0):
    dims = (5, 4, 3, 3)
    net = student.FullyConnectedNet([4, 3], input_dim=5, num_classes=3, reg=reg, dtype=np.float64)
    for name, shape in _shapes(dims).items():
        size, layer = int(np.prod(shape)), int(name[1:])
        values = np.cos(np.arange(size) * (1 + layer)) if name[0] == "W" else None
        net.params[name] = np.linspace(-0.2, 0.3, size) if values is None else values.reshape(shape)
    return net, np.sin(np.arange(20.0)).reshape(4, 5), np.array([0, 2, 1, 0])


def small_net(student, **settings):
    """A net that is small enough for numerical gradients, and two examples for it."""
    X, y = np.random.randn(2, 15), np.random.randint(10, size=2)
    net = student.FullyConnectedNet(
        [20, 30], input_dim=15, weight_scale=5e-2, dtype=np.float64, **settings
    )
    return net, X, y


@checks("fc_net", "initialisation")
def deep_initialisation(student):
    hidden = [30, 40, 20]
    net = student.FullyConnectedNet(hidden, input_dim=25, num_classes=7, weight_scale=2e-2)
    if hidden != [30, 40, 20]:
        raise Wrong("hidden_dims was changed in place; it belongs to the caller.")
    _initialisation(net, (25, 30, 40, 20, 7), 2e-2)
    wrong = [name for name, w in net.params.items() if w.dtype != np.float32]
    if wrong:
        raise Wrong(f"{', '.join(wrong)}: the dtype should be self.dtype, here float32.")


@checks("fc_net", "initial loss")
def deep_initial_loss(student):
    net, X, y = small_net(student)
    loss = number(parts(net.loss(X, y), ("loss", "grads"), "loss")[0], "loss")
    if abs(loss - np.log(10)) > 0.1:
        raise Wrong(f"It is {loss:.4f}. With small weights it should be close to log 10 = 2.3026.")
    return f"{loss:.4f}, close to log 10 = 2.3026"


@checks("fc_net", "scores")
def deep_scores(student):
    net, X, _ = _fixed_net(student)
    hint = "Every affine layer but the last one is followed by a ReLU."
    return f"relative error {close(net.loss(X), DEEP_SCORES, 'scores', hint=hint):.1e}"


@checks("fc_net", "loss")
def deep_loss(student):
    net, X, y = _fixed_net(student)
    return _loss(net, X, y, 0, DEEP_LOSS)


@checks("fc_net", "loss with reg = 0.5")
def deep_loss_with_reg(student):
    net, X, y = _fixed_net(student, reg=0.5)
    return _loss(net, X, y, 0.5, DEEP_LOSS)


def _register_deep_gradients(reg):
    @checks("fc_net", f"gradients, reg = {reg}")
    def gradients(student):
        _, X, y = small_net(student)
        return _gradients(lambda reg: small_net(student, reg=reg)[0], X, y, reg)


_register_deep_gradients(0)
_register_deep_gradients(3.14)


@checks("fc_net_dropout", "without dropout")
def net_without_dropout(student):
    net, X, y = _fixed_net(student)
    close(net.loss(X), DEEP_SCORES, "scores", hint="dropout = 1 means that nothing is dropped.")
    return _loss(net, X, y, 0, DEEP_LOSS)


def _register_dropout_gradients(keep):
    @checks("fc_net_dropout", f"gradients, keep = {keep}")
    def gradients(student):
        net, X, y = small_net(student, dropout=keep, seed=123)
        loss = number(parts(net.loss(X, y), ("loss", "grads"), "loss")[0], "loss")
        if abs(loss - np.log(10)) > 0.2:
            raise Wrong(f"The initial loss is {loss:.4f}; it should be close to log 10 = 2.3026.")
        hint = "Does the backward pass go back through each dropout?" if keep < 1 else ""

        def make(reg):
            return small_net(student, dropout=keep, seed=123, reg=reg)[0]

        return f"initial loss {loss:.4f}; {_gradients(make, X, y, 0.0, hint)}"


_register_dropout_gradients(1)
_register_dropout_gradients(0.75)
_register_dropout_gradients(0.5)


@checks("fc_net_dropout", "drops in training")
def net_drops(student):
    net, X, y = small_net(student, dropout=0.5)
    for name in net.params:
        net.params[name] = net.params[name] * 10
    losses = {float(net.loss(X, y)[0]) for _ in range(3)}
    if len(losses) == 1:
        raise Wrong(
            "Three passes over the same minibatch give the same loss, so nothing is dropped. "
            "Does dropout follow every ReLU, with self.dropout_param?"
        )
    return "another mask in every pass"


@checks("fc_net_dropout", "does not drop at test time")
def net_keeps_at_test_time(student):
    net, X, y = small_net(student, dropout=0.5)
    plain, _, _ = small_net(student)
    net.loss(X, y)
    plain.params.update(net.params)
    hint = "Without labels the mode is test: the net with dropout predicts like one without."
    close(net.loss(X), array(plain.loss(X), (2, 10), "scores"), "scores", hint=hint)
