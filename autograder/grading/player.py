"""Plays the checks of a suite for a subject, with as few messages as may be.

A check's requests are known from a rehearsal with the reference, so those of a task's checks are
performed all at once. If all that was answered was answered before, so was the check's verdict
given before. Else the check runs on these answers; and only if it then asks for something else than
was rehearsed, it runs once more, request by request.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from autograder.grading.checks import Check
from autograder.grading.memory import Key, Memory, Verdict
from autograder.grading.rounds import Round
from autograder.grading.scoring import CheckRun
from autograder.grading.student_run import Part
from autograder.manifest import Assignment
from autograder.sandbox import Call, Performed, Replay, Transcript

# Runs a check for a subject, or on what is answered in its place.
Run = Callable[[Check, Round, Replay | None], CheckRun]


@dataclass(frozen=True)
class Player:
    """Plays rounds.

    Parameters
    ----------
    checks : of each task, in the suite's order.
    """

    assignment: Assignment
    checks: Mapping[str, Sequence[Check]]
    run: Run
    memory: Memory

    def play(
        self, round: Round, tasks: Collection[str], checks: Collection[str] | None = None
    ) -> list[CheckRun]:
        """Play the checks of these tasks, or those of them with these names, see `Play`."""
        round.subject.recorder.begin()
        return [
            run
            for task, those in self.checks.items()
            if task in tasks
            for run in self._play_task(
                round, task, [check for check in those if checks is None or check.name in checks]
            )
        ]

    def _play_task(self, round: Round, task: str, checks: Sequence[Check]) -> list[CheckRun]:
        first = {c.name: self._judge(c, round, None) for c in checks if c.name in round.alone}
        others = [check for check in checks if check.name not in first]
        answered = {} if round.live else self._answered(round, task, others)
        runs = first | {c.name: self._judge(c, round, answered.get(c.name)) for c in others}
        if answered:
            round.subject.doubtful |= {
                check.name
                for check in others
                if check.name not in answered and check.rests_on_answers
                if runs[check.name].status != "passed"
            }
        return [runs[check.name] for check in checks]

    def _answered(self, round: Round, task: str, checks: Sequence[Check]) -> dict[str, Performed]:
        """What the subject answers in checks that have a script, by the check's name."""
        scripts = self.memory.scripts
        known = [check for check in checks if key_of(check, round) in scripts]
        parts = [Part(scripts[key_of(check, round)], *round.seeds(check.name)) for check in known]
        found = round.subject.perform(self.assignment.task(task), parts) if parts else None
        return {check.name: done for check, done in zip(known, found or (), strict=False)}

    def _judge(self, check: Check, round: Round, answered: Performed | None) -> CheckRun:
        if answered is None:
            return self._by_itself(check, round)
        known = self.memory.verdict(key_of(check, round), answered.digests)
        if known is None or round.told:
            return self._on_answers(check, round, answered) or self._live(check, round, answered)
        digest, verdict = known
        return CheckRun(
            check.task,
            check.name,
            check.weight,
            verdict.status,
            verdict.message,
            digest=digest,
            scripted=digest,
            recall=partial(self._recall, check, round, answered),
        )

    def _on_answers(self, check: Check, round: Round, answered: Performed) -> CheckRun | None:
        """Run a check on what was answered, and remember its verdict; None if it asks for more."""
        replay = Replay(answered)
        replay.record = round.subject.recorder
        run = self.run(check, round, replay)
        if replay.diverged:
            return None
        if not replay.heard or replay.missed:  # a name that is not there is no answer
            return run
        digest = answered.digests[replay.heard - 1]
        self.memory.learn(key_of(check, round), digest, Verdict(run.status, run.message))
        return replace(run, digest=digest, scripted=digest)

    def _recall(self, check: Check, round: Round, answered: Performed) -> tuple[Call, ...]:
        run = self._on_answers(check, round, answered)
        return run.calls if run else ()

    def _live(self, check: Check, round: Round, answered: Performed) -> CheckRun:
        """Run a check that asks for something else; see whether all else is answered as before."""
        run, transcript = self._watch(check, round)
        same = answered.script.shared(transcript.script())
        if tuple(transcript.digests[:same]) != answered.digests[:same]:
            round.subject.steady = False
        elif run.status != "passed":
            round.subject.doubtful.add(check.name)
        return _identified(run, transcript, same)

    def _by_itself(self, check: Check, round: Round) -> CheckRun:
        """Run a check request by request."""
        if round.live or not check.rests_on_answers:
            return self.run(check, round, None)
        run, transcript = self._watch(check, round)
        script = self.memory.scripts.get(key_of(check, round))
        return _identified(run, transcript, script.shared(transcript.script()) if script else 0)

    def _watch(self, check: Check, round: Round) -> tuple[CheckRun, Transcript]:
        """Run a check request by request, and take down what it asks and hears."""
        transcript = round.subject.transcript = Transcript()
        try:
            return self.run(check, round, None), transcript
        finally:
            round.subject.transcript = None

    def rehearse(self, round: Round) -> None:
        """Learn from right code what the checks ask, and what they say then."""
        for task, checks in self.checks.items():
            self._rehearse(task, [c for c in checks if c.rests_on_answers], round)
        round.subject.close()
        self.memory.know_scripts(round.convention)

    def _rehearse(self, task: str, checks: Sequence[Check], round: Round) -> None:
        right: list[tuple[Check, Transcript]] = []
        for check in checks:
            run, transcript = self._watch(check, round)
            if run.status == "passed" and transcript.digests:
                right.append((check, transcript))
        parts = [Part(t.script(), *round.seeds(check.name)) for check, t in right]
        found = round.subject.perform(self.assignment.task(task), parts) if parts else None
        for (check, transcript), answered in zip(right, found or (), strict=False):
            as_before = list(answered.digests) == transcript.digests
            if as_before and self._tells_nothing(check, round, answered):
                key, verdict = key_of(check, round), Verdict("passed", "")
                self.memory.scripts[key] = answered.script
                self.memory.learn(key, transcript.digests[-1], verdict)
        round.subject.gave_up.clear()  # what took too long here is no matter elsewhere

    def _tells_nothing(self, check: Check, round: Round, answered: Performed) -> bool:
        """Whether no request holds a number that was computed from an answer.

        Asked all at once, nobody must learn from one request what to answer to another.
        """
        end = len(answered.script)
        little, much = Replay(answered, nudge="little"), Replay(answered, nudge="much")
        for replay in (little, much):
            self.run(check, round, replay)
        # With answers as wrong as that it may stop early, or ask for more than the script does.
        told = little.diverged or (much.diverged and much.heard < end)
        return little.heard == end and not told


def _identified(run: CheckRun, transcript: Transcript, same: int) -> CheckRun:
    """Add the digests of a run whose first requests, so many, are those of its script."""
    digests = transcript.digests
    return replace(
        run,
        digest=digests[-1] if digests else b"",
        scripted=digests[same - 1] if same else b"",
    )


def key_of(check: Check, round: Round) -> Key:
    """What the verdicts on a check are remembered by."""
    return round.convention, check.task, check.name
