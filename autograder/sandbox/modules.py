"""The student's own modules in a worker, and the `import` that finds them.

Files of a student's are not there when code runs: their statements arrive one by one. Each module
exists from the start, so imports work in any order, and under any name that ends in the module's:
`cs231n.layers`, `layers` and `assignment2.cs231n.layers` are one module.
"""

from __future__ import annotations

import builtins
import sys
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from itertools import takewhile
from types import ModuleType
from typing import Any, NoReturn

from autograder.sandbox.standins import Phase, StandIn, unavailable

Namespace = dict[str, Any]


class Later:
    """Stands for a name of a module whose statements have not run; `Modules.settle` replaces it."""

    def __init__(self, module: ModuleType, name: str) -> None:
        self.module, self.name = module, name

    def _refuse(self, *args: object, **kwargs: object) -> NoReturn:
        raise ImportError(
            f"{self.name} is not there yet: {self.module.__name__} is one of several modules that "
            "import each other in a circle"
        )

    __call__ = __getattr__ = __mro_entries__ = __getitem__ = _refuse


class Modules:
    """All namespaces of a student's program by dotted name; "" is the main one."""

    def __init__(self, main: ModuleType) -> None:
        self._real: Callable[..., Any] = builtins.__import__
        self._builtins = {**vars(builtins), "__import__": self._import}
        self._main = main
        main.__dict__["__builtins__"] = self._builtins
        self._root = self._new("")  # what `from . import optim` means where there is no package
        self._root.__dict__["__path__"] = []
        self._modules: dict[str, ModuleType] = {}
        self._alike: dict[str, list[str]] = {}  # dotted names by their last part
        self._foreign: frozenset[str] = frozenset()
        self._announced: set[ModuleType] = set()
        self._waiting: set[ModuleType] = set()
        self._stars: list[tuple[Namespace, ModuleType]] = []

    def create(self, names: Iterable[str], foreign: Iterable[str]) -> None:
        """Make an empty module for each name, and the packages they are in.

        A module in a `foreign` package is never taken for one of the student's.
        """
        self._foreign = frozenset(foreign)
        for name in sorted(names):  # a package before what is in it
            module = self._new(name)
            self._place(name, module)
            self._announced.add(module)
            self._waiting.add(module)

    def namespace(self, name: str, where: str) -> Namespace:
        """The namespace that a statement of module `name` runs in; `where` is its file."""
        if not name:
            return self._main.__dict__
        module = self._modules[name]
        self._waiting.discard(module)
        module.__dict__.setdefault("__file__", where)
        return module.__dict__

    def namespaces(self) -> list[Namespace]:
        """The main namespace and those of all modules."""
        return [self._main.__dict__, *(module.__dict__ for module in self._modules.values())]

    def settle(self) -> None:
        """Give names that were imported before they were defined their values."""
        for namespace, module in self._stars:
            for name, value in list(module.__dict__.items()):
                if not name.startswith("_"):
                    namespace.setdefault(name, value)
        for namespace in self.namespaces():
            for name, value in list(namespace.items()):
                if type(value) is Later:
                    _settle(namespace, name)

    # ---- the table of modules

    def _new(self, name: str) -> ModuleType:
        module = ModuleType(name)
        module.__dict__["__builtins__"] = self._builtins
        return module

    def _place(self, name: str, module: ModuleType) -> None:
        """Register a module under a name, and as an attribute of its package."""
        package, _, last = name.rpartition(".")
        if name not in self._modules:
            self._alike.setdefault(last, []).append(name)
        self._modules[name] = module
        # A real module of that name goes on serving the standard library and numpy.
        sys.modules.setdefault(name, module)
        if package:
            setattr(self._package(package), last, module)

    def _package(self, name: str) -> ModuleType:
        """The package of that name; a new one if there is none."""
        if name not in self._modules:
            self._place(name, self._find(name, "") or self._new(name))
        package = self._modules[name]
        package.__dict__.setdefault("__path__", [])
        return package

    def _find(self, name: str, importer: str) -> ModuleType | None:
        """The module of that name, else the one that shares most of its last parts."""
        parts = name.split(".")
        if name in self._modules or parts[0] in self._foreign:
            return self._modules.get(name)

        def likeness(other: str) -> tuple[int, bool]:
            pairs = zip(reversed(parts), reversed(other.split(".")), strict=False)
            common = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
            return common, other.rpartition(".")[0] == importer.rpartition(".")[0]

        others = [other for other in self._alike.get(parts[-1], ()) if other != importer]
        return self._modules[max(others, key=likeness)] if others else None

    # ---- import

    def _import(
        self,
        name: str,
        globals: Mapping[str, object] | None = None,
        locals: Mapping[str, object] | None = None,
        fromlist: tuple[str, ...] | None = (),
        level: int = 0,
    ) -> Any:
        """`import` in student code, and only there: finds their modules, may give stand-ins."""
        importer = str((globals or {}).get("__name__"))
        if importer not in self._modules:
            importer = ""
        if level and not importer:  # in a notebook: Python says that there is no package
            return self._real(name, globals, locals, fromlist, level)
        full = self._absolute(name, importer, level)
        if not level and self._may_be_real(full):
            with suppress(ImportError):
                return self._real(name, globals, locals, fromlist, level)
        module = self._module(full, importer, fromlist or ())
        if module is None:
            return self._stand_in(full, fromlist or ())
        if fromlist:
            self._offer(module, full, fromlist, importer, globals)
            return module
        if "." not in full:
            return module
        self._place(full, module)
        return self._modules[full.partition(".")[0]]

    def _may_be_real(self, full: str) -> bool:
        """A file of the student's hides a real module, a mere folder does not: as in Python."""
        own = self._modules.get(full)
        return own is None or (own not in self._announced and sys.modules.get(full) is not own)

    def _absolute(self, name: str, importer: str, level: int) -> str:
        if not level:
            return name
        is_package = "__path__" in self._modules[importer].__dict__
        parts = importer.split(".")[: None if is_package else -1]
        parts = parts[: max(0, len(parts) - level + 1)]
        return ".".join([*parts, name] if name else parts)

    def _module(self, full: str, importer: str, fromlist: Iterable[str]) -> ModuleType | None:
        """The module that an import means; None if no module of the student's fits."""
        if not full:
            return self._root
        module = self._find(full, importer)
        if module is None and any(self._find(f"{full}.{name}", importer) for name in fromlist):
            return self._package(full)
        return module

    def _offer(
        self,
        module: ModuleType,
        full: str,
        fromlist: Iterable[str],
        importer: str,
        globals: Any,
    ) -> None:
        """Let names be imported that a module lacks, where they may come or may stay missing."""
        for name in fromlist:
            if name == "*":
                if module in self._waiting:
                    self._stars.append((globals, module))
            elif hasattr(module, name):
                continue
            elif module in self._waiting:
                setattr(module, name, Later(module, name))
            elif "__path__" in module.__dict__:
                found = self._find(f"{full}.{name}", importer)
                if found is not None:
                    setattr(module, name, found)
                elif Phase.loading and Phase.make_standins:
                    setattr(module, name, StandIn(f"{full}.{name}"))

    def _stand_in(self, full: str, fromlist: Iterable[str]) -> Any:
        if not (Phase.loading and Phase.make_standins):
            raise unavailable(full)
        if fromlist:
            return StandIn(full)
        package, _, last = full.rpartition(".")
        top = full.partition(".")[0]
        if top in self._modules:
            setattr(self._package(package), last, StandIn(full))
        return self._modules.get(top) or sys.modules.get(top) or StandIn(top)


def _settle(namespace: Namespace, name: str) -> None:
    """Replace a `Later` by what its module has, or take the name away."""
    seen: set[Later] = set()
    value = namespace[name]
    while type(value) is Later and value not in seen:
        seen.add(value)
        value = value.module.__dict__.get(value.name, value)
    if type(value) is Later:
        del namespace[name]
    else:
        namespace[name] = value
