"""From solutions and authored text to the instructor's notebooks and the students' release."""

from autograder.authoring.build import (
    BuildReport,
    build_assignment,
    build_package,
    check_assignment,
    check_package,
)

__all__ = [
    "BuildReport",
    "build_assignment",
    "build_package",
    "check_assignment",
    "check_package",
]
