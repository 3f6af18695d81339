"""What a student's code is between reading and running: a list of top-level statements."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Statement:
    """One top-level statement of a student's cell or module, as text.

    Attributes
    ----------
    source : the statement's source; compiles by itself, first column 0.
    where : the place as a student knows it, e.g. "FullyConnectedNets, cell 12".
    line : 1-based line of the statement within its cell.
    task : id of the task whose solution cell this is, or None.
    module : dotted name of the student's own module that the statement belongs to, e.g.
        "cs231n.layers"; empty for the main namespace, in which notebooks run.
    """

    source: str
    where: str
    line: int
    task: str | None = None
    module: str = ""


@dataclass(frozen=True)
class Outcome:
    """What became of one statement when the sandbox ran it.

    `status` is "ok", "failed" (raised; the rest went on), "timeout" or "died" (the statement was
    left out of every later run). `message` is one sentence, empty when ok.
    """

    statement: Statement
    status: str
    message: str = ""


Program = tuple[Statement, ...]

# `from torch import optim` does not mean a student's own optim.py.
FOREIGN = frozenset({
    "numpy", "scipy", "matplotlib", "torch", "torchvision", "tensorflow", "keras", "jax", "sklearn",
    "pandas", "IPython", "h5py", "imageio", "PIL", "cv2", "six", "past", "future", "Cython",
    "numba",
})  # fmt: skip
