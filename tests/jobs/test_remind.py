"""The daily reminder on its way: looked at again when it is sent, a mail server that is away."""

from collections.abc import Iterator
from datetime import datetime
from email import policy
from email.parser import BytesParser
from pathlib import Path

import pytest
from sqlalchemy import Engine

from cts.jobs.send import send_due
from cts.outside.mail import delivery
from cts.services.email_log import EmailState, email_log, email_text, try_again
from cts.services.refusals import OutOfDate
from cts.services.reminders import make_digests
from cts.settings import Settings
from tests.cast import DCFS_OFFICE, Cast, add_assignment, change_person, make_cast
from tests.jobs.owed_emails import WORDS_NEVER_USED, mail_settings
from tests.parts.desk import Desk
from tests.parts.mail_server import SmtpServer
from tests.parts.reminded import add_contact, made, morning, record_of, reminders_owed


@pytest.fixture
def cast(database: Engine) -> Cast:
    return make_cast()


@pytest.fixture
def plan(cast: Cast) -> Desk:
    """A plan that has been with the case worker since Monday."""
    desk = Desk(cast, cast.dcfs_number)
    desk.brings_to_advocate()
    desk.plan().brings_to_case_worker()
    return desk.plan()


@pytest.fixture
def server(smtp_server: SmtpServer) -> Iterator[SmtpServer]:
    smtp_server.clear()
    yield smtp_server
    smtp_server.accept_all()


def send_steps(server: SmtpServer) -> None:
    """Send what the steps of Monday have owed, so that only reminders are left."""
    send(server, morning(0, 23))
    server.clear()


def send(server: SmtpServer, now: datetime) -> int:
    installation = mail_settings(server)
    return send_due(lambda: now, delivery(installation), installation)


def test_a_reminder_reads_like_this(cast: Cast, plan: Desk, server: SmtpServer) -> None:
    other = Desk(cast, add_assignment(cast))
    other.brings_to_supervisor()
    other.signs("scsw")
    other.rejects("scsw")
    send_steps(server)
    make_digests(morning(1))
    assert send(server, morning(1, minute=2)) == 1
    mail = server.received[0]
    home = "http://localhost:8501"
    assert (mail.recipients, mail.subject) == (("csw@cts.example",), "CTS: 2 documents wait for you")
    assert mail.text.replace("\r\n", "\n").startswith(
        "Hello Wanda Worker,\n"
        "\n"
        "These documents wait for you:\n"
        "\n"
        f"Assignment {other.number}: Referral\n"
        "Change the Referral and send it again. Waiting for 1 day.\n"
        f"{home}/assignment?number={other.number}\n"
        "\n"
        f"Assignment {cast.dcfs_number}: Advocacy Plan (Phase 1)\n"
        "Approve or reject the Advocacy Plan. Waiting for 1 day.\n"
        f"{home}/assignment?number={cast.dcfs_number}&tab=plan&item=plan-1\n"
        "\n"
        "All that waits for you is on your Home page:\n"
        "\n"
        f"{home}\n"
        "\n"
        "You receive this message because this waits for you"
    )
    assert record_of(plan) == ("Reminded on 11/03/2026: Wanda Worker (sent 07:02 AM)",)


def test_what_was_acted_on_since_is_left_out(cast: Cast, plan: Desk, server: SmtpServer) -> None:
    other = Desk(cast, add_assignment(cast))
    other.brings_to_supervisor()
    other.signs("scsw")
    other.rejects("scsw")
    make_digests(morning(1))
    plan.tick(days=1)
    plan.approves("csw")
    send(server, morning(1, 10))
    assert [row.sent_at is None for row in reminders_owed()] == [False]
    text = email_text(cast.support, reminders_owed()[0].id, now=plan.now)
    assert text.subject == "CTS: 1 document waits for you"
    assert f"Assignment {other.number}: Referral" in text.body
    assert str(plan.number) not in text.body
    assert record_of(plan) == (), "it stood in no e-mail that was sent"
    assert record_of(other) == ("Reminded on 11/03/2026: Wanda Worker (sent 10:00 AM)",)


def test_when_everything_was_acted_on_nothing_is_sent_and_the_log_says_so(
    cast: Cast, plan: Desk, server: SmtpServer
) -> None:
    make_digests(morning(1))
    plan.tick(days=1)
    plan.approves("csw")
    send(server, morning(1, 10))
    assert [
        mail for mail in server.received if "documents wait" in mail.subject or "document waits" in mail.subject
    ] == []
    log = email_log(cast.admin, now=plan.now, only=EmailState.NOT_NEEDED)
    assert [(line.to_name, line.sentence, line.can_try_again) for line in log.lines] == [
        ("Wanda Worker", "Not needed any more: everything was acted on.", False)
    ]
    assert (log.total, log.totals[EmailState.FAILED]) == (1, 0)
    with pytest.raises(OutOfDate, match="Not needed any more"):
        try_again(cast.admin, log.lines[0].id, now=plan.now)
    assert record_of(plan) == ()


