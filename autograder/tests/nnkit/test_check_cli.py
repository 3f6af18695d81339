"""python -m nnkit.check: are the table and the exit status right?"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from nnkit.check.__main__ import main

from autograder.tests.nnkit.notebooks import write_notebook

SOURCE = Path(__file__).resolve().parents[3] / "source"
IMPORTS = "import numpy as np\nfrom nnkit import check"
RIGHT = "def relu_forward(x):\n    return np.maximum(x, 0), x"
WRONG = "def relu_forward(x):\n    return np.minimum(x, 0), x"
BACKWARD = "def relu_backward(dout, cache):\n    return dout * (cache > 0)"
CHECKS = ('check("relu_forward")', 'check("relu_backward")')


def test_a_notebook_that_is_right_exits_with_0(tmp_path, capsys):
    path = write_notebook(tmp_path / "Own.ipynb", IMPORTS, RIGHT, BACKWARD, *CHECKS)
    assert main([str(path)]) == 0
    out = capsys.readouterr().out
    assert out.index("relu_forward: all 2 checks") < out.index("relu_backward: passed")
    assert out.endswith("Own.ipynb: 2 of 2 tasks passed their visible checks\n")


def test_a_mistake_exits_with_1(tmp_path, capsys):
    path = write_notebook(tmp_path / "Own.ipynb", IMPORTS, WRONG, BACKWARD, *CHECKS)
    assert main([str(path)]) == 1
    assert "Negative entries" in capsys.readouterr().out


def test_one_task_can_be_picked(tmp_path, capsys):
    path = write_notebook(tmp_path / "Own.ipynb", IMPORTS, RIGHT, *CHECKS)
    assert main([str(path), "--task", "relu_forward"]) == 0
    assert "relu_backward" not in capsys.readouterr().out


def test_training_cells_are_not_run(tmp_path):
    trap = "open('trace', 'w').close()"
    path = write_notebook(tmp_path / "Own.ipynb", IMPORTS, RIGHT, BACKWARD, trap, *CHECKS)
    assert main([str(path)]) == 0
    assert not (tmp_path / "trace").exists()


def test_a_notebook_that_uses_another_is_checked_with_its_code(tmp_path):
    write_notebook(tmp_path / "First.ipynb", IMPORTS, RIGHT)
    path = write_notebook(
        tmp_path / "Second.ipynb", IMPORTS, 'from_notebook("First.ipynb")', BACKWARD, *CHECKS
    )
    assert main([str(path)]) == 0


@pytest.mark.parametrize("content", [None, "no notebook"])
def test_nothing_to_check_exits_with_2_and_one_sentence(tmp_path, capsys, content):
    path = tmp_path / "Own.ipynb"
    if content:
        path.write_text(content)
    assert main([str(path)]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert len(captured.err.splitlines()) == 1
    assert str(path) in captured.err


def test_a_notebook_without_checks_exits_with_2(tmp_path, capsys):
    path = write_notebook(tmp_path / "Own.ipynb", IMPORTS)
    assert main([str(path)]) == 2
    assert "no cell calls check()" in capsys.readouterr().err


def test_it_runs_as_a_module_with_numpy_alone(tmp_path):
    """Neither matplotlib nor IPython nor pooch is imported."""
    path = write_notebook(tmp_path / "Own.ipynb", IMPORTS, RIGHT, BACKWARD, *CHECKS)
    for package in ("matplotlib", "IPython", "pooch"):
        (tmp_path / "blocked" / package).mkdir(parents=True)
        (tmp_path / "blocked" / package / "__init__.py").write_text("raise SystemExit('used')")
    search = os.pathsep.join([str(tmp_path / "blocked"), str(SOURCE)])
    done = subprocess.run(
        [sys.executable, "-W", "error", "-m", "nnkit.check", str(path)],
        env={**os.environ, "PYTHONPATH": search},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
