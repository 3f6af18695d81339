"""Do missing modules harm nothing at load time, and say so by name when used?"""

from __future__ import annotations

import pytest

from autograder.sandbox import StudentError, load_program
from autograder.tests.sandbox.programs import program

MESSAGE = "is not available to the grader; graded code may use numpy and the standard library"

INERT = [
    "import matplotlib.pyplot as plt\nplt.rcParams['figure.figsize'] = (10.0, 8.0)",
    "import matplotlib.pyplot as plt\nplt.style.use('x').more[3].again(1, a=2)",
    "import matplotlib\nmatplotlib.use('Agg')\nmatplotlib.x = 3",
    "from IPython.display import display, HTML\ndisplay(HTML('x'))",
    "from nnkit import *",
    "from scipy.special import expit as sigmoid\nhalf = sigmoid(0) + 1 - 2 * sigmoid(1)",
    "import torch.nn as nn\nclass Net(nn.Module):\n    pass\nnet = Net()",
    "import pandas\nfor row in pandas.read_csv('x'):\n    1 / 0",
    "import pandas\nwith pandas.option_context('x') as context:\n    pass",
    "import pandas\nif pandas.x and not pandas.y > 3:\n    1 / 0",
    "import torch\nassert not isinstance(3, torch.Tensor)",
    "import google.colab.drive\ngoogle.colab.drive.mount('/content')",
    "from numpy.nothing import there\nthere.use()",
    "globals().update(__import__('nnkit').from_notebook('First.ipynb'))",
]


@pytest.mark.parametrize("source", INERT)
def test_they_are_inert_while_loading(sandbox, source: str) -> None:
    loaded = load_program(sandbox, program(source), 0)
    loaded.worker.close()
    assert [outcome.message for outcome in loaded.outcomes if outcome.status != "ok"] == []


@pytest.mark.parametrize("decorator", ["numba.njit", "numba.njit(parallel=True)", "numba.a.b"])
def test_a_decorator_leaves_the_function_as_it_is(load, decorator: str) -> None:
    worker = load(f"import numba\n@{decorator}\ndef f(x):\n    return x + 1")
    assert worker.student.f(1) == 2


@pytest.mark.parametrize(
    "use",
    [
        "plt.plot([1])",
        "plt['x']",
        "plt + 1",
        "1 - plt.x",
        "-plt",
        "bool(plt)",
        "list(plt)",
        "isinstance(1, plt.Figure)",
        "np.exp(plt)",
        "np.asarray(plt)",
        "np.ones(3) * plt.x",
        "setattr(plt, 'x', 1)",
        "1 in plt",
        "plt < 3",
    ],
)
def test_using_one_in_graded_code_raises_and_names_the_module(load, use: str) -> None:
    worker = load(f"import numpy as np\nimport matplotlib.pyplot as plt\ndef f(): return {use}")
    with pytest.raises(StudentError) as caught:
        worker.student.f()
    assert caught.value.etype == "ImportError"
    assert caught.value.sentence.startswith(f"ImportError: matplotlib {MESSAGE}") or (
        caught.value.sentence.startswith(f"ImportError: matplotlib.pyplot {MESSAGE}")
    )


def test_importing_in_graded_code_raises_and_names_the_module(load) -> None:
    worker = load("def f():\n    from scipy.special import expit\n    return expit(0)")
    with pytest.raises(StudentError, match=f"ImportError: scipy.special {MESSAGE}"):
        worker.student.f()


def test_a_students_own_answer_to_a_missing_module_is_used(load) -> None:
    worker = load("""
        try:
            import cupy as xp
        except ImportError:
            import numpy as xp
        def f():
            try:
                import cupy
            except ImportError:
                return xp.__name__
    """)
    assert worker.student.f() == "numpy"


def test_the_rest_of_a_program_is_real(load) -> None:
    worker = load("""
        from __future__ import annotations
        import abc, collections, copy, dataclasses, functools, itertools, math, random, time, typing
        import numpy as np
        import numpy.linalg
        from numpy.lib.stride_tricks import sliding_window_view
        @dataclasses.dataclass
        class Config:
            rate: Undefined = 1.0
        def f():
            return [
                math.floor(np.linalg.norm([3.0, 4.0])),
                np.random.default_rng(0).integers(1, 2),
                sliding_window_view(np.arange(4), 2).shape[0],
                np.fft.fft(np.ones(2)).real[0],
                np.ma.array([1]).sum(),
                np.polynomial.Polynomial([1, 2])(3),
                copy.deepcopy(Config(2.0)).rate,
                functools.reduce(max, itertools.chain([1], [4])),
            ]
    """)
    assert worker.student.f() == [5, 1, 3, 2, 1, 7, 2, 4]


@pytest.mark.parametrize("name", ["autograder", "solutions", "nnkit", "tests", "pytest", "pip"])
def test_the_grader_and_its_packages_are_not_importable(load, name: str) -> None:
    worker = load(f"def f():\n    import {name}\n    return {name}")
    with pytest.raises(StudentError, match=f"{name} is not available"):
        worker.student.f()
