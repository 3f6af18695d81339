"""Fuzzes the targets, each for its share: `python -m autograder.tests.fuzz 60 [TARGET ...]`.

Needs atheris, the extra `fuzz`. An input that ends in a crash is left in build/fuzz/, the status is
then 1. What was found on the way stays there too, so that the next run goes on from it.
"""

from __future__ import annotations

import argparse
import subprocess
import sys

from autograder.tests.fuzz.targets import TARGETS


def main() -> int:
    parser = argparse.ArgumentParser(prog="autograder.tests.fuzz")
    parser.add_argument("seconds", type=int, help="for all targets together")
    parser.add_argument("targets", nargs="*", metavar="TARGET", help=", ".join(TARGETS))
    options = parser.parse_args()
    names = options.targets or list(TARGETS)
    if unknown := set(names) - set(TARGETS):
        parser.error(f"no target {sorted(unknown)}; there are {', '.join(TARGETS)}")
    share = str(max(1, options.seconds // len(names)))
    # atheris ends its process, so each target has one of its own.
    command = [sys.executable, "-m", "autograder.tests.fuzz.one"]
    runs = [subprocess.run([*command, name, share], check=False) for name in names]
    return int(any(run.returncode for run in runs))


if __name__ == "__main__":
    sys.exit(main())
