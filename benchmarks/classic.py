"""The classic checks of such notebooks, for grade cells of other graders.

Each compares what a function returns with numbers that stand in the notebook, made by the
reference, and gradients with numerical ones, entry by entry. Inputs are those of the notebooks'
own demonstrations; where a notebook has none, those that such courses publish.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Classic:
    """The check of one task.

    Attributes
    ----------
    inputs : statements that make the inputs.
    values : expressions that are compared with what they are for the reference.
    rest : further statements: numerical gradients, and what is random.
    """

    inputs: str
    values: tuple[str, ...] = ()
    rest: str = ""

    def cell(self, reference: dict[str, Any]) -> str:
        """Return the source of a grade cell.

        Parameters
        ----------
        reference : a namespace with the right functions, and what the notebooks' set-up imports.
        """
        namespace = dict(reference)
        exec(self.inputs, namespace)  # of this module, as the expressions are
        lines = [self.inputs.strip()]
        for expression in self.values:
            expected = np.asarray(eval(expression, namespace))  # noqa: S307
            literal = np.array2string(expected, separator=", ", precision=10, threshold=10_000)
            lines.append(f"expected = np.array({literal})")
            lines.append(f"assert rel_error({expression}, expected) < 1e-6")
        return "\n".join([*lines, self.rest.strip()]).strip()


NET_GRADIENTS = """
    loss, grads = model.loss(X, y)
    for name in sorted(grads):
        grad_num = eval_numerical_gradient(lambda _: model.loss(X, y)[0], model.params[name])
        assert rel_error(grads[name], grad_num) < 1e-4
"""
RULE_INPUTS = """
w = np.linspace(-0.4, 0.6, 20).reshape(4, 5)
dw = np.linspace(-0.6, 0.4, 20).reshape(4, 5)
"""
TWO_LAYERS = """
np.random.seed(231)
N, D, H, C = 3, 5, 50, 7
X = np.random.randn(N, D)
y = np.random.randint(C, size=N)
model = TwoLayerNet(input_dim=D, hidden_dim=H, num_classes=C, weight_scale=1e-3)
assert abs(model.params["W1"].std() - 1e-3) < 1e-4
assert np.all(model.params["b1"] == 0) and np.all(model.params["b2"] == 0)
model.params["W1"] = np.linspace(-0.7, 0.3, num=D * H).reshape(D, H)
model.params["b1"] = np.linspace(-0.1, 0.9, num=H)
model.params["W2"] = np.linspace(-0.3, 0.4, num=H * C).reshape(H, C)
model.params["b2"] = np.linspace(-0.9, 0.1, num=C)
X = np.linspace(-5.5, 4.5, num=N * D).reshape(D, N).T
y = np.asarray([0, 5, 1])
"""
DEEP = """
np.random.seed(231)
N, D, H1, H2, C = 2, 15, 20, 30, 10
X = np.random.randn(N, D)
y = np.random.randint(C, size=N)
"""

CHECKS = {
    "affine_forward": Classic(
        """
x = np.linspace(-0.1, 0.5, num=240).reshape(2, 4, 5, 6)
w = np.linspace(-0.2, 0.3, num=360).reshape(120, 3)
b = np.linspace(-0.3, 0.1, num=3)
""",
        ("affine_forward(x, w, b)[0]",),
    ),
    "affine_backward": Classic(
        """
np.random.seed(231)
x = np.random.randn(10, 2, 3)
w = np.random.randn(6, 5)
b = np.random.randn(5)
dout = np.random.randn(10, 5)
_, cache = affine_forward(x, w, b)
dx, dw, db = affine_backward(dout, cache)
""",
        rest="""
