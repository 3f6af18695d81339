"""Tests of nnkit, the package that students get."""
