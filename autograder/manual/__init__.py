"""Written answers, graded by hand.

collect(course, assignment, settings) -> (path of the HTML page, path of the JSON file)
"""

from autograder.manual.collect import collect

__all__ = ["collect"]
