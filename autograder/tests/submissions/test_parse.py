"""A cell as top-level statements."""

from __future__ import annotations

import ast
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.submissions.parse import MAX_SOURCE, CellFault, parse_cell


def pieces(source: str) -> list[tuple[str, int]]:
    return [(piece.source, piece.line) for piece in parse_cell(source)]


def test_statements_are_split_with_their_lines() -> None:
    assert pieces("import os\n\n# half\ndef f(x):\n    return x  # all\n\nf(1)") == [
        ("import os", 1),
        ("def f(x):\n    return x", 4),
        ("f(1)", 7),
    ]


def test_a_comment_inside_a_function_stays() -> None:
    source = "def f(x):\n    # keep me\n    return x"
    assert pieces(source) == [(source, 1)]


def test_statements_of_one_line_are_split() -> None:
    assert pieces("a = 'ä'; b = [1,\n  2]; c = 3") == [
        ("a = 'ä'", 1),
        ("b = [1,\n  2]", 1),
        ("c = 3", 2),
    ]


def test_decorators_belong_to_their_function() -> None:
    source = "@first\n@ \\\nsecond(1)\ndef f():\n    pass"
    assert pieces(f"x = 1\n{source}") == [("x = 1", 1), (source, 2)]


def test_a_decorator_after_a_lone_at_sign_is_found() -> None:
    source = "@\\\nfirst\nclass A:\n    pass"
    assert pieces(source) == [(source, 1)]


def test_statements_without_effect_are_left_out() -> None:
    assert pieces('"""About this cell."""\npass\n...\n3') == []


def test_magics_do_not_shift_lines() -> None:
    assert pieces("%%time\n%matplotlib inline\nx = 1") == [("x = 1", 3)]


def test_text_that_looks_like_a_magic_is_kept() -> None:
    source = 's = """\n%matplotlib inline\n"""'
    assert pieces(source) == [(source, 1)]


def test_a_cell_of_another_language_has_no_statements() -> None:
    assert pieces("%%bash\nrm -r x") == []


def test_a_syntax_error_says_the_line() -> None:
    with pytest.raises(CellFault, match="syntax error") as caught:
        parse_cell("x = 1\ny = = 2\n")
    assert caught.value.line == 2


def test_warnings_about_a_students_source_stay_silent() -> None:
    assert pieces(r"s = '\d'; t = 1 is 1") == [(r"s = '\d'", 1), ("t = 1 is 1", 1)]


def test_a_cell_that_is_too_long_is_refused() -> None:
    with pytest.raises(CellFault, match="longer than 200000 characters"):
        parse_cell("#" * (MAX_SOURCE + 1))


ATTACKS = {
    "parentheses": "'(' * 100_000",
    "closed parentheses": "'(' * 90_000 + ')' * 90_000",
    "brackets and braces": "'[{' * 50_000",
    "minus": "'-' * 100_000 + '1'",
    "not": "'not ' * 40_000 + '1'",
    "lambda": "'lambda:' * 25_000 + '1'",
    "conditional": "'1 if 1 else ' * 15_000 + '1'",
    "power": "'1' + '**1' * 60_000",
    "sum": "'1' + '+1' * 90_000",
    "attributes": "'a.' * 90_000 + 'a'",
    "spaced attributes": "'a . ' * 40_000 + 'a'",
    "calls": "'a' + '()' * 90_000",
    "subscripts": "'a' + '[0]' * 60_000",
    "elif": "'if 1:pass\\n' + 'elif 1:pass\\n' * 15_000",
    "nested blocks": "''.join('\\n' + ' ' * i + 'if 1:' for i in range(500))",
    "dotted import": "'import a' + '.a' * 90_000",
    "dotted from": "'from a' + '.a' * 90_000 + ' import b'",
    "minus in an f-string": "\"f'{\" + '-' * 100_000 + \"1}'\"",
    "nested f-strings": "'f\"{' * 60_000",
    "a long number": "'9' * 190_000",
    "null": "'x = 1\\0'",
    "backslashes": "'a\\\\\\n' * 60_000",
    "spaces": "' ' * 190_000",
    "percent signs": "'x = 1 1\\n' + '%%time\\n' * 25_000",
    "quotes": '\'"""\' * 66_001',
    "spaces before a mistake": "('x' + ' ' * 60_000 + '\\n') * 3 + '= ='",
}

# In a thread with a small stack, where the parser's own limits come too late.
CHILD = """
import sys, threading, time
from autograder.submissions.parse import CellFault, parse_cell
def attack(name, source):
    start = time.process_time()
    try:
        parse_cell(source)
    except CellFault:
        pass
    print(name, time.process_time() - start, sep="\\t", flush=True)
threading.stack_size(256 * 1024)
for line in sys.stdin:
    name, source = line.rstrip("\\n").split("\\t")
    thread = threading.Thread(target=attack, args=(name, eval(source)))
    thread.start()
    thread.join()
"""


@pytest.fixture(scope="module")
def seconds() -> dict[str, float]:
    """CPU seconds that each attack cost a process of its own, up to a crash if there is one."""
    child = subprocess.run(
        [sys.executable, "-c", CHILD],
        input="".join(f"{name}\t{source}\n" for name, source in ATTACKS.items()),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    rows = (line.split("\t") for line in child.stdout.splitlines())
    return {name: float(cost) for name, cost in rows}


@pytest.mark.parametrize("name", ATTACKS)
def test_no_source_crashes_or_stalls_the_reader(seconds: dict[str, float], name: str) -> None:
    assert seconds[name] < 10


LINES = st.sampled_from(
    [
        "x = 1",
        "s = 'é\u2028'; t = \"\x0c\"",
        "def f(a,\n      b=(1,\n         2)):\n    return a",
        "@d\nclass A:\n\n    # c\n    x = '''\n@\n'''",
        "if x:\n    y = 1\nelse:\n    y = 2",
        "# comment",
        "",
        "x = 1; \\\ny = 2;",
        "for i in x: print(i); break",
        "'doc'",
        "\x0cx = 3",
    ]
)


@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.lists(LINES, max_size=6))
def test_each_piece_is_its_statement(lines: list[str]) -> None:
    for piece in parse_cell("\n".join(lines)):
        (node,) = ast.parse(piece.source).body
        assert ast.dump(node) == ast.dump(piece.node)
