"""`python -m autograder` is the same program as `autograder`."""

from autograder.cli import main

main()
