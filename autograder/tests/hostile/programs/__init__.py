"""Hostile programs: what each tries, and what it must earn and be told instead."""

from autograder.tests.hostile.programs import endings, files, frames, machine, values
from autograder.tests.hostile.programs.case import Case

TOPICS = {
    "Programs that never end, die or flood": endings.CASES,
    "Programs that look for files and secrets": files.CASES,
    "Programs that turn against the machine": machine.CASES,
    "Programs that return what is no answer": values.CASES,
    "Programs that forge frames and patch what judges them": frames.CASES,
}
PROGRAMS = tuple(case for cases in TOPICS.values() for case in cases)

__all__ = ["PROGRAMS", "TOPICS", "Case"]
