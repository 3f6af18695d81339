"""What a package says about itself."""

from __future__ import annotations

import pytest

from autograder.submissions.dialect import find_convention, find_renames
from autograder.submissions.parse import parse_cell
from autograder.tests.submissions.conftest import HandInPackage
from autograder.tests.submissions.packages import DROP_2016, KEEP_2019, KEEP_2023, Files


def net(parameters: str) -> str:
    return f"class FullyConnectedNet:\n    def __init__(self, dims, {parameters}):\n        pass"


def forward(text: str) -> str:
    return f'def dropout_forward(x, dropout_param):\n    """{text}"""\n    return x'


@pytest.mark.parametrize(
    ("parameters", "convention"),
    [
        ("dropout=0", "drop"),
        ("dropout=1", "keep"),
        ("dropout=1.0", "keep"),
        ("dropout=0.0, use_batchnorm=False", "drop"),
        ("dropout_keep_ratio=1, normalization=None", "keep"),
        ("dropout_keep_ratio=0.5", "keep"),
        ("*, keep_prob=None", "keep"),
        ("dropout_rate=0", "drop"),
        ("dropout=0.5", None),
        ("dropout=None", None),
        ("dropout=False", None),
        ("dropout", None),
        ("reg=0", None),
    ],
)
def test_the_constructor_says_what_p_means(parameters: str, convention: str | None) -> None:
    assert find_convention(parse_cell(net(parameters))) == (convention, ())


@pytest.mark.parametrize(
    ("text", "convention"),
    [
        ("- p: We drop each neuron output with probability p.", "drop"),
        ("- p: We keep each neuron output with probability p.", "keep"),
        ("Keep in mind that p is the probability of **keep** a neuron output.", "keep"),
        ("p is the probability of keeping a unit, not the probability of dropping it", "keep"),
        ("p is the probability of dropping a unit, not the probability of keeping it", "drop"),
        ("Keep in mind that p is the\n    probability to drop a unit.", "drop"),
        ("p: probability that a neuron is kept", None),  # a past tense without its verb's letters
        ("p: the probability with which neurons are retained", "keep"),
        ("p: dropout probability", None),
        ("Drops units.", None),
    ],
)
def test_else_the_text_of_dropout_forward_does(text: str, convention: str | None) -> None:
    assert find_convention(parse_cell(forward(text))) == (convention, ())


def test_comments_count_where_the_docstring_is_silent() -> None:
    source = "def dropout_forward(x, p):\n    # keep a unit with probability p\n    return x"
    assert find_convention(parse_cell(source)) == ("keep", ())


def test_a_contradiction_is_said_and_the_constructor_counts() -> None:
    pieces = parse_cell(forward("drop a unit with probability p") + "\n" + net("dropout=1"))
    convention, (sentence,) = find_convention(pieces)
    assert convention == "keep"
    assert sentence == (
        "The text of dropout_forward says that p is the probability to drop, the default of "
        "the net's constructor that it is the probability to keep; the constructor counts."
    )


@pytest.mark.parametrize(
    ("parameters", "renames"),
    [
        ("dropout=1", {}),
        ("dropout_keep_ratio=1", {"dropout": "dropout_keep_ratio"}),
        ("input_size=3, output_size=2", {"input_dim": "input_size", "num_classes": "output_size"}),
        ("std=0.1, random_seed=None", {"weight_scale": "std", "seed": "random_seed"}),
        ("input_dim=3, input_size=3", {}),
        ("keep_prob=1, drop_prob=0", {}),
    ],
)
def test_arguments_under_other_names(parameters: str, renames: dict[str, str]) -> None:
    nodes = [piece.node for piece in parse_cell(net(parameters))]
    assert find_renames(nodes) == ({"FullyConnectedNet": renames} if renames else {})


@pytest.mark.parametrize(
    ("files", "convention", "renames"),
    [
        (
            DROP_2016,
            "drop",
            {"TwoLayerNet": {"input_dim": "input_size", "hidden_dim": "hidden_size"}},
        ),
        (KEEP_2019, "keep", {}),
        (KEEP_2023, "keep", {"FullyConnectedNet": {"dropout": "dropout_keep_ratio"}}),
    ],
    ids=["2016", "2019", "2023"],
)
def test_packages_of_three_years(
    hand_in_package: HandInPackage,
    files: Files,
    convention: str,
    renames: dict[str, dict[str, str]],
) -> None:
    submission = hand_in_package(files)
    assert (submission.convention, submission.renames) == (convention, renames)
