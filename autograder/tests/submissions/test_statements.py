"""Which statements of a notebook run, and for which task."""

from __future__ import annotations

from typing import Any

import pytest

from autograder.submissions import Submission
from autograder.submissions.assemble import MAX_CODE, MAX_STATEMENTS
from autograder.tests.submissions.conftest import HandIn
from autograder.tests.submissions.notebooks import (
    SOLUTIONS,
    Json,
    cell,
    code,
    drop,
    insert_below,
    number,
    released,
    solved,
    unmarked,
)


def own(submission: Submission) -> list[tuple[str, str | None]]:
    """The student's own statements of Layers with their tasks."""
    return [
        (statement.source, statement.task)
        for statement in submission.statements["Layers"]
        if "given" not in statement.where
    ]


@pytest.fixture
def layers() -> Json:
    return solved("Layers")


def read(hand_in: HandIn, layers: Json) -> Submission:
    return hand_in({"Layers.ipynb": layers, "Nets.ipynb": solved("Nets")})


def test_a_solution_cell_runs_statement_by_statement(hand_in: HandIn, layers: Json) -> None:
    cell(layers, "double")["source"] = (
        "%time\ntwo = make()\ndef double(x):\n    return 2\nsolver.train()"
    )
    assert own(read(hand_in, layers))[:3] == [
        ("two = make()", "double"),
        ("def double(x):\n    return 2", "double"),
        ("solver.train()", "double"),
    ]


def test_definitions_of_a_mixed_cell_come_along_and_nothing_else(
    hand_in: HandIn, layers: Json
) -> None:
    mixed = "import math\nplot(1)\nEPS = 1e-8\ndata = load()\ndef helper(x):\n    return x"
    insert_below(layers, "plain-1", code(mixed))
    assert own(read(hand_in, layers))[:3] == [
        ("import math", None),
        ("EPS = 1e-8", None),
        ("def helper(x):\n    return x", None),
    ]


def test_an_exercise_gives_its_definitions_only(hand_in: HandIn, layers: Json) -> None:
    cell(layers, "try_it_out")["source"] = "def best():\n    return 1\ntrain(best())"
    assert own(read(hand_in, layers))[-1] == ("def best():\n    return 1", None)


@pytest.mark.parametrize("locked", ["given_setup", "double_check"])
def test_changes_of_a_locked_cell_are_ignored(hand_in: HandIn, layers: Json, locked: str) -> None:
    cell(layers, locked)["source"] = "def check(name):\n    return 100"
    assert not any("return 100" in source for source, _ in own(read(hand_in, layers)))


def test_a_syntax_error_costs_its_cell_only(hand_in: HandIn, layers: Json) -> None:
    cell(layers, "double")["source"] = "def double(x):\n    retrun 2 * x"
    submission = read(hand_in, layers)
    assert {task for _, task in own(submission)} == {"triple", None}
    assert submission.problems == (
        "Layers: no cell defines double.",
        "Layers: cell 5, line 2: syntax error (invalid syntax); the cell was left out.",
    )


def test_a_syntax_error_in_prose_or_a_check_is_no_problem(hand_in: HandIn, layers: Json) -> None:
    cell(layers, "double_check")["source"] = "1 1"
    assert read(hand_in, layers).problems == ()


class TestLostMarks:
    def test_a_solution_is_found_by_its_function(self, hand_in: HandIn) -> None:
        submission = read(hand_in, unmarked(solved("Layers")))
        assert (SOLUTIONS["double"], "double") in own(submission)
        (problem,) = submission.problems
        assert problem == (
            "Layers: the marks that say which cell is which are gone (some editors drop them); "
            "answers were found by the names of their functions and by their places."
        )

    def test_given_code_is_not_taken_twice(self, hand_in: HandIn) -> None:
        submission = read(hand_in, unmarked(solved("Layers")))
        sources = [statement.source for statement in submission.statements["Layers"]]
        assert sources.count("import numpy as np") == 1

    def test_of_two_definitions_the_last_counts(self, hand_in: HandIn) -> None:
        notebook = unmarked(solved("Layers"))
        notebook["cells"].append(code("def double(x):\n    return x + x"))
        submission = read(hand_in, notebook)
        assert [s for s, task in own(submission) if task == "double"] == [
            "def double(x):\n    return x + x"
        ]
        assert "Layers: cell 5 defines double again; cell 16 counts." in submission.problems

    def test_a_changed_id_does_not_hide_a_solution(self, hand_in: HandIn, layers: Json) -> None:
        cell(layers, "double")["metadata"]["nbgrader"]["grade_id"] = "halve"
        assert (SOLUTIONS["double"], "double") in own(read(hand_in, layers))

    def test_swapped_ids_are_put_right(self, hand_in: HandIn, layers: Json) -> None:
        for row, other in ((cell(layers, "double"), "triple"), (cell(layers, "triple"), "double")):
            row["metadata"]["nbgrader"]["grade_id"] = other
        assert own(read(hand_in, layers))[:2] == [
            (SOLUTIONS["double"], "double"),
            (SOLUTIONS["triple"], "triple"),
        ]


