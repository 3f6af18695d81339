"""Renders a student's Markdown for the formgrader and the feedback without trusting it.

    c.HTMLExporter.filters = {"markdown2html": "autograder.gradebook.markdown.safe_markdown"}

nbconvert renders raw HTML as it is. In the formgrader a script would run with the rights of the
grader's Jupyter server, which can execute anything.
"""

from __future__ import annotations

import html
from typing import Any

from jinja2 import pass_context
from jinja2.runtime import Context
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

LONGEST = 20_000  # characters; nbconvert's time grows with the square of some texts' length
MATH = ("\\\\(", "\\\\[", "\\begin{")  # the end of each is looked for in all that follows
MOST_MATH = 100
PICTURES = ("image/png", "image/jpeg", "image/gif", "image/webp")  # no SVG: it may hold scripts


class SafeRenderer(IPythonRenderer):  # type: ignore[misc]
    """Shows HTML as text, links to the web only, and pictures of the submission itself only."""

    def __init__(self, attachments: dict[str, dict[str, str]]) -> None:
        super().__init__(escape=True, allow_harmful_protocols=False, attachments=attachments)

    def block_code(self, code: str, info: str | None = None) -> str:
        """Show code; nbconvert would put Mermaid diagrams into the page unescaped."""
        mermaid = bool(info) and str(info).startswith("mermaid")
        return str(super().block_code(code, None if mermaid else info))

    def image(self, text: str, url: str, title: str | None = None) -> str:
        """Show a pasted picture or a file handed in; say so where a picture is left out."""
        if url.startswith("attachment:"):
            versions = self.attachments.get(url.removeprefix("attachment:"), {})
            if not any(media in PICTURES for media in versions):
                return self._left_out(text)
        elif ":" in url or url.startswith(("/", "\\")):
            return self._left_out(text)
        return str(super().image(text, url, title))

    def _left_out(self, text: str) -> str:
        return f"<em>[picture left out: {self.escape_html(text)}]</em>"


@pass_context
def safe_markdown(context: Context, source: str) -> str:
    """Return the HTML of Markdown that anybody may have written; of an outsize one, its text."""
    if len(source) > LONGEST or sum(map(source.count, MATH)) > MOST_MATH:
        return f"<pre>{html.escape(source)}</pre>"
    cell: Any = context.get("cell", {})
    attachments = {
        name: {media: data for media, data in versions.items() if media in PICTURES}
        for name, versions in cell.get("attachments", {}).items()
    }
    return str(MarkdownWithMath(renderer=SafeRenderer(attachments)).render(source))
