"""A sample class of 12 submissions, made from the reference solutions."""
