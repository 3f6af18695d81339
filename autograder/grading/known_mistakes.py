"""The bug library at work: runs misconceptions beside what a student's code returned."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from autograder.authoring.misconceptions import Misconception
from autograder.grading.convention import Convention
from autograder.grading.diagnosis import Played, Suspect, diagnose
from autograder.grading.exact import Digests, ExactMatches
from autograder.grading.follow_through import CorrectLayers, draw_numbers
from autograder.grading.lineup import Lineup
from autograder.grading.memory import Memory
from autograder.grading.programs import Programs
from autograder.grading.results import Diagnosis
from autograder.grading.rounds import Play
from autograder.grading.scoring import CheckRun
from autograder.grading.traces import Shared
from autograder.manifest import Task
from autograder.sandbox import Sandbox
from autograder.settings import Limits

# Task id, convention, and whether with correct layers.
Case = tuple[str, Convention, bool]


@dataclass(frozen=True)
class Learnt:
    """How misconceptions fare in checks that were played or performed in one process.

    Attributes
    ----------
    played : also by the id of the misconception; its checks, by name.
    """

    played: Mapping[tuple[Case, str], Mapping[str, Played]]
    answers: Mapping[Case, Digests]

    def __bool__(self) -> bool:
        return bool(self.played or self.answers)


class KnownMistakes:
    """Diagnoses any number of students; how a misconception fares is found out once for all.

    Parameters
    ----------
    replaced : by task id, the functions that correct ones take the place of, see
        `follow_through.replaced_functions`.
    memory : has the scripts of checks.
    """

    def __init__(
        self,
        sandbox: Sandbox,
        misconceptions: Collection[Misconception],
        limits: Limits,
        replaced: Mapping[str, Collection[str]],
        programs: Programs,
        memory: Memory,
    ) -> None:
        self._memory = memory
        self._sandbox = sandbox
        self._misconceptions = misconceptions
        self._limits = limits
        self._replaced = replaced
        self._programs = programs
        self._shared = Shared()
        self._suspects: dict[Case, list[Suspect]] = {}
        self._exact: dict[Case, ExactMatches] = {}
        self._lineups: dict[Case, Lineup] = {}
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

        case = self._case(task, convention, correct)

        def play_checks(misconception: Misconception, checks: Sequence[str]) -> Sequence[CheckRun]:
            return self._lineup(task, case).play(play, misconception, checks)

        return diagnose(runs, self._suspects_of(case), play_checks)

    def exact(
        self, task: Task, convention: Convention, runs: Sequence[CheckRun], *, correct: bool
    ) -> tuple[Diagnosis, ...]:
        """Return the mistake that answers to the last bit as these checks were answered.

        As of `diagnose`, but the checks need no `calls`; empty where there is none.
        """
        case = self._case(task, convention, correct)
        scripts = self._memory.scripts

        def perform(
            misconception: Misconception, checks: Sequence[str]
        ) -> Mapping[str, Sequence[bytes]] | None:
            wanted = {name: scripts[convention, task.id, name] for name in checks}
            return self._lineup(task, case).perform(misconception, wanted)

        found = self._exact_of(case).find(runs, perform)
        return (Diagnosis(found.id, found.hint),) if found else ()

    def _case(self, task: Task, convention: Convention, correct: bool) -> Case:
        # Else a mistake plays alike with its own layers, which are the reference's.
        drawn_by_others = draw_numbers(self._replaced.get(task.id, ()))
        return task.id, convention, correct and drawn_by_others

    def learnt(self) -> Learnt:
        """What was found out in this process."""
        played = {
            (case, suspect.misconception.id): suspect.news
            for case, suspects in self._suspects.items()
            for suspect in suspects
            if suspect.news
        }
        return Learnt(played, {case: e.news for case, e in self._exact.items() if e.news})

    def learn(self, learnt: Learnt) -> None:
        """Take over what `learnt` says elsewhere, and keep it from the next who asks."""
        for (case, name), played in learnt.played.items():
            for suspect in self._suspects_of(case):
                if suspect.misconception.id == name:
                    suspect.learn(played)
        for case, answers in learnt.answers.items():
            self._exact_of(case).learn(answers)

    def close(self) -> None:
        """End the processes that are kept."""
        for lineup in self._lineups.values():
            lineup.close()
        self._lineups.clear()
        for layers in self._layers.values():
            layers.close()
        self._layers.clear()

    def _suspects_of(self, case: Case) -> list[Suspect]:
        if case not in self._suspects:
            self._suspects[case] = [Suspect(m, self._shared) for m in self._mistakes_in(case)]
        return self._suspects[case]

    def _exact_of(self, case: Case) -> ExactMatches:
        if case not in self._exact:
            self._exact[case] = ExactMatches(self._mistakes_in(case))
        return self._exact[case]

    def _mistakes_in(self, case: Case) -> list[Misconception]:
        return [m for m in self._misconceptions if m.task == case[0]]

    def _lineup(self, task: Task, case: Case) -> Lineup:
        if case not in self._lineups:
            _, convention, correct = case
            layers = self._correct_layers(convention) if correct else None
            self._lineups[case] = Lineup(
                self._sandbox, self._limits, self._programs, convention, task, layers
            )
        return self._lineups[case]

    def _correct_layers(self, convention: Convention) -> CorrectLayers:
        # One for all of them, unlike for students: what asks here is the course's own code.
        if convention not in self._layers:
            program = self._programs.reference(convention)
            self._layers[convention] = CorrectLayers(self._sandbox, program, self._replaced)
        return self._layers[convention]