class TestSeveralCandidates:
    def test_an_answer_below_the_untouched_stub_counts(self, hand_in: HandIn) -> None:
        notebook = released("Layers")
        insert_below(notebook, "double", code(SOLUTIONS["double"] + "\nprint(double(2))"))
        submission = read(hand_in, notebook)
        assert [s for s, task in own(submission) if task == "double"] == [
            SOLUTIONS["double"],
            "print(double(2))",
        ]
        assert submission.problems == (
            "Layers: cell 6 counts for double; it was found by the name of its function.",
        )

    def test_the_marked_answer_beats_a_later_experiment(
        self, hand_in: HandIn, layers: Json
    ) -> None:
        insert_below(
            layers, "plain-7", code("def double(x):\n    return 0\ndef extra():\n    pass")
        )
        submission = read(hand_in, layers)
        assert [s for s, _ in own(submission) if "def" in s] == [
            SOLUTIONS["double"],
            SOLUTIONS["triple"],
            "def extra():\n    pass",
            SOLUTIONS["try_it_out"],
        ]
        assert submission.problems == ("Layers: cell 14 defines double again; cell 5 counts.",)

    def test_two_answers_in_one_cell_count_for_both(self, hand_in: HandIn, layers: Json) -> None:
        cell(layers, "double")["source"] = SOLUTIONS["double"] + "\n\n" + SOLUTIONS["triple"]
        drop(layers, "triple")
        assert own(read(hand_in, layers))[:2] == [
            (SOLUTIONS["double"], "double"),
            (SOLUTIONS["triple"], "triple"),
        ]

    def test_an_import_is_no_answer(self, hand_in: HandIn, layers: Json) -> None:
        insert_below(layers, "triple", code("from friend import double"))
        submission = read(hand_in, layers)
        assert (SOLUTIONS["double"], "double") in own(submission)
        assert submission.problems == ()


def test_an_answer_turned_into_prose_still_counts(hand_in: HandIn, layers: Json) -> None:
    cell(layers, "double")["cell_type"] = "markdown"
    submission = read(hand_in, layers)
    assert (SOLUTIONS["double"], "double") in own(submission)
    assert submission.problems == ("Layers: cell 5 is not a code cell; it was read as one.",)


def test_a_deleted_answer_is_a_problem(hand_in: HandIn, layers: Json) -> None:
    submission = read(hand_in, drop(layers, "triple"))
    assert submission.problems == ("Layers: no cell defines triple.",)


def test_a_written_answer_turned_into_code_does_not_run(hand_in: HandIn, layers: Json) -> None:
    cell(layers, "why_layer").update(cell_type="code", source="import this")
    submission = read(hand_in, layers)
    assert ("import this", None) not in own(submission)
    assert submission.answers["why_layer"].text == "import this"


@pytest.mark.parametrize(
    ("source", "problem"),
    [
        ("(" * 100_000, "line 1: syntax error (too many nested parentheses)"),
        ("-" * 100_000 + "1", "is nested too deeply"),
        ("x" * 200_001, "is longer than 200000 characters"),
    ],
)
def test_a_cell_that_cannot_be_parsed_is_a_problem(
    hand_in: HandIn, layers: Json, source: str, problem: str
) -> None:
    layers["cells"].append(code(source))
    (sentence,) = read(hand_in, layers).problems
    assert sentence.startswith("Layers: cell 16")
    assert problem in sentence


def test_code_beyond_the_limit_is_left_out(hand_in: HandIn, layers: Json) -> None:
    block = code("#" * 190_000)
    layers["cells"] += [block] * (MAX_CODE // 190_000) + [code("late = 1")] + [block]
    submission = read(hand_in, layers)
    assert ("late = 1", None) in own(submission)
    assert len(submission.problems) == 1


def test_too_many_statements_are_cut_off(hand_in: HandIn, layers: Json) -> None:
    cell(layers, "triple")["source"] += "\nx()" * MAX_STATEMENTS
    submission = read(hand_in, layers)
    assert len(own(submission)) == MAX_STATEMENTS
    assert submission.problems == ("Layers: more than 5000 statements; only these many were used.",)


def test_places_are_those_of_the_students_file(hand_in: HandIn, layers: Json) -> None:
    filler: list[dict[str, Any]] = [code("print()")] * 3
    insert_below(layers, "plain-1", *filler)
    submission = read(hand_in, layers)
    (statement,) = [s for s in submission.statements["Layers"] if s.task == "triple"]
    assert statement.where == f"Layers, cell {number(layers, 'triple')}"


def test_of_a_function_defined_twice_in_a_cell_the_last_one_counts(
    hand_in: HandIn, layers: Json
) -> None:
    cell(layers, "double")["source"] = (
        "def double(x):\n    return 1\ndef double(x):\n    return 2 * x"
    )
    submission = read(hand_in, layers)
    number_of_cell = number(layers, "double")
    assert submission.problems == (
        f"Layers: cell {number_of_cell} defines double twice; the last one counts.",
    )
    assert own(submission)[1] == ("def double(x):\n    return 2 * x", "double")
