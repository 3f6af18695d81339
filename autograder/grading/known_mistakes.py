"""The bug library at work: runs misconceptions beside what a student's code returned."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from autograder.authoring.misconceptions import Misconception
from autograder.grading.convention import Convention
from autograder.grading.diagnosis import Played, Suspect, diagnose
from autograder.grading.follow_through import CorrectLayers
from autograder.grading.lineup import Lineup
from autograder.grading.programs import Programs
from autograder.grading.random_traces import draws_mask
from autograder.grading.results import Diagnosis
from autograder.grading.rounds import Play
from autograder.grading.scoring import CheckRun
from autograder.grading.traces import Shared
from autograder.manifest import Task
from autograder.sandbox import Sandbox
from autograder.settings import Limits

# By task id, convention, with correct layers or not, and misconception: its checks, by name.
Learnt = dict[tuple[str, Convention, bool, str], dict[str, Played]]


class KnownMistakes:
    """Diagnoses any number of students; how a misconception fares is found out once for all.

    Parameters
    ----------
    replaced : by task id, the functions that correct ones take the place of, see
        `follow_through.replaced_functions`.
    """

    def __init__(
        self,
        sandbox: Sandbox,
        misconceptions: Collection[Misconception],
        limits: Limits,
        replaced: Mapping[str, Collection[str]],
        programs: Programs,
    ) -> None:
        self._sandbox = sandbox
        self._misconceptions = misconceptions
        self._limits = limits
        self._replaced = replaced
        self._programs = programs
        self._shared = Shared()
        self._suspects: dict[tuple[str, Convention, bool], list[Suspect]] = {}
        self._lineups: dict[tuple[str, Convention, bool], Lineup] = {}
        self._layers: dict[Convention, CorrectLayers] = {}

    def concern(self, task: str) -> bool:
        """Whether any mistake of a task's is known."""
        return any(misconception.task == task for misconception in self._misconceptions)

    def diagnose(
        self,
        play: Play,
        task: Task,
        convention: Convention,
        runs: Iterable[CheckRun],
        *,
        correct: bool,
    ) -> tuple[Diagnosis, ...]:
        """Return the mistakes that explain how the checks of `task` went.

        Parameters
        ----------
        correct : whether they were played with correct layers.
        """

        correct = correct and self._drawn_by_others(task)

        def play_checks(misconception: Misconception, checks: Sequence[str]) -> Sequence[CheckRun]:
            return self._lineup(task, convention, correct).play(play, misconception, checks)

        return diagnose(runs, self._suspects_of(task.id, convention, correct), play_checks)

    def _drawn_by_others(self, task: Task) -> bool:
        """Whether what a task needs draws random numbers; else a mistake plays alike with its own
        layers, which are the reference's.
        """
        return any(draws_mask(f".{name}") for name in self._replaced.get(task.id, ()))

    def learnt(self) -> Learnt:
        """How misconceptions fared in checks that were played in this process."""
        return {
            (*key, suspect.misconception.id): suspect.news
            for key, suspects in self._suspects.items()
            for suspect in suspects
            if suspect.news
        }

    def learn(self, learnt: Learnt) -> None:
        """Take over what `learnt` says elsewhere, and keep it from the next who asks."""
        for (task, convention, correct, name), played in learnt.items():
            for suspect in self._suspects_of(task, convention, correct):
                if suspect.misconception.id == name:
                    suspect.learn(played)

    def close(self) -> None:
        """End the processes that are kept."""
        for lineup in self._lineups.values():
            lineup.close()
        self._lineups.clear()
        for layers in self._layers.values():
            layers.close()
        self._layers.clear()

    def _suspects_of(self, task: str, convention: Convention, correct: bool) -> list[Suspect]:
        key = task, convention, correct
        if key not in self._suspects:
            mine = [m for m in self._misconceptions if m.task == task]
            self._suspects[key] = [Suspect(misconception, self._shared) for misconception in mine]
        return self._suspects[key]

    def _lineup(self, task: Task, convention: Convention, correct: bool) -> Lineup:
        key = task.id, convention, correct
        if key not in self._lineups:
            layers = self._correct_layers(convention) if correct else None
            self._lineups[key] = Lineup(
                self._sandbox, self._limits, self._programs, convention, task, layers
            )
        return self._lineups[key]

    def _correct_layers(self, convention: Convention) -> CorrectLayers:
        # One for all of them, unlike for students: what asks here is the course's own code.
        if convention not in self._layers:
            program = self._programs.reference(convention)
            self._layers[convention] = CorrectLayers(self._sandbox, program, self._replaced)
        return self._layers[convention]
