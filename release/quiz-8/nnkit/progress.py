"""A progress bar out of plain text: no widget, no extension, the same in Jupyter and a terminal."""

import sys
import time

WIDTH = 24


class ProgressBar:
    """One line that is drawn over and over; silent where a line can't be drawn over.

    Parameters
    ----------
    total : int
        Steps in all.
    label : str
        Text in front of the bar.
    enabled : bool
        False keeps it silent.
    """

    def __init__(self, total, label="", enabled=True):
        self.total, self.label = total, label
        self.enabled = enabled and can_redraw(sys.stdout)
        self._drawn = 0  # length of what stands on the line now
        self._last = 0.0

    def update(self, done, text=""):
        """Draw `done` steps out of all, at most ten times a second."""
        if not self.enabled or time.monotonic() - self._last < 0.1:
            return
        self._last = time.monotonic()
        filled = WIDTH * done // max(self.total, 1)
        bar = "#" * filled + "." * (WIDTH - filled)
        line = f"{self.label} [{bar}] {done}/{self.total}  {text}".strip()
        print("\r" + line.ljust(self._drawn), end="", flush=True)
        self._drawn = len(line)

    def clear(self):
        """Wipe the line, so that something lasting can be printed in its place."""
        if self._drawn:
            print("\r" + " " * self._drawn + "\r", end="", flush=True)
            self._drawn = 0


def can_redraw(stream):
    """Whether `\\r` goes back to the start of the line: in a terminal and in Jupyter."""
    return type(stream).__module__.startswith("ipykernel") or stream.isatty()
