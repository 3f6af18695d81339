"""Notebooks made of code cells, as JSON files."""

from __future__ import annotations

import json
from pathlib import Path


def write_notebook(path: Path, *cells: str) -> Path:
    """Write a notebook with these code cells behind one of text."""
    text = {"cell_type": "markdown", "metadata": {}, "source": "A title"}
    code = [
        {
            "cell_type": "code",
            "metadata": {},
            "source": cell.splitlines(keepends=True),
            "outputs": [],
            "execution_count": None,
        }
        for cell in cells
    ]
    notebook = {"cells": [text, *code], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    path.write_text(json.dumps(notebook), encoding="utf-8")
    return path
