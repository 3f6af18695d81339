"""Programs made of the reference, and what is said of a bug library that is not in order."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from autograder.errors import SettingsError
from autograder.grading.convention import Convention
from autograder.grading.overlays import (
    load_misconceptions,
    load_variations,
    misconception_program,
    reference_program,
    variation_program,
)
from autograder.manifest import load_assignment
from autograder.paths import Course
from autograder.program import Program

ROOT = Course.find(Path(__file__).parent)
KEEP, DROP = Convention("keep"), Convention("drop")
TRAIN = {"mode": "train", "p": 0.2, "seed": 1}

ENTRY = """
[[misconceptions]]
id = "adds_nothing"
check = "bias"
hint = "Where does b go?"
"""
NO_BIAS = ENTRY + """edits = [["w.shape[0]) @ w + b", "w.shape[0]) @ w"]]"""


@pytest.fixture
def course(tmp_path: Path) -> Course:
    """The course's own assignments and reference, without bug library and variations."""
    course = Course(tmp_path)
    for name in ROOT.assignments():
        course.authored(name).mkdir(parents=True)
        shutil.copy(ROOT.authored(name) / "assignment.toml", course.authored(name))
    for folder in ("misconceptions", "variations"):
        (course.solutions / folder).mkdir(parents=True)
    for path in [*ROOT.solutions.glob("*.py"), ROOT.solutions / "conventions.toml"]:
        shutil.copy(path, course.solutions)
    return course


def write(course: Course, name: str, text: str) -> None:
    (course.solutions / name).write_text(text)


def run(program: Program) -> dict[str, Any]:
    """Run all statements in one namespace, as a worker does."""
    namespace: dict[str, Any] = {}
    for statement in program:
        exec(compile(statement.source, statement.where, "exec"), namespace)
    return namespace


def misconception(course: Course, toml: str) -> Mapping[str, Any]:
    """The namespace of the only misconception of affine_forward."""
    write(course, "misconceptions/affine_forward.toml", toml)
    (found,) = load_misconceptions(course, load_assignment(course, "neural-nets"))
    return run(misconception_program(course, KEEP, found))


def refused(course: Course, toml: str, task: str = "affine_forward") -> str:
    write(course, f"misconceptions/{task}.toml", toml)
    with pytest.raises(SettingsError) as caught:
        load_misconceptions(course, load_assignment(course, "quiz-8"))
    return str(caught.value).replace(f"{course.solutions}/", "")


def share_kept(namespace: Mapping[str, Any]) -> float:
    out, _ = namespace["dropout_forward"](np.ones((100, 100)), TRAIN)
    return float((out != 0).mean())


def test_reference_is_complete_and_says_where_each_statement_stands() -> None:
    program = reference_program(ROOT, KEEP)
    assert {"affine_forward", "softmax_loss", "adam", "train_best_model"} <= set(run(program))
    (relu,) = [s for s in program if s.source.startswith("def relu_forward")]
    line = (ROOT.solutions / "layers.py").read_text().splitlines()[relu.line - 1]
    assert (relu.where, line) == ("layers.py", "def relu_forward(x):")


def test_reference_imports_nothing_of_itself_and_the_rest_once() -> None:
    sources = [s.source for s in reference_program(ROOT, KEEP)]
    assert sources.count("import numpy as np") == 1
    assert not [source for source in sources if "from solutions" in source]


@pytest.mark.parametrize(("convention", "kept"), [(KEEP, 0.2), (DROP, 0.8)])
def test_reference_reads_p_as_the_convention_says(convention: Convention, kept: float) -> None:
    assert share_kept(run(reference_program(ROOT, convention))) == pytest.approx(kept, abs=0.03)


def test_reference_net_has_no_dropout_by_default_in_either_convention() -> None:
    nets = [run(reference_program(ROOT, c))["FullyConnectedNet"]([3]) for c in (KEEP, DROP)]
    assert [net.use_dropout for net in nets] == [False, False]


def test_reference_net_takes_the_probability_to_drop() -> None:
    make = run(reference_program(ROOT, DROP))["FullyConnectedNet"]
    assert make([3], dropout=0.25).dropout_param["p"] == 0.25
    with pytest.raises(ValueError, match="probability to drop"):
        make([3], dropout=1)


def test_edit_makes_the_mistake(course: Course) -> None:
    broken = misconception(course, NO_BIAS)["affine_forward"]
    out, _ = broken(np.ones((2, 3)), np.ones((3, 4)), np.ones(4))
    assert (out == 3).all()


