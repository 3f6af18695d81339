"""Stand-ins for modules that the worker does not have (matplotlib, IPython, scipy, nnkit).

While a program is loaded a stand-in is inert: attributes, calls, subscripts and operators give
further stand-ins, so `plt.rcParams["figure.figsize"] = (10, 8)` harms nobody. Once grading has
begun, any use of one except looking up an attribute raises an ImportError that names the module.
"""

from __future__ import annotations

import types
from collections.abc import Iterator


class Phase:
    """Whether the program is being loaded (stand-ins are inert) or graded (they raise)."""

    loading = True
    make_standins = True


def unavailable(module: str) -> ImportError:
    """The error that names a module which graded code can't use."""
    return ImportError(
        f"{module} is not available to the grader; "
        "graded code may use numpy and the standard library"
    )


class StandIn:
    """Takes the place of `module`, or of anything reached through it."""

    _module: str

    def __init__(self, module: str) -> None:
        object.__setattr__(self, "_module", module)

    def __repr__(self) -> str:
        return f"<stand-in for {self._module}>"

    def __getattr__(self, name: str) -> StandIn:
        if name.startswith("__") and name.endswith("__"):
            raise AttributeError(name)
        return StandIn(self._module)

    def __call__(self, *args: object, **kwargs: object) -> object:
        _use(self)
        # A decorator hands back what it decorates, so that @njit leaves the function as it is.
        if len(args) == 1 and not kwargs and isinstance(args[0], types.FunctionType | type):
            return args[0]
        return StandIn(self._module)

    def __mro_entries__(self, bases: tuple[object, ...]) -> tuple[()]:
        _use(self)
        return ()

    def __setattr__(self, name: str, value: object) -> None:
        _use(self)

    def __setitem__(self, key: object, value: object) -> None:
        _use(self)

    def __iter__(self) -> Iterator[object]:
        _use(self)
        return iter(())

    def __bool__(self) -> bool:
        _use(self)
        return False

    def __exit__(self, *error: object) -> None:
        _use(self)

    def __array__(self, *args: object, **kwargs: object) -> None:
        raise unavailable(self._module)


def _use(standin: StandIn) -> None:
    if not Phase.loading:
        raise unavailable(standin._module)


def _operation(self: StandIn, *args: object, **kwargs: object) -> StandIn:
    _use(self)
    return StandIn(self._module)


# fmt: off
OPERATORS = (
    "add", "sub", "mul", "truediv", "floordiv", "mod", "pow", "matmul", "and", "or", "xor",
    "lshift", "rshift", "radd", "rsub", "rmul", "rtruediv", "rfloordiv", "rmod", "rpow", "rmatmul",
    "rand", "ror", "rxor", "rlshift", "rrshift", "neg", "pos", "abs", "invert",
    "lt", "le", "gt", "ge", "getitem", "delitem", "contains", "enter",
    "instancecheck", "subclasscheck", "array_ufunc",
)
# fmt: on
for _name in OPERATORS:
    setattr(StandIn, f"__{_name}__", _operation)
