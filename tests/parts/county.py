"""A county of random rows: youth, assignments and stays of every kind, in several offices and agencies, as years might leave them."""

from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import insert

from cts.domain.vocabulary import REFERRAL_REJECTIONS, Document, LeadAgency, Party, Status
from cts.domain.workflow import WAITING
from cts.forms.termination_report import TERMINATION_REASONS
from db.models import Assignment, ReviewedDocument, Stay, Youth
from db.models.rows import table_of
from db.session import writing
from tests.cast import DCFS_OFFICE, NOW, OTHER_OFFICE, PROBATION_OFFICE, Cast

PLACES = {
    DCFS_OFFICE: ("csw", ("scsw", "substitute")),
    OTHER_OFFICE: ("csw_elsewhere", ("elsewhere",)),
    PROBATION_OFFICE: ("dpo", ("sdpo",)),
}
AGENCIES = {"Harbor Light Advocacy": ("advocate", "advocate_second"), "New Dawn, Inc.": ("rival_advocate",)}
ENDINGS = ("submit", "submit again", "approve", "reject", "close", "reimburse", "")


def fill_county(cast: Cast, random: Random, youth: int, now: datetime = NOW) -> None:
    """So many youth more, each with an assignment, documents and stays. The name of each says where it belongs: a canary."""
    with writing() as session:
        for number in range(20_001, 20_001 + youth):
            office = random.choice(list(PLACES))
            worker, supervisors = PLACES[office]
            agency = random.choice([None, *AGENCIES])
            name = f"Canary {office} {(agency or 'None').split()[0]}"
            person = Youth(
                client_id=f"{number:019d}",
                last_name=name,
                first_name=str(number),
                birth_date=date(random.randint(2004, 2015), random.randint(1, 12), random.randint(1, 28)),
                sex=random.choice("FFFMI"),
                race_ethnicity=random.choice(["Hispanic", "Hispanic", "Black", "White", ""]),
                sensitivity=random.choice("NNNSR"),
            )
            session.add(person)
            session.flush()
            status = random.choice([Status.APPROVED, Status.TERMINATED]) if agency else random.choice(BEFORE)
            assignment = Assignment(
                number=number,
                youth_id=person.id,
                status=status,
                lead_agency=LeadAgency.DCFS,
                worker_id=cast.people[worker].person_id,
                supervisor_id=cast.people[random.choice(supervisors)].person_id,
                office_code=office,
                agency_id=cast.agencies[agency] if agency else None,
                agency_assigned_at=now - timedelta(days=random.randint(0, 400)) if agency else None,
                advocate_id=cast.people[random.choice(AGENCIES[agency])].person_id if agency else None,
                case_flag_missing=random.random() < 0.3,
                extract_on=date(2026, 11, 2),
                facts_hash="",
            )
            session.add(assignment)
            session.flush()
            for sequence, kind in enumerate([Document.REFERRAL, *random.choices(list(Document)[1:5], k=2)], 1):
                document = ReviewedDocument(
                    assignment_id=assignment.id, kind=kind, sequence=sequence, status=status, answers={}
                )
                session.add(document)
                session.flush()
                session.execute(insert(table_of(Stay)), _stays(random, assignment, document.id, kind, now))


BEFORE = (Status.NEW, Status.PENDING_SUPERVISOR, Status.PENDING_ADMINISTRATION, Status.REJECTED, Status.WITHDRAWN)


def _stays(
    random: Random, assignment: Assignment, document_id: int, kind: Document, now: datetime
) -> list[dict[str, Any]]:
    """One after the other; the last may last, and be halted."""
    moment = now - timedelta(days=random.randint(0, 500), minutes=random.randint(0, 1440))
    rows = []
    for _ in range(random.randint(1, 5)):
        stage = random.choice([w for w in WAITING if w.document is kind])
        ends = moment + timedelta(days=random.choice([0, 0, 1, 2, 3, 5, 8, 20, 60]), minutes=random.randint(0, 1440))
        ended = ends < now
        by = random.choice(ENDINGS) if ended else ""
        halted = not ended and random.random() < 0.3
        rows.append(
            {
                "document_id": document_id,
                "assignment_id": assignment.id,
                "status": str(stage.status),
                "party": str(Party.ADVOCATE if random.random() < 0.1 else stage.holder),
                "entered_at": moment,
                "left_at": ends if ended else None,
                "halted_on": moment.date() + timedelta(days=3) if halted else None,
                "ended_by": by,
                "end_reason": _reason(random, kind, by),
                "cents": random.randint(0, 90_000) if kind is Document.FUNDS and ended else 0,
            }
            | ({"days": 3} if halted else {"days": _DAYS})
        )
        if not ended:
            break
        moment = ends
    for row in rows:
        if row["days"] is _DAYS:
            row["days"] = (row["left_at"].date() - row["entered_at"].date()).days if row["left_at"] else None
    return rows


_DAYS = object()


def _reason(random: Random, kind: Document, by: str) -> str:
    labels = {Document.REFERRAL: REFERRAL_REJECTIONS, Document.TERMINATION: TERMINATION_REASONS}
    asked = (kind is Document.REFERRAL and by == "reject") or (kind is Document.TERMINATION and by == "approve")
    return random.choice([*labels[kind], ""]) if asked else ""
