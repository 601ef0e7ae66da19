"""Certificates of purges: listed and printed for CSEC Administration, kept as files too, and carried out again on a restored backup."""

import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from cts.domain.fields import us_date
from cts.domain.names import spoken_name
from cts.domain.vocabulary import LeadAgency
from cts.outside.pdf_document import PrintedDocument, PrintedEntry, PrintedSection, PrintedTable
from cts.services.access import record_access
from cts.services.actor import SYSTEM, Actor
from cts.services.extract_lock import only_loader
from cts.services.fetching import refusals_logged
from cts.services.history import clock
from cts.services.holds import admit_administration, demand_administration_of, held, held_still
from cts.services.printing import PrintedFile, plain_paper
from cts.services.purge import Grounds, is_genuine, purge_for
from cts.services.refusals import NOT_FOUND, NotPermitted
from cts.settings import settings
from db.models import Assignment, PurgeCertificate
from db.session import engine, forget_deleted, reading, writing

FOLDER = "certificates"
SHOWN_AT_MOST = 500


@dataclass(frozen=True)
class CertificateView:
    """One purge: which assignment, when, by whom, by which rule, how many rows. `when` is the office's clock."""

    number: int
    when: str
    marked_by: str
    confirmed_by: str
    rule: str
    rows: int
    fingerprint: str


@dataclass(frozen=True)
class Again:
    """What was done with one certificate on a restored database."""

    number: int
    sentence: str
    purged: bool


def list_certificates(actor: Actor, now: datetime) -> tuple[CertificateView, ...]:
    """The purges so far, newest first, at most SHOWN_AT_MOST. Raises NotPermitted, and logs it."""
    admit_administration(actor, "list certificates", now)
    with reading() as session:
        query = select(PurgeCertificate).order_by(PurgeCertificate.id.desc()).limit(SHOWN_AT_MOST)
        return tuple(_view(row) for row in session.scalars(query))


def print_certificate(actor: Actor, number: int, now: datetime) -> PrintedFile:
    """The certificate of the purge of assignment `number` as PDF; the print is logged, and a refusal. Raises NotPermitted."""
    # The PDF library takes long to import; only a print needs it.
    from cts.outside.pdf import render_pdf

    with refusals_logged(actor, "print certificate", number, now), writing() as session:
        demand_administration_of(session, actor, number)
        row = session.scalar(select(PurgeCertificate).where(PurgeCertificate.assignment_number == number))
        assignment = session.scalar(select(Assignment).where(Assignment.number == number))
        if row is None or assignment is None:
            raise NotPermitted(NOT_FOUND)
        record_access(session, actor, "print certificate", now, assignment_id=assignment.id)
        paper = _paper(actor, row, LeadAgency(assignment.lead_agency), now)
    return PrintedFile(f"Certificate-of-purge-{number}.pdf", render_pdf(paper))


def write_certificates(folder: Path | None = None) -> int:
    """Keep every certificate as a file of a folder (in CTS_VAR_DIR, unless another is named); returns how many were new.

    They are what a restored backup is purged by again: keep them apart from the database, with the backups.
    """
    target = folder or settings().var_dir / FOLDER
    target.mkdir(mode=0o700, parents=True, exist_ok=True)
    with reading() as session:
        rows = session.scalars(select(PurgeCertificate).order_by(PurgeCertificate.id)).all()
    new = [row for row in rows if not (target / _file_name(row)).exists()]
    for row in new:
        path = target / _file_name(row)
        draft = path.with_suffix(f".{os.getpid()}")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
            json.dump({"content": row.content, "fingerprint": row.fingerprint}, file, ensure_ascii=False, indent=2)
        draft.replace(path)
    return len(new)


