"""Checks of the affine and ReLU layers."""

import numpy as np

from nnkit.check.judge import Wrong, array, close, parts, unchanged
from nnkit.check.registry import checks
from nnkit.gradient_check import eval_numerical_gradient_array

# What affine_forward makes of evenly spaced numbers.
AFFINE_OUT = [
    [0.1617647059, 0.4405882353, 0.7194117647],
    [0.2676470588, 0.8005882353, 1.3335294118],
]


@checks("affine_forward", "values")
def affine_values(student):
    x = np.linspace(-0.3, 0.8, 12).reshape(2, 3, 2)
    w = np.linspace(-0.5, 0.7, 18).reshape(6, 3)
    b = np.linspace(-0.2, 0.4, 3)
    out, _ = parts(student.affine_forward(x, w, b), ("out", "cache"), "affine_forward")
    hint = "Is each example flattened in its usual order, and b added to every row?"
    suspects = {"These are the values without the bias: add b.": AFFINE_OUT - b}
    return f"relative error {close(out, AFFINE_OUT, 'out', hint=hint, suspects=suspects):.1e}"


@checks("affine_forward", "any shape of examples")
def affine_shapes(student):
    for shape in ((3, 4), (2, 3, 2, 2), (1, 1)):
        x = np.ones(shape)
        size = int(np.prod(shape[1:]))
        out, _ = parts(
            student.affine_forward(x, np.ones((size, 5)), np.zeros(5)),
            ("out", "cache"),
            "affine_forward",
        )
        close(out, np.full((shape[0], 5), size), f"out for x of shape {shape}")
    return "2-D, 4-D, and a single number"


@checks("affine_forward", "leaves its arguments alone")
def affine_arguments(student):
    x, w, b = np.random.randn(2, 3, 2), np.random.randn(6, 3), np.random.randn(3)
    before = x.copy()
    student.affine_forward(x, w, b)
    if x.shape != before.shape:
        raise Wrong("x has another shape after the call: reshape it, don't set x.shape.")
    unchanged(before, x, "x")


def _affine_backward(student, index):
    x, w, b = np.random.randn(10, 2, 3), np.random.randn(6, 5), np.random.randn(5)
    dout = np.random.randn(10, 5)
    names = ("dx", "dw", "db")
    out, cache = parts(student.affine_forward(x, w, b), ("out", "cache"), "affine_forward")
    array(out, dout.shape, "out of affine_forward")
    got = parts(student.affine_backward(dout.copy(), cache), names, "affine_backward")[index]
    numerical = eval_numerical_gradient_array(
        lambda _: student.affine_forward(x, w, b)[0], (x, w, b)[index], dout
    )
    if index == 0 and np.shape(got) == (10, 6) == np.shape(cache[0]):
        raise Wrong(
            "dx has the flat shape (10, 6), and so has the x in the cache, whose shape dx takes: "
            "affine_forward has to put the original x there."
        )
    averaged = "It is divided by N: the average over the examples is the loss's business."
    error = close(got, numerical, names[index], suspects={averaged: numerical / len(x)})
    return f"relative error {error:.1e}"


@checks("affine_backward", "dx")
def affine_dx(student):
    return _affine_backward(student, 0)


@checks("affine_backward", "dw")
def affine_dw(student):
    return _affine_backward(student, 1)


@checks("affine_backward", "db")
def affine_db(student):
    return _affine_backward(student, 2)


@checks("relu_forward", "values")
def relu_values(student):
    x = np.array([[-2.0, -0.5, 0.0], [0.25, 1.0, 30.0]])
    out, _ = parts(student.relu_forward(x), ("out", "cache"), "relu_forward")
    close(out, [[0, 0, 0], [0.25, 1, 30]], "out", hint="Negative entries become 0, others stay.")


@checks("relu_forward", "leaves its argument alone")
def relu_argument(student):
    x = np.random.randn(3, 4)
    before = x.copy()
    student.relu_forward(x)
    unchanged(before, x, "x")


@checks("relu_backward", "dx")
def relu_dx(student):
    x, dout = np.random.randn(10, 10), np.random.randn(10, 10)
    before = x.copy()
    out, cache = parts(student.relu_forward(x), ("out", "cache"), "relu_forward")
    array(out, dout.shape, "out of relu_forward")
    unchanged(before, x, "relu_forward's argument x")  # else the cache is wrong, and so is dx
    dx = student.relu_backward(dout.copy(), cache)
    numerical = eval_numerical_gradient_array(lambda x: student.relu_forward(x)[0], x, dout)
    suspects = {
        "That is the mask alone, without dout.": x > 0,
        "The condition tests dout; it is x that decides.": np.maximum(dout, 0),
        "dout passes where x is negative; it should be the other way round.": dout * (x < 0),
    }
    hint = "dout passes where x is positive, and nowhere else."
    return f"relative error {close(dx, numerical, 'dx', hint=hint, suspects=suspects):.1e}"
