"""Do a student's own modules import each other the way their authors wrote it?"""

from __future__ import annotations

import pytest

from autograder.program import Statement
from autograder.sandbox import Loaded, StudentError, load_program
from autograder.tests.sandbox.programs import package

LAYERS = "import numpy as np\nname = 'layers'\ndef double(x): return 2 * x\n_hidden = 1"


@pytest.fixture
def run(sandbox):
    """Load modules; every statement must run unless the test looks at what failed."""
    workers = []

    def loader(files: dict[str, str], *more: Statement, failing: int = 0) -> Loaded:
        loaded = load_program(sandbox, (*package(files), *more), 0)
        workers.append(loaded.worker)
        messages = [o.message for o in loaded.outcomes if o.status != "ok"]
        assert len(messages) == failing, messages
        return loaded

    yield loader
    for worker in workers:
        worker.close()


@pytest.mark.parametrize(
    "statement",
    [
        "from cs231n.layers import double",
        "from cs231n.layers import *",
        "from layers import double",
        "from layers import *",
        "from assignment2.cs231n.layers import double",
        "from .layers import double",
        "from .layers import *",
        "from ..cs231n.layers import double",
        "from . import layers\ndouble = layers.double",
        "from .. import layers\ndouble = layers.double",
        "from cs231n import layers\ndouble = layers.double",
        "from assignment2.cs231n import layers\ndouble = layers.double",
        "import layers\ndouble = layers.double",
        "import cs231n.layers\ndouble = cs231n.layers.double",
        "import cs231n.layers as L\ndouble = L.double",
        "import assignment2.cs231n.layers\ndouble = assignment2.cs231n.layers.double",
        "import assignment2.cs231n.layers as L\ndouble = L.double",
        "import importlib\ndouble = importlib.import_module('cs231n.layers').double",
        "import cs231n.layers, sys\ndouble = sys.modules['cs231n.layers'].double",
    ],
)
def test_every_way_to_import_a_module_finds_it(run, statement: str) -> None:
    loaded = run(
        {
            "cs231n.layers": LAYERS,
            "cs231n.nets": f"{statement}\ndef f(): return double(2)",
            "": "from cs231n.nets import f",
        }
    )
    assert loaded.worker.student.f() == 4


@pytest.mark.parametrize(
    "statement",
    [
        "from cs231n.layers import double",
        "from .layers import double",
        "from cs231n import layers\ndouble = layers.double",
        "from . import layers\ndouble = layers.double",
        "from ..layers import double",
        "from assignment1.cs231n import layers\ndouble = layers.double",
        "import cs231n.layers\ndouble = cs231n.layers.double",
    ],
)
def test_files_without_their_folder_are_found_too(run, statement: str) -> None:
    files = {"layers": LAYERS, "nets": f"{statement}\ndef f(): return double(2)"}
    loaded = run({**files, "": "from nets import f"})
    assert loaded.worker.student.f() == 4


def test_a_module_is_a_module_of_its_own(run) -> None:
    loaded = run(
        {
            "a.one": "import sys\nx = 1\ndef f(): return x, __name__, sys.modules[f.__module__].x",
            "a.two": "x = 2\nfrom .one import f",
            "": "x = 3\nfrom a.two import f",
        }
    )
    assert loaded.worker.student.f() == (1, "a.one", 1)
    assert set(loaded.worker.names) == {"x", "f"}


def test_dataclasses_pickles_and_sources_find_their_module(run) -> None:
    loaded = run(
        {
            "pack.shapes": """
                from __future__ import annotations
                import dataclasses, inspect, os, pickle
                @dataclasses.dataclass
                class Shape:
                    sides: int = 3
                def f():
                    again = pickle.loads(pickle.dumps(Shape(4)))
                    lines = inspect.getsource(f).count("\\n")
                    return again.sides, lines, os.path.basename(__file__)
            """,
            "": "from pack.shapes import f",
        }
    )
    assert loaded.worker.student.f() == (4, 4, "shapes.py")


def test_an_import_ascribed_to_a_definition_does_not_hide_its_source(run) -> None:
    files = {"layers": "import inspect\ndef f():\n    return inspect.getsource(f)"}
    main = Statement("from layers import f", "layers.py", 2)
    worker = run(files, main).worker
    assert worker.student.f() == "def f():\n    return inspect.getsource(f)\n"


@pytest.mark.parametrize("name", ["submission", "package", "code"])
def test_a_folder_may_have_any_name(run, name: str) -> None:
    files = {
        f"{name}.layers": LAYERS,
        "": f"from {name} import layers\ndef f(): return layers.name",
    }
    assert run(files).worker.student.f() == "layers"


def test_a_fault_names_file_and_line_of_a_module(run) -> None:
    loaded = run({"pack.layers": "x = 1\ndef f():\n    return 1 / 0", "": "from layers import f"})
    with pytest.raises(StudentError, match=r"\(pack/layers.py, line 3\)"):
        loaded.worker.student.f()


def test_a_future_import_concerns_its_module_only(run) -> None:
    probe = "def f(x: int): pass\nkind = type(f.__annotations__['x']).__name__"
    loaded = run(
        {
            "a": f"from __future__ import annotations\n{probe}",
            "b": probe,
            "": "import a, b\ndef kinds(): return a.kind, b.kind",
        }
    )
    assert loaded.worker.student.kinds() == ("str", "type")


