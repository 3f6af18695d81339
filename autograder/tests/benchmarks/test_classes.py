"""The classes that the benchmark grades."""

from __future__ import annotations

import ast
from collections import Counter
from pathlib import Path

import pytest

from autograder.paths import Course
from autograder.submissions import read_submission
from benchmarks.classes import BLANK, ONE_MISTAKE, PARTIAL, RIGHT, TWO_MISTAKES, ClassMaker
from benchmarks.course import make_course
from benchmarks.renaming import renamed

NETS = "neural-nets"


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    return make_course(
        Course.find(Path(__file__).parent), tmp_path_factory.mktemp("bench") / "course", NETS
    )


@pytest.fixture(scope="module")
def maker(course: Course) -> ClassMaker:
    return ClassMaker(course, NETS)


def test_a_class_is_the_same_each_time(course: Course, maker: ClassMaker) -> None:
    assert list(ClassMaker(course, NETS).hand_ins(12)) == list(maker.hand_ins(12))


def test_no_two_students_hand_in_the_same(maker: ClassMaker) -> None:
    codes = ["".join(h.cells.values()) for h in maker.hand_ins(60) if h.kind != BLANK]
    assert len(set(codes)) == len(codes)


def test_a_class_is_a_mix_of_right_wrong_and_unfinished(maker: ClassMaker) -> None:
    kinds = Counter(h.kind for h in maker.hand_ins(40))
    assert kinds == {RIGHT: 28, ONE_MISTAKE: 6, TWO_MISTAKES: 2, PARTIAL: 2, BLANK: 2}


@pytest.mark.parametrize("start", [0, 10])
def test_each_ten_are_alike(maker: ClassMaker, start: int) -> None:
    kinds = [maker.hand_in(number).kind for number in range(start, start + 10)]
    assert kinds.count(RIGHT) == 7
    assert sum("mistake" in kind for kind in kinds) == 2


def test_mistakes_are_known_ones_of_different_tasks(maker: ClassMaker) -> None:
    for hand_in in maker.hand_ins(40):
        wanted = {ONE_MISTAKE: 1, TWO_MISTAKES: 2}.get(hand_in.kind, 0)
        assert len(set(hand_in.mistakes)) == wanted


def test_all_cells_are_python(maker: ClassMaker) -> None:
    questions = {question.id for question in maker.assignment.questions}
    for hand_in in maker.hand_ins(40):
        for grade_id, source in hand_in.cells.items():
            if grade_id not in questions:
                ast.parse(source)


def test_handed_in_notebooks_hold_the_cells(course: Course, maker: ClassMaker) -> None:
    hand_in = maker.hand_in(0)
    maker.write([hand_in])
    folder = course.submission(NETS, hand_in.student)
    read = read_submission(folder, maker.assignment, course.release(NETS), hand_in.student)
    assert not read.problems
    assert (folder / "best_model.npz").is_file()


def test_renaming_leaves_what_is_not_the_functions_own() -> None:
    source = """
LIMIT = 3
class Net:
    size = 1
    def loss(self, x, y=None):
        out = [LIMIT * i + self.size for i in x]
        return helper(out, y=y)
"""
    namespace: dict[str, object] = {"helper": lambda out, y: (out, y)}
    new = renamed(source, "my_{}".format)
    exec(new, namespace)
    assert "my_out" in new
    assert "my_i" in new
    assert namespace["Net"]().loss([1, 2], y=5) == ([4, 7], 5)


def test_renaming_keeps_apart_what_was_apart() -> None:
    source = "def f(x):\n    out = x + 1\n    out_ = x + 2\n    return out, out_\n"
    namespace: dict[str, object] = {}
    exec(renamed(source, "{}_".format), namespace)
    assert namespace["f"](0) == (1, 2)
