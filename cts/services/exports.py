"""Exports to Excel and PDF: asked for on a page, fetched by one person within some minutes, the right checked anew, each one logged.

What is exported may have been searched for by the name of a youth. So the address of the download names a ticket, which keeps it sealed.
"""

import hashlib
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Select, delete, or_, select

from cts.domain.calendar import office_time
from cts.domain.fields import us_date
from cts.domain.names import spoken_name
from cts.domain.sheet import Cell, Sheet
from cts.outside.pdf_document import PrintedDocument, PrintedSection, PrintedTable
from cts.outside.spreadsheet import MEDIA_TYPE, render_xlsx
from cts.services.access import log_refusal, record_access
from cts.services.actor import Actor
from cts.services.export_registry import EXPORTS
from cts.services.export_rules import SEARCHED, demand_exportable
from cts.services.history import clock
from cts.services.refusals import NotPermitted
from cts.settings import settings
from db.models import ExportTicket
from db.session import reading, writing

TICKET_MINUTES = 15
TICKETS_AT_MOST = 5
"""Of one person: as many windows with an open Export each."""
XLSX, PDF = "xlsx", "pdf"
MEDIA_TYPES = {XLSX: MEDIA_TYPE, PDF: "application/pdf"}
GONE = "This export is no longer there. Go back to the list and press Export again."
CONFIDENTIAL = (
    "Confidential: case records under WIC 827 and 10850. Only for the work it was made for. "
    "Do not copy, forward or leave unattended; delete it when the work is done."
)


@dataclass(frozen=True)
class ExportFile:
    """A file to hand out; the name is made here and holds no name of a person."""

    name: str
    content: bytes
    media_type: str


def offer_export(actor: Actor, name: str, asked: Mapping[str, str], now: datetime) -> str:
    """Prepare an export of EXPORTS for TICKET_MINUTES; returns the text that names it in the address. Raises NotPermitted, and logs it.

    Former tickets of the same person stay good until their time is over, TICKETS_AT_MOST of them: two windows do not cancel each other's.
    """
    if name not in EXPORTS:
        log_refusal(actor, "export", now, list=name)
        raise NotPermitted(GONE)
    token = secrets.token_urlsafe(32)
    ticket = ExportTicket(
        token_hash=_hash(token), person_id=actor.person_id, session_hash=actor.session_hash, name=name, made_at=now
    )
    ticket.asked = json.dumps(dict(asked))
    over = ExportTicket.made_at < now - timedelta(minutes=TICKET_MINUTES)
    with writing() as session:
        session.execute(delete(ExportTicket).where(or_(over, ExportTicket.token_hash.in_(_oldest_of(actor)))))
        session.add(ticket)
    return token


def _oldest_of(actor: Actor) -> Select[str]:
    """The tickets of this person that go when there is one more. Two windows at the same moment may leave one more than that."""
    own = select(ExportTicket.token_hash).where(ExportTicket.person_id == actor.person_id)
    return own.order_by(ExportTicket.made_at.desc(), ExportTicket.token_hash).offset(TICKETS_AT_MOST - 1)


def export_file(actor: Actor, token: str, kind: str, now: datetime) -> ExportFile:
    """The file of a ticket, XLSX or PDF, as the list and the person's rights are now; logged with filters and number of rows.

    Raises NotPermitted for an unknown ticket, one whose time is over, and one of somebody else or of another session; Incomplete for
    too many rows, Unreadable without the key.
    """
    name, asked = _ticket(actor, token, kind, now)
    try:
        sheet = EXPORTS[name](actor, asked, now)
    except NotPermitted:
        log_refusal(actor, "export", now, list=name)
        raise
    demand_exportable(len(sheet.rows), on_paper=kind == PDF)
    content = _written(actor, sheet, kind, now)
    with writing() as session:
        said = _logged(asked)
        rows = len(sheet.rows)
        record_access(session, actor, "export", now, list=name, format=kind, rows=rows, asked=said)
    day = office_time(now, settings().time_zone).date()
    title = "-".join("".join(c if c.isalnum() else " " for c in sheet.title).split())
    return ExportFile(f"CTS-{title}-{day.isoformat()}.{kind}", content, MEDIA_TYPES[kind])


def _ticket(actor: Actor, token: str, kind: str, now: datetime) -> tuple[str, dict[str, str]]:
    with reading() as session:
        ticket = session.get(ExportTicket, _hash(token))
        good = (
            ticket is not None
            and kind in MEDIA_TYPES
            and (ticket.person_id, ticket.session_hash) == (actor.person_id, actor.session_hash)
            and now - ticket.made_at <= timedelta(minutes=TICKET_MINUTES)
        )
        if ticket is not None and good:
            return ticket.name, json.loads(ticket.asked)
    log_refusal(actor, "export", now)
    raise NotPermitted(GONE)


def _logged(asked: Mapping[str, str]) -> dict[str, object]:
    """What the access log keeps: the filters as the address says them; of a search the fields only."""
    searched = sorted(name.removeprefix(SEARCHED) for name in asked if name.startswith(SEARCHED))
    return {"filters": {k: v for k, v in asked.items() if not k.startswith(SEARCHED)}, "searched": searched}


def _written(actor: Actor, sheet: Sheet, kind: str, now: datetime) -> bytes:
    made_at = office_time(now, settings().time_zone)
    if kind == XLSX:
        return render_xlsx(sheet, CONFIDENTIAL, made_at)
    from cts.outside.pdf import render_pdf  # takes long to import; only a print needs it

    cells = tuple(tuple(_on_paper(cell) for cell in row) for row in sheet.rows)
    table = PrintedTable("", sheet.headings, cells, none="No row.")
    paper = PrintedDocument(
        title=sheet.title,
        letterhead=("Los Angeles County", "CSEC Tracking System"),
        assignment_number="",
        status="",
        version="",
        watermark=None,
        sections=(PrintedSection("What is listed", (table,), note="\n".join(sheet.note)),),
        signatures_title="",
        signatures=(),
        history=(),
        printed_by=spoken_name(actor.name),
        printed_at=clock(now),
        made_at=made_at,
        confidentiality=CONFIDENTIAL,
        landscape=True,
    )
    return render_pdf(paper)


def _on_paper(cell: Cell) -> str:
    if isinstance(cell, str) or cell is None:
        return cell or ""
    return us_date(cell) if isinstance(cell, date) else str(cell)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
