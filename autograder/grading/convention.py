"""What p means: one place that turns a course's convention into a keep probability."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Convention:
    """`name` is "keep": p is the probability to keep a unit."""

    name: str = "keep"

    def keep_prob(self, p: float) -> float:
        """Keep probability of what students call p."""
        return p
