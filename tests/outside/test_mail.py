"""E-mails: their texts, their headers, the folder and the mail server that take them."""

import socket
import stat
from collections.abc import Iterator
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from cts.domain.workflow import STEPS
from cts.outside import mail
from cts.outside.mail import (
    CannotCompose,
    Detail,
    PermanentFailure,
    ServerUnavailable,
    TemporaryFailure,
    compose,
    deliver_to_folder,
    deliver_to_smtp,
    delivery,
    details_of,
    subject_of,
    template_names,
)
from cts.services.email_kinds import EXTRACT_EMAILS, OTHER_EMAILS
from cts.settings import Settings
from tests.jobs.owed_emails import GIVEN, WORDS_NEVER_USED, mail_settings
from tests.parts.mail_server import SmtpServer, make_certificate

SENT_AT = datetime(2026, 11, 2, 18, 30, tzinfo=UTC)
SETTINGS = Settings(base_url="https://cts.county.example", mail_from="CTS <no-reply@cts.example>")
DETAILS: dict[str, Detail] = {
    "by": "Dana Whitfield",
    "agency": "Open Door LA",
    "advocate": "Marisol Núñez",
    "case_worker": "Brandon Ellis",
    "office": "Pomona",
    "document": "Advocacy Plan (Phase 2)",
    **GIVEN,
}


def composed(template: str = "referral_rejected", **changes: Any) -> EmailMessage:
    wanted: dict[str, Any] = {
        "details": {name: DETAILS[name] for name in details_of(template)},
        "to_name": "Brandon Ellis",
        "to_address": "b.ellis@dcfs.example",
        "number": 10084,
        "message_key": "cts-00000012-20261102T183000000000",
        "sent_at": SENT_AT,
        "settings": SETTINGS,
    }
    return compose(template, **{**wanted, **changes})


def read_back(message: EmailMessage) -> EmailMessage:
    parsed = message_from_bytes(message.as_bytes(), policy=policy.default)
    assert isinstance(parsed, EmailMessage)
    return parsed


def test_every_email_the_workflow_names_has_a_text_and_every_text_is_used() -> None:
    named = {tell.email for step in STEPS for tell in step.tells} | {*EXTRACT_EMAILS, *OTHER_EMAILS}
    assert named == set(template_names())


@pytest.mark.parametrize("template", template_names())
def test_every_text_greets_asks_once_links_once_and_says_why(template: str) -> None:
    message = read_back(composed(template))
    body = message.get_content()
    lines = body.splitlines()
    links = [line for line in lines if "://" in line]
    if template in {"assignment_left", "audit_anchor"}:
        assert links == [], "its reader can open the assignment no more"
    elif template in {"reminder_digest", "health_digest"}:
        paths = ["/assignment?number=10001&tab=plan&item=plan-2", "/assignment?number=10084", ""]
        assert links == [SETTINGS.base_url + path for path in paths]
    else:
        assert links in (["https://cts.county.example/assignment?number=10084"], ["https://cts.county.example"])
    assert body.startswith("Hello Brandon Ellis,\n") and body.count("You receive this message because") == 1
    assert body.lower().count("please") - body.count("Please do not add") <= 1
    assert "Replies to it are not read; for" in body
    assert "{" not in body + message["Subject"]
    assert message["Subject"].startswith("CTS") and len(message["Subject"]) <= 78
    assert max(map(len, composed(template).as_bytes().splitlines())) <= 78, "on the way"
    assert not any(len(line) > 60 and line[-1].isalpha() for line in lines), "no sentence is broken"
    assert [word for word in WORDS_NEVER_USED if word in message.as_string().lower()] == []


def test_a_rejection_reads_like_this() -> None:
    message = read_back(composed())
    assert message["Subject"] == "CTS assignment 10084: your Referral was rejected"
    assert message.get_content().startswith(
        "Hello Brandon Ellis,\n"
        "\n"
        "Dana Whitfield has rejected the Referral of assignment 10084, and it is back with you. "
        "Please read the reason beside the form, change the Referral, and submit it again:\n"
        "\n"
        "https://cts.county.example/assignment?number=10084\n"
        "\n"
        "You receive this message because you are the case worker of this assignment.\n"
        "\n"
        "CTS\n"
    )


