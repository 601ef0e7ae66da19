"""The PDF of a document: what the person may see, on paper. Every print is logged."""

from dataclasses import dataclass, replace
from datetime import datetime

from cts.domain.answer_checks import is_asked
from cts.domain.answer_words import shown
from cts.domain.calendar import office_time
from cts.domain.fields import Field, FormSection, Kind, us_date
from cts.domain.names import spoken_name
from cts.domain.vocabulary import SIGNER_TITLES, Document, LeadAgency, Status
from cts.domain.workflow import is_reviewed
from cts.forms.advocacy_plan import projected_end
from cts.outside.pdf_document import PrintedDocument, PrintedEntry, PrintedSection, PrintedSignature, PrintedTable
from cts.services.actor import Actor
from cts.services.documents import HIDDEN, DocumentView, open_document
from cts.services.history import clock, document_words
from cts.services.printing_rows import printed_rows
from cts.settings import settings

DEPARTMENTS = {
    LeadAgency.DCFS: "Department of Children and Family Services",
    LeadAgency.PROBATION: "Probation Department",
}
CONFIDENTIAL = (
    "Confidential: case record under WIC 827 and 10850. For the persons assigned to this youth only. "
    "Do not copy, forward or leave unattended."
)
SUBMITTED = "Submitted by"
DRAFTS = frozenset({Status.NEW, Status.NOT_STARTED, Status.IN_PROGRESS})
FINAL = frozenset({Status.APPROVED, Status.REIMBURSED, Status.TERMINATED})
"""Nothing is printed across what was approved; a Referral stays approved when the service has ended."""


@dataclass(frozen=True)
class PrintedFile:
    """A file to hand out; the name is made here and holds no name of a person."""

    name: str
    content: bytes


def print_document(
    actor: Actor, number: int, now: datetime, kind: Document = Document.REFERRAL, sequence: int | None = None
) -> PrintedFile:
    """The PDF of a document of assignment `number`, with what this person may see. Raises NotPermitted."""
    # The PDF library takes long to import; only a print needs it.
    from cts.outside.pdf import render_pdf

    view = open_document(actor, number, now, kind, sequence, why="print")
    return PrintedFile(file_name(view), render_pdf(printed(view, actor, now)))


def file_name(view: DocumentView) -> str:
    """ "Advocacy-Plan-10001-phase-2-version-1.pdf": kind, assignment, which of several, which submission; nothing of the youth."""
    several = document_words(view.kind, view.sequence).removeprefix(view.kind).strip(" ()").lower()
    words = (view.kind, str(view.number), several, version_words(view).lower())
    return " ".join(filter(None, words)).replace(",", "").replace(" ", "-") + ".pdf"


def printed(view: DocumentView, actor: Actor, now: datetime) -> PrintedDocument:
    """What stands on the paper: all sections, signatures, status, version and history."""
    sections = [_section(view, section) for section in view.spec.sections]
    if not view.signers:
        sections += _submission(view)
    paper = plain_paper(actor, view.number, LeadAgency(view.facts.values["lead_agency"]), now)
    return replace(
        paper,
        title=view.title,
        status=view.status if is_reviewed(view.kind) or view.status is not Status.IN_PROGRESS else "",
        version=version_words(view),
        watermark=watermark(view),
        sections=tuple(section for section in sections if section.parts),
        signatures_title=view.spec.sections[-1].title,
        signatures=_signatures(view),
        history=tuple(f"{line.when}  {line.sentence} {line.why}".rstrip() for line in view.history),
    )


def plain_paper(actor: Actor, number: int, lead: LeadAgency, now: datetime) -> PrintedDocument:
    """Paper with nothing on it but who prints what, when, and that it is confidential."""
    return PrintedDocument(
        title="",
        letterhead=("Los Angeles County", DEPARTMENTS[lead], "CSEC Tracking System"),
        assignment_number=str(number),
        status="",
        version="",
        watermark=None,
        sections=(),
        signatures_title="",
        signatures=(),
        history=(),
        printed_by=spoken_name(actor.name),
        printed_at=clock(now),
        made_at=office_time(now, settings().time_zone),
        confidentiality=CONFIDENTIAL,
    )


