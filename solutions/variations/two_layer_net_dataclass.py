"""TwoLayerNet as a dataclass with type hints.

The published arguments, attributes and methods are all there.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from solutions.layers import affine_backward, affine_forward, relu_backward, relu_forward
from solutions.losses import softmax_loss


@dataclass
class TwoLayerNet:
    input_dim: int = 3 * 32 * 32
    hidden_dim: int = 100
    num_classes: int = 10
    weight_scale: float = 1e-3
    reg: float = 0.0
    params: dict[str, np.ndarray] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._add("1", self.input_dim, self.hidden_dim)
        self._add("2", self.hidden_dim, self.num_classes)

    def _add(self, number: str, inputs: int, outputs: int) -> None:
        self.params["W" + number] = np.random.normal(0, self.weight_scale, (inputs, outputs))
        self.params["b" + number] = np.zeros((outputs,))

    def loss(self, X: np.ndarray, y: np.ndarray | None = None):
        p = self.params
        scores, first = affine_forward(X, p["W1"], p["b1"])
        hidden, active = relu_forward(scores)
        scores, second = affine_forward(hidden, p["W2"], p["b2"])
        if y is None:
            return scores
        loss, dout = softmax_loss(scores, y)
        dout, dW2, db2 = affine_backward(dout, second)
        _, dW1, db1 = affine_backward(relu_backward(dout, active), first)
        loss += 0.5 * self.reg * (np.vdot(p["W1"], p["W1"]) + np.vdot(p["W2"], p["W2"]))
        dW1, dW2 = dW1 + self.reg * p["W1"], dW2 + self.reg * p["W2"]
        return loss, {"W1": dW1, "b1": db1, "W2": dW2, "b2": db2}
