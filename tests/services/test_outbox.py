"""E-mails owed, claimed and marked; on SQLite and on PostgreSQL."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine, select

from cts.domain.vocabulary import Document
from cts.outside.mail import CannotCompose, compose
from cts.services.outbox import MOST_ATTEMPTS, claim_due, mark_failed, mark_sent, owe_email
from cts.settings import settings
from db.models import EmailOwed, Person
from db.session import reading, writing
from tests.cast import Cast, change_row_of, make_cast
from tests.jobs.owed_emails import (
    NOW,
    NUMBER,
    County,
    found_county,
    owe,
    owed_row,
)
from tests.parts.desk import Desk

LATER = NOW + timedelta(minutes=1)


@pytest.fixture
def county(database: Engine) -> County:
    return found_county()


def all_owed() -> list[EmailOwed]:
    with reading() as session:
        return list(session.scalars(select(EmailOwed).order_by(EmailOwed.id)))


def claim_one(now: datetime = NOW, claimant: str = "one") -> int:
    claimed = claim_due(now, claimant)
    assert len(claimed) == 1
    return claimed[0].id


def test_an_email_is_owed_only_when_its_step_is_saved(county: County) -> None:
    class StepFailed(Exception):
        pass

    def failing_step() -> None:
        with writing() as session:
            worker = session.get_one(Person, county.worker)
            owe_email(
                session,
                history_id=county.history,
                template="referral_rejected",
                to_person=worker,
                assignment_number=NUMBER,
                now=NOW,
            )
            raise StepFailed

    with pytest.raises(StepFailed):
        failing_step()
    assert all_owed() == []
    owe(county, county.worker)
    assert [row.to_address for row in all_owed()] == ["b.ellis@dcfs.example"]


def test_the_same_email_for_the_same_event_is_owed_once_a_person(county: County) -> None:
    owe(county, county.worker, county.supervisor)
    owe(county, county.worker, template="assignment_closed")
    with writing() as session:
        worker = session.get_one(Person, county.worker)
        again = owe_email(
            session,
            history_id=county.history,
            template="referral_rejected",
            to_person=worker,
            assignment_number=NUMBER,
            now=LATER,
        )
    assert again is None
    assert len(all_owed()) == 3


@pytest.mark.parametrize(
    ("template", "kept"),
    [
        ("referral_rejected", {"by": "Chidi Okafor"}),
        ("referral_approved", {"agency": "Open Door LA"}),
        ("advocate_named", {"advocate": "Marisol Núñez", "agency": "Open Door LA"}),
        ("assignment_moved", {"case_worker": "Brandon Ellis", "office": "Pomona"}),
        ("assignment_closed", {}),
    ],
)
def test_what_the_text_needs_is_read_from_history_and_assignment(
    county: County, template: str, kept: dict[str, str]
) -> None:
    assert owed_row(owe(county, county.worker, template=template)[0]).details == kept


def test_of_what_the_step_knows_only_what_the_text_names_is_kept(county: County) -> None:
    known = {"agency": "New Dawn Youth Alliance", "youth": "Ana", "reason": "a secret", "document": "Referral"}
    with writing() as session:
        worker = session.get_one(Person, county.worker)
        owe_email(
            session,
            history_id=county.history,
            template="referral_approved",
            to_person=worker,
            assignment_number=NUMBER,
            details=known,
            now=NOW,
        )
    assert [row.details for row in all_owed()] == [{"agency": "New Dawn Youth Alliance"}]


@pytest.mark.parametrize(
    ("template", "complaint"), [("referral_rejected", "needs by"), ("invented", "no e-mail 'invented'")]
)
def test_an_email_that_could_not_be_composed_is_never_owed(county: County, template: str, complaint: str) -> None:
    with pytest.raises(CannotCompose, match=complaint), writing() as session:
        worker = session.get_one(Person, county.worker)
        owe_email(
            session, history_id=None, template=template, to_person=worker, assignment_number=None, details={}, now=NOW
        )
    assert all_owed() == []


def test_two_senders_never_hold_the_same_email(county: County) -> None:
    owed = owe(county, county.worker, county.supervisor, county.advocate)
    first = claim_due(NOW + timedelta(seconds=1), "one", limit=2)
    second = claim_due(NOW + timedelta(seconds=1), "two", limit=2)
    assert [[due.id for due in batch] for batch in (first, second)] == [owed[:2], owed[2:]]
    assert claim_due(NOW + timedelta(seconds=1), "three", limit=2) == ()


def test_an_email_is_not_due_before_its_time(county: County) -> None:
    owe(county, county.worker, at=LATER)
    assert claim_due(NOW, "one") == ()
    assert len(claim_due(LATER, "one")) == 1


def test_a_claim_of_a_killed_sender_runs_out_after_ten_minutes(county: County) -> None:
    owed = owe(county, county.worker)
    assert claim_one() == owed[0]
    assert claim_due(NOW + timedelta(minutes=9, seconds=59), "two") == ()
    assert claim_one(NOW + timedelta(minutes=10), "two") == owed[0]


def test_a_late_failure_of_the_first_sender_does_not_touch_the_claim_of_the_second(county: County) -> None:
    owed = owe(county, county.worker)[0]
    claim_one(NOW, "one")
    claim_one(NOW + timedelta(minutes=11), "two")
    mark_failed(owed, "one", "too late", NOW + timedelta(minutes=11), permanent=True)
    assert (owed_row(owed).claimed_by, owed_row(owed).failed_at, owed_row(owed).last_error) == ("two", None, "")
    mark_sent(owed, NOW + timedelta(minutes=12))
    mark_failed(owed, "two", "after all", NOW + timedelta(minutes=13), permanent=True)
    assert owed_row(owed).sent_at == NOW + timedelta(minutes=12)
    assert owed_row(owed).failed_at is None


def test_waits_grow_after_each_temporary_failure_and_end_after_three_days(county: County) -> None:
    owed = owe(county, county.worker)[0]
    now, waits = NOW, []
    for _ in range(MOST_ATTEMPTS - 1):
        claim_one(now)
        mark_failed(owed, "one", "451 Busy", now, permanent=False)
        waits.append((owed_row(owed).due_at - now) // timedelta(minutes=1))
        assert claim_due(owed_row(owed).due_at - timedelta(seconds=1), "one") == ()
        now = owed_row(owed).due_at
    assert waits[:6] == [1, 5, 15, 60, 60, 60]
    assert timedelta(days=2, hours=20) < now - NOW < timedelta(days=3, hours=4)
    claim_one(now)
    mark_failed(owed, "one", "451 Busy", now, permanent=False)
    assert owed_row(owed).failed_at == now
    assert claim_due(now + timedelta(days=30), "one") == ()


def test_the_address_and_name_are_those_of_the_moment_of_sending(county: County) -> None:
    owed = owe(county, county.worker, county.supervisor)
    change_row_of(county.worker, email="brandon.ellis@dcfs.example", name="Ellis-Park, Brandon")
    change_row_of(county.supervisor, active=False)
    worker, supervisor = claim_due(LATER, "one", limit=2)
    assert (worker.to_name, worker.to_address, worker.obstacle) == (
        "Brandon Ellis-Park",
        "brandon.ellis@dcfs.example",
        "",
    )
    assert owed_row(owed[0]).to_address == "brandon.ellis@dcfs.example"
    assert supervisor.obstacle == "This person no longer works with CTS."


class Mailbox:
    """Reads each e-mail as it is claimed: to whom, its subject, the address its link opens."""

    def __init__(self, cast: Cast) -> None:
        self.people = {actor.email: key for key, actor in cast.people.items()}

    def read(self, now: datetime) -> list[tuple[str, str, str]]:
        read = []
        for due in claim_due(now + timedelta(minutes=1), "one", limit=50):
            message = compose(
                due.template,
                due.details,
                to_name=due.to_name,
                to_address=due.to_address,
                number=due.number,
                message_key=due.key,
                sent_at=now,
                settings=settings(),
                path=due.path,
            )
            mark_sent(due.id, now)
            links = [line for line in message.get_content().splitlines() if line.startswith(settings().base_url)]
            subject = str(message["Subject"]).partition(": ")[2]
            read.append((self.people[due.to_address], subject, links[0].removeprefix(settings().base_url)))
        return sorted(read)


def test_each_step_of_a_plan_tells_the_right_party_and_opens_that_phase(database: Engine) -> None:
    cast = make_cast()
    desk, mailbox = Desk(cast, cast.dcfs_number), Mailbox(cast)
    desk.brings_to_advocate()
    assert {link for _, _, link in mailbox.read(desk.now)} == {f"/assignment?number={desk.number}"}
    first, second = (f"/assignment?number={desk.number}&tab=plan&item=plan-{phase}" for phase in (1, 2))
    plan, words = desk.plan(), "Advocacy Plan (Phase 1)"
    plan.brings_to_case_worker()
    assert mailbox.read(desk.now) == [("csw", f"{words} for your review", first)]
    plan.approves("csw")
    assert mailbox.read(desk.now) == [("scsw", f"{words} for your review", first)]
    plan.rejects("scsw")
    assert mailbox.read(desk.now) == [("advocate", f"{words} rejected", first)]
    plan.submits("advocate")
    plan.approves("csw")
    mailbox.read(desk.now)
    plan.approves("scsw")
    assert mailbox.read(desk.now) == [(who, f"{words} approved", first) for who in ("advocate", "csw")]
    desk.plan(2).brings_to_case_worker()
    assert mailbox.read(desk.now) == [("csw", "Advocacy Plan (Phase 2) for your review", second)]


def test_each_step_of_a_fund_request_tells_the_right_party(database: Engine) -> None:
    cast = make_cast()
    desk, mailbox = Desk(cast, cast.dcfs_number), Mailbox(cast)
    desk.brings_to_advocate()
    funds, words = desk.starts("advocate", Document.FUNDS), "Restoration Fund Request 1"
    mailbox.read(desk.now)
    link = f"/assignment?number={desk.number}&tab=requests&item=funds-1"
    both = ("admin", "admin_second")
    funds.brings_to_case_worker()
    assert mailbox.read(desk.now) == [("csw", f"{words} for your review", link)]
    funds.approves("csw")
    assert mailbox.read(desk.now) == [(who, f"{words} for your decision", link) for who in both]
    funds.approves("admin")
    assert mailbox.read(desk.now) == [(who, f"{words} approved", link) for who in ("advocate", "csw")]
    funds.spends()
    funds.submits("advocate")
    assert mailbox.read(desk.now) == [(who, f"{words}, receipts to check", link) for who in both]
    funds.rejects("admin")
    assert mailbox.read(desk.now) == [("advocate", f"{words}, receipts rejected", link)]
    funds.submits("advocate")
    mailbox.read(desk.now)
    funds.reimburses("admin")
    assert mailbox.read(desk.now) == [(who, f"{words} reimbursed", link) for who in ("advocate", "csw")]