def test_code_takes_the_place_of_the_reference_and_may_bring_helpers(course: Course) -> None:
    code = """code = '''
def helper():
    return "helped"


def affine_forward(x, w, b):
    return helper(), None
'''"""
    names = misconception(course, ENTRY + code)
    assert names["affine_relu_backward"].__name__ == "affine_relu_backward"
    assert names["affine_forward"](1, 2, 3) == ("helped", None)


def test_misconception_reads_p_as_the_convention_says(course: Course) -> None:
    edit = """edits = [['= float(dropout_param["p"])', '= 1 - float(dropout_param["p"])']]"""
    write(course, "misconceptions/dropout_forward.toml", ENTRY + edit)
    (found,) = load_misconceptions(course, load_assignment(course, "neural-nets"))
    shares = [share_kept(run(misconception_program(course, c, found))) for c in (KEEP, DROP)]
    assert shares == pytest.approx([0.8, 0.2], abs=0.03)


def test_misconceptions_come_in_the_order_of_the_tasks(course: Course) -> None:
    other = ENTRY.replace("adds_nothing", "never_scaled")
    edit = 'edits = [["keep_prob).astype(x.dtype) / keep_prob", "keep_prob).astype(x.dtype)"]]'
    write(course, "misconceptions/dropout_forward.toml", other + edit)
    write(course, "misconceptions/affine_forward.toml", NO_BIAS)
    found = load_misconceptions(course, load_assignment(course, "neural-nets"))
    assert [m.id for m in found] == ["adds_nothing", "never_scaled"]
    assert load_misconceptions(course, load_assignment(course, "quiz-8")) == ()


def edits(old: str) -> str:
    return f'{ENTRY}edits = [["{old}", "new"]]'


def code(text: str) -> str:
    return f"{ENTRY}code = '''{text}'''"


MISTAKES = {
    "not_toml": ("[[", "affine_forward.toml: not valid TOML"),
    "unknown_top_key": ("a = 1\n" + NO_BIAS, "affine_forward.toml: unknown key a"),
    "no_list": ("misconceptions = 3", "must be written as [[misconceptions]]"),
    "no_table": ("misconceptions = [3]", "misconceptions[1] must be a table"),
    "unknown_key": (NO_BIAS + "\nwhy = 1", "unknown key misconceptions[1] (adds_nothing).why"),
    "missing_key": (NO_BIAS.replace("hint", "code"), "(adds_nothing).hint is missing"),
    "empty_hint": (NO_BIAS.replace("Where does b go?", " "), ".hint must be a string that says"),
    "check_is_a_number": (NO_BIAS.replace('"bias"', "3"), ".check must be a string that says"),
    "id_of_another_form": (NO_BIAS.replace("adds_nothing", "Adds-it"), ".id must be in snake_case"),
    "neither_edits_nor_code": (ENTRY, "needs either edits or code"),
    "both": (NO_BIAS + "\ncode = 'x'", "needs either edits or code"),
    "edit_of_one_text": (f'{ENTRY}edits = [["a"]]', '.edits must be pairs ["old text", "new'),
    "edit_of_nothing": (edits(" "), '.edits must be pairs ["old text", "new text"]'),
    "no_edits": (f"{ENTRY}edits = []", '.edits must be pairs ["old text", "new text"]'),
    "old_text_is_not_there": (edits("@ W"), "adds_nothing: '@ W' stands 0 times in affine_forward"),
    "old_text_stands_twice": (edits("cache"), "stands 3 times in affine_forward, not once"),
    "edit_breaks_python": (edits("@ w + b"), "adds_nothing: not valid Python, line"),
    "code_is_not_python": (code("def f(:"), "adds_nothing: not valid Python, line 1 of it"),
    "code_of_another_task": (code("def f(): 0"), "adds_nothing: defines none of affine_forward"),
    "code_beside_definitions": (code("def affine_forward(): 0\nA = 1"), "classes, line 2"),
    "same_id_twice": (NO_BIAS + NO_BIAS, "adds_nothing is also the id of one of affine_forward"),
}


@pytest.mark.parametrize(("toml", "said"), MISTAKES.values(), ids=MISTAKES)
def test_mistake_in_the_bug_library_is_named(course: Course, toml: str, said: str) -> None:
    message = refused(course, toml)
    assert message.startswith("misconceptions/affine_forward.toml: ")
    assert said in message


def test_file_of_an_unknown_task_is_named(course: Course) -> None:
    said = "misconceptions/afine.toml: no assignment has a task 'afine'"
    assert refused(course, NO_BIAS, "afine") == said


