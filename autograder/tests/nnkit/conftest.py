"""No test here leaves the machine or sees the developer's own CIFAR-10."""

from __future__ import annotations

from types import ModuleType

import matplotlib
import pytest

from solutions import conv, fc_net, layer_utils, layers, losses, optim, training


@pytest.fixture(autouse=True)
def isolated(monkeypatch, tmp_path):
    monkeypatch.setenv("NNKIT_OFFLINE", "1")
    monkeypatch.delenv("CIFAR10_DIR", raising=False)
    for variable in ("XDG_CACHE_HOME", "LOCALAPPDATA", "HOME"):
        monkeypatch.setenv(variable, str(tmp_path / "cache"))


@pytest.fixture(autouse=True, scope="session")
def no_window():
    matplotlib.use("Agg")


@pytest.fixture
def reference() -> dict[str, object]:
    """The namespace of a notebook in which everything is right."""
    modules: tuple[ModuleType, ...] = (
        layers,
        losses,
        layer_utils,
        fc_net,
        optim,
        conv,
        training,
    )
    return {name: value for module in modules for name, value in vars(module).items()}
