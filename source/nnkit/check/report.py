"""What a check found, as data."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Outcome:
    """One line of the table: what was checked, whether it is right, and what to know about it."""

    name: str
    passed: bool
    message: str = ""


@dataclass(frozen=True, repr=False)
class Report:
    """Everything that was found about one task."""

    task: str
    outcomes: tuple
    note: str = ""

    @property
    def passed(self):
        return bool(self.outcomes) and all(outcome.passed for outcome in self.outcomes)

    def __repr__(self):
        right = sum(outcome.passed for outcome in self.outcomes)
        return f"<{self.task}: {right} of {len(self.outcomes)} checks passed>"

    def _ipython_display_(self):
        """Show nothing more in Jupyter: check() has shown the table already."""
