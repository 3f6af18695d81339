"""Where commands print to."""

from __future__ import annotations

from rich.console import Console

# Wider than any table or sentence: nothing that another program or a log reads is folded.
PIPE_WIDTH = 10_000


def terminal(*, stderr: bool = False) -> Console:
    """Return a console; into a pipe or a file it writes each statement on one line."""
    console = Console(stderr=stderr, emoji=False)  # a student's `:smiley:` stays these letters
    if not console.file.isatty():
        console.width = PIPE_WIDTH
    return console
