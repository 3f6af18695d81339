"""The hostile cases run in the sandboxes and the small course of the other rooms' own tests."""

from autograder.tests.grading.conftest import course, hand_in
from autograder.tests.sandbox.conftest import hasty_sandbox, load, sandbox

__all__ = ["course", "hand_in", "hasty_sandbox", "load", "sandbox"]
