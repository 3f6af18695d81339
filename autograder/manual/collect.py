"""Gathers the written answers of an assignment into files for the graders.

    collect(course: Course, assignment: Assignment, settings: Settings) -> tuple[Path, Path]

Writes manual/<assignment>/answers.html and answers.json, both anonymous, and key.json, which says
whose answer is whose.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from autograder.errors import SubmissionError
from autograder.manifest import Assignment
from autograder.manual.gather import Entry, Sheet, gather, read_guide
from autograder.manual.page import render_page
from autograder.paths import Course
from autograder.replace import replace_file
from autograder.settings import Settings
from autograder.submissions import find_submissions, read_submission

SCHEMA = 1
PRIVATE, SHARED = 0o600, 0o644


def collect(course: Course, assignment: Assignment, settings: Settings) -> tuple[Path, Path]:
    """Write the graders' files and return the paths of the page and of the JSON.

    Raises
    ------
    SubmissionError
        If the assignment has no written question or nothing was handed in.
    AuthoringError
        If a model answer or its rubric is missing.
    """
    if not assignment.questions:
        raise SubmissionError(f"{assignment.id} has no written questions")
    guides = {q.id: read_guide(course, assignment.id, q) for q in assignment.questions}
    found = find_submissions(course, assignment.id).submissions
    if not found:
        raise SubmissionError(f"{course.submitted}: nothing handed in for {assignment.id}")
    release = course.release(assignment.id)
    submissions = [read_submission(path, assignment, release, name) for name, path in found]
    sheets = gather(assignment, submissions, guides, settings.seed)
    folder = course.manual(assignment.id)
    page, data = folder / "answers.html", folder / "answers.json"
    replace_file(page, render_page(assignment, sheets, settings.title).encode(), SHARED)
    replace_file(data, _to_json(_anonymous(assignment, sheets)).encode(), SHARED)
    replace_file(folder / "key.json", _to_json(_key(assignment, sheets)).encode(), PRIVATE)
    return page, data


def _anonymous(assignment: Assignment, sheets: Sequence[Sheet]) -> dict[str, Any]:
    questions = [
        {
            "question": sheet.question.id,
            "title": sheet.question.title,
            "points": sheet.question.points,
            "model_answer": sheet.guide.model_answer,
            "rubric": sheet.guide.rubric,
            "answers": [_answer(number, entry) for number, entry in enumerate(sheet.answers, 1)],
            "untouched": [entry.key for entry in sheet.untouched],
        }
        for sheet in sheets
    ]
    return {"schema": SCHEMA, "assignment": assignment.id, "questions": questions}


def _answer(number: int, entry: Entry) -> dict[str, Any]:
    return {
        "answer": entry.key,
        "number": number,
        "text": entry.text,
        "pictures": sorted(entry.images),
    }


def _key(assignment: Assignment, sheets: Sequence[Sheet]) -> dict[str, Any]:
    students = {
        sheet.question.id: {e.key: e.student for e in (*sheet.answers, *sheet.untouched)}
        for sheet in sheets
    }
    return {"schema": SCHEMA, "assignment": assignment.id, "students": students}


def _to_json(data: dict[str, Any]) -> str:
    return json.dumps(data, indent=2, ensure_ascii=False, allow_nan=False) + "\n"
