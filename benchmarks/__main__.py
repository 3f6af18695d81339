"""Runs the benchmark: python -m benchmarks [--sizes "10 100"] [--rounds N] [--no-peers]."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from autograder.paths import Course
from benchmarks.figures import last_line
from benchmarks.report import plot, tables, write_table
from benchmarks.run import Plan, run_benchmark

ASSIGNMENT = "neural-nets"
SMALLEST = 10  # the mix of a class repeats every ten
PAGE, PICTURE = Path("docs/performance.md"), Path("docs/images/performance.png")


def main(words: list[str]) -> int:
    """Measure, write the page, say the figures; 1 where a target was missed."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--sizes", default="10 100 1000", help="classes to grade")
    parser.add_argument("--rounds", type=int, default=3, help="turns of the paired graders")
    parser.add_argument(
        "--sample", type=int, default=10, help="submissions that peers grade in all"
    )
    parser.add_argument("--no-peers", action="store_true", help="leave nbgrader and otter out")
    given = parser.parse_args(words)
    try:
        sizes = sorted({int(size) for size in given.sizes.split()})
    except ValueError:
        parser.error(f'--sizes {given.sizes!r}: write numbers of submissions, as "10 100 1000"')
    if not sizes or min(sizes) < SMALLEST:
        parser.error(f"--sizes: a class of fewer than {SMALLEST} says nothing about speed")
    course = Course.find(Path(__file__).parent)
    plan = Plan(sizes, given.rounds, 0 if given.no_peers else given.sample)
    figures = run_benchmark(course, ASSIGNMENT, plan)
    print(tables(figures))
    write_table(course.root / PAGE, figures)
    plot(course.root / PICTURE, figures)
    print(last_line(figures))
    return 0 if all(target.met for target in figures.targets()) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
