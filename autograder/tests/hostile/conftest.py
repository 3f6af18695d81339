"""The hostile cases run in the same sandboxes as the sandbox's own tests."""

from autograder.tests.sandbox.conftest import hasty_sandbox, load, sandbox

__all__ = ["hasty_sandbox", "load", "sandbox"]
