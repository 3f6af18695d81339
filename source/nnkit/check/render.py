"""A report as text and as HTML."""

import html
import sys
import textwrap

from nnkit.check.report import Outcome

GREEN, RED, RESET = "\033[32m", "\033[31m", "\033[0m"
HTML_ROW = (
    '<tr><td style="text-align:left">{name}</td>'
    '<td style="text-align:left;color:{colour};white-space:nowrap"><b>{verdict}</b></td>'
    '<td style="text-align:left;max-width:50em;white-space:normal">{message}</td></tr>'
)


def show(report):
    """Show a report where the student is looking: as a table in Jupyter, as text elsewhere."""
    if in_jupyter():
        from IPython.display import display

        display({"text/html": as_html(report), "text/plain": as_text(report)}, raw=True)
    else:
        print(as_text(report, colour=sys.stdout.isatty()))


def as_text(report, colour=False):
    """Render a report for a terminal, wrapped to 100 columns."""
    outcomes = rows(report)
    width = max(len(outcome.name) for outcome in outcomes)
    lines = [f"{report.task}: {summary(report)}"]
    for outcome in outcomes:
        verdict = f"{'passed' if outcome.passed else 'FAILED'}"
        if colour:
            verdict = f"{GREEN if outcome.passed else RED}{verdict}{RESET}"
        start = f"  {outcome.name.ljust(width)}  "
        indent = " " * (len(start) + 8)
        message = textwrap.wrap(outcome.message, max(100 - len(indent), 40))
        lines.append((start + verdict + "  " + f"\n{indent}".join(message)).rstrip())
    return "\n".join([*lines, f"  {report.note}"] if report.note else lines)


def as_html(report):
    """Render a report as an HTML table; everything that came from student code is escaped."""
    table = [
        HTML_ROW.format(
            name=html.escape(outcome.name),
            colour="#1a7f37" if outcome.passed else "#b42318",
            verdict="✓ passed" if outcome.passed else "✗ failed",
            message=html.escape(outcome.message),
        )
        for outcome in rows(report)
    ]
    title = f"<b>{html.escape(report.task)}</b>: {html.escape(summary(report))}"
    note = html.escape(report.note)
    return f"<div>{title}<table>{''.join(table)}</table>{note}</div>"


def rows(report):
    """The outcomes as they are shown: no message of a failed check is printed twice."""
    failed = [outcome for outcome in report.outcomes if not outcome.passed]
    if len(failed) == len(report.outcomes) > 1 and len({one.message for one in failed}) == 1:
        return [Outcome("all checks", False, failed[0].message)]
    first, shown = {}, []
    for outcome in report.outcomes:
        name = first.setdefault((outcome.passed, outcome.message), outcome.name)
        repeated = name != outcome.name and not outcome.passed
        shown.append(Outcome(outcome.name, False, f'as for "{name}"') if repeated else outcome)
    return shown


def summary(report):
    """One phrase: how many checks passed."""
    right, number = sum(outcome.passed for outcome in report.outcomes), len(report.outcomes)
    if right == number:
        return f"all {number} checks passed" if number > 1 else "passed"
    return f"{right} of {number} checks passed"


def in_jupyter():
    """Whether this runs in a Jupyter kernel. Never imports IPython by itself."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    return getattr(shell, "kernel", None) is not None
