"""The sample class: who they are, what they hand in, and what it must earn.

Everybody starts from the reference solution and is changed in one telling way. `kept` names what is
kept of each task that does not earn everything: the share of its points, as a fraction.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

from autograder.demo import code, damage

NOTHING = Fraction(0)


@dataclass(frozen=True)
class SampleStudent:
    """One student of the sample class.

    Attributes
    ----------
    cells : new source of solution cells, by `grade_id`.
    untouched : notebooks left as they were released.
    damage : what happens to the files after they were written, in order.
    kept : task -> share of its points, for tasks that don't earn everything.
    """

    name: str
    story: str
    cells: Mapping[str, str] = field(default_factory=dict)
    untouched: tuple[str, ...] = ()
    damage: tuple[Callable[[Path], None], ...] = ()
    kept: Mapping[str, Fraction] = field(default_factory=dict)


FIRST = (
    "affine_forward", "affine_backward", "relu_forward", "relu_backward", "two_layer_net", "fc_net",
    "sgd_momentum", "rmsprop", "adam", "overfit_three_layers", "overfit_five_layers", "best_model",
)  # fmt: skip
SECOND = ("dropout_forward", "dropout_backward", "fc_net_dropout")
QUIZ = ("conv_forward_naive",)


def nothing_for(*tasks: str) -> dict[str, Fraction]:
    """No points for these tasks."""
    return dict.fromkeys(tasks, NOTHING)


STUDENTS = (
    SampleStudent("ada", "everything right"),
    SampleStudent(
        "boris",
        "right in a style of his own: binomial masks, einsum, loops, helper functions",
        cells={
            "affine_forward": code.EINSUM_AFFINE,
            "affine_backward": code.DICT_CACHE_AFFINE_BACKWARD,
            "dropout_forward": code.BINOMIAL_DROPOUT,
            "sgd_momentum": code.IN_PLACE_MOMENTUM,
            "conv_forward_naive": code.WINDOW_CONV,
        },
    ),
    SampleStudent(
        "chen",
        "first notebook done, second one and the quiz untouched",
        untouched=("Dropout", "Quiz8"),
        kept=nothing_for(*SECOND, *QUIZ),
    ),
    SampleStudent(
        "dana",
        "wrong: Adam without bias correction, dropout that never scales",
        cells={
            "adam": code.ADAM_WITHOUT_BIAS_CORRECTION,
            "dropout_forward": code.DROPOUT_WITHOUT_SCALING,
        },
        # The state is kept right and the mask is drawn right.
        kept={"adam": Fraction(4, 19), "dropout_forward": Fraction(40, 79)},
    ),
    SampleStudent(
        "emil",
        "blank",
        untouched=("FullyConnectedNets", "Dropout", "Quiz8"),
        damage=(damage.remove_model,),
        kept=nothing_for(*FIRST, *SECOND, *QUIZ),
    ),
    SampleStudent(
        "fatima",
        "broken: a syntax error in one cell",
        cells={"rmsprop": code.SYNTAX_ERROR},
        kept=nothing_for("rmsprop"),
    ),
    SampleStudent(
        "george",
        "broken: one notebook is not valid JSON, the quiz is an empty file",
        damage=(damage.truncate("Dropout.ipynb"), damage.empty("Quiz8.ipynb")),
        kept=nothing_for(*SECOND, *QUIZ),
    ),
    SampleStudent(
        "hana",
        "right, but her editor dropped all metadata and the files were renamed",
        damage=(damage.drop_metadata, damage.rename),
    ),
    SampleStudent(
        "ivan",
        "hostile: relu_forward loops forever, and so does all that calls it",
        cells={"relu_forward": code.ENDLESS_RELU},
        # The nets are judged again with a ReLU that ends.
        kept=nothing_for("relu_forward"),
    ),
    SampleStudent(
        "judy",
        "hostile: leaves with os._exit(0) in dropout_forward and in the convolution",
        cells={
            "dropout_forward": code.EXIT_IN_DROPOUT,
            "conv_forward_naive": code.EXIT_IN_CONV,
        },
        kept=nothing_for("dropout_forward", *QUIZ),
    ),
    SampleStudent(
        "karl",
        "hostile: replaces np.allclose and numpy's testing, returns objects equal to everything",
        cells={
            "affine_forward": code.EQUAL_TO_EVERYTHING,
            "conv_forward_naive": code.REPLACED_ALLCLOSE,
        },
        # affine_forward leaves its input alone; the rest of the layers and nets is right.
        kept={"affine_forward": Fraction(1, 15), **nothing_for(*QUIZ)},
    ),
    SampleStudent(
        "lena",
        "hostile: looks for the hidden tests and the reference, and hands in no second notebook",
        cells={"sgd_momentum": code.LOOK_FOR_THE_REFERENCE},
        damage=(damage.remove("Dropout.ipynb"), damage.remove("Quiz8.ipynb")),
        kept=nothing_for("sgd_momentum", *SECOND, *QUIZ),
    ),
)
