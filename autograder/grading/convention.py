"""What p means: one place that turns a course's convention into a keep probability."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Convention:
    """What a course calls p: the probability to "keep" a unit, or the one to "drop" it."""

    name: Literal["keep", "drop"] = "keep"

    def keep_prob(self, p: float) -> float:
        """Keep probability of what students call p."""
        return p if self.name == "keep" else 1 - p

    def p_for(self, keep_prob: float) -> float:
        """What students call p where units are to be kept with this probability."""
        return keep_prob if self.name == "keep" else 1 - keep_prob

    @property
    def no_dropout(self) -> float:
        """The p with which nothing is ever dropped."""
        return self.p_for(1.0)
