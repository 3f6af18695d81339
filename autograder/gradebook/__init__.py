"""Puts results into nbgrader's gradebook; the only room with traitlets."""
