"""What people read of a run: the table in docs/performance.md, and a plot."""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from autograder.errors import SettingsError
from autograder.replace import replace_file
from benchmarks.figures import CHECKS, FRAME_STAGES, GIB, Figures

BEGIN, END = "<!-- made by `make bench`: begin -->", "<!-- made by `make bench`: end -->"
STAGE_NAMES = {
    "reading": "reading the submission",
    "loading": "starting a process, loading the student's code into it",
    "student": "the student's code at work",
    "checks": "checks: hidden inputs, reference, comparison",
    "pytest": "pytest and judging: rounds, verdicts, scores",
    "proxy": "proxy: requests and answers, on both sides",
    "result": "result: JSON, files",
    "gradebook": "gradebook: rows, graded notebooks",
    "rest": "rest: interpreter, waiting for a core",
}


FLOOR_NAMES = {
    "fork": "fork of the warm grader, and its end",
    "worker": "a locked-down process for a student's code, and its end",
    "load": "the same, with the code of all notebooks loaded into it",
    "call": "one message with one call of a student's function: request, answer, both ends",
    "codec": "reading the scripts of all checks, writing their answers, in the student's process",
    "read": "reading the submission",
    "record": "its result, scores and comments as text",
}


def write_table(path: Path, figures: Figures) -> None:
    """Put the tables between the markers of a page.

    Raises
    ------
    SettingsError
        If the page has no markers.
    """
    text = path.read_text("utf-8")
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise SettingsError(f"{path}: no place for the table; write {BEGIN} and {END} there")
    made = f"{before}{BEGIN}\n\n{tables(figures)}\n{END}{after}"
    replace_file(path, made.encode())


def tables(figures: Figures) -> str:
    """Return everything that a run found as Markdown."""
    machine = figures.machine
    where = (
        f"Measured on {figures.date}: {machine.processor}, {machine.cores} cores, "
        f"Python {machine.python}, numpy {machine.numpy}."
    )
    start = statistics.median(cost.wall for cost in figures.start)
    parts = [
        [where],
        _table(["asked for", "found", ""], _targets(figures)),
        [f"Start-up, once for a class: {start:.1f} s. Each submission beyond it, on all cores:"],
        _table(
            ["class of", "submissions/s", "wall", "processor time", "most memory"], _sizes(figures)
        ),
        [f"Pairs: all grade in turns, ours a class of {figures.pairs.count}."],
        _table(["grader", "for each submission", "ours is", "in single rounds"], _peers(figures)),
        [f"A class of {figures.jobs_count} by grading processes:"],
        _table(["`--jobs`", "submissions/s", "speed-up", "processor time"], _jobs(figures)),
        ["Where the time of one submission goes, sampled in one process:"],
        _table(["stage", *figures.sampled], _stages(figures)),
        ["Single steps, in processor time of all processes:"],
        _table(["step", "each"], _floor(figures)),
    ]
    return "\n\n".join("\n".join(part) for part in parts) + "\n"


def _table(heads: Sequence[str], rows: Iterator[Sequence[str]]) -> list[str]:
    lines = [heads, ["---", *["---:"] * (len(heads) - 1)], *rows]
    return ["| " + " | ".join(line) + " |" for line in lines]


def _targets(figures: Figures) -> Iterator[Sequence[str]]:
    for target in figures.targets():
        yield target.asked, target.found, "yes" if target.met else "**no**"


def _sizes(figures: Figures) -> Iterator[Sequence[str]]:
    for size, costs in sorted(figures.sizes.items()):
        wall, cpu = figures.wall(size), figures.cpu(size)
        peak = max(cost.peak for cost in costs) / GIB
        yield f"{size:,}", f"{1 / wall:.1f}", _ms(wall), _ms(cpu), f"{peak:.2f} GiB"


def _peers(figures: Figures) -> Iterator[Sequence[str]]:
    pairs = figures.pairs
    yield "`autograder grade`", _ms(statistics.median(pairs.ours)), "", ""
    for name, rounds in pairs.peers.items():
        count = sum(map(len, rounds))
        least, most = pairs.spread(name)
        cost = f"{pairs.seconds(name):.2f} s (mean of {count})"
        times = f"{pairs.times(name):.1f} x as fast"
        yield _peer(name), cost, times, f"{least:.1f} to {most:.1f} x"
    for name, reason in pairs.skipped.items():
        yield _peer(name), "not run", "", reason


