"""What a mutation run found, as Markdown for docs/mutation.md."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from autograder.grading.mutation import Excuse, Verdict

BEGIN, END = "<!-- numbers: made by `autograder mutation` -->", "<!-- end of numbers -->"


def counted(verdicts: Sequence[Verdict]) -> str:
    """One sentence: how many mutants, how many killed."""
    killed = sum(bool(verdict.killed_by) for verdict in verdicts)
    share = 100 * killed / len(verdicts) if verdicts else 100.0
    left = len(verdicts) - killed
    return f"{len(verdicts)} mutants, {killed} killed ({share:.2f} %), {left} survive"


def report(verdicts: Sequence[Verdict], excuses: Iterable[Excuse]) -> str:
    """The part of the page that a run makes: numbers by definition, and all survivors."""
    return "\n".join([BEGIN, *_numbers(verdicts), *_survivors(excuses), END])


def _numbers(verdicts: Sequence[Verdict]) -> Iterator[str]:
    yield f"{counted(verdicts)}.\n"
    yield "| definition | judged by the checks of | mutants | killed |"
    yield "| --- | --- | ---: | ---: |"
    for name in dict.fromkeys(verdict.mutant.name for verdict in verdicts):
        own = [verdict for verdict in verdicts if verdict.mutant.name == name]
        killed = sum(bool(verdict.killed_by) for verdict in own)
        yield f"| `{name}` | {', '.join(own[0].mutant.tasks)} | {len(own)} | {killed} |"


def _survivors(excuses: Iterable[Excuse]) -> Iterator[str]:
    yield "\n### Survivors"
    for excuse in excuses:
        yield f"\n`{excuse.name}`: {excuse.reason}\n"
        yield from (f"- `{change.replace(' -> ', '` becomes `')}`" for change in excuse.changes)
