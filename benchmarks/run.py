"""The order of things: classes, pairs, numbers of processes, stages."""

from __future__ import annotations

import datetime
import platform
import shutil
import statistics
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from autograder.grading.executor import available_cores
from autograder.paths import Course
from benchmarks.classes import RIGHT, ClassMaker
from benchmarks.course import forget_grades, make_course
from benchmarks.figures import Figures, Machine, Pairs, Sampled
from benchmarks.floor import measure as measure_floor
from benchmarks.measure import Cost
from benchmarks.otter_peer import Otter
from benchmarks.ours import Ours
from benchmarks.peers import Nbgrader, Peer, Unavailable
from benchmarks.stages import WARM_UP, measure

PAIRED = 100  # of the largest class at most
SAMPLED = 40
# A small class is graded this often, so that chance has as little to say as in a large one.
SUBMISSIONS, RUNS = 60, 5


@dataclass(frozen=True)
class Plan:
    """What to measure.

    Attributes
    ----------
    sample : how many submissions the peers grade in all; 0 leaves them out.
    """

    sizes: Sequence[int]
    rounds: int
    sample: int


def run_benchmark(course: Course, assignment: str, plan: Plan) -> Figures:
    """Measure everything in build/bench.

    Raises
    ------
    CommandFailed
        If a grader fails.
    WrongVerdict
        If ours judges wrongly.
    """
    folder = course.build / "bench"
    made = make_course(course, folder / "course", assignment)
    ours = Ours(ClassMaker(made, assignment))
    cores = available_cores()
    paired = min(max(plan.sizes), PAIRED)
    start = [_say(f"start-up, {cores} submissions", ours.grade(cores, cores)) for _ in range(3)]
    floor = measure_floor(made, assignment, ours.hand_in(1)[0].student)
    stages = _stages(ours)
    sampled = {name: one.shared(floor["codec_share"]) for name, one in stages.items()}
    sizes: dict[int, list[Cost]] = {}
    jobs: dict[int, list[Cost]] = {count: [] for count in _jobs(cores)}
    peers, skipped = _peers(ours, folder) if plan.sample else ([], {})
    found: dict[str, list[list[float]]] = {peer.name: [] for peer in peers}
    sample = ours.hand_ins(plan.sample)
    for number in range(plan.rounds):
        for count, costs in jobs.items():
            costs.append(_say(f"{paired} submissions, --jobs {count}", ours.grade(paired, count)))
        for peer in peers:
            seconds = peer.grade(sample[number :: plan.rounds])
            found[peer.name].append(seconds)
            _tell(peer.name, " ".join(f"{x:.2f}" for x in seconds), "s")
        start.append(_say(f"start-up, {cores} submissions", ours.grade(cores, cores)))
    for size in plan.sizes:
        sizes[size] = _size(ours, size, cores)
    first = statistics.median(cost.wall for cost in start)
    own = [(cost.wall - first) / (paired - cores) for cost in jobs[cores]]
    pairs = Pairs(paired, own, found, skipped)
    date = datetime.datetime.now(datetime.UTC).date().isoformat()
    return Figures(_machine(cores), date, start, sizes, paired, jobs, sampled, floor, pairs)


def _size(ours: Ours, size: int, cores: int) -> list[Cost]:
    runs = max(1, min(RUNS, SUBMISSIONS // size))
    return [_say(f"{size} submissions", ours.grade(size, cores)) for _ in range(runs)]


def _stages(ours: Ours) -> dict[str, Sampled]:
    """Sample some of a class as it comes, and right ones alone."""
    hand_ins = ours.hand_in(SAMPLED + WARM_UP)
    right = [h for h in hand_ins if h.kind == RIGHT]
    found = {}
    for name, students in (("all", hand_ins), ("right ones", right)):
        forget_grades(ours.course)
        sampled = measure(ours.course, ours.assignment.id, [h.student for h in students])
        _tell(f"stages, {name}", f"{sampled.seconds / sampled.count:.3f}", "s each")
        found[name] = sampled
    return found


def _peers(ours: Ours, folder: Path) -> tuple[list[Peer], dict[str, str]]:
    """Make the courses of the peers that can be run here; say why the others can't."""
    found: list[Peer] = []
    skipped = {}
    for kind in (Nbgrader, Otter):
        own = folder / kind.name
        shutil.rmtree(own, ignore_errors=True)
        own.mkdir(parents=True)
        peer = kind(ours.course, ours.assignment, own)
        try:
            peer.prepare()
            found.append(peer)
        except Unavailable as error:
            skipped[peer.name] = str(error)
            _tell(peer.name, "skipped:", str(error))
    return found, skipped


def _jobs(cores: int) -> list[int]:
    """1, 2, 4 and so on, and all cores."""
    return sorted({cores, *(2**power for power in range(cores.bit_length()) if 2**power <= cores)})


def _machine(cores: int) -> Machine:
    names = [
        line.partition(":")[2].strip()
        for line in Path("/proc/cpuinfo").read_text("utf-8", errors="replace").splitlines()
        if line.startswith("model name")
    ]
    name = names[0] if names else platform.machine()
    return Machine(name, cores, platform.python_version(), np.__version__)


def _say(what: str, cost: Cost) -> Cost:
    _tell(what, f"{cost.wall:.1f} s, {cost.cpu:.1f} s of processor time,", f"{cost.peak >> 20} MiB")
    return cost


def _tell(*words: str) -> None:
    print(*words, file=sys.stderr, flush=True)
