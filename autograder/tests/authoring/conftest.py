"""A course of two small tasks and one question, written into a temporary folder."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from autograder.paths import Course

FILES = {
    "source/course.toml": 'title = "Mini"\nseed = 1\n',
    "nbgrader_config.py": """\
c = get_config()
c.CourseDirectory.source_directory = "build/source"
c.ClearSolutions.text_stub = "*Write here.*"
""",
    "source/mini/assignment.toml": """\
id = "mini"
title = "A mini assignment"
due = 2027-03-01T23:59:00Z

[[notebooks]]
name = "First"

[[notebooks]]
name = "Second"
uses = "First"

[[tasks]]
id = "double"
notebook = "First"
points = 3
functions = ["double"]

[[tasks]]
id = "halve"
notebook = "Second"
points = 2.5
functions = ["halve"]
files = ["half.npz"]

[[questions]]
id = "why"
notebook = "First"
points = 4
title = "Why so?"
""",
    "source/mini/First.md": """\
# First

Some text.

```python given="setup"
import numpy as np
```

```python task="double"
from solutions.numbers import double
```

```python
double(np.ones(3))
```

```python check="double"
assert double(2) == 4
```

## Why?

<!-- #region question="why" -->
<!-- #endregion -->
""",
    "source/mini/Second.md": """\
```python given="helper"
from solutions.numbers import FACTOR, helper
```

```python task="halve"
from solutions.numbers import halve
```

```python check="halve"
assert halve(4) == 2
```

```python exercise="play"
def play(x):
    ### BEGIN SOLUTION
    played = halve(x) + halve(x + 2)
    return played
    ### END SOLUTION
```
""",
    "solutions/__init__.py": "",
    "solutions/numbers.py": '''\
"""Numbers."""

import numpy as np

# What doubling multiplies by.
FACTOR = 2


def double(x):
    """Twice x."""
    # TODO: compute y.
    ### BEGIN SOLUTION
    y = np.multiply(x, FACTOR)
    ### END SOLUTION
    return y


def helper(x):
    """Shown to students as it is."""
    return x - FACTOR


def halve(x):
    """Half of x."""
    ### BEGIN SOLUTION
    half = x / 2
    return half
    ### END SOLUTION
''',
    "solutions/answers/mini/why.md": """\
Because doubling and halving undo each other.

## Rubric

- 4 points: says that they undo each other
""",
    "source/nnkit/__init__.py": '"""What students import."""\n',
    "source/nnkit/check/__init__.py": "def check(name):\n    print(name)\n",
    "source/nnkit/tests/test_check.py": "def test_nothing(): pass\n",
    "source/nnkit/data/sample.bin": b"\x00\xff\xfe",
    "tests/mini/test_double.py": """\
import pytest

@pytest.mark.task("double")
def test_values(student, rng):
    x = rng.normal(size=(17, 4)) * 1000.5
    assert student.double(x).sum() == 2 * x.sum()
""",
}


@dataclass(frozen=True)
class MiniCourse(Course):
    """A course whose files a test changes before it builds."""

    def write(self, name: str, content: str | bytes) -> None:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())

    def edit(self, name: str, old: str, new: str) -> None:
        text = (self.root / name).read_text()
        assert text.count(old) == 1, f"{old!r} is not in {name} exactly once"
        self.write(name, text.replace(old, new))


@pytest.fixture
def course(tmp_path: Path) -> MiniCourse:
    mini = MiniCourse((tmp_path / "course").resolve())
    for name, content in FILES.items():
        mini.write(name, content)
    return mini