def test_id_used_by_another_task_is_named(course: Course) -> None:
    write(course, "misconceptions/adam.toml", code("def adam(w, dw, config=None): 0"))
    assert "adds_nothing is also the id of one of adam" in refused(course, NO_BIAS)


VARIATION = '''"""Affine layers by einsum.

Why not.
"""

import numpy as np

from solutions.layers import relu_forward


def affine_forward(x, w, b):
    return np.einsum("nd,dm->nm", x.reshape(len(x), -1), w) + b, (x, w, b)
'''


def test_variation_takes_the_place_of_the_reference(course: Course) -> None:
    write(course, "variations/affine_by_einsum.py", VARIATION)
    (found,) = load_variations(course, load_assignment(course, "neural-nets"))
    assert (found.name, found.title) == ("affine_by_einsum", "Affine layers by einsum.")
    program = variation_program(course, KEEP, found)
    assert [s.where for s in program if "einsum" in s.source] == ["affine_by_einsum.py"]
    out, _ = run(program)["affine_forward"](np.ones((2, 3)), np.ones((3, 4)), np.ones(4))
    assert (out == 4).all()


def test_variation_concerns_what_it_defines_and_what_needs_that(course: Course) -> None:
    write(course, "variations/affine_by_einsum.py", VARIATION)
    (found,) = load_variations(course, load_assignment(course, "neural-nets"))
    needing = ("affine_backward", "two_layer_net", "fc_net", "best_model", "fc_net_dropout")
    assert found.tasks == ("affine_forward", *needing)
    assert load_variations(course, load_assignment(course, "quiz-8")) == ()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("def affine_forward(", "a.py: not valid Python, line 1 of it"),
        ("def affine_forward(): 0", "a.py: begin with a docstring that says why this is right"),
        ('"""A."""\ndef f(): 0', "a.py: defines none of"),
    ],
    ids=["not_python", "no_docstring", "no_function_of_a_task"],
)
def test_mistake_in_a_variation_is_named(course: Course, text: str, said: str) -> None:
    write(course, "variations/a.py", text)
    with pytest.raises(SettingsError) as caught:
        load_variations(course, load_assignment(course, "quiz-8"))
    assert said in str(caught.value)


RULE = "[[drop]]\nreplace = 'a'\nwith = 'b'\n"


@pytest.mark.parametrize("convention", [KEEP, DROP], ids=["keep", "drop"])
@pytest.mark.parametrize(
    ("text", "said"),
    [
        (RULE + "why = 1", "unknown key drop[1].why"),
        ("[[drop]]\nreplace = 'a'", "drop[1].with is missing"),
        ("[[keep]]", "unknown key keep"),
        ("drop = 3", "drop must be written as [[drop]]"),
        (RULE.replace("'b'", "3"), "drop[1].replace and drop[1].with must be strings"),
        (RULE.replace("'a'", "'p of nobody'"), "drop[1] replaces 'p of nobody', which solutions/"),
    ],
)
def test_mistake_in_the_substitutions_is_named(
    course: Course, convention: Convention, text: str, said: str
) -> None:
    write(course, "conventions.toml", text)
    with pytest.raises(SettingsError) as caught:
        reference_program(course, convention)
    assert str(caught.value).startswith(f"{course.solutions}/conventions.toml: {said}")


def test_no_substitution_applies_to_what_another_made(course: Course) -> None:
    rules = {"def relu_forward(x)": "def relu_backward(x)", "def relu_backward(": "def other("}
    text = "".join(f"[[drop]]\nreplace = '{old}'\nwith = '{new}'\n" for old, new in rules.items())
    write(course, "conventions.toml", text)
    assert run(reference_program(course, DROP))["relu_backward"](-1)[0] == 0


def test_missing_module_is_named(course: Course) -> None:
    (course.solutions / "optim.py").unlink()
    with pytest.raises(SettingsError, match=r"solutions/optim\.py: not found"):
        reference_program(course, KEEP)


@pytest.mark.parametrize("assignment", ROOT.assignments())
@pytest.mark.parametrize("convention", [KEEP, DROP], ids=["keep", "drop"])
def test_library_of_this_course_is_in_order(assignment: str, convention: Convention) -> None:
    loaded = load_assignment(ROOT, assignment)
    names = set(run(reference_program(ROOT, convention)))
    for mistake in load_misconceptions(ROOT, loaded):
        assert names <= set(run(misconception_program(ROOT, convention, mistake))), mistake.id
    for variation in load_variations(ROOT, loaded):
        assert names <= set(run(variation_program(ROOT, convention, variation))), variation.name
