"""The hidden suites, one folder for each assignment, and what they share.

Nothing here is ever shown to students: neither these files nor the values they compare with.
"""
