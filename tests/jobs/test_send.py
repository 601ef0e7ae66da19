"""The job that sends e-mails: refusals, a server that goes away, two senders at once, a sender that is killed."""

import argparse
import signal
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select

from cts.commands import send as send_command
from cts.jobs.send import run_forever, send_due
from cts.outside.mail import Deliver, delivery, template_names
from cts.services.digests import DIGEST
from cts.services.email_log import EmailState, email_log
from cts.services.links import LINK_EMAILS
from cts.settings import Settings, settings
from db.models import EmailOwed
from db.session import close_database, open_database, reading, writing
from tests.cast import change_row_of
from tests.jobs.owed_emails import (
    ACCOUNT,
    ANCHOR,
    BIRTH_DATES,
    CANARIES,
    CANARY_WORDS,
    NOW,
    REHOMED,
    WORDS_NEVER_USED,
    County,
    actor_of,
    add_colleagues,
    found_county,
    mail_settings,
    owe,
    owed_row,
)
from tests.jobs.sender_process import start_sender
from tests.parts.mail_server import SmtpServer
from tests.parts.ports import wait_until

MANY = 60


@pytest.fixture
def county(database: Engine) -> County:
    return found_county()


@pytest.fixture
def server(smtp_server: SmtpServer) -> Iterator[SmtpServer]:
    smtp_server.clear()
    yield smtp_server
    smtp_server.accept_all()


def one_pass(server: SmtpServer, now: datetime = NOW + timedelta(seconds=1)) -> int:
    installation = mail_settings(server)
    return send_due(lambda: now, delivery(installation), installation)


def message_ids(server: SmtpServer) -> Counter[str]:
    return Counter(str(mail.message["Message-ID"]) for mail in server.received)


def unsent() -> int:
    with reading() as session:
        return session.scalar(select(func.count()).where(EmailOwed.sent_at.is_(None))) or 0


def test_what_is_owed_is_received_once_and_marked(county: County, server: SmtpServer) -> None:
    owed = owe(county, county.worker, county.supervisor)
    assert one_pass(server) == 2
    assert [mail.recipients for mail in server.received] == [("b.ellis@dcfs.example",), ("d.whitfield@dcfs.example",)]
    assert server.received[0].text.startswith("Hello Brandon Ellis,\n")
    assert owed_row(owed[0]).sent_at == NOW + timedelta(seconds=1)
    assert one_pass(server, NOW + timedelta(days=1)) == 0
    assert len(server.received) == 2


def test_poisonous_messages_among_ten_stop_no_other(county: County, server: SmtpServer) -> None:
    people = add_colleagues(10)
    owed = owe(county, *people)
    change_row_of(people[0], email="w0@dcfs.example\r\nBcc: thief@elsewhere.example")
    change_row_of(people[2], active=False)
    server.refuse("550 No such mailbox", "w7@dcfs.example")
    with writing() as session:
        session.get_one(EmailOwed, owed[3]).template = "of an older version"
        session.get_one(EmailOwed, owed[5]).details = {}
    assert one_pass(server) == 5
    assert [mail.recipients[0][:2] for mail in server.received] == ["w1", "w4", "w6", "w8", "w9"]
    reasons = [owed_row(owed[n]).last_error for n in (0, 2, 3, 5, 7)]
    assert reasons == [
        "The e-mail address is not a valid one.",
        "This person no longer works with CTS.",
        "There is no e-mail 'of an older version'.",
        "The e-mail referral_rejected needs by.",
        "The mail server refused the address: 550 No such mailbox",
    ]
    assert email_log(actor_of(county.support), now=NOW).totals == {
        EmailState.WAITING: 0,
        EmailState.RETRYING: 0,
        EmailState.SENT: 5,
        EmailState.FAILED: 5,
        EmailState.NOT_NEEDED: 0,
    }


def test_a_fault_nobody_thought_of_stops_no_other_and_is_tried_again(sqlite_database: Engine, tmp_path: Path) -> None:
    county = found_county()
    first, _ = owe(county, county.worker, county.supervisor)
    taken: list[str] = []

    def deliver(message: EmailMessage) -> None:
        if not taken and "b.ellis" in str(message["To"]):
            taken.append("fault")
            raise ZeroDivisionError
        taken.append(str(message["To"]))

    assert send_due(lambda: NOW + timedelta(seconds=1), deliver, Settings(var_dir=tmp_path)) == 1
    assert owed_row(first).last_error == "Unexpected fault: ZeroDivisionError."
    assert send_due(lambda: NOW + timedelta(minutes=2), deliver, Settings(var_dir=tmp_path)) == 1
    assert taken == [
        "fault",
        "Dana Whitfield <d.whitfield@dcfs.example>",
        "Brandon Ellis <b.ellis@dcfs.example>",
    ]


def test_a_mailbox_that_is_busy_gets_it_later(county: County, server: SmtpServer) -> None:
    owe(county, county.worker, county.supervisor)
    server.refuse("451 Mailbox is busy", "b.ellis@dcfs.example")
    assert one_pass(server) == 1
    server.accept_all()
    assert one_pass(server, NOW + timedelta(seconds=30)) == 0
    assert one_pass(server, NOW + timedelta(seconds=62)) == 1
    assert [mail.recipients[0] for mail in server.received] == ["d.whitfield@dcfs.example", "b.ellis@dcfs.example"]


