"""docs/workflow.md, made from cts/domain/workflow_table.py."""

from cts.commands.docs_words import MADE, NEEDED, WHO, a_document, listed, read_aloud, slug
from cts.domain.vocabulary import (
    CLOSED_STATUSES,
    DOCUMENT_TITLES,
    Document,
    Need,
    Party,
    Status,
    reasons_for,
)
from cts.domain.workflow import BEGINNINGS, ENDS, STEPS, WAITING, Step


def picture_name(document: Document) -> str:
    """The file name of a document's picture."""
    return f"workflow-{slug(document)}.svg"


def workflow_page() -> str:
    """The whole page."""
    parts = ["# The workflow\n", MADE, _INTRODUCTION, *(_of_document(document) for document in Document)]
    parts += [_parties(), _needs(), _closed(), _reasons()]
    return "\n".join(parts)


_INTRODUCTION = """\
The table is `STEPS` in `cts/domain/workflow_table.py`. Buttons, permissions, e-mails, "Waiting on me", this page and its pictures
read it; nothing repeats it. CTS reads the table through at every start and does not start on one that contradicts itself.

Two rules hold for every row. Nobody decides a document that he or she wrote, signed or decided a step before in the same round
(four eyes, by person). A step is taken on the version that was seen: of two people who press at once, one wins and the other reads
who was faster. A save or a signature changes no status; a signature is void as soon as the content changes.
"""


def _of_document(document: Document) -> str:
    steps = [step for step in STEPS if step.document is document]
    lines = [f"## {DOCUMENT_TITLES[document]}\n", f"![The way of {a_document(document)}]({picture_name(document)})\n"]
    lines += [
        "### The table\n",
        "| In status | Who | Does | Becomes | Needs | E-mail to |",
        "|---|---|---|---|---|---|",
    ]
    lines += [_row(step) for step in steps]
    lines += ["\n### Read aloud\n", *(f"{number}. {read_aloud(step)}" for number, step in enumerate(steps, 1))]
    lines += ["\n### Who holds it\n", "| Status | Waits for | To do | Reminder mark |", "|---|---|---|---|"]
    lines += [
        f"| {w.status} | {w.holder} | {w.asked} | {'yes' if w.reminded_daily else 'no'} |"
        for w in WAITING
        if w.document is document
    ]
    lines += ["\n### State diagram\n", mermaid(document)]
    return "\n".join(lines)


def _row(step: Step) -> str:
    needs = ", ".join(need for need in Need if need in step.needs) or "–"
    told = ", ".join(f"{tell.party} ([{tell.email}](emails.md#{tell.email}))" for tell in step.tells) or "–"
    becomes = str(step.becomes) if step.moves else "(stays)"
    return f"| {step.status} | {step.party} | **{step.action}** | {becomes} | {needs} | {told} |"


def mermaid(document: Document) -> str:
    """The state diagram in Mermaid's language, fenced."""
    steps = [step for step in STEPS if step.document is document]
    statuses = [s for s in Status if any(s in {step.status, step.becomes} for step in steps)]
    lines = ["```mermaid", "stateDiagram-v2"]
    lines += [f'    state "{status}" as {status.name}' for status in statuses]
    lines.append(f"    [*] --> {BEGINNINGS[document].name}")
    lines += [
        f"    {step.status.name} --> {step.becomes.name}: {step.party} – {step.action}" for step in steps if step.moves
    ]
    lines += [f"    {status.name} --> [*]" for status in statuses if (document, status) in ENDS]
    return "\n".join([*lines, "```\n"])


def _parties() -> str:
    lines = ["## Parties: what a person is to one assignment\n", "| Party | Who that is |", "|---|---|"]
    return "\n".join([*lines, *(f"| {party} | {WHO[party]} |" for party in Party)]) + "\n"


def _needs() -> str:
    lines = ["## Needs\n", "| Need | Met when |", "|---|---|"]
    return "\n".join([*lines, *(f"| {need} | {NEEDED[need]} |" for need in Need)]) + "\n"


def _closed() -> str:
    """Decision (f): closed, and the way into each."""
    lines = ["## Closed statuses\n", "| Status | How an assignment, or a document, gets there |", "|---|---|"]
    for status in (s for s in Status if s in CLOSED_STATUSES):
        ending = status is Status.TERMINATED
        rows = [step for step in STEPS if (step.ends_service if ending else step.becomes is status and step.moves)]
        ways = [
            f"*{party}* takes **{action}** on {a_document(document)} that is "
            f"{listed((s.status for s in rows if s.party is party and s.document is document), 'or')}."
            for party, action, document in dict.fromkeys((s.party, s.action, s.document) for s in rows)
        ]
        lines.append(f"| {status} | {' '.join(ways) or 'No step leads here.'} |")
    return "\n".join(lines) + "\n"


def _reasons() -> str:
    lines = ["## Coded reasons\n"]
    asked = dict.fromkeys((s.document, s.action) for s in STEPS if Need.REASON in s.needs)
    lines += [
        f"**{action}** {a_document(document)}: " + " · ".join(reasons_for(document, action).values()) + ".\n"
        for document, action in asked
    ]
    return "\n".join(lines)
