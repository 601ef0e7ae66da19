"""The PDF of a document: what the person may see, on paper. Every print is logged."""

from dataclasses import dataclass
from datetime import datetime

from cts.domain.answer_words import shown
from cts.domain.calendar import office_time
from cts.domain.fields import Field, FormSection, Kind, us_date
from cts.domain.names import spoken_name
from cts.domain.vocabulary import CLOSED_STATUSES, SIGNER_TITLES, Document, LeadAgency, Status
from cts.outside.pdf_document import PrintedDocument, PrintedEntry, PrintedSection, PrintedSignature
from cts.services.actor import Actor
from cts.services.documents import HIDDEN, DocumentView, open_document
from cts.services.history import clock
from cts.settings import settings

DEPARTMENTS = {
    LeadAgency.DCFS: "Department of Children and Family Services",
    LeadAgency.PROBATION: "Probation Department",
}
CONFIDENTIAL = (
    "Confidential: case record under WIC 827 and 10850. For the persons assigned to this youth only. "
    "Do not copy, forward or leave unattended."
)


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
    which = version_words(view).lower().replace(" ", "-")
    return PrintedFile(f"{kind}-{number}-{which}.pdf", render_pdf(printed(view, actor, now)))


def printed(view: DocumentView, actor: Actor, now: datetime) -> PrintedDocument:
    """What stands on the paper: all sections, signatures, status, version and history."""
    department = DEPARTMENTS[LeadAgency(view.facts.values["lead_agency"])]
    return PrintedDocument(
        title=view.title,
        letterhead=("Los Angeles County", department, "CSEC Tracking System"),
        assignment_number=str(view.number),
        status=view.status,
        version=version_words(view),
        watermark=watermark(view.status),
        sections=tuple(_section(view, s) for s in view.spec.sections if s.fields),
        signatures_title=view.spec.sections[-1].title,
        signatures=_signatures(view),
        history=tuple(f"{line.when}  {line.sentence} {line.why}".rstrip() for line in view.history),
        printed_by=spoken_name(actor.name),
        printed_at=clock(now),
        made_at=office_time(now, settings().time_zone),
        confidentiality=CONFIDENTIAL,
    )


def version_words(view: DocumentView) -> str:
    """Which submission is read: "Version 1", or "Draft", or "Draft of version 2" while it is written once more.

    A returned document is a draft to its author only; everybody else still reads what was returned.
    """
    if view.round and not (view.writable or view.status is Status.NEW):
        return f"Version {view.round}"
    return f"Draft of version {view.round + 1}" if view.round else "Draft"


def watermark(status: Status) -> str | None:
    """Words across every page unless the document is approved."""
    if status is Status.APPROVED:
        return None
    if status in CLOSED_STATUSES:
        return status.upper()
    return "DRAFT - NOT SUBMITTED" if status is Status.NEW else f"{status.upper()} - NOT APPROVED"


def _signatures(view: DocumentView) -> tuple[PrintedSignature | str, ...]:
    """One for each who has to sign; a signature that is no longer valid counts for nothing on paper."""
    valid = {
        s.party: PrintedSignature(s.name, s.title, s.acting_for or None, s.signed, s.fingerprint)
        for s in view.signatures
        if s.valid
    }
    return tuple(valid.get(party, f"{title}: Not signed") for party, title in SIGNER_TITLES.items())


def _section(view: DocumentView, section: FormSection) -> PrintedSection:
    fields = (f for f in section.fields if f.is_shown(view.answers) and not (f.private and f.key not in view.answers))
    return PrintedSection(section.title, tuple(_entry(view, f) for f in fields))


def _entry(view: DocumentView, field: Field) -> PrintedEntry:
    if field.key in view.hidden:
        return PrintedEntry(field.label, HIDDEN)
    if field.kind is Kind.FACT:
        source = f"{view.facts.source} {us_date(view.facts.extract_on)}"
        return PrintedEntry(field.label, shown(field, view.facts.values.get(field.key)), source)
    return PrintedEntry(field.label, shown(field, view.answers.get(field.key)))
