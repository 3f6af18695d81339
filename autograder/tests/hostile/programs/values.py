"""Programs that return something made to pass for an answer."""

from autograder.tests.hostile.programs.case import Case

REFUSED = ': "out '  # how messages of `expect` about the value begin
AGREEABLE = """
import numpy as np
class Agreeable:
    def __eq__(self, other): return True
    def __ne__(self, other): return False
    def __bool__(self): return True
    def __len__(self): return 5
    def __iter__(self): return iter([0.0] * 5)
    def __getitem__(self, key): return 0.0
    def __float__(self): return 0.0
    def __array__(self, *a, **k): return np.zeros(5)
    def __array_ufunc__(self, *a, **k): return True
    __lt__ = __le__ = __gt__ = __ge__ = __eq__
    __hash__ = None
    shape, dtype, size, ndim = (5,), np.dtype("f8"), 5, 1
class AgreeableArray(np.ndarray):
    def __eq__(self, other): return True
    def __sub__(self, other): return np.zeros(5)
    def __array_ufunc__(self, *a, **k): return True
"""
RETURNS = {
    "agreeable_object": ("an object that equals everything", "Agreeable()"),
    "posing_object": (
        "an object whose __class__ is ndarray",
        "type('ndarray', (Agreeable,), {'__class__': np.ndarray})()",
    ),
    "agreeable_subclass": (
        "an ndarray whose comparisons are always true",
        "np.zeros(5).view(AgreeableArray)",
    ),
    "agreeable_number": (
        "a float that equals everything",
        "type('F', (float,), {'__eq__': lambda *a: True, '__hash__': None})(1)",
    ),
    "object_array": ("an array of objects", "np.array([Agreeable()] * len(x), object)"),
    "text_array": ("an array of texts", "np.array(['2'] * len(x))"),
    "record_array": ("an array of records", "np.zeros(len(x), [('a', 'f8')])"),
    "masked_array": ("an array with every entry masked", "np.ma.array(x + 1, mask=True)"),
    "nan": ("NaN, which no comparison is true for", "x * np.nan"),
    "infinity": ("infinities", "x + np.inf"),
    "complex": ("complex numbers", "2 * x + 1j"),
    "broadcast": ("a number that broadcasts", "0.0"),
    "nothing": ("nothing", "None"),
    "not_implemented": ("NotImplemented", "NotImplemented"),
    "generator": ("a generator that never ends", "iter(int, 1)"),
    "module": ("a module", "__import__('os')"),
    "class": ("a class whose name is a script", "type('<script>alert(1)</script>', (), {})()"),
    "exception": ("an exception instead of raising it", "AssertionError('passed')"),
    "function": ("a function", "lambda *a: True"),
    "frame": ("its own frame", "__import__('sys')._getframe()"),
    "lone_surrogates": ("text that is no Unicode", "'\\ud800'"),
    "terminal_codes": ("text that writes to a terminal", "'\\x1b[2J\\x1b]0;passed\\x07\\u202e'"),
}
RAISES = {
    "no_text": (
        "Exception: an exception that can't be printed",
        "type('E', (Exception,), {'__str__': lambda self: 1 / 0})()",
    ),
    "huge_name": ("Exception (", "type('x' * 10**6, (Exception,), {})()"),
    "posing_as_passed": (
        "Exception: 4 of 4 (",
        "type('Passed, 100 points', (Exception,), {})('4 of 4')",
    ),
    "terminal_codes": ("ValueError: ", "ValueError('\\n\\x1b[2J\\x1b]0;passed\\x07\\u202e')"),
    "script": ("ValueError: <script>", "ValueError('<script>alert(1)</script>')"),
    "no_exception": ("TypeError: exceptions must derive", "3"),
    "skip_of_pytest": (
        "Skipped (",
        "type('Skipped', (BaseException,), {'__module__': 'builtins'})()",
    ),
    "exit_of_pytest": ("Exit (", "type('Exit', (BaseException,), {'returncode': 0})()"),
    "endless_causes": (
        "E (",
        "type('E', (Exception,), {'__cause__': property(lambda self: self)})()",
    ),
}

CASES = (
    *(
        Case(f"returns_{name}", f"returns {what}", f"return {code}", REFUSED, AGREEABLE)
        for name, (what, code) in RETURNS.items()
    ),
    *(
        Case(f"raises_{name}", f"raises `{code}`", f"raise {code}", f': "{told}')
        for name, (told, code) in RAISES.items()
    ),
    Case(
        "arguments_overwritten",
        "overwrites its argument and returns it",
        "x[:] = 0; return x",
        REFUSED,
        score=7.0,  # zeros are right in one check of two
    ),
)