def version_words(view: DocumentView) -> str:
    """Which submission is read: "Version 1", or "Draft", or "Draft of version 2" while it is written once more; '' where nothing is submitted.

    A returned document is a draft to its author only; everybody else still reads what was returned.
    """
    if not is_reviewed(view.kind):
        return ""
    if view.kind is Document.FUNDS and view.status is Status.APPROVED and view.writable:
        return "Approved, receipts not submitted"
    if view.round and not view.writable and view.status not in DRAFTS:
        return f"Version {view.round}"
    return f"Draft of version {view.round + 1}" if view.round else "Draft"


def watermark(view: DocumentView) -> str | None:
    """Words across every page unless the document is approved, or is one that nobody approves."""
    if view.status in FINAL or not is_reviewed(view.kind):
        return None
    if view.status in DRAFTS:
        return "DRAFT - NOT SUBMITTED"
    if view.status is Status.RECEIPTS_SUBMITTED:
        return f"{view.status.upper()} - NOT REIMBURSED"
    closed = view.status in {Status.WITHDRAWN, Status.FLAG_ENDED}
    return view.status.upper() if closed else f"{view.status.upper()} - NOT APPROVED"


def _submission(view: DocumentView) -> list[PrintedSection]:
    """Who submitted it, where nobody signs; of what nobody reviews, when it was last changed."""
    if is_reviewed(view.kind):
        return [PrintedSection("Submission", (PrintedEntry(SUBMITTED, view.submitted or "Not submitted yet"),))]
    return [PrintedSection("As of", (PrintedEntry("Last change", clock(view.saved_at) if view.saved_at else ""),))]


def _signatures(view: DocumentView) -> tuple[PrintedSignature | str, ...]:
    """One for each who has to sign; a signature that is no longer valid counts for nothing on paper."""
    valid = {
        s.party: PrintedSignature(s.name, s.title, s.acting_for or None, s.signed, s.fingerprint)
        for s in view.signatures
        if s.valid
    }
    return tuple(valid.get(party, f"{SIGNER_TITLES[party]}: Not signed") for party in view.signers)


def _section(view: DocumentView, section: FormSection) -> PrintedSection:
    parts: list[PrintedEntry | PrintedTable] = []
    for field in section.fields:
        if not _is_printed(view, field):
            continue
        if field.kind is Kind.ROWS:
            table = printed_rows(field, view.answers.get(field.key), view.stage, view.files)
            parts.append(replace(table, title="") if table.title == section.title else table)
            continue
        parts.append(_entry(view, field))
        if view.kind is Document.PLAN and field.key == "start_on":
            parts.append(
                PrintedEntry(
                    "Projected End Date", us_date(projected_end(view.answers, settings().phases[view.sequence - 1][1]))
                )
            )
    return PrintedSection(section.title, tuple(parts), section.note)


def _is_printed(view: DocumentView, field: Field) -> bool:
    """Questions asked now. Of a draft that is somebody else's only the facts; of private questions only those that were answered."""
    if field.kind is not Kind.FACT and (view.unread or (field.private and field.key not in view.answers)):
        return False
    return is_asked(field, view.answers, view.stage)


def _entry(view: DocumentView, field: Field) -> PrintedEntry:
    if field.key in view.hidden:
        return PrintedEntry(field.label, HIDDEN)
    if field.kind is Kind.FACT:
        source = field.source or f"{view.facts.source} {us_date(view.facts.extract_on)}"
        return PrintedEntry(field.label, shown(field, view.facts.values.get(field.key)), source)
    return PrintedEntry(field.label, shown(field, view.answers.get(field.key)))