dx_num = eval_numerical_gradient_array(lambda x: affine_forward(x, w, b)[0], x, dout)
dw_num = eval_numerical_gradient_array(lambda w: affine_forward(x, w, b)[0], w, dout)
db_num = eval_numerical_gradient_array(lambda b: affine_forward(x, w, b)[0], b, dout)
assert rel_error(dx, dx_num) < 1e-7
assert rel_error(dw, dw_num) < 1e-7
assert rel_error(db, db_num) < 1e-7
""",
    ),
    "relu_forward": Classic(
        "x = np.linspace(-0.5, 0.5, num=12).reshape(3, 4)", ("relu_forward(x)[0]",)
    ),
    "relu_backward": Classic(
        """
np.random.seed(231)
x = np.random.randn(10, 10)
dout = np.random.randn(*x.shape)
_, cache = relu_forward(x)
dx = relu_backward(dout, cache)
""",
        rest="""
dx_num = eval_numerical_gradient_array(lambda x: relu_forward(x)[0], x, dout)
assert rel_error(dx, dx_num) < 1e-7
""",
    ),
    "two_layer_net": Classic(
        TWO_LAYERS,
        ("model.loss(X)", "model.loss(X, y)[0]"),
        f"""
for reg in (0.0, 0.7):
    model.reg = reg{NET_GRADIENTS}""",
    ),
    "fc_net": Classic(
        DEEP,
        rest=f"""
for reg in (0, 3.14):
    model = FullyConnectedNet(
        [H1, H2], input_dim=D, num_classes=C, reg=reg, weight_scale=5e-2, dtype=np.float64
    ){NET_GRADIENTS}    assert abs(loss - 2.3) < 0.1 or reg
""",
    ),
    "sgd_momentum": Classic(
        RULE_INPUTS
        + """
config = {"learning_rate": 1e-3, "velocity": np.linspace(0.6, 0.9, 20).reshape(4, 5)}
next_w, config = sgd_momentum(w, dw, config=config)
""",
        ("next_w", 'config["velocity"]'),
    ),
    "rmsprop": Classic(
        RULE_INPUTS
        + """
config = {"learning_rate": 1e-2, "cache": np.linspace(0.6, 0.9, 20).reshape(4, 5)}
next_w, config = rmsprop(w, dw, config=config)
""",
        ("next_w", 'config["cache"]'),
    ),
    "adam": Classic(
        RULE_INPUTS
        + """
m, v = np.linspace(0.6, 0.9, 20).reshape(4, 5), np.linspace(0.7, 0.5, 20).reshape(4, 5)
next_w, config = adam(w, dw, config={"learning_rate": 1e-2, "m": m, "v": v, "t": 5})
""",
        ("next_w", 'config["v"]', 'config["m"]'),
    ),
    "dropout_forward": Classic(
        """
np.random.seed(231)
x = np.random.randn(500, 500) + 10
""",
        rest="""
for p in (0.25, 0.4, 0.7):
    out, _ = dropout_forward(x, {"mode": "train", "p": p})
    out_test, _ = dropout_forward(x, {"mode": "test", "p": p})
    assert abs(out.mean() - 10) < 0.2 and abs((out == 0).mean() - (1 - p)) < 0.01
    assert rel_error(out_test, x) < 1e-9
""",
    ),
    "dropout_backward": Classic(
        """
np.random.seed(231)
x = np.random.randn(10, 10) + 10
dout = np.random.randn(*x.shape)
dropout_param = {"mode": "train", "p": 0.2, "seed": 123}
_, cache = dropout_forward(x, dropout_param)
dx = dropout_backward(dout, cache)
""",
        rest="""
dx_num = eval_numerical_gradient_array(lambda x: dropout_forward(x, dropout_param)[0], x, dout)
assert rel_error(dx, dx_num) < 1e-7
""",
    ),
    "fc_net_dropout": Classic(
        DEEP,
        rest=f"""
for dropout in (1, 0.75, 0.5):
    model = FullyConnectedNet(
        [H1, H2],
        input_dim=D,
        num_classes=C,
        dropout=dropout,
        weight_scale=5e-2,
        dtype=np.float64,
        seed=123,
    ){NET_GRADIENTS}    assert abs(loss - 2.3) < 0.1
""",
    ),
}
