"""What a package of modules becomes: statements by module, sentences, files."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from autograder.errors import SubmissionError
from autograder.program import Program
from autograder.sandbox.launcher import Sandbox
from autograder.sandbox.loader import load_program
from autograder.sandbox.process import Worker
from autograder.settings import Limits
from autograder.submissions import Submission, read_package
from autograder.tests.submissions.conftest import HandInPackage
from autograder.tests.submissions.packages import (
    ASSIGNMENT,
    DROP_2016,
    FUNCTIONS,
    KEEP_2019,
    KEEP_2023,
    Files,
)


def program(submission: Submission, notebook: str = "Nets") -> Program:
    return submission.program(ASSIGNMENT, notebook)


def modules(submission: Submission) -> list[str]:
    return list(dict.fromkeys(statement.module for statement in program(submission)))


def imports(submission: Submission) -> list[str]:
    return [s.source for s in program(submission) if not s.module]


@pytest.fixture(scope="module")
def box() -> Iterator[Sandbox]:
    with Sandbox(Limits(call_seconds=20, task_seconds=60, memory_mib=2048)) as sandbox:
        yield sandbox


@pytest.fixture
def load(box: Sandbox) -> Iterator[Callable[[Submission], Worker]]:
    """Load a package in a worker; every statement must run."""
    workers: list[Worker] = []

    def loader(submission: Submission) -> Worker:
        result = load_program(box, program(submission), 0)
        workers.append(result.worker)
        assert [o.message for o in result.outcomes if o.status != "ok"] == []
        return result.worker

    yield loader
    for worker in workers:
        worker.close()


@pytest.mark.parametrize("files", [DROP_2016, KEEP_2019, KEEP_2023], ids=["2016", "2019", "2023"])
def test_packages_of_three_years_load_and_compute(
    hand_in_package: HandInPackage, load: Callable[[Submission], Worker], files: Files
) -> None:
    worker = load(hand_in_package(files, repair=True))
    assert set(FUNCTIONS) <= set(worker.names)
    x, w, b = np.arange(6.0).reshape(2, 3), np.ones((3, 2)), np.ones(2)
    out, _ = worker.call([("name", "affine_forward")], (x, w, b), {})
    np.testing.assert_allclose(out, x.dot(w) + b)
    stepped, _ = worker.call([("name", "adam")], (w, w), {})
    np.testing.assert_allclose(stepped, 0.9 * w)


def test_each_module_comes_behind_what_it_imports(hand_in_package: HandInPackage) -> None:
    submission = hand_in_package(KEEP_2019)
    assert modules(submission) == [
        "cs231n.layers",
        "cs231n.optim",
        "cs231n.fast_layers",
        "cs231n.layer_utils",
        "cs231n.classifiers.fc_net",
        "",
    ]


def test_the_main_namespace_gets_what_tasks_ask_for(hand_in_package: HandInPackage) -> None:
    submission = hand_in_package(KEEP_2023)
    assert imports(submission) == [
        "from cs231n.layers import affine_forward",
        "from cs231n.layers import dropout_forward",
        "from cs231n.optim import adam",
        "from cs231n.classifiers.fc_net import TwoLayerNet",
        "from cs231n.classifiers.fc_net import FullyConnectedNet",
    ]


def test_every_notebook_has_the_whole_program_once(hand_in_package: HandInPackage) -> None:
    submission = hand_in_package(KEEP_2023)
    assert set(submission.statements) == {"Nets", "Dropout"}
    assert program(submission, "Dropout") == program(submission, "Nets")


def test_statements_say_where_they_stand(hand_in_package: HandInPackage) -> None:
    submission = hand_in_package(KEEP_2019)
    (found,) = [s for s in program(submission) if s.source.startswith("class FullyConnectedNet")]
    lines = KEEP_2019["cs231n/classifiers/fc_net.py"].split("\n")
    assert (found.where, found.task) == ("classifiers/fc_net.py", "fc_net")
    assert lines[found.line - 1].startswith("class FullyConnectedNet")


def test_a_submission_says_that_it_is_a_package(hand_in_package: HandInPackage) -> None:
    submission = hand_in_package(KEEP_2019)
    assert (submission.layout, submission.convention) == ("package", "keep")
    assert (submission.present, submission.notebooks) == (frozenset(), {})
    assert not submission.answers["why"].touched


def test_an_import_from_a_compatibility_package_is_spelled_out(
    hand_in_package: HandInPackage,
) -> None:
    submission = hand_in_package(KEEP_2019)
    assert submission.problems == ()
    assert "xrange = range" in [s.source for s in program(submission)]


def test_a_single_file_is_a_package_too(tmp_path: Path) -> None:
    path = tmp_path / "all in one.py"
    path.write_text("def affine_forward(x, w, b):\n    return x.dot(w) + b, None\n")
    submission = read_package(path, ASSIGNMENT, "ada")
    assert imports(submission) == ["from package.all_in_one import affine_forward"]
    assert submission.problems == (
        "No file that was read defines TwoLayerNet, FullyConnectedNet, adam and dropout_forward.",
    )


def test_nothing_at_the_path_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(SubmissionError, match="no such file"):
        read_package(tmp_path / "gone", ASSIGNMENT, "ada")


def test_a_submission_without_any_function_lists_what_is_missing(
    hand_in_package: HandInPackage,
) -> None:
    submission = hand_in_package({"main.py": "print('hello')\n", "README.md": "def adam"})
    assert program(submission) == ()
    (sentence,) = submission.problems
    assert sentence == (
        "None of the functions is defined in any .py file: affine_forward, TwoLayerNet, "
        "FullyConnectedNet, adam and dropout_forward."
    )


def test_a_file_with_a_syntax_error_does_not_take_the_others_along(
    hand_in_package: HandInPackage,
) -> None:
    broken = KEEP_2019 | {"cs231n/optim.py": "import numpy as np\n\ndef adam(w, dw:\n    pass\n"}
    submission = hand_in_package(broken, repair=True)
    assert submission.problems == (
        "optim.py, line 3: syntax error ('(' was never closed); the file was left out.",
    )
    assert "from cs231n.layers import affine_forward" in imports(submission)
    assert not any("adam" in source for source in imports(submission))


def test_of_a_function_defined_twice_the_last_one_counts(hand_in_package: HandInPackage) -> None:
    twice = "def adam(w, dw):\n    return 1\n\ndef adam(w, dw):\n    return w, dw\n"
    submission = hand_in_package(KEEP_2019 | {"cs231n/optim.py": twice})
    assert submission.problems == ("optim.py defines adam twice; the last one (line 4) counts.",)
    (found,) = [s for s in program(submission) if s.source.endswith("import adam")]
    assert found.line == 4


def test_modules_that_import_each_other_end_in_one_order(hand_in_package: HandInPackage) -> None:
    circle = {
        "layers.py": "from optim import *\ndef affine_forward(x, w, b):\n    return x, w\n",
        "optim.py": "import layers\ndef adam(w, dw):\n    return w, dw\n",
    }
    assert modules(hand_in_package(circle)) == ["package.optim", "package.layers", ""]


@pytest.mark.parametrize(
    "line",
    [
        "from cs231n.helpers import *",
        "from .helpers import start",
        "from . import helpers",
        "from helpers import start",
        "import helpers as h",
        "import cs231n.helpers as h",
        "from assignment2.cs231n.helpers import start",
        "def late():\n    import helpers",
        "try:\n    from .helpers import start\nexcept ImportError:\n    pass",
    ],
)
def test_a_module_of_the_students_is_found(hand_in_package: HandInPackage, line: str) -> None:
    submission = hand_in_package(
        {
            "cs231n/layers.py": f"{line}\ndef affine_forward(x, w, b):\n    return x, w\n",
            "cs231n/helpers.py": "start = 1\n",
        }
    )
    assert modules(submission) == ["cs231n.helpers", "cs231n.layers", ""]


def test_a_relative_import_never_means_the_standard_library(
    hand_in_package: HandInPackage,
) -> None:
    submission = hand_in_package(
        {
            "layers.py": "from .copy import x\ndef affine_forward(x, w, b):\n    return x, w\n",
            "copy.py": "x = 1\n",
        }
    )
    assert modules(submission) == ["package.copy", "package.layers", ""]


@pytest.mark.parametrize(
    "line",
    ["import torch.optim", "from torch import optim", "from scipy import optim", "import copy"],
)
def test_a_module_of_somebody_elses_is_not_taken_for_one(
    hand_in_package: HandInPackage, line: str
) -> None:
    submission = hand_in_package(
        {
            "layers.py": f"{line}\ndef affine_forward(x, w, b):\n    return x, w\n",
            "optim.py": "x = 1\n",
            "copy.py": "x = 1\n",
        }
    )
    assert modules(submission) == ["package.layers", ""]


def test_the_init_file_of_a_package_is_a_module(hand_in_package: HandInPackage) -> None:
    submission = hand_in_package(
        {
            "nets/__init__.py": "from .layers import *\n",
            "nets/layers.py": "def affine_forward(x, w, b):\n    return x, w\n",
            "nets/classifiers/fc_net.py": "from nets import affine_forward\nclass TwoLayerNet:\n"
            "    def loss(self, X):\n        return affine_forward(X, 1, 1)\n",
        }
    )
    assert modules(submission) == ["nets.layers", "nets", "nets.classifiers.fc_net", ""]


def test_an_expected_file_is_found_anywhere_the_nearest_first(
    hand_in_package: HandInPackage,
) -> None:
    submission = hand_in_package(
        KEEP_2019 | {"cs231n/old/best_model.npz": b"2", "cs231n/best_model.npz": b"1"}
    )
    assert submission.files["best_model.npz"].read_bytes() == b"1"
    assert submission.problems == ()


def test_two_expected_files_side_by_side_are_said(hand_in_package: HandInPackage) -> None:
    submission = hand_in_package(KEEP_2019 | {"a/best_model.npz": b"1", "b/best_model.npz": b"2"})
    assert submission.files["best_model.npz"].read_bytes() == b"1"
    assert submission.problems == (
        "best_model.npz was handed in 2 times; a/best_model.npz counts.",
    )


def test_the_digest_follows_the_code(hand_in_package: HandInPackage) -> None:
    before = hand_in_package(KEEP_2019).digest
    assert hand_in_package({"notes.txt": "not code"}).digest == before
    assert hand_in_package({"cs231n/optim.py": "def adam(): pass"}).digest != before
