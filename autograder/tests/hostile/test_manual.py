"""A grader's browser obeys nothing that stands in an answer."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import pytest
from bs4 import BeautifulSoup, Tag

from autograder.manifest import load_assignment
from autograder.manual import collect
from autograder.settings import load_settings
from autograder.tests.manual.courses import QUIZ, hand_in, make_course

PNG = base64.b64encode(b"\x89PNG\r\n\x1a\n").decode()
MARK = "MARKED"

ATTACKS = {
    "script": f"<script>alert('{MARK}')</script>",
    "closes_the_box": f"</pre></article></main><h1>{MARK}</h1>",
    "handler": f"<img src=x onerror=\"alert('{MARK}')\">",
    "style": f"<style>article {{ display: none }}</style>{MARK}",
    "template": "{{ 7 * 7 }} {% for x in y %} " + MARK,
    "comment": f"<!-- {MARK}",
    "refresh": f'<meta http-equiv="refresh" content="0; url=https://evil.example/{MARK}">',
    "frame": f'<iframe src="https://evil.example/{MARK}"></iframe>',
    "link": f"[{MARK}](javascript:alert(1)) <a href='https://evil.example'>x</a>",
    "entity": f"&lt;script&gt;{MARK}&lt;/script&gt; &#60;b&#62;",
    "in_a_formula": f"$</span><script>{MARK}</script>$",
    "in_code": f"`</span><script>{MARK}</script>`",
    "in_emphasis": f"**</span><script>{MARK}</script>**",
    "in_a_pictures_name": f"![</span><script>{MARK}</script>](x.png)",
}
ALLOWED = {"article", "header", "b", "span", "pre", "figure", "img", "figcaption"}


def page_with(tmp_path: Path, answer: str, attachments: dict[str, object] | None = None) -> str:
    course = make_course(tmp_path / "course")
    hand_in(course, "mallory", {"convolve_by_hand": answer}, attachments)
    hand_in(course, "ada", {"convolve_by_hand": "An honest answer."})
    page, _ = collect(course, load_assignment(course, QUIZ), load_settings(course))
    return page.read_text(encoding="utf-8")


def articles(page: str) -> list[Tag]:
    found = BeautifulSoup(page, "html.parser").select("#convolve_by_hand article")
    assert len(found) == 2
    return found


@pytest.mark.parametrize("attack", ATTACKS)
def test_an_answer_is_nothing_but_text(tmp_path: Path, attack: str) -> None:
    found = articles(page_with(tmp_path, ATTACKS[attack]))
    (hostile,) = [article for article in found if MARK in article.get_text()]
    assert {tag.name for tag in hostile.find_all(True)} <= ALLOWED - {"img", "figure"}
    for tag in hostile.find_all(True):
        assert set(tag.attrs) <= {"class", "dir"}


@pytest.mark.parametrize("attack", sorted(set(ATTACKS) - {"in_a_pictures_name"}))
def test_an_answer_is_shown_as_it_was_written(tmp_path: Path, attack: str) -> None:
    shown = [article.pre.get_text() for article in articles(page_with(tmp_path, ATTACKS[attack]))]
    assert ATTACKS[attack] in shown


def test_the_page_loads_nothing_and_runs_nothing(tmp_path: Path) -> None:
    soup = BeautifulSoup(page_with(tmp_path, "\n\n".join(ATTACKS.values())), "html.parser")
    assert soup.find_all(["script", "link", "iframe", "object", "embed", "form", "base"]) == []
    for tag in soup.find_all(True):
        assert not [name for name in tag.attrs if name.startswith("on")]
        for name in ("src", "href", "action", "srcset"):
            assert tag.get(name, "#").startswith(("#", "data:image/png;base64,"))
    policy = soup.find("meta", {"http-equiv": "Content-Security-Policy"})
    assert isinstance(policy, Tag)
    assert str(policy["content"]).startswith("default-src 'none'")


def test_a_pasted_picture_is_shown_under_a_hostile_name(tmp_path: Path) -> None:
    name = '"><script>x</script>.png'
    found = articles(page_with(tmp_path, f"See {MARK}.", {name: {"image/png": PNG}}))
    (hostile,) = [article for article in found if MARK in article.get_text()]
    (image,) = hostile.find_all("img")
    assert image["src"] == f"data:image/png;base64,{PNG}"
    assert hostile.figcaption is not None
    assert hostile.figcaption.get_text() == name
    assert hostile.find_all("script") == []


@pytest.mark.parametrize("media", ["image/svg+xml", "text/html", "application/javascript"])
def test_active_content_in_place_of_a_picture_is_left_out(tmp_path: Path, media: str) -> None:
    content = base64.b64encode(b"<svg onload='alert(1)'/>").decode()
    text = f"{MARK} ![p](attachment:p.png)"
    found = articles(page_with(tmp_path, text, {"p.png": {media: content}}))
    assert all(article.find("img") is None for article in found)


def test_lone_surrogates_and_null_bytes_do_not_stop_the_collection(tmp_path: Path) -> None:
    page = page_with(tmp_path, f"{MARK} \ud800 \x00 \u202e")
    assert MARK in page
    assert not set("\x00\u202e") & set(page)
    data = (tmp_path / "course" / "manual" / QUIZ / "answers.json").read_text(encoding="utf-8")
    assert MARK in json.dumps(json.loads(data))


def test_a_hostile_student_name_is_in_the_key_alone(tmp_path: Path) -> None:
    course = make_course(tmp_path / "course")
    name = "<b>$(reboot)</b>".replace("/", "\N{DIVISION SLASH}")
    hand_in(course, name, {"convolve_by_hand": "An answer."})
    page, data = collect(course, load_assignment(course, QUIZ), load_settings(course))
    assert "reboot" not in page.read_text("utf-8") + data.read_text("utf-8")
    key = json.loads((page.parent / "key.json").read_text("utf-8"))
    assert list(key["students"]["convolve_by_hand"].values()) == [name]
