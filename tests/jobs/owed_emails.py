"""A small county for the tests of e-mail: people, one youth whose facts are canaries, and e-mails owed about the youth's assignment."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from sqlalchemy.orm import Session

from cts.domain.vocabulary import Action, Document, LeadAgency, Party, Role, Status
from cts.services.actor import Actor
from cts.services.outbox import owe_email
from cts.settings import Settings
from db.models import Agency, Assignment, EmailOwed, HistoryEntry, Person, ReviewedDocument, Youth
from db.session import reading, writing
from tests.parts.mail_server import SmtpServer

NOW = datetime(2026, 11, 2, 18, 30, tzinfo=UTC)
NUMBER = 10084
CANARIES = {
    "client_id": "0315207686768002051",
    "referral_id": "0606220937062001439",
    "case_id": "0031420627560001736",
    "last_name": "Zanzibarova",
    "first_name": "Quillonia",
    "middle_name": "Wexford",
    "state_id": "SID77188",
    "pdj_number": "PDJ99421",
    "referral_name": "Tamburello",
    "reason": "Caregiver Ottoline objected",
    "answer": "Sleeps behind the Kestrel Motel",
}
CANARY_WORDS = ("Ottoline", "Kestrel")
BIRTH_DATES = ("2011-04-23", "04/23/2011", "4/23/2011", "April 23")
WORDS_NEVER_USED = (
    "csec",
    "exploit",
    "victim",
    "traffick",
    "at-risk",
    "at risk",
    "hotline",
    "prostitut",
    "awol",
    "abuse",
)
REMINDER: dict[str, str | list[str]] = {
    "waiting": "2 documents wait for you",
    "items": [
        "These documents wait for you:",
        "",
        "Assignment 10001: Advocacy Plan (Phase 2)",
        "Approve or reject the Advocacy Plan. Waiting for 3 days.",
        "/assignment?number=10001&tab=plan&item=plan-2",
        "",
        "Assignment 10084: Referral",
        "Sign, then approve or reject. Waiting for 1 day.",
        "/assignment?number=10084",
    ],
}
"""What a reminder says."""
ACCOUNT: dict[str, str | list[str]] = {
    "user_name": "b.ellis",
    "minutes": "30",
    "change": "Your passphrase was changed.",
}
"""What e-mails about an account say."""
REHOMED = {"waiting": "2 assignments"}
"""What e-mails say when somebody left, and the work came to a colleague."""
ANCHOR = "audit_anchor"
"""The e-mail that goes to no person of CTS."""
GIVEN: dict[str, str | list[str]] = REMINDER | ACCOUNT | {"anchor": "2026-11-02 3 3 0123456789abcdef"}
"""What no step knows by itself."""


@dataclass(frozen=True)
class County:
    """Ids of the people, and of the history entry (Administration rejected) to which e-mails belong."""

    worker: int
    supervisor: int
    advocate: int
    administration: int
    support: int
    history: int


def found_county() -> County:
    """Write people, agency, youth, assignment, document and one history entry into the open database."""
    with writing() as session:
        agency = Agency(name="Open Door LA", short_name="ODLA", contract_start_on=date(2025, 7, 1))
        session.add(agency)
        session.flush()
        people = [
            Person(name="Ellis, Brandon", role=Role.CSW, email="b.ellis@dcfs.example", office_code="1903A"),
            Person(name="Whitfield, Dana", role=Role.SCSW, email="d.whitfield@dcfs.example", office_code="1903A"),
            Person(name="Núñez, Marisol", role=Role.ADVOCATE, email="m.nunez@opendoor.example", agency_id=agency.id),
            Person(name="Okafor, Chidi", role=Role.ADMINISTRATION, email="c.okafor@county.example"),
            Person(name="Lindqvist, Per", role=Role.SUPPORT, email="p.lindqvist@county.example"),
        ]
        session.add_all(people)
        session.flush()
        worker, supervisor, advocate, administration, support = (person.id for person in people)
        assignment = _assignment_of_canary(session, worker, supervisor, advocate, agency.id)
        history = _rejection(session, assignment, administration)
        return County(worker, supervisor, advocate, administration, support, history)


def _assignment_of_canary(session: Session, worker: int, supervisor: int, advocate: int, agency_id: int) -> int:
    names = ("client_id", "last_name", "first_name", "middle_name", "state_id", "pdj_number")
    youth = Youth(birth_date=date(2011, 4, 23), **{name: CANARIES[name] for name in names})
    session.add(youth)
    session.flush()
    assignment = Assignment(
        number=NUMBER,
        youth_id=youth.id,
        status=Status.REJECTED,
        lead_agency=LeadAgency.DCFS,
        worker_id=worker,
        supervisor_id=supervisor,
        advocate_id=advocate,
        agency_id=agency_id,
        office_code="1903A",
        extract_on=date(2026, 11, 2),
        facts_hash="0" * 64,
        **{name: CANARIES[name] for name in ("referral_id", "case_id", "referral_name")},
    )
    session.add(assignment)
    session.flush()
    return assignment.id


def _rejection(session: Session, assignment_id: int, actor_id: int) -> int:
    document = ReviewedDocument(
        assignment_id=assignment_id,
        kind=Document.REFERRAL,
        status=Status.REJECTED,
        answers={"whereabouts": CANARIES["answer"]},
    )
    session.add(document)
    session.flush()
    entry = HistoryEntry(
        assignment_id=assignment_id,
        document_id=document.id,
        at=NOW,
        actor_id=actor_id,
        party=Party.ADMINISTRATION,
        action=Action.REJECT,
        reason_code="other",
        reason_text=CANARIES["reason"],
    )
    session.add(entry)
    session.flush()
    return entry.id


def add_colleagues(count: int) -> list[int]:
    """More case workers of the office, w0@dcfs.example and so on; returns their ids."""
    with writing() as session:
        people = [
            Person(name=f"Worker, {n}", role=Role.CSW, email=f"w{n}@dcfs.example", office_code="1903A")
            for n in range(count)
        ]
        session.add_all(people)
        session.flush()
        return [person.id for person in people]


def owe(
    county: County,
    *to: int,
    template: str = "referral_rejected",
    at: datetime = NOW,
    details: Mapping[str, object] | None = None,
) -> list[int]:
    """Owe one e-mail to each of these people, a second later each; returns the ids of the e-mails."""
    with writing() as session:
        owed = [
            owe_email(
                session,
                history_id=county.history,
                template=template,
                to_person=session.get_one(Person, person_id),
                assignment_number=NUMBER,
                details=details,
                now=at + timedelta(microseconds=place),
            )
            for place, person_id in enumerate(to)
        ]
    assert None not in owed
    return [i for i in owed if i is not None]


def owed_row(owed_id: int) -> EmailOwed:
    """One e-mail owed, as it stands in the database."""
    with reading() as session:
        row = session.get_one(EmailOwed, owed_id)
        session.expunge(row)
        return row


def actor_of(person_id: int) -> Actor:
    """The person as the actor of a service."""
    with reading() as session:
        person = session.get_one(Person, person_id)
        return Actor(person_id, person.name, Role(person.role))


def mail_settings(server: SmtpServer, var_dir: Path = Path("/nowhere")) -> Settings:
    """Settings with which CTS sends to this mail server."""
    return Settings(
        var_dir=var_dir,
        smtp_host=server.host,
        smtp_port=server.port,
        smtp_user=server.user,
        smtp_password=server.password,
        smtp_ca_file=str(server.ca_file),
    )
