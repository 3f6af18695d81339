"""Drops what IPython understands and Python does not: magics, shell lines, help requests.

Lines are replaced, never removed, so that line numbers stay those of the student's cell.
"""

from __future__ import annotations

import re

# These run the cell's body as Python, in the notebook's namespace.
BODY_MAGICS = frozenset({"capture", "debug", "prun", "time", "timeit"})

CELL_MAGIC = re.compile(r"\s*%%(\w*)")
LINE_MAGIC = re.compile(  # of a line without its indentation
    r"""  [%!?]                                  # %matplotlib inline, !pip, ?np
        | [\w.,\s]+=\s*[%!]                      # files = !ls
        | [\w.*%\[\]'"-]+\?{1,2}\s*(?:\#.*)?$   # np.dot?
    """,
    re.VERBOSE,
)
TOKEN = re.compile(
    r"""(?P<quote>\"\"\"|''')
      | (?P<string>"(?:[^"\\]|\\.)*"? | '(?:[^'\\]|\\.)*'?)
      | (?P<comment>\#.*)
      | (?P<open>[(\[{])
      | (?P<close>[)\]}])
    """,
    re.VERBOSE | re.DOTALL,
)


def drop_magics(source: str) -> str | None:
    """Return the Python of a cell that is not Python as it stands.

    Only a line that starts a statement is taken for a magic: "%d" at the start of a line may also
    be the inside of a string or the second operand of an expression. Returns None for a cell in
    another language (`%%bash`, `%%html`, ...).
    """
    source = _without_margin(source)
    magic = CELL_MAGIC.match(source)
    if magic and magic.group(1) not in BODY_MAGICS:
        return None
    lines: list[str] = []
    state = _State()
    in_magic = False
    for line in source.split("\n"):
        code = line.lstrip()
        in_magic = in_magic or (state.at_statement and LINE_MAGIC.match(code) is not None)
        if in_magic:
            # `pass` keeps the body of an `if` or a function from becoming empty.
            lines.append(line[: len(line) - len(code)] + "pass")
            in_magic = line.endswith("\\")
        else:
            lines.append(line)
            state.read(line)
    return "\n".join(lines)


def _without_margin(source: str) -> str:
    """Take off the first line's indentation, as IPython does."""
    text = source.lstrip("\n")
    margin = text[: len(text) - len(text.lstrip(" \t"))]
    return re.sub(rf"^{margin}", "", source, flags=re.MULTILINE) if margin else source


class _State:
    """Where the reader of a cell is: inside a string, inside brackets, after a backslash."""

    def __init__(self) -> None:
        self.quote = ""
        self.depth = 0
        self.continued = False

    @property
    def at_statement(self) -> bool:
        return not self.quote and not self.depth and not self.continued

    def read(self, line: str) -> None:
        place = 0
        while place < len(line):
            place = self._leave_string(line, place) if self.quote else self._next_token(line, place)
        self.continued = not self.quote and line.endswith("\\")

    def _leave_string(self, line: str, place: int) -> int:
        end = re.compile(rf"(?:[^\\]|\\.)*?{self.quote}").match(line, place)
        if end is None:
            return len(line)
        self.quote = ""
        return end.end()

    def _next_token(self, line: str, place: int) -> int:
        token = TOKEN.search(line, place)
        if token is None:
            return len(line)
        if token.lastgroup == "quote":
            self.quote = token.group()
        elif token.lastgroup == "open":
            self.depth += 1
        elif token.lastgroup == "close":
            self.depth = max(0, self.depth - 1)
        return token.end()
