"""The whole client record on paper: a cover, then every part through the same code as when it is printed alone (mission §5)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import select

from cts.domain.fields import us_date
from cts.domain.vocabulary import Document, LeadAgency
from cts.domain.workflow import is_reviewed
from cts.outside.pdf_document import PrintedDocument, PrintedEntry, PrintedSection, PrintedTable
from cts.services.actor import Actor
from cts.services.documents import DocumentView, open_document, read_document
from cts.services.facts import Facts, read_facts
from cts.services.fetching import refusals_logged, today_of
from cts.services.history import document_words
from cts.services.printing import PrintedFile, plain_paper, printed
from cts.services.printing_parts import (
    activity_sections,
    file_sections,
    ledger_sections,
    life_sections,
    update_section,
)
from cts.services.record import known_facts, read_record
from cts.services.record_access import fetch_record, log_access
from cts.services.record_documents import phases
from cts.services.service_meter import meter_of
from db.models import ReviewedDocument
from db.session import reading, writing

PRINT_RECORD = "print record"
AFTER_FUNDS = (Document.EXTENSION, Document.TERMINATION, Document.REFERRAL)
"""The order of the tabs: Client Summary, Advocacy Plan, Advocate Activity, Documents, Requests, Termination, Referral, History."""


@dataclass(frozen=True)
class _Record:
    """What the parts are made from: who prints which record when, and its documents as this person sees them."""

    actor: Actor
    number: int
    now: datetime
    facts: Facts
    views: tuple[DocumentView, ...]

    def part(self, title: str, *sections: PrintedSection) -> PrintedDocument:
        lead = LeadAgency(self.facts.values["lead_agency"])
        return replace(plain_paper(self.actor, self.number, lead, self.now), title=title, sections=sections)

    def documents(self, *kinds: Document) -> list[DocumentView]:
        return [view for kind in kinds for view in self.views if view.kind is kind]


def print_record(actor: Actor, number: int, now: datetime) -> PrintedFile:
    """The client record of assignment `number` with all that this person may see of it, as one PDF. Raises NotPermitted."""
    # The PDF library takes long to import; only a print needs it.
    from cts.outside.pdf import render_pdf

    facts, kinds = _to_print(actor, number, now)
    views = [_printed_view(actor, number, now, kind, sequence) for kind, sequence in kinds]
    _log_print(actor, number, now, views)
    # What the Client Summary keeps once the service has ended is what the cover says, too.
    known = next((view.facts for view in views if view.kind is Document.SUMMARY), facts)
    record = _Record(actor, number, now, known, tuple(views))
    parts = [
        *_summary(record),
        *_documents(record, Document.PLAN),
        record.part("Advocate Activity", *activity_sections(actor, number, now)),
        record.part("Documents", *file_sections(actor, number)),
        *_requests(record),
        *_documents(record, *AFTER_FUNDS),
        record.part("History", *life_sections(actor, number)),
    ]
    return PrintedFile(f"Client-Record-{number}-{today_of(now).isoformat()}.pdf", render_pdf(_cover(record), *parts))


def _to_print(actor: Actor, number: int, now: datetime) -> tuple[Facts, list[tuple[Document, int]]]:
    """The right is checked; the facts of the youth, and which documents there are, in the order of their beginning."""
    with refusals_logged(actor, PRINT_RECORD, number, now), reading() as session:
        found = fetch_record(session, actor, number)
        facts = read_facts(session, found.assignment, found.youth, today_of(now))
        mine = ReviewedDocument.assignment_id == found.assignment.id
        rows = session.execute(
            select(ReviewedDocument.kind, ReviewedDocument.sequence).where(mine).order_by(ReviewedDocument.id)
        )
        return facts, [(Document(kind), sequence) for kind, sequence in rows]


def _log_print(actor: Actor, number: int, now: datetime, views: Sequence[DocumentView]) -> None:
    """One entry for one print, which names the documents of which anything is inside. It is written before anything is handed out."""
    inside = [document_words(view.kind, view.sequence) for view in views if _is_read(view)]
    with refusals_logged(actor, PRINT_RECORD, number, now), writing() as session:
        log_access(session, actor, PRINT_RECORD, fetch_record(session, actor, number), now, inside=inside)


def _printed_view(actor: Actor, number: int, now: datetime, kind: Document, sequence: int) -> DocumentView:
    """A document as this person sees it; whoever decides has opened what is inside."""
    view = read_document(actor, number, now, kind, sequence)
    return open_document(actor, number, now, kind, sequence, why="") if _is_read(view) else view


def _is_read(view: DocumentView) -> bool:
    """Whether there is anything of a document for this person: somebody else's draft is not."""
    return bool(view.answers) or view.writable or not is_reviewed(view.kind)


