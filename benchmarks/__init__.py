"""Measures the grader on made classes, beside stock nbgrader and otter; `make bench`."""
