"""The list of hostile cases in docs/security.md is the one of the tests.

`python -m autograder.tests.hostile.test_list` writes it anew.
"""

from __future__ import annotations

import re
from pathlib import Path

from autograder.paths import Course
from autograder.tests.hostile.hand_ins import HAND_INS
from autograder.tests.hostile.programs import TOPICS
from autograder.tests.hostile.zips import ZIPS

PAGE = Course.find(Path(__file__).parent).root / "docs" / "security.md"
LIST = re.compile("(?<=<!-- hostile cases -->\\n).*(?=<!-- end of hostile cases -->)", re.DOTALL)


def markdown() -> str:
    """One line for each topic, with the names of its cases."""
    topics = {topic: [case.name for case in cases] for topic, cases in TOPICS.items()}
    topics["Hand-ins that are not what they should be"] = list(HAND_INS)
    topics["Zip files that are not what they should be"] = list(ZIPS)
    lines = [f"- **{topic}**: {', '.join(names)}.\n" for topic, names in topics.items()]
    return "".join(lines).replace("_", " ")


def test_the_list_is_up_to_date() -> None:
    (listed,) = LIST.findall(PAGE.read_text("utf-8"))
    assert listed == markdown()


if __name__ == "__main__":
    PAGE.write_text(LIST.sub(lambda _: markdown(), PAGE.read_text("utf-8")), "utf-8")
