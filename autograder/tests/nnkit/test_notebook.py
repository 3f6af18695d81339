"""Does from_notebook run definitions, all of them, and nothing else?"""

from __future__ import annotations

import traceback

import pytest
from nnkit import from_notebook
from nnkit.notebook import NotebookError

from autograder.tests.nnkit.notebooks import write_notebook


@pytest.fixture
def load(tmp_path, capsys):
    """Load a notebook of these cells: the namespace, and what was printed."""

    def load(*cells):
        namespace = {}
        from_notebook(write_notebook(tmp_path / "First.ipynb", *cells), namespace)
        namespace.pop("__builtins__", None)
        return namespace, capsys.readouterr().out.splitlines()

    return load


def test_definitions_are_run_and_trainings_are_not(load):
    namespace, lines = load(
        "import math\nfrom math import pi as number\n\ndef double(x):\n    return 2 * x\n",
        "class Net:\n    size = 3\nRATES, BATCH = [10 ** -3, -1e-4], {'a': (1, 2)}\nx: int = 4",
        "net = Net()\nprint('training')\nfor i in range(3):\n    net = i\nRATES.append(1)",
    )
    assert set(namespace) - {"__annotations__"} == {
        "math",
        "number",
        "double",
        "Net",
        "RATES",
        "BATCH",
        "x",
    }
    assert namespace["RATES"] == [1e-3, -1e-4]
    assert lines == ["First.ipynb: loaded double, Net"]


def test_functions_see_each_other_across_cells(load):
    namespace, _ = load("def f():\n    return g()", "def g():\n    return 7")
    assert namespace["f"]() == 7


def test_a_later_definition_replaces_an_earlier_one(load):
    namespace, lines = load("def f():\n    return 1", "def f():\n    return 2")
    assert namespace["f"]() == 2
    assert lines == ["First.ipynb: loaded f"]


@pytest.mark.parametrize(
    "magic",
    ["%matplotlib inline", "!pip list", "files = !ls", "t = %time 1", "f?", "%%time", "  %cd x"],
)
def test_magics_are_dropped_and_the_rest_of_the_cell_is_run(load, magic):
    cell = (
        f"{magic}\ndef f():\n    return 1"
        if not magic.startswith(" ")
        else (f"if True:\n{magic}\ndef f():\n    return 1")
    )
    namespace, lines = load(cell)
    assert namespace["f"]() == 1
    assert lines == ["First.ipynb: loaded f"]


def test_text_that_looks_like_a_magic_is_left_alone(load):
    namespace, _ = load('TEXT = """\n%d percent\n!\n"""')
    assert namespace["TEXT"] == "\n%d percent\n!\n"


def test_a_cell_of_another_language_is_passed_over_in_silence(load):
    assert load("%%bash\nfor x in *; do echo $x; done")[1] == ["First.ipynb: loaded nothing"]


def test_a_broken_cell_is_reported_in_one_line_and_the_others_count(load):
    namespace, lines = load("x = 1\ndef f(:\n    pass", "def g():\n    pass")
    assert "g" in namespace
    assert lines == [
        "First.ipynb, cell 2, line 2: left out, not valid Python (invalid syntax)",
        "First.ipynb: loaded g",
    ]


def test_a_definition_that_fails_is_reported_and_the_rest_of_its_cell_counts(load):
    namespace, lines = load(
        "import no_such_package\nclass A(Missing):\n    pass\ndef g():\n    pass"
    )
    assert "g" in namespace
    assert lines == [
        (
            "First.ipynb, cell 2, line 1: left out, it fails (ModuleNotFoundError: "
            "No module named 'no_such_package')"
        ),
        (
            "First.ipynb, cell 2, line 2: left out, it fails "
            "(NameError: name 'Missing' is not defined)"
        ),
        "First.ipynb: loaded g",
    ]


def test_a_traceback_shows_the_students_own_line(load):
    namespace, _ = load("def f():\n    return 1 / 0  # here")
    with pytest.raises(ZeroDivisionError) as caught:
        namespace["f"]()
    frame = traceback.extract_tb(caught.value.__traceback__)[-1]
    assert (frame.filename, frame.line) == ("<First.ipynb, cell 2>", "return 1 / 0  # here")


def test_the_caller_gets_the_names_when_it_names_no_namespace(tmp_path):
    path = write_notebook(tmp_path / "First.ipynb", "def f():\n    return 5")
    caller = {"from_notebook": from_notebook, "path": path}
    exec("from_notebook(path)", caller)
    assert caller["f"]() == 5


def test_a_notebook_that_the_notebook_uses_comes_first(tmp_path, capsys):
    write_notebook(tmp_path / "First.ipynb", "def f():\n    return 1", "def g():\n    return 1")
    second = write_notebook(
        tmp_path / "Second.ipynb", 'from_notebook("First.ipynb")', "def g():\n    return 2"
    )
    namespace = {}
    from_notebook(second, namespace)
    assert (namespace["f"](), namespace["g"]()) == (1, 2)


def test_two_notebooks_that_use_each_other_come_to_an_end(tmp_path):
    for one, other in (("A", "B"), ("B", "A")):
        write_notebook(
            tmp_path / f"{one}.ipynb",
            f'from_notebook("{other}.ipynb")',
            f"def f{one}():\n    pass",
        )
    namespace = {}
    from_notebook(tmp_path / "A.ipynb", namespace)
    assert {"fA", "fB"} <= set(namespace)


def test_a_used_notebook_that_is_missing_is_reported(load):
    _, lines = load('from_notebook("None.ipynb")\ndef f():\n    pass')
    assert "None.ipynb: there is no such file" in lines[0]
    assert lines[1] == "First.ipynb: loaded f"


@pytest.mark.parametrize("content", [b"", b"{}", b"[1]", b"\xff\xfe", b'{"cells": [1]}'])
def test_what_is_no_notebook_is_refused_in_one_sentence(tmp_path, content):
    path = tmp_path / "First.ipynb"
    path.write_bytes(content)
    with pytest.raises(NotebookError, match="this is not a notebook; save it again in Jupyter"):
        from_notebook(path, {})


def test_a_missing_notebook_is_named(tmp_path):
    with pytest.raises(NotebookError, match=r"None.ipynb: there is no such file"):
        from_notebook(tmp_path / "None.ipynb", {})


def test_module_that_is_not_valid_python_is_named_with_its_line(load, tmp_path, monkeypatch):
    (tmp_path / "broken_module.py").write_text("x = 1\ny = = 2\n")
    monkeypatch.syspath_prepend(tmp_path)
    _, (line, _) = load("from broken_module import x")
    assert line == (
        "First.ipynb, cell 2, line 1: left out, it fails "
        "(SyntaxError: invalid syntax (broken_module.py, line 2))"
    )
