"""Finds, reads and repairs what students hand in; runs none of it.

`find_submissions` lists the folders under `submitted/`; `read_submission` turns one of them into a
`Submission`: the statements to run, the written answers, the repaired notebooks, and one sentence
for each thing that is wrong with it. `read_package` does so for one made of `.py` modules.
"""

from autograder.submissions.files import digest
from autograder.submissions.find import Found, find_submissions
from autograder.submissions.package import read_package
from autograder.submissions.read import read_submission
from autograder.submissions.submission import Answer, Submission

__all__ = [
    "Answer",
    "Found",
    "Submission",
    "digest",
    "find_submissions",
    "read_package",
    "read_submission",
]
