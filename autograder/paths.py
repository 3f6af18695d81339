"""Where everything of a course lives. The only place that knows the folder names."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from autograder.errors import SettingsError

MARKER = "nbgrader_config.py"


@dataclass(frozen=True)
class Course:
    """The folders of one course directory (its root holds `nbgrader_config.py`)."""

    root: Path

    @classmethod
    def find(cls, start: Path | None = None) -> Course:
        """Return the course at `start` or the nearest folder above it.

        Raises
        ------
        SettingsError
            If `start` is not there or no folder upwards of it holds `nbgrader_config.py`.
        """
        if start is not None and not start.is_dir():
            raise SettingsError(f"{start}: no such folder; --course names a course directory")
        here = (start or Path.cwd()).resolve()
        for folder in (here, *here.parents):
            if (folder / MARKER).is_file():
                return cls(folder)
        raise SettingsError(
            f"{here}: not inside a course (no {MARKER} here or above); "
            "change into the course directory or pass --course DIR"
        )

    @property
    def settings_file(self) -> Path:
        return self.root / "source" / "course.toml"

    @property
    def solutions(self) -> Path:
        return self.root / "solutions"

    @property
    def nnkit(self) -> Path:
        return self.root / "source" / "nnkit"

    @property
    def build(self) -> Path:
        return self.root / "build"

    @property
    def gradebook_file(self) -> Path:
        return self.root / "gradebook.db"

    @property
    def submitted(self) -> Path:
        return self.root / "submitted"

    def authored(self, assignment: str) -> Path:
        """Authored text and `assignment.toml`."""
        return self.root / "source" / assignment

    def instructor(self, assignment: str) -> Path:
        """Generated instructor notebooks; nbgrader's source directory is its parent."""
        return self.build / "source" / assignment

    def release(self, assignment: str) -> Path:
        return self.root / "release" / assignment

    def package(self, assignment: str) -> Path:
        """Generated, for students as well: the release whose code lives in modules."""
        return self.build / "package" / assignment

    def suite(self, assignment: str) -> Path:
        """The hidden pytest suite."""
        return self.root / "tests" / assignment

    def answers(self, assignment: str) -> Path:
        return self.solutions / "answers" / assignment

    def submission(self, assignment: str, student: str) -> Path:
        return self.submitted / student / assignment

    def autograded(self, assignment: str, student: str) -> Path:
        return self.root / "autograded" / student / assignment

    def result_file(self, assignment: str, student: str) -> Path:
        return self.root / "results" / assignment / f"{student}.json"

    def manual(self, assignment: str) -> Path:
        return self.root / "manual" / assignment

    def assignments(self) -> list[str]:
        """Ids of the authored assignments, sorted."""
        return sorted(p.parent.name for p in (self.root / "source").glob("*/assignment.toml"))