def purge_again(now: datetime, folder: Path | None = None) -> tuple[Again, ...]:
    """Purge once more what the certificates of a folder say was purged: a backup that was restored brought it back.

    Only an assignment with that number, closed at that very moment, is purged; not one under a legal hold, nor by a file that was changed.
    """
    done = []
    for path in sorted((folder or settings().var_dir / FOLDER).glob("*.json")):
        content = _genuine(path)
        if content is None:
            done.append(Again(0, f"{path.name} was changed: it is not followed", False))
            continue
        with only_loader(engine()), writing() as session:
            done.append(_again(session, content, now))
    if any(again.purged for again in done):
        forget_deleted()
    return tuple(done)


def _genuine(path: Path) -> Mapping[str, Any] | None:
    """What a certificate says; None when it was cut or changed."""
    try:
        stated = json.loads(path.read_text(encoding="utf-8"))
        content: Mapping[str, Any] = stated["content"]
        return content if is_genuine(content, str(stated["fingerprint"])) else None
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


def _again(session: Session, content: Mapping[str, Any], now: datetime) -> Again:
    number = int(content["assignment_number"])
    found = session.scalar(select(Assignment).where(Assignment.number == number))
    if found is None:
        return Again(number, "is not in this database", False)
    if found.purged_at is not None:
        return Again(number, "is purged", False)
    if (found.closed_at.isoformat() if found.closed_at else "") != content["closed_at"]:
        return Again(number, "was closed at another moment: it is not the one that was purged", False)
    assignment = held_still(session, number)
    if session.scalar(select(Assignment.id).where(Assignment.id == assignment.id, held())) is not None:
        return Again(number, "is under a legal hold: lift it first", False)
    grounds = Grounds(
        rule=str(content["rule"]),
        due_on=date.fromisoformat(content["due_on"]),
        marked_by=str(content["marked_by"]),
        marked_at=datetime.fromisoformat(content["marked_at"]),
        confirmed_by=str(content["confirmed_by"]),
        purged_at=datetime.fromisoformat(content["purged_at"]),
    )
    purge_for(session, assignment, grounds)
    record_access(session, SYSTEM, "purge again", now, assignment_id=assignment.id)
    return Again(number, "was purged again", True)


def _file_name(row: PurgeCertificate) -> str:
    return f"{row.assignment_number}-{row.fingerprint[:12]}.json"


def _view(row: PurgeCertificate) -> CertificateView:
    content = row.content
    return CertificateView(
        number=row.assignment_number,
        when=clock(row.purged_at),
        marked_by=spoken_name(content["marked_by"]),
        confirmed_by=spoken_name(content["confirmed_by"]),
        rule=content["rule"],
        rows=sum(content["removed"].values()),
        fingerprint=row.fingerprint,
    )


def _paper(actor: Actor, row: PurgeCertificate, lead: LeadAgency, now: datetime) -> PrintedDocument:
    content = row.content
    facts = (
        ("Assignment #", str(row.assignment_number)),
        ("Status", content["status"]),
        ("Rule", content["rule"]),
        ("Due since", us_date(date.fromisoformat(content["due_on"]))),
        ("Marked by", f"{spoken_name(content['marked_by'])}, {clock(datetime.fromisoformat(content['marked_at']))}"),
        ("Confirmed by", f"{spoken_name(content['confirmed_by'])}, {clock(row.purged_at)}"),
    )
    table = PrintedTable("", ("Table", "Rows"), tuple(_rows(content["removed"])), amounts=(1,))
    return replace(
        plain_paper(actor, row.assignment_number, lead, now),
        title="Certificate of Purge",
        sections=(
            PrintedSection("Purged", tuple(PrintedEntry(label, value) for label, value in facts)),
            PrintedSection("Removed or emptied", (table,)),
            PrintedSection("Fingerprint (SHA-256)", (PrintedEntry("Of this certificate", row.fingerprint),)),
        ),
    )


def _rows(removed: Mapping[str, int]) -> Iterator[tuple[str, str]]:
    for name, number in removed.items():
        yield name.replace("_", " "), f"{number:,}"
