"""Runs student code in a locked-down process and hands back plain values."""
