"""What IPython understands and Python does not."""

from __future__ import annotations

import pytest

from autograder.submissions.magics import drop_magics


@pytest.mark.parametrize(
    "line",
    [
        "%matplotlib inline",
        "%%time",
        "!pip install numpy",
        "?np.dot",
        "np.dot?",
        "np.dot??  # how?",
        "%timeit double(",
        "files = !ls *.ipynb",
        "a, b = %time double(3)",
        '!echo it\'s """',
    ],
)
def test_a_magic_line_becomes_pass(line: str) -> None:
    assert drop_magics(f"x = 1\n{line}\ny = 2") == "x = 1\npass\ny = 2"


def test_a_magic_in_a_body_leaves_the_body_valid() -> None:
    assert drop_magics("def f():\n    %time g()\n") == "def f():\n    pass\n"


def test_a_shell_command_goes_on_after_a_backslash() -> None:
    assert drop_magics("!pip install \\\n  numpy\nx = 1") == "pass\n  pass\nx = 1"


@pytest.mark.parametrize(
    "source",
    [
        'text = """\n%d of\n!important\nreally?\n"""',
        "text = '''\n%matplotlib inline'''",
        "x = (7\n% 2)",
        "x = 7 \\\n% 2",
        "x = [  # why?\n!ls\n]",
        "x = a != b",
        "x = 'what?'",
    ],
)
def test_what_only_looks_like_a_magic_stays(source: str) -> None:
    assert drop_magics(source) == source


def test_a_magic_after_a_long_string_is_still_found() -> None:
    assert drop_magics('"""a "quoted" \\""" b"""\n%time f()') == '"""a "quoted" \\""" b"""\npass'


@pytest.mark.parametrize("magic", ["%%time", "%%timeit -n 1", "%%capture out"])
def test_the_body_of_a_timed_cell_stays(magic: str) -> None:
    assert drop_magics(f"{magic}\nx = 1") == "pass\nx = 1"


@pytest.mark.parametrize("magic", ["%%bash", "%%html", "%%writefile a.py", "%%", "\n%%sh"])
def test_a_cell_in_another_language_is_dropped(magic: str) -> None:
    assert drop_magics(f"{magic}\nx = 1") is None


def test_a_cell_with_a_margin_is_moved_to_the_left() -> None:
    assert drop_magics("\n  x = 1\n  if x:\n      y = 2") == "\nx = 1\nif x:\n    y = 2"
