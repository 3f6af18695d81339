"""What a run of the benchmark found, and whether it is good enough."""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from benchmarks.measure import Cost

GIB = 2**30
TIMES_NBGRADER = 30.0
TIMES_OTTER = 60.0
PEAK = 1 * GIB
FLAT = 1.25  # what a submission of the largest class may cost, against one of the smallest
FRAME = 0.30
CHECKS = ("student", "checks")
FRAME_STAGES = ("pytest", "proxy", "result", "gradebook")


@dataclass(frozen=True)
class Machine:
    """Where it ran."""

    processor: str
    cores: int
    python: str
    numpy: str


@dataclass(frozen=True)
class Sampled:
    """Where the time of some submissions went, in seconds of each stage."""

    count: int
    seconds: float
    stages: Mapping[str, float]

    def shared(self, codec: float) -> Sampled:
        """The same, with the workers' share of the proxy counted as such.

        Parameters
        ----------
        codec : which share of a worker's time goes into reading requests and writing answers.
        """
        theirs = codec * self.stages["student"]
        proxy, student = self.stages["proxy"] + theirs, self.stages["student"] - theirs
        return replace(self, stages={**self.stages, "proxy": proxy, "student": student})

    @property
    def frame(self) -> float:
        """Share of what is around the checks over the checks themselves."""
        around = sum(self.stages[name] for name in FRAME_STAGES)
        return around / sum(self.stages[name] for name in CHECKS)


@dataclass(frozen=True)
class Pairs:
    """Rounds in which all graders took turns; wall seconds for each submission.

    Attributes
    ----------
    ours : one figure for each round, of a class of `count`.
    peers : by name, for each round the seconds of each submission of the sample.
    skipped : by name, why a peer was not run.
    """

    count: int
    ours: Sequence[float]
    peers: Mapping[str, Sequence[Sequence[float]]]
    skipped: Mapping[str, str] = field(default_factory=dict)

    def seconds(self, peer: str) -> float:
        """Return what a submission takes a peer, on average over the sample's mix."""
        return statistics.mean(x for found in self.peers[peer] for x in found)

    def times(self, peer: str) -> float:
        """Return our throughput in terms of the peer's."""
        return self.seconds(peer) / statistics.median(self.ours)

    def spread(self, peer: str) -> tuple[float, float]:
        """Return the least and the largest of the rounds' own ratios."""
        pairs = zip(self.peers[peer], self.ours, strict=True)
        found = [statistics.mean(seconds) / own for seconds, own in pairs]
        return min(found), max(found)


@dataclass(frozen=True)
class Figures:
    """All of one run.

    Attributes
    ----------
    start : what a class of one submission for each grading process costs.
    sizes : costs of the runs of each size of class, on all cores.
    jobs : costs of a class of `jobs_count`, by number of grading processes.
    floor : processor seconds of single steps; of a right submission how many processes
        and messages it takes, and how many requests are in them.
    """

    machine: Machine
    date: str
    start: Sequence[Cost]
    sizes: Mapping[int, Sequence[Cost]]
    jobs_count: int
    jobs: Mapping[int, Sequence[Cost]]
    sampled: Mapping[str, Sampled]
    floor: Mapping[str, float]
    pairs: Pairs

    def wall(self, size: int) -> float:
        """Wall seconds for each submission, start-up left out."""
        return self.each(self.sizes[size], "wall", size)

    def cpu(self, size: int) -> float:
        """Processor seconds of all processes for each submission, start-up left out."""
        return self.each(self.sizes[size], "cpu", size)

    def each(self, costs: Sequence[Cost], what: str, size: int) -> float:
        """Median cost of what the class has beyond that of the start-up, for each submission."""
        start: float = statistics.median(getattr(cost, what) for cost in self.start)
        whole: float = statistics.median(getattr(cost, what) for cost in costs)
        return (whole - start) / (size - self.machine.cores)

    @property
    def peak(self) -> int:
        return max(cost.peak for costs in self.sizes.values() for cost in costs)

    @property
    def flat(self) -> float:
        """Cost of a submission in the largest class over that in the smallest."""
        return self.cpu(max(self.sizes)) / self.cpu(min(self.sizes))

    @property
    def least(self) -> float:
        """Processor seconds of a right submission if no check and no student's code took any."""
        each = self.floor
        calls = each["messages"] * each["call"] + each["processes"] * each["load"]
        return each["fork"] + each["read"] + each["record"] + each["codec"] + calls

    def targets(self) -> list[Target]:
        """Return what was asked for and what was found, as far as it was measured."""
        found = []
        for name, times in (("nbgrader", TIMES_NBGRADER), ("otter", TIMES_OTTER)):
            if name in self.pairs.peers:
                text = f"{self.pairs.times(name):.1f} x {name}"
                met = self.pairs.times(name) >= times
                found.append(Target(f"throughput at least {times:g} x {name}'s", text, met))
        peak = f"peak {self.peak / GIB:.2f} GiB"
        found.append(Target("peak memory below 1 GiB", peak, self.peak < PEAK))
        if len(self.sizes) > 1:
            ends = f"{min(self.sizes)} to {max(self.sizes)}"
            text = f"cost x {self.flat:.2f} from {ends}"
            asked = f"cost of a submission grows by at most {FLAT - 1:.0%} from {ends}"
            found.append(Target(asked, text, self.flat <= FLAT))
        frame = self.sampled["all"].frame
        asked = f"frame at most {FRAME:.0%} of the checks"
        found.append(Target(asked, f"frame {frame:.0%}", frame <= FRAME))
        return found


@dataclass(frozen=True)
class Target:
    """One thing asked for, and whether it was found."""

    asked: str
    found: str
    met: bool


def last_line(figures: Figures) -> str:
    """Say everything that counts, and which target was missed, on one line."""
    targets = figures.targets()
    rate = 1 / figures.wall(max(figures.sizes))
    text = ", ".join([f"{rate:.1f} submissions/s", *(target.found for target in targets)])
    missed = [target.asked for target in targets if not target.met]
    return f"bench: {text}: " + (f"MISSED {'; '.join(missed)}" if missed else "all targets met")
