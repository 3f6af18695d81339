"""What becomes of a check, in words that are safe for students.

pytest's own text of a failure holds expected values and hidden inputs. Only three kinds of text get
out: messages written for students by the suite (`CheckFailed`), what the student's own code said
(`StudentFault`), the name of any other exception's type.
"""

from __future__ import annotations

from autograder.grading.expect import CheckFailed, NothingHandedIn
from autograder.sandbox import StudentError, StudentFault, StudentTimeout


def verdict(error: BaseException | None) -> tuple[str, str]:
    """Status and student's message for what ended a check."""
    if error is None:
        return "passed", ""
    if isinstance(error, NothingHandedIn):
        return "missing", str(error)
    if isinstance(error, CheckFailed):
        return "failed", str(error)
    if isinstance(error, StudentTimeout):
        return "timeout", error.sentence
    if isinstance(error, StudentError) and error.etype == "NotImplementedError":
        return "missing", f"Not written yet: {error.sentence}"
    # A NameError raised inside the student's code names its type; the proxy's own does not.
    if isinstance(error, StudentError) and error.sentence.endswith(" is not defined"):
        return "missing", error.sentence
    if isinstance(error, StudentFault):
        return "error", error.sentence
    return "failed", (
        f"The check could not use what the code returned ({type(error).__name__}). "
        "Does it return what the docstring says, in that order?"
    )