def _documents(record: _Record, *kinds: Document) -> list[PrintedDocument]:
    """Documents as they are printed alone. What happened to the Referral stands in the history, as that is all of the assignment's."""
    papers = []
    for view in filter(_is_read, record.documents(*kinds)):
        paper = printed(view, record.actor, record.now)
        papers.append(replace(paper, history=()) if view.kind is Document.REFERRAL else paper)
    return papers


def _summary(record: _Record) -> list[PrintedDocument]:
    """The Client Summary with its log; what CWS/CMS gives of it, before an Advocate was named."""
    log = update_section(record.actor, record.number, record.now)
    papers = _documents(record, Document.SUMMARY)
    if papers:
        *sections, last_change = papers[0].sections
        return [replace(papers[0], sections=(*sections, log, last_change))]
    known = [
        PrintedSection(group.title, tuple(PrintedEntry(label, value, group.source) for label, value in group.rows))
        for group in known_facts(record.actor, record.number, record.now)
    ]
    return [record.part("Client Summary", *known, log)]


def _requests(record: _Record) -> list[PrintedDocument]:
    """The Restoration Fund Requests, the ledger after the last of them."""
    papers = _documents(record, Document.FUNDS)
    if papers:
        ledger = ledger_sections(record.actor, record.number)
        papers[-1] = replace(papers[-1], sections=(*papers[-1].sections, *ledger))
    return papers


def _cover(record: _Record) -> PrintedDocument:
    head = read_record(record.actor, record.number)
    sections = [_youth(record, head.preferred_name), _service(record, head.agency, head.advocate), _plan(record)]
    unread = [f"{view.title} ({view.status})" for view in record.views if not _is_read(view)]
    if unread:
        sections.append(PrintedSection("Not inside", (PrintedEntry("Never submitted", "\n".join(unread)),)))
    return replace(record.part("Client Record", *sections), status=head.status)


def _youth(record: _Record, preferred_name: str) -> PrintedSection:
    values, source = record.facts.values, f"{record.facts.source} {us_date(record.facts.extract_on)}"
    known = (
        ("Youth name", values["youth_name"]),
        ("DOB", us_date(date.fromisoformat(values["birth_date"]))),
        ("Age", values["age"]),
        ("Lead Agency", values["lead_agency"]),
        ("State ID", values["state_id"]),
        ("Case #", values["case_number"]),
        ("CSW/DPO", values["worker_name"]),
        ("SCSW/SDPO", values["supervisor_name"]),
        ("DCFS / Probation Office", values["office_name"]),
    )
    entries = [PrintedEntry(label, str(value), source) for label, value in known]
    if preferred_name:
        entries.insert(1, PrintedEntry("Preferred name", preferred_name))
    return PrintedSection("Youth", tuple(entries))


def _service(record: _Record, agency: str, advocate: str) -> PrintedSection:
    meter = meter_of(record.actor, record.number, record.now)
    entries = [PrintedEntry("CSEC Advocacy Agency", agency), PrintedEntry("Advocate", advocate)]
    if meter is not None:
        entries += [
            PrintedEntry("Service began", us_date(meter.start_on)),
            PrintedEntry(
                "Service ended" if meter.served_to else "Service ends", us_date(meter.served_to or meter.end_on)
            ),
            PrintedEntry("Months used", f"{meter.months_used} of {meter.months_allowed}"),
        ]
    return PrintedSection("Service", tuple(entries))


def _plan(record: _Record) -> PrintedSection:
    rows = phases(record.actor, record.number, record.now)
    table = PrintedTable(
        title="Phases",
        headings=("Plan Type", "Start Date", "Projected End Date", "Actual End Date", "Completed", "Status"),
        rows=tuple(
            (r.title, r.start_on, r.projected_end_on, r.actual_end_on, r.completed, str(r.status)) for r in rows
        ),
    )
    return PrintedSection("Advocacy Plan", (table,))