def test_who_holds_it_no_longer_is_not_reminded(cast: Cast, plan: Desk, server: SmtpServer) -> None:
    make_digests(morning(1))
    plan.tick(days=1)
    plan.extract_says(worker_id=cast.colleague.person_id)
    send(server, morning(1, 10))
    assert reminders_owed()[0].last_error == "Not needed any more: everything was acted on."
    assert made(cast, morning(2)) == {"colleague": ([plan.number], [])}


def test_who_left_since_it_was_owed_gets_none(cast: Cast, plan: Desk, server: SmtpServer) -> None:
    send_steps(server)
    make_digests(morning(1))
    change_person(cast, "csw", active=False)
    assert send(server, morning(1, 10)) == 0
    assert record_of(plan) == (
        "Reminded on 11/03/2026: Wanda Worker (not delivered: This person no longer works with CTS)",
    )
    assert made(cast, morning(2)) == {}


def test_a_mail_server_that_is_away_for_two_days_is_followed_by_one_reminder(
    cast: Cast, plan: Desk, server: SmtpServer
) -> None:
    send_steps(server)
    server.stop()
    try:
        make_digests(morning(1))
        assert send(server, morning(1, 8)) == 0
        assert record_of(plan)[0].startswith(
            "Reminded on 11/03/2026: Wanda Worker (not delivered so far: The mail server could not be reached"
        )
        make_digests(morning(2))
        assert send(server, morning(2, 8)) == 0
    finally:
        server.start()
    assert send(server, morning(2, 12)) == 1
    assert [mail.subject for mail in server.received] == ["CTS: 1 document waits for you"]
    assert "Waiting for 2 days." in server.received[0].text
    assert record_of(plan) == (
        "Reminded on 11/03/2026: Wanda Worker "
        "(not delivered: its day has passed, and the next reminder says what still waits)",
        "Reminded on 11/04/2026: Wanda Worker (sent 12:00 PM)",
    )


def test_a_refused_reminder_is_tried_again_from_the_log(cast: Cast, plan: Desk, server: SmtpServer) -> None:
    send_steps(server)
    make_digests(morning(1))
    server.refuse("550 No such mailbox", "csw@cts.example")
    assert send(server, morning(1, 8)) == 0
    line = email_log(cast.admin, now=morning(1, 9), only=EmailState.FAILED).lines[0]
    assert (line.subject, line.to_name, line.assignment_number) == (
        "CTS: 1 document waits for you",
        "Wanda Worker",
        None,
    )
    server.accept_all()
    try_again(cast.admin, line.id, now=morning(1, 9))
    assert send(server, morning(1, 9)) == 1
    assert record_of(plan) == ("Reminded on 11/03/2026: Wanda Worker (sent 09:00 AM)",)


def test_an_escalation_says_who_has_it_and_the_record_that_it_happened(
    cast: Cast, plan: Desk, server: SmtpServer
) -> None:
    add_contact(cast, "substitute", DCFS_OFFICE)
    send_steps(server)
    make_digests(morning(7))
    assert send(server, morning(7, 8)) == 5
    mail = next(m for m in server.received if m.recipients == ("substitute@cts.example",))
    assert mail.subject == "CTS: 1 document waits for others too long"
    assert "With Wanda Worker (case worker), Pasadena, for 7 days." in mail.text
    others = ("Abel Administrator", "Ada Administrator", "Simon Substitute", "Sonia Supervisor")
    escalated = ", ".join(f"{name} (escalated, sent 08:00 AM)" for name in others)
    assert record_of(plan) == (f"Reminded on 11/09/2026: Wanda Worker (sent 08:00 AM), {escalated}",)


def test_no_reminder_carries_a_fact_about_a_youth(cast: Cast, plan: Desk, tmp_path: Path) -> None:
    Desk(cast, cast.probation_number).brings_to_supervisor("dpo")
    Desk(cast, add_assignment(cast, last_name="Zanzibarova", first_name="Quillonia")).brings_to_agency()
    make_digests(morning(8))
    installation = Settings(var_dir=tmp_path)
    send_due(lambda: morning(8, 8), delivery(installation), installation)
    files = [BytesParser(policy=policy.default).parsebytes(f.read_bytes()) for f in (tmp_path / "mail").iterdir()]
    reminders = [m for m in files if "for you" in m["Subject"] or "too long" in m["Subject"]]
    assert {str(m["To"]).rpartition("<")[2] for m in reminders} >= {"csw@cts.example>", "sdpo@cts.example>"}
    never = ("canary", "rodr", "zoë", "probationer", "zanzibarova", "quillonia", "2011", "7710001", "pj10002", "3 day")
    for message in files:
        seen = f"{message}\n{message['Subject']}\n{message.get_content()}".lower()
        assert [word for word in (*never, *WORDS_NEVER_USED) if word in seen] == [], message["Subject"]
