"""What grows old by itself is removed by night, no day too early; what is held stays."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine, func, select

from cts.domain.retention import Kind
from cts.domain.vocabulary import Document
from cts.jobs.nightly import work_if_time
from cts.services.clean_up import clean_up
from cts.services.holds import place_hold
from cts.services.outbox import claim_due, mark_sent
from cts.services.reminders import make_digests
from cts.settings import settings
from db.models import (
    AddressAttempts,
    Assignment,
    EmailOwed,
    ExtractLoad,
    ExtractRefusal,
    ReminderDigest,
    ReminderItem,
    ReviewedDocument,
    Row,
    SignInSession,
)
from db.session import reading, writing
from tests.cast import NOW
from tests.parts.desk import Desk, served

DAY = timedelta(days=1)
NOTHING = dict.fromkeys((Kind.DRAFT, Kind.EMAIL, Kind.REFUSAL, Kind.SESSION, Kind.ADDRESS), 0)


@pytest.fixture
def desk(database: Engine) -> Desk:
    """A youth who is served; what signing counted of addresses is forgotten."""
    found = served()
    clean_up(NOW + 2 * DAY)
    return found


def count(table: type[Row]) -> int:
    with reading() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def cleaned(now: datetime) -> dict[Kind, int]:
    return {kind: number for kind, number in clean_up(now).items() if number}


def test_the_answers_of_a_withdrawn_draft_go_and_the_document_stays(desk: Desk) -> None:
    report = desk.starts("advocate", Document.TERMINATION)
    report.writes("advocate")
    report.closes("advocate", code="mistake", text="Begun too early.")
    after = desk.now + timedelta(days=settings().retain_draft_days)
    sent = desk.plan()
    sent.brings_to_case_worker()
    assert cleaned(after - DAY) == {}
    assert cleaned(after + DAY) == {Kind.DRAFT: 1}
    with reading() as session:
        rows = select(ReviewedDocument).join(Assignment).where(Assignment.number == desk.number)
        kinds = {document.kind: document.answers for document in session.scalars(rows)}
    assert kinds[Document.TERMINATION] == {} and kinds[Document.PLAN] and kinds[Document.REFERRAL]
    assert report.status == "Withdrawn"
    assert cleaned(after + DAY) == {}


def test_the_draft_of_a_held_record_stays(desk: Desk) -> None:
    report = desk.starts("advocate", Document.TERMINATION)
    report.writes("advocate")
    report.closes("advocate", code="mistake", text="Begun too early.")
    place_hold(desk.cast.people["admin"], desk.number, "Litigation.", desk.now)
    assert cleaned(desk.now + timedelta(days=settings().retain_draft_days + 9)) == {}


def test_emails_that_were_sent_go_with_the_reminders_they_were(desk: Desk) -> None:
    desk.plan().brings_to_case_worker()
    make_digests(NOW + DAY)
    while due := claim_due(NOW + DAY, "sender"):
        mark_sent(due[0].id, NOW + DAY)
    sent = count(EmailOwed)
    assert sent > 5 and count(ReminderItem) > 0
    after = NOW + DAY + timedelta(days=settings().retain_email_days)
    assert cleaned(after - DAY) == {}
    assert cleaned(after + DAY) == {Kind.EMAIL: sent}
    assert (count(EmailOwed), count(ReminderDigest), count(ReminderItem)) == (0, 0, 0)


def test_emails_still_owed_and_those_of_a_held_record_stay(desk: Desk) -> None:
    owed = count(EmailOwed)
    long_after = NOW + timedelta(days=settings().retain_email_days * 3)
    assert owed and cleaned(long_after) == {}
    while due := claim_due(NOW + DAY, "sender"):
        mark_sent(due[0].id, NOW + DAY)
    place_hold(desk.cast.people["admin"], desk.number, "Litigation.", desk.now)
    assert cleaned(long_after) == {} and count(EmailOwed) == owed


def test_refused_lines_sessions_and_counts_of_addresses_go(desk: Desk) -> None:
    with writing() as session:
        load = ExtractLoad(source="x", file_name="a", sha256="s", extract_on=NOW.date(), loaded_at=NOW, counts={})
        session.add(load)
        session.flush()
        session.add(ExtractRefusal(load_id=load.id, line_number=2, column="", problem="p", value="v", line={}))
        person = desk.cast.people["csw"].person_id
        session.add(SignInSession(id_hash="h", person_id=person, created_at=NOW, last_active_at=NOW))
        session.add(AddressAttempts(address="192.0.2.1", failed_attempts=3, first_failed_at=NOW))
    chosen = settings()
    assert cleaned(NOW + DAY / 2) == {}
    assert cleaned(NOW + 2 * DAY) == {Kind.ADDRESS: 1}
    assert cleaned(NOW + timedelta(days=chosen.retain_refusal_days)) == {}
    assert cleaned(NOW + timedelta(days=chosen.retain_refusal_days + 1)) == {Kind.REFUSAL: 1}
    assert cleaned(NOW + timedelta(days=chosen.retain_session_days + 1)) == {Kind.SESSION: 1}
    assert count(ExtractLoad) == 1, "that an extract was loaded is known for ever"


def test_the_night_does_it(desk: Desk) -> None:
    with writing() as session:
        session.add(AddressAttempts(address="192.0.2.1", failed_attempts=3, first_failed_at=NOW))
    work_if_time(NOW + 2 * DAY, settings(), None)
    assert count(AddressAttempts) == 0
    assert clean_up(NOW + 2 * DAY) == NOTHING
