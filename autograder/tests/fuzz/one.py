"""Feeds one target until its time is over: `python -m autograder.tests.fuzz.one TARGET SECONDS`."""

from __future__ import annotations

import sys
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["autograder", "json", "ast", "zipfile"]):
    from autograder.tests.fuzz.targets import SEEDS, TARGETS

from autograder.paths import Course

LONGEST_INPUT = 4096
LATE = 10  # seconds for one input


def main(name: str, seconds: str) -> None:
    found = Course.find(Path(__file__).parent).root / "build" / "fuzz" / name
    found.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(SEEDS[name]):
        (found / f"seed-{number}").write_bytes(seed)
    flags = [f"-max_total_time={seconds}", f"-max_len={LONGEST_INPUT}", f"-timeout={LATE}"]
    flags += [f"-artifact_prefix={found.parent}/crash-of-{name}-", "-verbosity=0"]
    print(f"{name}: {seconds} s", flush=True)
    atheris.Setup([sys.argv[0], *flags, "-print_final_stats=1", str(found)], TARGETS[name])
    atheris.Fuzz()


if __name__ == "__main__":
    main(*sys.argv[1:])
