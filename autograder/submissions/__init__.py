"""Finds, reads and repairs what students hand in; runs none of it."""
