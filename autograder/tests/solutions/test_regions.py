"""What students receive: each region of a solution becomes `raise NotImplementedError()`."""

import re
from pathlib import Path

import numpy as np
import pytest

import solutions

FOLDER = Path(solutions.__file__).parent
MODULES = sorted(path.stem for path in FOLDER.glob("*.py"))
GIVEN_IN_FULL = {"__init__", "losses", "layer_utils"}
REGION = re.compile(
    r"^( +)### BEGIN SOLUTION\n(?:(?!.*### (?:BEGIN|END) SOLUTION).*\n)*?\1### END SOLUTION\n", re.M
)

ONES = np.ones((2, 3))
BATCH = ONES, np.array([0, 1])
IMAGES = np.ones((1, 1, 2, 2)), np.ones((1, 1, 1, 1)), np.ones(1), {"stride": 1, "pad": 0}
DATA = {"X_train": ONES, "y_train": BATCH[1], "X_val": ONES, "y_val": BATCH[1]}

# For each region of each module, in order: a call that has to stop at it.
CALLS = {
    "layers": [
        lambda m: m["affine_forward"](ONES, np.ones((3, 4)), np.ones(4)),
        lambda m: m["affine_backward"](np.ones((2, 4)), (ONES, np.ones((3, 4)), np.ones(4))),
        lambda m: m["relu_forward"](ONES),
        lambda m: m["relu_backward"](ONES, ONES),
        lambda m: m["dropout_forward"](ONES, {"mode": "test"}),
        lambda m: m["dropout_backward"](ONES, ({"mode": "test"}, None)),
    ],
    "fc_net": [
        lambda m: m["TwoLayerNet"](3, 4, 5),
        lambda m: m["TwoLayerNet"](3, 4, 5).loss(ONES),
        lambda m: m["TwoLayerNet"](3, 4, 5).loss(*BATCH),
        lambda m: m["FullyConnectedNet"]([4], 3, 5),
        lambda m: m["FullyConnectedNet"]([4], 3, 5).loss(ONES),
        lambda m: m["FullyConnectedNet"]([4], 3, 5).loss(*BATCH),
    ],
    "optim": [
        lambda m: m["sgd_momentum"](ONES, ONES),
        lambda m: m["rmsprop"](ONES, ONES),
        lambda m: m["adam"](ONES, ONES),
    ],
    "conv": [lambda m: m["conv_forward_naive"](*IMAGES)],
    "training": [
        lambda m: m["overfit_three_layers"](),
        lambda m: m["overfit_five_layers"](),
        lambda m: m["train_best_model"](DATA),
    ],
}
ALL_REGIONS = [(module, number) for module, calls in CALLS.items() for number in range(len(calls))]


def text_of(module):
    return (FOLDER / f"{module}.py").read_text(encoding="utf-8")


def stub(text, only=None):
    """Replace all regions, or the one with number `only`, as nbgrader does."""
    found = iter(range(len(REGION.findall(text))))

    def replaced(match):
        number = next(found)
        return (
            f"{match[1]}raise NotImplementedError()\n" if only in (None, number) else match.group()
        )

    return REGION.sub(replaced, text)


@pytest.mark.parametrize("module", MODULES)
def test_regions_are_balanced_and_end_at_their_own_indentation(module):
    text = text_of(module)
    assert text.count("BEGIN SOLUTION") == text.count("END SOLUTION") == len(REGION.findall(text))


@pytest.mark.parametrize("module", MODULES)
def test_every_region_is_known_here(module):
    calls = [] if module in GIVEN_IN_FULL else CALLS[module]
    assert len(REGION.findall(text_of(module))) == len(calls)


@pytest.mark.parametrize("module", sorted(CALLS))
def test_stubs_compile_and_hold_no_marker(module):
    text = stub(text_of(module))
    compile(text, module, "exec")
    assert "SOLUTION" not in text


@pytest.mark.parametrize(("module", "number"), ALL_REGIONS)
def test_each_region_left_as_a_stub_raises(module, number):
    namespace = {"__name__": f"stub_of_{module}"}
    exec(compile(stub(text_of(module), only=number), module, "exec"), namespace)
    with pytest.raises(NotImplementedError):
        CALLS[module][number](namespace)
