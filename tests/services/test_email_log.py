"""The e-mail log: who may read it, what it says, and trying again; on SQLite and on PostgreSQL."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine, select

from cts.domain.vocabulary import Role
from cts.outside.mail import template_names
from cts.services.email_log import PAGE_SIZE, EmailState, email_log, email_text, try_again
from cts.services.outbox import claim_due, mark_failed, mark_sent
from cts.services.refusals import Incomplete, NotPermitted, OutOfDate
from db.models import AccessEntry
from db.session import reading
from tests.cast import change_row_of
from tests.jobs.owed_emails import (
    GIVEN,
    NOW,
    NUMBER,
    County,
    actor_of,
    add_colleagues,
    found_county,
    owe,
    owed_row,
)

LATER = NOW + timedelta(minutes=1)


@pytest.fixture
def county(database: Engine) -> County:
    return found_county()


def accesses(outcome: str) -> list[tuple[int | None, str]]:
    with reading() as session:
        rows = session.scalars(select(AccessEntry).where(AccessEntry.outcome == outcome).order_by(AccessEntry.id))
        return [(row.actor_id, row.action) for row in rows]


def test_every_email_can_be_owed_with_what_an_assignment_has(county: County) -> None:
    owed = [owe(county, county.worker, template=name, details=GIVEN)[0] for name in template_names()]
    support = actor_of(county.support)
    texts = [email_text(support, owed_id, now=NOW) for owed_id in owed]
    assert len({text.body for text in texts}) == len(template_names())


def test_somebody_without_an_address_is_seen_in_the_log_and_written_to_once_there_is_one(county: County) -> None:
    change_row_of(county.worker, email="")
    owed = owe(county, county.worker)[0]
    administration = actor_of(county.administration)
    line = email_log(administration, now=NOW).lines[0]
    assert (line.state, line.to_address) == (EmailState.FAILED, "")
    assert line.sentence == "Could not be delivered. No e-mail address is known for this person."
    assert claim_due(LATER, "one") == ()
    with pytest.raises(Incomplete, match="Add the address first"):
        try_again(administration, owed, now=LATER)
    with pytest.raises(Incomplete, match="cannot be shown"):
        email_text(administration, owed, now=LATER)
    change_row_of(county.worker, email="b.ellis@dcfs.example")
    try_again(administration, owed, now=LATER)
    assert claim_due(LATER, "one")[0].to_address == "b.ellis@dcfs.example"
    assert accesses("done") == [(county.administration, "send e-mail again")]


def test_somebody_who_has_left_is_not_written_to_and_it_is_seen(county: County) -> None:
    change_row_of(county.worker, active=False)
    owed = owe(county, county.worker)[0]
    support = actor_of(county.support)
    assert email_log(support, now=NOW).lines[0].sentence.endswith("This person no longer works with CTS.")
    with pytest.raises(Incomplete, match="no longer works"):
        try_again(support, owed, now=LATER)


def test_the_log_says_in_words_where_each_email_stands(county: County) -> None:
    sent, failed, retrying, waiting = owe(
        county, county.worker, county.supervisor, county.advocate, county.administration
    )
    claim_due(LATER, "one", limit=3)
    mark_sent(sent, LATER)
    mark_failed(failed, "one", "The mail server refused the address: 550 No such mailbox", LATER, permanent=True)
    mark_failed(retrying, "one", "The mail server refused the address: 451 Busy", LATER, permanent=False)
    log = email_log(actor_of(county.support), now=LATER)
    assert [line.id for line in log.lines] == [waiting, retrying, failed, sent]
    assert [line.sentence for line in log.lines] == [
        "Waiting to be sent.",
        "Will be tried again 11/02/2026 10:32 AM. The mail server refused the address: 451 Busy",
        "Could not be delivered. The mail server refused the address: 550 No such mailbox",
        "Sent 11/02/2026 10:31 AM.",
    ]
    assert [line.can_try_again for line in log.lines] == [False, True, True, False]
    assert log.lines[3].subject == "CTS assignment 10084: your Referral was rejected"
    assert (log.lines[3].to_name, log.lines[3].assignment_number) == ("Brandon Ellis", NUMBER)
    assert log.totals == dict.fromkeys(EmailState, 1) | {EmailState.NOT_NEEDED: 0}
    assert log.total == 4
    only_failed = email_log(actor_of(county.support), now=LATER, only=EmailState.FAILED)
    assert ([line.id for line in only_failed.lines], only_failed.total) == ([failed], 1)


def test_the_log_has_pages_and_a_page_beyond_the_last_is_the_last(county: County) -> None:
    owed = owe(county, *add_colleagues(PAGE_SIZE + 3))
    support = actor_of(county.support)
    first, second = (email_log(support, now=NOW, page=page) for page in (1, 2))
    assert [line.id for line in (*first.lines, *second.lines)] == owed[::-1]
    assert (len(second.lines), second.page, second.pages, second.total) == (3, 2, 2, PAGE_SIZE + 3)
    assert email_log(support, now=NOW, page=99) == second
    assert email_log(support, now=NOW, page=-1) == first


def test_an_empty_log_is_one_empty_page(county: County) -> None:
    log = email_log(actor_of(county.support), now=NOW)
    assert (log.lines, log.page, log.pages, log.total) == ((), 1, 1, 0)


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.ADMINISTRATION, Role.SUPPORT}))
def test_nobody_else_reads_the_log_or_sends_again_and_the_refusal_is_kept(county: County, role: Role) -> None:
    owed = owe(county, county.supervisor)[0]
    change_row_of(county.worker, role=role)
    actor = actor_of(county.worker)
    with pytest.raises(NotPermitted, match="open to CSEC Administration and Technical support"):
        email_log(actor, now=NOW)
    with pytest.raises(NotPermitted):
        email_text(actor, owed, now=NOW)
    with pytest.raises(NotPermitted):
        try_again(actor, owed, now=NOW)
    refused = ["read e-mail log", "read e-mail", "send e-mail again"]
    assert accesses("refused") == [(county.worker, action) for action in refused]


def test_one_email_can_be_read_as_it_was_sent(county: County) -> None:
    owed = owe(county, county.worker)[0]
    assert len(claim_due(LATER, "one")) == 1
    mark_sent(owed, LATER)
    text = email_text(actor_of(county.administration), owed, now=LATER)
    assert text.to == "Brandon Ellis <b.ellis@dcfs.example>"
    assert text.body.startswith("Hello Brandon Ellis,\n\nChidi Okafor has rejected the Referral of assignment 10084")
    assert text.line.sentence == "Sent 11/02/2026 10:31 AM."


def test_an_email_that_is_not_there(county: County) -> None:
    for look in (email_text, try_again):
        with pytest.raises(NotPermitted, match="There is no such e-mail"):
            look(actor_of(county.support), 999, now=NOW)


def test_what_has_been_sent_or_still_waits_is_not_sent_again(county: County) -> None:
    sent, waiting = owe(county, county.worker, county.supervisor)
    assert len(claim_due(LATER, "one")) == 1
    mark_sent(sent, LATER)
    support = actor_of(county.support)
    with pytest.raises(OutOfDate, match=r"needs no new attempt\. Sent 11/02/2026"):
        try_again(support, sent, now=LATER)
    with pytest.raises(OutOfDate, match=r"needs no new attempt\. Waiting"):
        try_again(support, waiting, now=LATER)


def test_trying_again_twice_is_trying_again_once(county: County) -> None:
    owed = owe(county, county.worker)[0]
    assert len(claim_due(LATER, "one")) == 1
    mark_failed(owed, "one", "550 No such mailbox", LATER, permanent=True)
    support = actor_of(county.support)
    try_again(support, owed, now=LATER)
    with pytest.raises(OutOfDate):
        try_again(support, owed, now=LATER)
    assert owed_row(owed).attempts == 0
    assert claim_due(LATER, "one")[0].id == owed
    assert claim_due(LATER, "two") == ()
