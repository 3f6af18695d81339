"""What comes back by value, and what stays in the worker?"""

from __future__ import annotations

import numpy as np
import pytest

from autograder.sandbox import Remote, StudentError, fetch

RETURNS = {
    "None": None,
    "True": True,
    "3": 3,
    "2.5": 2.5,
    "'text'": "text",
    "b'raw'": b"raw",
    "[1, [2.0, None]]": [1, [2.0, None]],
    "{'a': 1, 2: {'b': 3}}": {"a": 1, 2: {"b": 3}},
    "(1, 2.0)": (1, 2.0),
    "(1, {'W1': 2.0})": (1, {"W1": 2.0}),
    "(1, [2, 3])": (1, [2, 3]),
    "collections.OrderedDict(a=1)": {"a": 1},
    "collections.defaultdict(int, a=1)": {"a": 1},
    "collections.namedtuple('P', 'x y')(1, 2)": (1, 2),
    "type('Text', (str,), {})('sub')": "sub",
}


@pytest.mark.parametrize("expression", RETURNS)
def test_plain_data_comes_by_value(load, expression: str) -> None:
    worker = load(f"import collections\ndef f(): return {expression}")
    value = worker.student.f()
    assert value == RETURNS[expression]
    assert type(value) is type(RETURNS[expression])


@pytest.mark.parametrize(
    "expression",
    [
        "object()",
        "np.array([object()])",
        "np.array(['text'])",
        "lambda: 1",
        "(i for i in range(3))",
        "int",
        "10**30",
        "{1, 2}",
        "range(3)",
        "np",
    ],
)
def test_everything_else_stays_in_the_worker(load, expression: str) -> None:
    worker = load(f"import numpy as np\ndef f(): return {expression}")
    assert isinstance(worker.student.f(), Remote)


def test_strings_are_the_same_objects_as_literals_as_they_are_in_a_notebook(load) -> None:
    worker = load("def f(param, *modes): return [m is 'train' for m in [*param.values(), *modes]]")
    assert worker.student.f({"mode": "train", "other": "test"}, "train") == [True, False, True]


@pytest.mark.parametrize("cache", ["(x, x)", "[x, [x]]", "{'x': (x, x)}", "object()"])
def test_a_cache_in_a_returned_tuple_stays_in_the_worker(load, cache: str) -> None:
    worker = load(f"def forward(x): return 2 * x, {cache}\ndef backward(dout, cache): return dout")
    out, kept = worker.student.forward(np.ones(3))
    assert np.array_equal(out, [2, 2, 2])
    assert isinstance(kept, Remote)
    assert np.array_equal(worker.student.backward(out, kept), out)


def test_an_ndarray_subclass_comes_as_its_base(load) -> None:
    worker = load("""
        import numpy as np
        class Lie(np.ndarray):
            def __eq__(self, other): return np.array(True)
            def __array_finalize__(self, other): pass
        def f(): return np.zeros(3).view(Lie), np.ma.array([1.0]), np.matrix([[1.0]])
    """)
    parts = worker.student.f()
    assert [type(part) for part in parts] == [np.ndarray] * 3
    assert not (parts[0] == 1).any()


def test_numpy_scalars_keep_their_dtype(load) -> None:
    worker = load("import numpy as np\ndef f(): return np.float32(1.5), np.int64(2)")
    assert [type(part) for part in worker.student.f()] == [np.float32, np.int64]


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_dtypes_are_arguments_and_results(load, dtype: type) -> None:
    worker = load("""
        import numpy as np
        class Net:
            def __init__(self, dtype): self.dtype = dtype; self.w = np.zeros(2, dtype)
    """)
    net = worker.student.Net(dtype=dtype)
    assert fetch(net.dtype) is dtype
    assert fetch(net.w).dtype == dtype


def test_arguments_arrive_as_what_they_are(load) -> None:
    worker = load(
        "def kinds(*args, **kw): return [type(a).__name__ for a in [*args, *kw.values()]]"
    )
    kinds = worker.student.kinds(
        1, 2.0, "t", None, (1,), [1], {"a": 1}, np.ones(2), x=np.float32(1)
    )
    assert kinds == [
        "int",
        "float",
        "str",
        "NoneType",
        "tuple",
        "list",
        "dict",
        "ndarray",
        "float32",
    ]


def test_an_argument_that_cannot_be_sent_is_the_suites_mistake(load) -> None:
    worker = load("def f(x): return x")
    with pytest.raises(TypeError, match="cannot be sent"):
        worker.student.f(object())
    assert worker.student.f(1) == 1


@pytest.mark.parametrize(
    ("expression", "message"),
    [
        ("np.zeros(2**26)", "too large"),
        ("[0] * 10**6", "too many parts"),
        ("nested", "nested too deeply"),
        ("dict.fromkeys(range(5000))", ""),
    ],
)
def test_a_value_beyond_the_limits_is_an_error_of_that_call_only(
    load, expression: str, message: str
) -> None:
    worker = load(f"""
        import numpy as np
        nested = []
        nested.append(nested)
        def f(): return {expression}
        def g(): return 1
    """)
    if message:
        with pytest.raises(StudentError, match=message):
            worker.student.f()
    else:
        assert isinstance(worker.student.f(), Remote)
    assert worker.student.g() == 1
