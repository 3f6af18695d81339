"""Does an authored text become the right cells, each knowing its line?"""

from __future__ import annotations

import pytest

from autograder.authoring.draft import read_draft
from autograder.errors import AuthoringError

TEXT = """\
---
jupyter:
  kernelspec: {display_name: Python 3, language: python, name: python3}
---

# Title

Two paragraphs

of text.

```
not a cell
```

```python task="double"

x = 1
```

<!-- #region question="why" -->
<!-- #endregion -->

<!-- #region -->
One cell,


in spite of two blank lines.
<!-- #endregion -->

```python check="double"
pass
```


Second of two text cells.
"""


def test_cells_know_their_role_name_and_line():
    cells = read_draft(TEXT, "First", "First.md").cells
    # A plain fence is text to students; whether it is a cell of its own is jupytext's business.
    assert [(c.kind, c.role, c.name, c.line) for c in cells if c.role or c.kind == "code"] == [
        ("code", "task", "double", 16),
        ("markdown", "question", "why", 21),
        ("code", "check", "double", 31),
    ]
    assert {c.line for c in cells if c.source.startswith(("# Title", "One cell", "Second"))} == {
        6,
        24,
        36,
    }


BROKEN = {
    "unknown_directive": ('text\n\n```python taks="a"\nx\n```\n', "3: unknown directive 'taks'"),
    "directive_without_quotes": ("```python task=a\nx\n```\n", "1: cannot read 'task=a'"),
    "two_directives": ('```python task="a" check="a"\nx\n```\n', "1: one directive a cell"),
    "question_on_code": ('```python question="a"\nx\n```\n', "1: question belongs on a markdown"),
    "task_on_text": (
        '<!-- #region task="a" -->\n<!-- #endregion -->\n',
        "1: task belongs on a code",
    ),
    "name_with_a_space": ('```python task="a b"\nx\n```\n', "1: task='a b': use up to 58"),
    "name_too_long": (f'```python task="{"a" * 59}"\nx\n```\n', "1: task='aaaa"),
    "fence_left_open": (
        '```python task="a"\nx\n\n```python check="a"\nx\n```\n',
        "1: this code fence",
    ),
    "fence_open_at_the_end": ('# A\n\n```python task="a"\nx\n', "3: this code fence has no end"),
    "region_left_open": ('<!-- #region question="a" -->\n\n# B\n', "1: this #region has no"),
    "region_in_a_region": (
        '<!-- #region question="a" -->\n<!-- #region question="b" -->\n<!-- #endregion -->\n',
        "1: this #region has no #endregion",
    ),
    "end_of_no_region": ("# A\n\n<!-- #endregion -->\n", "3: #endregion without #region"),
}


@pytest.mark.parametrize(("text", "message"), BROKEN.values(), ids=BROKEN)
def test_broken_text_is_located(text, message):
    with pytest.raises(AuthoringError) as caught:
        read_draft(text, "A", "A.md")
    assert str(caught.value).startswith(f"A.md:{message}")