def test_headers_are_those_of_a_machine_and_the_same_key_is_the_same_message() -> None:
    message = read_back(composed())
    assert message["From"] == "CTS <no-reply@cts.example>"
    assert message["To"] == "Brandon Ellis <b.ellis@dcfs.example>"
    assert message["Message-ID"] == "<cts-00000012-20261102T183000000000@cts.example>"
    assert message["Date"].datetime == SENT_AT
    assert message["Auto-Submitted"] == "auto-generated"
    assert message.get_content_type() == "text/plain"
    assert message.get_content_charset() == "utf-8"
    assert composed(sent_at=datetime(2027, 1, 1, tzinfo=UTC))["Message-ID"] == message["Message-ID"]


@pytest.mark.parametrize(
    ("template", "changes", "complaint"),
    [
        ("referral_rejected", {"details": {}}, "needs by"),
        ("referral_rejected", {"details": {"by": "Dana", "youth": "Ana"}}, "does not use youth"),
        ("referral_rejected", {"number": None}, "needs number"),
        ("referral_rejected", {"message_key": "../../etc"}, "message key"),
    ],
)
def test_a_placeholder_too_few_or_too_many_is_an_error(template: str, changes: dict[str, Any], complaint: str) -> None:
    with pytest.raises(CannotCompose, match=complaint):
        composed(template, **changes)


@pytest.mark.parametrize("template", ["", "_ending", "../mail", "referral_rejected.txt", "no\r\nsuch"])
def test_there_are_no_emails_but_those_of_the_folder(template: str) -> None:
    with pytest.raises(CannotCompose, match="There is no e-mail"):
        details_of(template)


def test_a_text_that_names_a_fact_about_a_youth_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "curious.txt").write_text("CTS {number}\n\nAbout {youth_name}: {link}\n")
    monkeypatch.setattr(mail, "EMAILS", tmp_path)
    with pytest.raises(CannotCompose, match="youth_name, which no e-mail may hold"):
        subject_of("curious", 10084, {})


@pytest.mark.parametrize("end", ["\r\n", "\n", "\r", "\u2028", "\x0b", "\x00", "\x85"])
def test_no_header_can_be_smuggled_in_by_a_name(end: str) -> None:
    name = f"Eve{end}Bcc: thief@elsewhere.example{end}{end}Read this"
    message = composed(to_name=name, details={"by": name})
    raw = message.as_bytes()
    parsed = read_back(message)
    assert parsed.keys() == read_back(composed()).keys()
    assert [a.addr_spec for a in parsed["To"].addresses] == ["b.ellis@dcfs.example"]
    assert b"\nBcc:" not in raw
    assert b"\rBcc:" not in raw
    assert parsed.get_content().splitlines()[0].startswith("Hello Eve Bcc: thief@elsewhere.example Read this,")


@pytest.mark.parametrize(
    "address",
    [
        "",
        "nobody",
        "a@b@c.example",
        "a b@c.example",
        "a@c.example\r\nBcc: thief@elsewhere.example",
        "a@c.example, thief@elsewhere.example",
        "Eve <a@c.example>",
        "jürgen@dcfs.example",
        "a@c.example\n",
        "a" * 65 + "@c.example",
    ],
)
def test_what_is_no_single_plain_address_is_refused_for_good(address: str) -> None:
    with pytest.raises(PermanentFailure, match="not a valid one"):
        composed(to_address=address)


@pytest.mark.parametrize(
    "name",
    [
        'María "La Jefa" Núñez',
        "Nguyễn Thị Ánh",
        "王小明",
        "O'Brien, Pat",
        "=?utf-8?q?x?=",
        "Ø" * 200,
        "a b " * 50,
        "{by}",
        "<i>x</i>",
    ],
)
def test_any_name_arrives_as_it_is_written(name: str) -> None:
    parsed = read_back(composed(to_name=name, details={"by": name}))
    assert [a.addr_spec for a in parsed["To"].addresses] == ["b.ellis@dcfs.example"]
    assert " ".join(parsed.get_content().split()).startswith(f"Hello {' '.join(name.split())},")


def test_the_folder_gets_one_private_file_whole_even_when_delivered_twice(tmp_path: Path) -> None:
    folder = tmp_path / "var" / "mail"
    deliver_to_folder(composed(), folder)
    deliver_to_folder(composed(), folder)
    assert [path.name for path in folder.iterdir()] == ["cts-00000012-20261102T183000000000.eml"]
    file = next(folder.iterdir())
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert b"\r\n\r\nHello Brandon Ellis,\r\n" in file.read_bytes()
    message = message_from_bytes(file.read_bytes(), policy=policy.default)
    assert message["Subject"] == "CTS assignment 10084: your Referral was rejected"


