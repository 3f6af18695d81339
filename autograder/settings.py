"""Settings of a course, read from `source/course.toml`."""

from __future__ import annotations

import os
import tomllib
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Literal

from autograder.errors import SettingsError
from autograder.paths import Course

SEED_VARIABLE = "AUTOGRADER_SEED"
CONVENTIONS: tuple[Literal["keep", "drop"], ...] = ("keep", "drop")
LANGUAGES = ("en",)


@dataclass(frozen=True)
class Limits:
    """What a student's process may use.

    `call_seconds` and `task_seconds` are wall time, `memory_mib` is address space in MiB.
    """

    call_seconds: float = 20.0
    task_seconds: float = 60.0
    memory_mib: int = 2048


@dataclass(frozen=True)
class Settings:
    """One course's settings; every field has been checked."""

    title: str
    seed: int
    convention: Literal["keep", "drop"] = "keep"
    language: str = "en"
    limits: Limits = Limits()


def load_settings(course: Course) -> Settings:
    """Read and check `source/course.toml`.

    Raises
    ------
    SettingsError
        If the file is missing, is not TOML, or holds an unknown or wrong value.
    """
    path = course.settings_file
    table = read_toml(path)
    limits = table.pop("limits", {})
    check_keys(path, "", table, {f.name for f in fields(Settings)}, {"title", "seed"})
    check_keys(path, "limits.", limits, {f.name for f in fields(Limits)}, set())
    for key, value in limits.items():
        if isinstance(value, bool) or not isinstance(value, int | float) or value <= 0:
            raise SettingsError(f"{path}: limits.{key} must be a number above 0, not {value!r}")
    _one_of(path, "convention", table.get("convention", "keep"), CONVENTIONS)
    _one_of(path, "language", table.get("language", "en"), LANGUAGES)
    return Settings(**{**table, "seed": _seed(path, table["seed"]), "limits": Limits(**limits)})


def read_toml(path: Path) -> dict[str, Any]:
    """Read a TOML file; a missing or broken one is a `SettingsError` that names it."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise SettingsError(f"{path}: not found") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path}: not valid TOML: {error}") from None


def check_keys(path: Path, prefix: str, table: Any, allowed: set[str], required: set[str]) -> None:
    """Refuse unknown and missing keys, naming them as `prefix` + key."""
    if not isinstance(table, dict):
        raise SettingsError(f"{path}: {prefix.rstrip('.')} must be a table")
    for key in sorted(set(table) - allowed):
        raise SettingsError(
            f"{path}: unknown key {prefix}{key}; known: {', '.join(sorted(allowed))}"
        )
    for key in sorted(required - set(table)):
        raise SettingsError(f"{path}: {prefix}{key} is missing")


def _one_of(path: Path, key: str, value: object, choices: tuple[str, ...]) -> None:
    if value not in choices:
        raise SettingsError(f"{path}: {key} is {value!r}; it must be one of {', '.join(choices)}")


def _seed(path: Path, value: object) -> int:
    text = os.environ.get(SEED_VARIABLE)
    if text is not None:
        if not text.isascii() or not text.isdigit():
            raise SettingsError(f"{SEED_VARIABLE}={text!r}: the seed must be a whole number >= 0")
        return int(text)
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise SettingsError(f"{path}: seed must be a whole number >= 0, not {value!r}")
    return value
