"""What arrived by e-mail, and that none of it says who the youth is."""

import csv
import html
from datetime import date

from cts.services.demonstration import EXTRACT
from tests.browser.people import Cast
from tests.parts.mail_server import ReceivedMail, SmtpServer

WORDS = ("csec", "exploit", "traffick", "victim", "sexual", "at-risk", "at risk")
"""Words of exploitation: they stand in no e-mail."""


def mail_about(server: SmtpServer, number: int) -> list[ReceivedMail]:
    """Every e-mail so far about an assignment."""
    return [mail for mail in server.received if str(number) in mail.subject]


def expect_mail(server: SmtpServer, number: int, *wanted: tuple[Cast, str]) -> None:
    """Exactly these e-mails about the assignment arrive: to whom, and what the subject says after the number."""
    about = f"CTS assignment {number}: "
    server.wait_for(len(server.received) - len(mail_about(server, number)) + len(wanted))
    arrived = mail_about(server, number)
    assert sorted((", ".join(m.recipients), m.subject.removeprefix(about)) for m in arrived) == sorted(
        (who.email, subject) for who, subject in wanted
    )
    for mail in arrived:
        assert personal_facts_in(mail, number) == []
        assert f"/assignment?number={number}" in mail.text or "no longer in your Assignment Listing" in mail.text


def line_of_extract(referral_number: str) -> dict[str, str]:
    """The youth's line in the sample extract."""
    with EXTRACT.open(encoding="utf-8", newline="") as file:
        return next(line for line in csv.DictReader(file) if line["referral_id"] == referral_number)


FACTS_OF: dict[int, dict[str, str]] = {}
"""Assignment # -> the youth's line of the extract, as far as the stories know it."""


def personal_facts_in(mail: ReceivedMail, number: int) -> list[str]:
    """Whatever of the youth's facts, and of the words of exploitation, stands in the headers or any part of an e-mail."""
    parts = [part.get_content() for part in mail.message.walk() if part.get_content_maintype() == "text"]
    headers = [
        f"{name}: {value}" for name, value in mail.message.items() if name.lower() not in {"received", "message-id"}
    ]
    text = html.unescape("\n".join([*headers, *parts])).casefold()
    squeezed = text.replace("-", "").replace(" ", "")
    facts = [f for f in _facts(FACTS_OF[number]) if f.casefold() in text]
    ids = [i for i in _ids(FACTS_OF[number]) if i in squeezed]
    return [*facts, *ids, *(word for word in WORDS if word in text)]


def _facts(line: dict[str, str]) -> list[str]:
    born = date.fromisoformat(line["birth_date"])
    names = [line["last_name"], line["first_name"], line["referral_name"], line["case_name"].split(",")[0]]
    days = [born.isoformat(), f"{born:%m/%d/%Y}", f"{born.month}/{born.day}/{born.year}", f"{born:%B} {born.day}"]
    return [fact for fact in [*names, *days] if fact]


def _ids(line: dict[str, str]) -> list[str]:
    keys = ("client_id", "state_id", "pdj_number", "referral_id", "case_id")
    return [line[key].replace("-", "").casefold() for key in keys if line[key]]
