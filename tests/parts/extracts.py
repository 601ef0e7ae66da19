"""Extracts for tests: rows of the first sample, changed as a test needs them, and what a load left in the database."""

import csv
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import Column, Engine, Table, select

from cts.domain.extract_changes import ExtractAction
from cts.domain.vocabulary import Role, Status
from cts.services.actor import SYSTEM
from cts.services.extract import ExtractReport, load_extract
from cts.services.stays import begin_stay
from db.models import Agency, Assignment, EmailOwed, GridRow, HistoryEntry, Person, ReviewedDocument, Row, Stay, Youth
from db.session import reading, writing

DEMO = Path(__file__).parents[2] / "db" / "demo"
FIRST, SECOND, MESSY = (
    DEMO / name for name in ("cws_cms_2026-11-02.csv", "cws_cms_2026-11-03.csv", "cws_cms_messy.csv")
)
NOW = datetime(2026, 11, 3, 14, 0, tzinfo=UTC)
CLIENT, REFERRAL, CASE = "3272-2581-3380-3231805", "3405-2758-9855-4033373", "3175-4439-9345-7073858"


def row(**changes: str) -> dict[str, str]:
    """The first row of the first sample (a youth with referral and case, one grid row), changed."""
    with FIRST.open(encoding="utf-8", newline="") as file:
        return {**next(csv.DictReader(file)), **changes}


def write(path: Path, *rows: dict[str, str]) -> Path:
    """An extract of these rows."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def many(path: Path, lines: int) -> Path:
    """An extract of so many lines: two episodes a youth, every key different."""

    def made() -> Iterator[dict[str, str]]:
        with FIRST.open(encoding="utf-8", newline="") as file:
            samples = list(csv.DictReader(file))[:100]
        for number in range(lines):
            client = f"{1_000_000_000_000 + number // 2:013d}{number // 2 % 200_000:06d}"
            yield {
                **samples[number // 2 % 100],
                "client_id": client,
                "referral_id": f"{2_000_000_000_000 + number:013d}000123",
                "case_id": "",
            }

    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(row()))
        writer.writeheader()
        writer.writerows(made())
    return path


def dump(engine: Engine, without: set[str]) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table but those named. Of the counts, what they count: putting rows together numbers them anew."""
    counts = {"assignment_tally", "served_tally", "stay_tally"}

    def columns(table: Table) -> list[Column[Any]]:
        return [column for column in table.columns if not (table.name in counts and column.primary_key)]

    with engine.connect() as connection:
        return {
            table.name: sorted(tuple(map(str, found)) for found in connection.execute(select(*columns(table))))
            for table in Row.metadata.sorted_tables
            if table.name not in without
        }


LOG = {"extract_load", "extract_refusal", "access_entry", "access_head"}
"""What every load, also one that changes nothing, writes."""


def assignments() -> list[Assignment]:
    """All assignments by number."""
    with reading() as session:
        return list(session.scalars(select(Assignment).order_by(Assignment.number)))


def youth() -> list[Youth]:
    """All youth, in the order they were added."""
    with reading() as session:
        return list(session.scalars(select(Youth).order_by(Youth.id)))


def history(*without: str) -> list[HistoryEntry]:
    """All entries of the history but those of these actions."""
    with reading() as session:
        entries = select(HistoryEntry).where(HistoryEntry.action.not_in(without)).order_by(HistoryEntry.id)
        return list(session.scalars(entries))


def grid() -> list[str]:
    """All rows of the grid as text."""
    with reading() as session:
        rows = session.scalars(select(GridRow).order_by(GridRow.csec_type, GridRow.start_on))
        return [f"{r.csec_type} {r.start_on} {r.end_on or ''}".strip() for r in rows]


OTHER_CLIENT, OTHER_REFERRAL = "2882-2986-8999-2054492", "2901-1717-0883-5083699"
NEXT = {"extract_date": "2026-11-03"}
UNFOUNDED = {"disposition": "Unfounded", "project_end_date": "2026-11-02"}
NO_CASE = {"case_id": "", "case_name": "", "case_start_date": ""}
ELSEWHERE = {
    "worker_id": "BV0",
    "worker_name": "Tan, Brandon",
    "worker_email": "brandon.tan.bv0@dcfs.example",
    "supervisor_id": "RFx",
    "supervisor_name": "Juarez, Esperanza",
    "supervisor_email": "esperanza.juarez.rfx@dcfs.example",
    "unit": "1901A-01",
    "office_code": "1901A",
    "office_name": "South County",
}


def load(*rows: dict[str, str], force: bool = False) -> ExtractReport:
    """Load an extract of these rows into the open database."""
    with TemporaryDirectory() as folder:
        return load_extract(SYSTEM, write(Path(folder) / "extract.csv", *rows), NOW, force=force)


def actions() -> list[str]:
    """What the history says besides that assignments were added."""
    return [entry.action for entry in history(ExtractAction.ADDED)]


def only() -> Assignment:
    """The one assignment there is."""
    [assignment] = assignments()
    return assignment


def referral_document() -> ReviewedDocument:
    """The one Referral there is."""
    with reading() as session:
        return session.scalars(select(ReviewedDocument)).one()


def bring_to(status: Status, named_supervisor: bool = False) -> None:
    """As if people had brought the one Referral to this status."""
    with writing() as session:
        assignment = session.scalars(select(Assignment)).one()
        document = session.scalars(select(ReviewedDocument)).one()
        assignment.status = document.status = status
        if status is Status.APPROVED:
            session.add(agency := Agency(name="Open Door LA", short_name="ODL", contract_start_on=NOW.date()))
            session.flush()
            assignment.agency_id = agency.id
        if named_supervisor:
            substitute = Person(name="S, S", role=Role.SCSW, office_code=assignment.office_code, email="s@cts.example")
            session.add(substitute)
            session.flush()
            document.named_supervisor_id = substitute.id
        session.flush()
        begin_stay(session, document, assignment, NOW)


def open_stays() -> list[tuple[str, str, int | None]]:
    """Status, party and person of the stays that last."""
    with reading() as session:
        rows = session.scalars(select(Stay).where(Stay.left_at.is_(None)))
        return [(stay.status, stay.party, stay.person_id) for stay in rows]


def e_mails(template: str) -> set[str]:
    """Whom this e-mail is owed."""
    with reading() as session:
        return set(session.scalars(select(EmailOwed.to_address).where(EmailOwed.template == template)))
