"""Which changes are made, who judges them, and what is said of those that survive."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from autograder.errors import SettingsError
from autograder.grading.convention import Convention
from autograder.grading.mutants import Mutant, judged_by, make_mutants
from autograder.grading.mutation import (
    Excuse,
    Verdict,
    batches,
    judge_mutants,
    needless,
    read_excuses,
    unexcused,
)
from autograder.grading.overlays import reference_program
from autograder.manifest import load_assignment
from autograder.paths import Course
from autograder.reports.mutation import report

ROOT = Course.find(Path(__file__).parent)
DOUBLE = '''

def helper(x):
    return -x


def unused(x):
    return -x


def double(x):
    """Return 2 * x."""
    if x is None:
        raise ValueError(f"{1 + 1} times nothing")
    return 2 * x


def triple(x):
    return x - helper(x) * 2
'''


@pytest.fixture
def mini(course: Course) -> Course:
    """The course of `double` and `triple`, which needs the given `helper`; with a reference."""
    with (course.solutions / "layers.py").open("a") as file:
        file.write(DOUBLE)
    (course.solutions / "mutants.toml").unlink()  # names functions that are no task's here
    return course


def mutant(source: str, name: str = "double", change: str = "old -> new") -> Mutant:
    return Mutant("mini", (name,), name, "layers.py", 1, "by hand", change, source)


def verdicts(course: Course, *mutants: Mutant) -> list[str]:
    """Name what killed each of these mutants."""
    runs = judge_mutants(course, [mutants], processes=1, allow_degraded=True)
    return [verdict.killed_by for run in runs for verdict in run]


def test_code_of_tasks_and_what_it_uses_is_changed_and_nothing_else(mini: Course) -> None:
    assert {m.name for m in make_mutants(mini, "mini")} == {"helper", "double", "triple"}


def test_every_change_is_another_program_at_the_line_it_says(mini: Course) -> None:
    made = list(make_mutants(mini, "mini"))
    trees = [ast.dump(ast.parse(m.source)) for m in made]
    assert len(set(trees)) == len(trees)
    text = (mini.solutions / "layers.py").read_text().splitlines()
    for m in made:
        assert m.change.startswith(f"{text[m.line - 1].strip()} -> ")


def test_operators_numbers_and_conditions_are_changed_but_no_message(mini: Course) -> None:
    changes = {m.change for m in make_mutants(mini, "mini") if m.name == "double"}
    assert {"return 2 * x -> return 2 + x", "return 2 * x -> return 3 * x"} <= changes
    assert "if x is None: -> if x is not None:" in changes
    assert not [change for change in changes if "times nothing" in change]


def test_changes_of_equal_lines_are_told_apart(mini: Course) -> None:
    with (mini.solutions / "layers.py").open("a") as file:
        file.write("\n\ndef double(x):\n    x += 1\n    x += 1\n    return 2 * (x - 2)\n")
    changes = [m.change for m in make_mutants(mini, "mini") if m.name == "double"]
    assert {"x += 1 -> x += 2", "x += 1 -> x += 2 (2)"} <= set(changes)


def test_order_is_that_of_the_text(mini: Course) -> None:
    runs = batches(mini, ["mini"])
    lines = [m.line for run in runs for m in run]
    assert lines == sorted(lines)


@pytest.mark.parametrize(
    ("name", "tasks"),
    [
        ("adam", ("adam",)),
        ("FullyConnectedNet", ("fc_net", "fc_net_dropout")),
        ("softmax_loss", ("two_layer_net", "fc_net", "fc_net_dropout")),
        ("train_best_model", ()),
        ("sgd", ()),
    ],
)
def test_who_judges_a_definition_of_the_course(name: str, tasks: tuple[str, ...]) -> None:
    program = reference_program(ROOT, Convention("keep"))
    assert judged_by(program, load_assignment(ROOT, "neural-nets"), name) == tasks


def test_mutants_are_killed_by_the_check_that_notices_them(mini: Course) -> None:
    wrong = mutant("def double(x):\n    return 3 * x")
    off_by_one = mutant("def double(x):\n    return 2 * x + 1")
    right = mutant("def double(x):\n    return x + x")
    assert verdicts(mini, wrong, off_by_one, right) == ["double: values", "double: values", ""]


def test_mutant_that_cannot_be_loaded_is_killed(mini: Course) -> None:
    assert verdicts(mini, mutant("def double(x, half=1 / 0):\n    return 2 * x")) != [""]


def test_mutant_of_given_code_is_killed_by_what_uses_it(mini: Course) -> None:
    given = [m for m in make_mutants(mini, "mini") if m.change == "return -x -> return +x"]
    assert [m.tasks for m in given] == [("triple",)]
    assert verdicts(mini, *given) == ["triple: values_of_triple"]


def test_survivor_without_a_reason_and_reason_without_a_survivor_are_found() -> None:
    dead, listed, new = (mutant("", change=change) for change in ("a -> b", "b -> c", "c -> d"))
    found = [Verdict(dead, "double: values"), Verdict(listed, ""), Verdict(new, "")]
    excuses = [Excuse("double", "right", ("b -> c", "a -> b")), Excuse("triple", "x", ("c -> d",))]
    assert unexcused(found, excuses) == (new,)
    assert needless(found, excuses) == ("double: a -> b", "triple: c -> d")


def test_report_counts_and_gives_every_reason() -> None:
    found = [Verdict(mutant(""), "double: values"), Verdict(mutant("", change="a -> b"), "")]
    text = report(found, [Excuse("double", "It is right.", ("a -> b",))])
    assert "2 mutants, 1 killed (50.00 %), 1 survive." in text
    assert "| `double` | double | 2 | 1 |" in text
    assert "`double`: It is right.\n\n- `a` becomes `b`" in text


ENTRY = '[[survivors]]\nfunction = "f"\nreason = "r"\nchanges = ["a -> b"]\n'
MISTAKES = {
    "unknown_table": ("[[survivor]]", "unknown key survivor"),
    "no_list": ("survivors = 1", "must be written as [[survivors]]"),
    "no_reason": (ENTRY.replace('reason = "r"', ""), "survivors[1].reason is missing"),
    "empty_reason": (ENTRY.replace('"r"', '" "'), "survivors[1].reason must be a string that"),
    "no_list_of_changes": (ENTRY.replace('["a -> b"]', '"a"'), "changes must be a list of strings"),
    "twice": (ENTRY + ENTRY, "survivors[2] lists 'a -> b' again"),
}


@pytest.mark.parametrize(("toml", "said"), MISTAKES.values(), ids=MISTAKES)
def test_mistake_in_the_list_of_survivors_is_named(mini: Course, toml: str, said: str) -> None:
    (mini.solutions / "mutants.toml").write_text(toml)
    with pytest.raises(SettingsError, match=r"mutants\.toml: ") as caught:
        read_excuses(mini)
    assert said in str(caught.value)


def test_page_of_the_course_holds_the_reasons_as_they_are_listed() -> None:
    page = (ROOT.root / "docs" / "mutation.md").read_text()
    _, _, survivors = report([], read_excuses(ROOT)).partition("### Survivors")
    assert survivors in page


# ---- the command, in a small course


def run(course: Course, *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "autograder", "mutation", "--allow-degraded-sandbox", *words]
    return subprocess.run(
        [*command, "--jobs", "1", "--course", str(course.root)],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


PAGE = "Before.\n<!-- numbers: made by `autograder mutation` -->\n<!-- end of numbers -->\nAfter.\n"


@pytest.fixture
def page(mini: Course) -> Path:
    path = mini.root / "docs" / "mutation.md"
    path.parent.mkdir()
    path.write_text(PAGE)
    return path


def test_command_names_survivors_and_leaves_the_page_alone(mini: Course, page: Path) -> None:
    suite = mini.suite("mini") / "test_mini.py"
    text = suite.read_text()
    suite.write_text(text.replace("x = rng.normal(size=5)\n", "x = np.zeros(5)\n"))
    result = run(mini)
    assert result.returncode == 1
    assert "solutions/layers.py:" in result.stdout
    assert "double: return 2 * x -> return 3 * x" in result.stdout
    assert "too few are killed" in result.stdout
    assert page.read_text() == PAGE


def test_command_writes_the_page_that_its_check_then_asks_for(mini: Course, page: Path) -> None:
    stale = run(mini, "--check")
    assert (stale.returncode, page.read_text()) == (1, PAGE)
    assert "stale docs/mutation.md; run `autograder mutation`" in stale.stdout
    made = run(mini)
    assert made.returncode == 0, made.stdout
    written = page.read_text()
    assert written.startswith("Before.\n")
    assert written.endswith("\nAfter.\n")
    assert "killed (100.00 %)" in written
    assert run(mini, "--check").returncode == 0


def test_page_without_a_place_for_numbers_is_named(mini: Course, page: Path) -> None:
    page.write_text("Nothing.\n")
    result = run(mini)
    assert result.returncode == 1
    assert "docs/mutation.md: needs the lines" in result.stderr