def _peer(name: str) -> str:
    return {"nbgrader": "stock `nbgrader autograde`", "otter": "`otter run`"}.get(name, name)


def _jobs(figures: Figures) -> Iterator[Sequence[str]]:
    alone = figures.each(figures.jobs[min(figures.jobs)], "wall", figures.jobs_count)
    for jobs, costs in sorted(figures.jobs.items()):
        wall, cpu = (figures.each(costs, what, figures.jobs_count) for what in ("wall", "cpu"))
        yield str(jobs), f"{1 / wall:.1f}", f"{alone / wall:.2f}", _ms(cpu)


def _stages(figures: Figures) -> Iterator[Sequence[str]]:
    columns = list(figures.sampled.values())
    for name, words in STAGE_NAMES.items():
        yield words, *(_ms(column.stages[name] / column.count) for column in columns)
    yield "**all**", *(_ms(column.seconds / column.count) for column in columns)
    frame = f"frame: {', '.join(FRAME_STAGES)} over {' and '.join(CHECKS)}"
    yield frame, *(f"{column.frame:.0%}" for column in columns)


def _floor(figures: Figures) -> Iterator[Sequence[str]]:
    for name, words in FLOOR_NAMES.items():
        yield words, _ms(figures.floor[name])
    processes, messages, requests = (
        f"{figures.floor[name]:.0f}" for name in ("processes", "messages", "requests")
    )
    what = f"{processes} process, {messages} messages with {requests} requests"
    yield f"**a right submission**: {what}", _ms(figures.least)


def _ms(seconds: float) -> str:
    digits = 0 if seconds >= 0.01 else 1 if seconds >= 0.001 else 2
    return f"{1000 * seconds:.{digits}f} ms"


def plot(path: Path, figures: Figures) -> None:
    """Draw throughputs, cost by size of class and stages."""
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    figure, (left, middle, right) = plt.subplots(1, 3, figsize=(13, 3.8), layout="constrained")
    _plot_peers(left, figures)
    _plot_sizes(middle, figures)
    _plot_stages(right, figures)
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, dpi=110, metadata={"Software": None})
    plt.close(figure)


def _plot_peers(axes: Any, figures: Figures) -> None:
    pairs = figures.pairs
    seconds = {"autograder": statistics.median(pairs.ours)}
    seconds |= {name: pairs.seconds(name) for name in pairs.peers}
    colours = ["tab:blue", *["0.6"] * len(pairs.peers)]
    bars = axes.barh(list(seconds), list(seconds.values()), color=colours)
    axes.bar_label(bars, [f" {x:.2f} s" for x in seconds.values()])
    axes.set_xscale("log")
    axes.margins(x=0.3)
    axes.set_xlabel("seconds, logarithmic")
    axes.set_title("wall time for each submission")


def _plot_sizes(axes: Any, figures: Figures) -> None:
    sizes = sorted(figures.sizes)
    axes.plot(sizes, [1000 * figures.cpu(size) for size in sizes], "o-", label="processor time")
    axes.plot(sizes, [1000 * figures.wall(size) for size in sizes], "s-", label="wall, all cores")
    axes.set_xscale("log")
    axes.set_xticks(sizes, [f"{size:,}" for size in sizes])
    axes.minorticks_off()
    axes.margins(y=0.2)
    axes.set_ylim(bottom=0)
    axes.set_xlabel("submissions in the class")
    axes.set_title("milliseconds for each submission")
    axes.legend()


def _plot_stages(axes: Any, figures: Figures) -> None:
    for place, sampled in enumerate(figures.sampled.values()):
        left = 0.0
        for number, name in enumerate(STAGE_NAMES):
            width = 1000 * sampled.stages[name] / sampled.count
            label = name if place == 0 else None
            axes.barh(place, width, left=left, color=f"C{number}", label=label)
            left += width
    axes.set_yticks(range(len(figures.sampled)), list(figures.sampled))
    axes.set_title("milliseconds in each stage")
    axes.legend(ncols=3, fontsize="small", loc="upper center", bbox_to_anchor=(0.5, -0.1))
