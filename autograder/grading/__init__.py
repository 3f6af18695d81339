"""Judges one submission or a class with the hidden suites."""
