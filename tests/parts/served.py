"""A youth who is served, and what extracts say of him: for the tests of extracts and of several documents, and terms."""

from typing import Any

from sqlalchemy import inspect, select, update

from cts.domain.vocabulary import Document
from cts.services.documents import DocumentView
from db.models import Assignment, HistoryEntry, Person, ReviewedDocument, Row
from db.session import reading, writing
from tests.cast import make_cast
from tests.parts.desk import Desk
from tests.parts.extracts import NO_CASE, load, row

STAFF = {"csw": "AA1", "scsw": "AA2", "colleague": "AA3", "csw_elsewhere": "AA4", "elsewhere": "AA5"}
HERE = {
    "worker_id": "AA1",
    "worker_name": "Worker, Wanda",
    "worker_email": "csw@cts.example",
    "supervisor_id": "AA2",
    "supervisor_name": "Supervisor, Sonia",
    "supervisor_email": "scsw@cts.example",
    "unit": "1912A-01",
    "office_code": "1912A",
    "office_name": "Pasadena",
}
AT_COLLEAGUE = HERE | {"worker_id": "AA3", "worker_name": "Colleague, Colin", "worker_email": "colleague@cts.example"}
FAR_AWAY = {
    "worker_id": "AA4",
    "worker_name": "Distant, Dora",
    "worker_email": "csw_elsewhere@cts.example",
    "supervisor_id": "AA5",
    "supervisor_name": "Elsewhere, Elena",
    "supervisor_email": "elsewhere@cts.example",
    "unit": "1901A-01",
    "office_code": "1901A",
    "office_name": "South County",
}


def served() -> Desk:
    cast = make_cast()
    with writing() as session:
        for key, staff_id in STAFF.items():
            own = Person.id == cast.people[key].person_id
            session.execute(update(Person).where(own).values(staff_id=staff_id))
    desk = Desk(cast, cast.dcfs_number)
    states(desk, "2026-11-02")
    desk.brings_to_advocate()
    return desk


def states(desk: Desk, day: str, **changes: str) -> None:
    """The extract of this day states of the youth what it always did, but for these columns."""
    first = desk.cast.dcfs_number
    whole = row(
        **HERE,
        **NO_CASE,
        extract_date=day,
        client_id=f"{first:019d}",
        referral_id=f"{1_000_000_000_000_000_000 + first:019d}",
        last_name="Canary-Rodríguez",
        first_name="Zoë",
        birth_date="2011-05-06",
    )
    load(whole | changes)


def kept(desk: Desk) -> tuple[Assignment, dict[tuple[str, int], ReviewedDocument]]:
    with reading() as session:
        assignment = session.scalars(select(Assignment).where(Assignment.number == desk.number)).one()
        mine = select(ReviewedDocument).where(ReviewedDocument.assignment_id == assignment.id)
        return assignment, {(d.kind, d.sequence): d for d in session.scalars(mine)}


def versions(desk: Desk) -> dict[str, int]:
    return {f"{kind} {sequence}": document.version for (kind, sequence), document in kept(desk)[1].items()}


def raised(desk: Desk, before: dict[str, int]) -> set[str]:
    """The documents of which an older screen is stale now."""
    return {words for words, version in versions(desk).items() if version != before[words]}


def all_kinds(desk: Desk) -> dict[str, Desk]:
    """Plan with the supervisor, funds with the case worker, extension with Administration, a report being written."""
    plan, funds = desk.plan(), desk.starts("advocate", Document.FUNDS)
    plan.brings_to_decision()
    funds.brings_to_case_worker()
    extension = desk.starts("advocate", Document.EXTENSION)
    extension.brings_to_decision()
    report = desk.starts("advocate", Document.TERMINATION)
    report.writes("advocate")
    return {"plan": plan, "funds": funds, "extension": extension, "report": report}


def fact(view: DocumentView, key: str) -> str:
    return str(view.facts.values[key])


def entries(desk: Desk) -> list[HistoryEntry]:
    with reading() as session:
        mine = select(Assignment.id).where(Assignment.number == desk.number).scalar_subquery()
        return list(session.scalars(select(HistoryEntry).where(HistoryEntry.assignment_id == mine)))


def row_of(desk: Desk) -> list[dict[str, Any]]:
    """Everything kept of one term: its row and its documents."""
    assignment, documents = kept(desk)
    return [columns(assignment), *(columns(document) for document in documents.values())]


def columns(found: Row) -> dict[str, Any]:
    return {attribute.key: getattr(found, attribute.key) for attribute in inspect(type(found)).column_attrs}
