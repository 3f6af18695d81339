"""Auto-graded deep-learning assignments: author, release, hand in, grade."""

__version__ = "0.1.0"