def test_a_mail_server_that_is_down_loses_nothing_and_costs_one_attempt_a_pass(
    county: County, server: SmtpServer
) -> None:
    owed = owe(county, county.worker, county.supervisor, county.advocate)
    server.stop()
    try:
        assert one_pass(server) == 0
    finally:
        server.start()
    assert [owed_row(n).attempts for n in owed] == [1, 0, 0]
    log = email_log(actor_of(county.support), now=NOW)
    assert log.lines[-1].sentence.startswith(
        "Will be tried again 11/02/2026 10:31 AM. The mail server could not be reached"
    )
    assert one_pass(server, NOW + timedelta(minutes=2)) == 3
    assert len(message_ids(server)) == len(server.received) == 3


def test_no_email_carries_a_fact_about_the_youth(county: County, tmp_path: Path) -> None:
    # See test_remind.py, test_audit_chain.py and test_check_runs.py; links are made when they are sent.
    elsewhere = {DIGEST, ANCHOR, "health_digest", *LINK_EMAILS.values()}
    templates = set(template_names()) - elsewhere
    for template in templates:
        owe(county, county.worker, template=template, details=CANARIES | ACCOUNT | REHOMED)
    installation = Settings(var_dir=tmp_path)
    sent = send_due(lambda: NOW + timedelta(seconds=1), delivery(installation), installation)
    files = list((tmp_path / "mail").iterdir())
    assert sent == len(files) == len(templates)
    never = [fact.lower() for fact in (*CANARIES.values(), *CANARY_WORDS, *BIRTH_DATES, *WORDS_NEVER_USED)]
    for file in files:
        raw = file.read_bytes()
        message = message_from_bytes(raw, policy=policy.default)
        assert isinstance(message, EmailMessage)
        seen = f"{file.name}\n{raw.decode()}\n{message.items()}\n{message.get_content()}".lower()
        assert [fact for fact in never if fact in seen] == [], file.name


def test_two_senders_at_once_send_each_email_once(county: County, database_url: str, server: SmtpServer) -> None:
    owe(county, *add_colleagues(MANY))
    senders = [start_sender(database_url, server, NOW + timedelta(seconds=1)) for _ in range(2)]
    for sender in senders:
        sender.go()
    counts = [sender.answer() for sender in senders]
    assert sum(counts) == MANY
    assert message_ids(server).total() == len(message_ids(server)) == MANY
    assert unsent() == 0


def test_after_kill_9_in_the_middle_another_sender_finishes(
    county: County, database_url: str, server: SmtpServer
) -> None:
    owe(county, *add_colleagues(MANY))
    killed = start_sender(database_url, server, NOW + timedelta(seconds=1))
    killed.go()
    server.wait_for(5)
    assert killed.killed() == -signal.SIGKILL
    left = unsent()
    assert 0 < left <= MANY - 4
    # At once: all but the one e-mail the killed sender may still hold. After its claim has run out: that one too.
    assert one_pass(server, NOW + timedelta(seconds=2)) >= left - 1
    one_pass(server, NOW + timedelta(minutes=11))
    assert unsent() == 0
    assert len(message_ids(server)) == MANY
    assert message_ids(server).total() <= MANY + 1  # at least once; the one in flight may come twice, recognisably


def killed_before_marking(deliver: Deliver) -> Deliver:
    def deliver_and_die(message: EmailMessage) -> None:
        deliver(message)
        raise KeyboardInterrupt

    return deliver_and_die


def test_ended_between_sending_and_marking_it_is_sent_again_with_the_same_message_id(
    county: County, server: SmtpServer
) -> None:
    owe(county, county.worker)
    installation = mail_settings(server)
    with pytest.raises(KeyboardInterrupt):
        send_due(lambda: NOW, killed_before_marking(delivery(installation)), installation)
    assert one_pass(server, NOW + timedelta(minutes=9)) == 0
    assert one_pass(server, NOW + timedelta(minutes=10)) == 1
    assert list(message_ids(server).values()) == [2]


@pytest.fixture
def folder_installation(tmp_path: Path, sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """CTS_… settings of an installation without a mail server; returns the folder its e-mails go to."""
    monkeypatch.setenv("CTS_VAR_DIR", str(tmp_path))
    monkeypatch.setenv("CTS_DATABASE_URL", sqlite_url)
    monkeypatch.setenv("CTS_MAIL_EVERY_SECONDS", "1")
    settings.cache_clear()
    yield tmp_path / "mail"
    close_database()
    settings.cache_clear()


def in_folder(folder: Path) -> Callable[[], bool]:
    return lambda: folder.exists() and len(list(folder.glob("*.eml"))) == 1


def test_the_job_outlives_a_database_that_is_away_and_stops_when_told(
    folder_installation: Path, sqlite_url: str
) -> None:
    close_database()
    stop = threading.Event()
    job = threading.Thread(target=run_forever, args=(stop,))
    job.start()
    try:
        open_database(sqlite_url)
        county = found_county()
        owe(county, county.worker)
        wait_until(in_folder(folder_installation), 20, "The job sent nothing.")
    finally:
        stop.set()
        job.join(timeout=20)
    assert not job.is_alive()


def test_the_command_sends_what_is_due_and_says_how_many(
    folder_installation: Path, sqlite_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    open_database(sqlite_url)
    county = found_county()
    owe(county, county.worker)
    parser = argparse.ArgumentParser()
    send_command.add_arguments(parser)
    assert send_command.run(parser.parse_args([])) == 0
    assert send_command.run(parser.parse_args([])) == 0
    assert capsys.readouterr().out == "1 e-mail was sent.\n0 e-mails were sent.\n"
    assert in_folder(folder_installation)()
