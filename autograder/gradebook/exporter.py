"""Lets stock `nbgrader autograde` read submissions as `autograder grade` reads them.

c.Autograde.exporter_class = "autograder.gradebook.exporter.RepairingExporter"
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from nbconvert.exporters import NotebookExporter
from nbformat import NotebookNode

from autograder.gradebook.stock import repaired_notebook
from autograder.paths import Course


class RepairingExporter(NotebookExporter):  # type: ignore[misc]
    """Reads a path under submitted/ through the submission reader, any other as usual.

    The path need not exist, nor be a valid notebook: nbgrader's first pass converts it into
    autograded/, and only what is written there is read again by its second pass.
    """

    def from_filename(
        self, filename: str, resources: dict[str, Any] | None = None, **options: Any
    ) -> tuple[str, dict[str, Any]]:
        """Convert a notebook; one under submitted/ is repaired from the release first."""
        notebook = _repaired(Path(filename), resources or {})
        if notebook is None:
            return super().from_filename(filename, resources=resources, **options)  # type: ignore[no-any-return]
        return self.from_notebook_node(notebook, resources=resources, **options)  # type: ignore[no-any-return]


def _repaired(path: Path, resources: dict[str, Any]) -> NotebookNode | None:
    about = resources.get("nbgrader")
    if about is None:
        return None
    course = Course.find()  # nbgrader converts in the course's own folder
    folder = course.submission(about["assignment"], about["student"])
    # The root may be reached through a symbolic link, so paths cannot be compared as text.
    if not (folder.is_dir() and path.parent.is_dir() and path.parent.samefile(folder)):
        return None
    return repaired_notebook(course, about["assignment"], about["student"], about["notebook"])
