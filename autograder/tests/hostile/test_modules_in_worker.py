"""Modules of a student's whose names and deeds are meant to confuse the worker."""

from __future__ import annotations

import pytest

from autograder.program import Statement
from autograder.sandbox import Sandbox, load_program
from autograder.tests.sandbox.programs import package

NAMES = [
    *("random", "numpy", "sys", "builtins", "os.path", "types", "copy", "threading", "json"),
    *("autograder", "autograder.sandbox.codec", "autograder.sandbox.worker", "worker", "codec"),
    *("submission", "__main__", "__init__", "msgpack", "encodings.idna", "linecache"),
    *("", ".", "..", "a.", ".a", "a..b", "naïve", "with space", "class", "x" * 5000, "\0"),
]


@pytest.mark.parametrize("name", [name for name in NAMES if name], ids=ascii)
def test_a_module_of_any_name_stands_in_nobodys_way(sandbox: Sandbox, name: str) -> None:
    own = "import os.path\nimport math\nvalue = math.floor(3.5)"
    files = {name: own, "z.user": "def f(): return 1", "": "from z.user import f"}
    loaded = load_program(sandbox, package(files), 0)
    loaded.worker.seed(3)
    assert [
        o.message for o in loaded.outcomes if o.status != "ok" and o.statement.module == ""
    ] == []
    assert loaded.worker.student.f() == 1
    loaded.worker.close()


@pytest.mark.parametrize("name", ["random", "copy", "json"])
def test_a_file_hides_a_real_module_from_the_student_only(sandbox: Sandbox, name: str) -> None:
    files = {
        name: "mine = 3",
        "": f"""
            import {name}, sys
            def f(): return {name}.mine, hasattr(sys.modules["{name}"], "mine")
        """,
    }
    loaded = load_program(sandbox, package(files), 0)
    assert loaded.worker.student.f() == (3, False)
    loaded.worker.close()


@pytest.mark.parametrize("name", ["random.layers", "numpy.random.layers", "utils.random"])
def test_a_folder_hides_no_real_module(sandbox: Sandbox, name: str) -> None:
    files = {
        name: "mine = 3",
        "": f"""
            import random
            import numpy as np
            import {name} as own
            def f(): return own.mine, len(np.random.rand(2)), random.randrange(1)
        """,
    }
    loaded = load_program(sandbox, package(files), 0)
    assert loaded.worker.student.f() == (3, 2, 0)
    loaded.worker.close()


def test_a_module_that_deletes_itself_is_still_there(sandbox: Sandbox) -> None:
    files = {
        "pack.layers": "import sys\ndel sys.modules['pack.layers'], sys.modules['pack']\nx = 1",
        "pack.nets": "from . import layers\nfrom .layers import x\nimport pack.layers as same",
        "": "from pack.nets import x, layers, same\ndef f(): return x, layers is same",
    }
    loaded = load_program(sandbox, package(files), 0)
    assert loaded.worker.student.f() == (1, True)
    loaded.worker.close()


@pytest.mark.parametrize(
    "deed",
    [
        "globals().clear()",
        "__builtins__.clear()",
        "import sys\nsys.modules.clear()",
        "import builtins\nbuiltins.__import__ = None",
        "__name__ = []\nimport layers",
        "__path__ = 3\nfrom . import layers",
        "__import__('layers', {'__name__': 'no such module'}, None, ('x',), 2)",
        "__import__('layers', None, None, (1, None, '*'), -1)",
        "__import__('')",
        "import layers\nlayers.__dict__.update({str(i): i for i in range(10_000)})",
        "class M(type(__import__('layers'))): __class__ = 1 / 0",
    ],
)
def test_what_a_module_does_to_itself_costs_no_more_than_the_program(
    sandbox: Sandbox, deed: str
) -> None:
    files = {"bad": deed, "layers": "def f(): return 1", "": "from layers import f"}
    loaded = load_program(sandbox, package(files), 0)
    assert len(loaded.outcomes) == len(package(files))
    assert loaded.worker.alive
    loaded.worker.close()


def test_thousands_of_modules_that_import_each_other_load_in_time(sandbox: Sandbox) -> None:
    many = [
        Statement(f"from a{n + 1}.layers import x", "layers.py", 1, module=f"a{n}.layers")
        for n in range(2400)
    ]
    many.append(Statement("x = 3", "layers.py", 1, module="a2400.layers"))
    main = Statement("from a0.layers import x\ndef f(): return x", "main", 1)
    loaded = load_program(sandbox, (*many, main), 0)
    assert {outcome.status for outcome in loaded.outcomes} == {"ok"}
    assert loaded.worker.student.f() == 3
    loaded.worker.close()


def test_a_name_too_deep_to_be_a_module_costs_the_program(hasty_sandbox: Sandbox) -> None:
    deep = Statement("x = 1", "deep.py", 1, module=".".join("a" * 5000))
    loaded = load_program(hasty_sandbox, (deep, Statement("y = 1", "main", 1)), 0)
    assert len(loaded.outcomes) == 2
    assert loaded.worker.alive
    loaded.worker.close()
