"""The nbgrader adapter: the only room that knows nbgrader's gradebook and traitlets.

    prepare_gradebook(course, assignment) -> None
    with Writer(course, assignment) as writer: writer.write(submission, result)
    write_results(course, assignment, pairs of (submission, result)) -> None
    write_autograded(course, submission, result) -> None

Plugged into stock nbgrader by nbgrader_config.py: `preprocessor.SandboxGrade`,
`exporter.RepairingExporter`, the functions of `hooks` and `markdown.safe_markdown`.
"""

from autograder.gradebook.autograded import write_autograded
from autograder.gradebook.prepare import prepare_gradebook
from autograder.gradebook.writer import Writer, write_results

__all__ = ["Writer", "prepare_gradebook", "write_autograded", "write_results"]
