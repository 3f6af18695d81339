"""Is every broken rule of an authored notebook refused, by file and line?"""

from __future__ import annotations

import pytest

from autograder.authoring.build import build_assignment
from autograder.errors import AuthoringError

FIRST, SECOND = "source/mini/First.md", "source/mini/Second.md"
TOML, NUMBERS = "source/mini/assignment.toml", "solutions/numbers.py"
ANSWER = "solutions/answers/mini/why.md"

TASK_CELL = '```python task="double"\nfrom solutions.numbers import double\n```\n'
CHECK_CELL = '```python check="double"\nassert double(2) == 4\n```\n'
REGION = '<!-- #region question="why" -->\n<!-- #endregion -->\n'

# What is edited, from what into what, and the whole message.
EDITS = {
    "task_without_a_cell": (
        FIRST,
        (TASK_CELL + "\n```python\ndouble(np.ones(3))\n```\n\n" + CHECK_CELL),
        "",
        f"{TOML}:13: task 'double' has no task cell in {FIRST}",
    ),
    "task_without_a_check": (
        FIRST,
        CHECK_CELL,
        "",
        f"{FIRST}:9: task 'double' has no check cell in this notebook",
    ),
    "check_without_a_task": (
        FIRST,
        TASK_CELL,
        "",
        f"{FIRST}:14: check 'double' has no task cell in this notebook",
    ),
    "cell_without_a_task": (
        FIRST,
        'task="double"',
        'task="triple"',
        f"{FIRST}:9: task 'triple' is not in {TOML}; add it there",
    ),
    "task_in_the_wrong_notebook": (
        TOML,
        'id = "double"\nnotebook = "First"',
        'id = "double"\nnotebook = "Second"',
        f"{FIRST}:9: task 'double' belongs in Second, says assignment.toml",
    ),
    "duplicate_id": (
        SECOND,
        'exercise="play"',
        'exercise="halve"',
        f"{SECOND}:13: id 'halve' is already that of the cell in line 5",
    ),
    "unknown_directive": (
        SECOND,
        "exercise=",
        "excercise=",
        (
            f"{SECOND}:13: unknown directive 'excercise'; "
            "known: task, check, exercise, given, question"
        ),
    ),
    "unknown_definition": (
        SECOND,
        "import halve",
        "import halve, quarter",
        f"{SECOND}:6: solutions/numbers.py does not define 'quarter'",
    ),
    "unknown_module": (
        SECOND,
        "solutions.numbers import halve",
        "solutions.digits import halve",
        f"{SECOND}:6: there is no solutions/digits.py",
    ),
    "import_in_another_form": (
        SECOND,
        "from solutions.numbers import halve",
        "import solutions.numbers",
        f"{SECOND}:6: write it as `from solutions.MODULE import NAME, NAME` on one line",
    ),
    "solutions_in_a_plain_cell": (
        FIRST,
        "double(np.ones(3))",
        "from solutions.numbers import double",
        f"{FIRST}:14: solutions belong in task, exercise and given cells only",
    ),
    "region_in_a_plain_cell": (
        FIRST,
        "double(np.ones(3))",
        "x = 1\n### BEGIN SOLUTION\nx = 2\n### END SOLUTION",
        f"{FIRST}:15: a solution region belongs in a task or exercise cell",
    ),
    "region_in_text": (
        FIRST,
        "Some text.",
        "Some text.\n### BEGIN SOLUTION\nSecret.\n### END SOLUTION",
        f"{FIRST}:4: a solution region belongs in a task or exercise cell",
    ),
    "region_left_open_in_an_exercise": (
        SECOND,
        "    ### END SOLUTION\n",
        "",
        f"{SECOND}:15: BEGIN SOLUTION in play() has no END",
    ),
    "region_left_open_in_the_solutions": (
        NUMBERS,
        "    y = np.multiply(x, FACTOR)\n    ### END SOLUTION\n",
        "    y = np.multiply(x, FACTOR)\n",
        f"{NUMBERS}:12: BEGIN SOLUTION in double() has no END",
    ),
    "exercise_without_a_region": (
        SECOND,
        (
            "    ### BEGIN SOLUTION\n    played = halve(x) + halve(x + 2)\n    return played\n"
            "    ### END SOLUTION\n"
        ),
        "    pass\n",
        f"{SECOND}:13: exercise 'play' holds no solution region; students need a stub",
    ),
    "given_with_a_region": (
        SECOND,
        "import FACTOR, helper",
        "import halve",
        f"{SECOND}:1: given 'helper' holds a solution region; only whole definitions here",
    ),
    "function_of_a_task_missing": (
        TOML,
        'functions = ["halve"]',
        'functions = ["halve", "quarter"]',
        f"{SECOND}:5: task 'halve' does not define quarter",
    ),
    "question_without_a_region": (
        FIRST,
        REGION,
        "",
        f"{TOML}:26: question 'why' has no region in {FIRST}",
    ),
    "region_without_a_question": (
        FIRST,
        'question="why"',
        'question="who"',
        f"{FIRST}:23: question 'who' is not in {TOML}; add it there",
    ),
    "question_in_the_wrong_notebook": (
        TOML,
        'id = "why"\nnotebook = "First"',
        'id = "why"\nnotebook = "Second"',
        f"{FIRST}:23: question 'why' belongs in Second, says assignment.toml",
    ),
    "text_in_a_question": (
        FIRST,
        REGION,
        REGION.replace("\n", "\nThe answer.\n", 1),
        f"{FIRST}:23: leave this region empty; the model answer comes from solutions/answers",
    ),
    "rubric_missing": (
        ANSWER,
        "## Rubric\n",
        "",
        f"{ANSWER}: no line ## Rubric; add one below the model answer",
    ),
    "rubric_empty": (
        ANSWER,
        "- 4 points: says that they undo each other\n",
        "",
        f"{ANSWER}:3: the rubric is empty; say what earns the points",
    ),
    "answer_empty": (
        ANSWER,
        "Because doubling and halving undo each other.\n",
        "",
        f"{ANSWER}:1: the model answer is empty; write it above the rubric",
    ),
}


@pytest.mark.parametrize(("file", "old", "new", "message"), EDITS.values(), ids=EDITS)
def test_broken_rule_is_located(course, file, old, new, message):
    course.edit(file, old, new)
    with pytest.raises(AuthoringError) as caught:
        build_assignment(course, "mini")
    assert str(caught.value) == message


MISSING = {
    ANSWER: f'{ANSWER}: write the model answer of "Why so?" here, then a line ## Rubric',
    SECOND: f"{SECOND}: not found",
}


@pytest.mark.parametrize(("file", "message"), MISSING.items(), ids=["answer", "notebook"])
def test_missing_file_is_named(course, file, message):
    (course.root / file).unlink()
    with pytest.raises(AuthoringError) as caught:
        build_assignment(course, "mini")
    assert str(caught.value) == message


def test_file_in_another_encoding_is_named(course):
    course.write(SECOND, "# Müller\n".encode("latin-1"))
    with pytest.raises(AuthoringError, match=rf"^{SECOND}: not UTF-8 text; save it as UTF-8$"):
        build_assignment(course, "mini")


def test_broken_rule_leaves_the_release_as_it_was(course):
    report = build_assignment(course, "mini")
    before = {path: path.read_bytes() for path in report.files}
    course.edit(FIRST, CHECK_CELL, "")
    with pytest.raises(AuthoringError):
        build_assignment(course, "mini")
    assert {path: path.read_bytes() for path in report.files} == before