def test_the_code_of_a_package_itself_runs_in_the_package(run) -> None:
    loaded = run(
        {
            "pack.layers": LAYERS,
            "pack": "from .layers import double\nfrom . import layers\nversion = 3",
            "": "import pack\ndef f(): return pack.double(1), pack.layers.name, pack.version",
        }
    )
    assert loaded.worker.student.f() == (2, "layers", 3)


def test_of_modules_with_one_name_the_nearest_is_meant(run) -> None:
    which = "def f(): return layers.where\n"
    loaded = run(
        {
            "old.layers": "where = 'old'",
            "new.layers": "where = 'new'",
            "new.nets": f"import layers\n{which}",
            "nets": f"import course.old.layers as layers\n{which}",
            "": "import new.nets, nets\ndef f(): return new.nets.f(), nets.f()",
        }
    )
    assert loaded.worker.student.f() == ("new", "old")


def test_a_library_is_not_taken_for_a_module_of_the_students(run) -> None:
    source = (
        "import torch.optim as o\nfrom torch import optim\nfrom tensorflow.keras.optim import x\n"
    )
    source += "def f(): return type(o).__name__, type(optim).__name__, type(x).__name__"
    loaded = run({"pack.optim": "x = 1", "pack.nets": source, "": "from pack.nets import f"})
    assert loaded.worker.student.f() == ("StandIn",) * 3


@pytest.mark.parametrize(
    "statement",
    [
        "from .fast_layers import *",
        "from cs231n.fast_layers import *",
        "from fast_layers import *",
        "from .im2col import im2col_indices",
        "from . import im2col_cython",
        "from cs231n import im2col_cython",
        "import cs231n.im2col_cython",
        "import cs231n.im2col_cython as im\nim.setup(3)",
        "from scipy.misc import *",
        "import torch.optim as layers",
        "from IPython import *\nfrom past.builtins import xrange",
        "try:\n    from .fast import x\nexcept ImportError:\n    print('compile it')",
    ],
)
def test_what_is_missing_is_a_stand_in(run, statement: str) -> None:
    loaded = run(
        {"cs231n.layers": f"{statement}\n{LAYERS}", "": "from cs231n.layers import double"}
    )
    assert loaded.worker.student.double(2) == 4


def test_using_what_is_missing_names_it(run) -> None:
    source = "from .fast import conv\nfrom . import im2col\ndef f(): return conv(1)\n"
    source += "def g(): return im2col.g(1)"
    loaded = run({"pack.layers": source, "": "from pack.layers import f, g"})
    with pytest.raises(StudentError, match=r"pack\.fast is not available to the grader"):
        loaded.worker.student.f()
    with pytest.raises(StudentError, match=r"pack\.im2col is not available to the grader"):
        loaded.worker.student.g()


def test_an_import_within_a_function_finds_the_module_while_grading(run) -> None:
    source = "def f():\n    from .layers import double\n    return double(3)"
    loaded = run({"pack.nets": source, "pack.layers": LAYERS, "": "from pack.nets import f"})
    assert loaded.worker.student.f() == 6


def test_a_name_that_a_module_lacks_is_an_import_error(run) -> None:
    loaded = run({"layers": LAYERS, "": "from layers import triple"}, failing=1)
    assert "cannot import name 'triple' from 'layers'" in loaded.outcomes[-1].message


@pytest.mark.parametrize(
    "statement",
    [
        "from .losses import loss",
        "from .losses import *",
        "from . import losses as l; loss = l.loss",
    ],
)
def test_modules_may_import_each_other_in_a_circle(run, statement: str) -> None:
    late = statement.startswith("from . import")
    nets = (
        "from . import losses as l\ndef net(): return l.loss()"
        if late
        else (f"{statement}\ndef net(): return loss()")
    )
    loaded = run(
        {
            "pack.nets": nets,
            "pack.losses": "from .nets import net\ndef loss(): return 5\ndef both(): return net()",
            "": "from pack.losses import both",
        }
    )
    assert loaded.worker.student.both() == 5


@pytest.mark.parametrize("use", ["base()", "class C(base): pass", "base.x", "base[0]"])
def test_using_a_name_of_a_circle_too_early_says_why(run, use: str) -> None:
    files = {"a": f"from b import base\n{use}", "b": "import a\nclass base: pass"}
    loaded = run(files, failing=1)
    assert "import each other in a circle" in loaded.outcomes[1].message


def test_a_name_of_a_circle_that_never_comes_is_not_defined(run) -> None:
    files = {
        "a": "from b import x\ndef f(): return x",
        "b": "from a import x",
        "": "from a import f",
    }
    loaded = run(files)
    with pytest.raises(StudentError, match="NameError"):
        loaded.worker.student.f()


def test_a_relative_import_in_a_notebook_fails_as_in_jupyter(run) -> None:
    loaded = run({"layers": LAYERS, "": "from .layers import double"}, failing=1)
    assert "relative import" in loaded.outcomes[-1].message


def test_a_statement_that_kills_its_process_costs_only_itself(run) -> None:
    files = {"layers": f"import os\nos._exit(1)\n{LAYERS}", "": "from layers import double"}
    assert run(files, failing=1).worker.student.double(1) == 2
