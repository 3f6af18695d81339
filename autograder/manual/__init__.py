"""Collects written answers for manual grading."""