def test_a_folder_that_cannot_be_written_is_a_matter_of_time(tmp_path: Path) -> None:
    (tmp_path / "mail").write_text("a file where the folder should be")
    with pytest.raises(ServerUnavailable, match="cannot be written"):
        deliver_to_folder(composed(), tmp_path / "mail")
    with pytest.raises(ServerUnavailable, match="cannot be written"):
        deliver_to_folder(composed(), tmp_path / "mail" / "inner")


@pytest.fixture
def server(smtp_server: SmtpServer) -> Iterator[SmtpServer]:
    smtp_server.clear()
    yield smtp_server
    smtp_server.accept_all()


def test_a_mail_server_takes_it_over_a_checked_connection_with_a_login(server: SmtpServer) -> None:
    deliver_to_smtp(composed("advocate_named", to_name="Nguyễn Thị Ánh"), mail_settings(server))
    received = server.wait_for(1)[0]
    assert received.sender == "no-reply@cts.example"
    assert received.recipients == ("b.ellis@dcfs.example",)
    assert received.subject == "CTS assignment 10084: an Advocate has been assigned"
    assert received.text.startswith("Hello Nguyễn Thị Ánh,\n\nOpen Door LA has assigned Marisol Núñez")


@pytest.mark.parametrize("password", ["wrong", "falsch-ü"])
def test_a_wrong_password_is_the_servers_trouble_not_the_messages(server: SmtpServer, password: str) -> None:
    settings = Settings(**{**mail_settings(server).__dict__, "smtp_password": password})
    with pytest.raises(ServerUnavailable, match="did not accept the user and password"):
        deliver_to_smtp(composed(), settings)
    assert server.received == []


@pytest.mark.parametrize("authority", ["of the system", "another"])
def test_nothing_is_said_to_a_server_whose_certificate_is_not_trusted(
    server: SmtpServer, tmp_path: Path, authority: str
) -> None:
    other = tmp_path / "other.crt"
    make_certificate(other, tmp_path / "other.key")
    ca_file = str(other) if authority == "another" else ""
    settings = Settings(**{**mail_settings(server).__dict__, "smtp_ca_file": ca_file})
    with pytest.raises(ServerUnavailable, match="certificate was not accepted"):
        deliver_to_smtp(composed(), settings)
    assert server.received == []


def test_without_starttls_a_server_that_wants_it_is_unavailable(server: SmtpServer) -> None:
    settings = Settings(**{**mail_settings(server).__dict__, "smtp_starttls": False})
    with pytest.raises(ServerUnavailable):
        deliver_to_smtp(composed(), settings)
    assert server.received == []


def test_what_the_server_says_of_the_recipient_decides_whether_to_try_again(server: SmtpServer) -> None:
    server.refuse("550 No such mailbox", "b.ellis@dcfs.example")
    with pytest.raises(PermanentFailure, match="refused the address: 550 No such mailbox"):
        deliver_to_smtp(composed(), mail_settings(server))
    server.refuse("451 Mailbox is busy", "b.ellis@dcfs.example")
    with pytest.raises(TemporaryFailure, match="451 Mailbox is busy") as refusal:
        deliver_to_smtp(composed(), mail_settings(server))
    assert not isinstance(refusal.value, ServerUnavailable)


def test_a_server_that_is_down_or_silent_is_unavailable(server: SmtpServer, monkeypatch: pytest.MonkeyPatch) -> None:
    server.stop()
    try:
        with pytest.raises(ServerUnavailable, match="could not be reached"):
            deliver_to_smtp(composed(), mail_settings(server))
    finally:
        server.start()
    monkeypatch.setattr(mail, "SMTP_SECONDS", 0.5)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        settings = Settings(smtp_host="127.0.0.1", smtp_port=silent.getsockname()[1])
        with pytest.raises(ServerUnavailable, match="could not be reached"):
            deliver_to_smtp(composed(), settings)


def test_the_settings_choose_between_folder_and_server(server: SmtpServer, tmp_path: Path) -> None:
    delivery(Settings(var_dir=tmp_path))(composed())
    assert len(list((tmp_path / "mail").iterdir())) == 1
    assert server.received == []
    delivery(mail_settings(server, tmp_path))(composed())
    assert len(server.received) == 1
    assert len(list((tmp_path / "mail").iterdir())) == 1
