"""E-mail: compose a message from one of the texts in cts/outside/emails, put it into a folder or hand it to a mail server.

An e-mail leaves the county's protection, so it carries no fact about a youth (mission §4): the texts may use the placeholders named
here and no others, and none of these can hold one. Whoever wants to know more follows the link and signs in.
"""

import base64
import os
import re
import secrets
import smtplib
import ssl
import string
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import default as email_rules
from email.utils import parseaddr
from functools import cache
from pathlib import Path

from cts.domain.email_address import is_address
from cts.domain.one_line import one_line
from cts.settings import Settings

EMAILS = Path(__file__).parent / "emails"
ENDING = "_ending"
BLOCK = "items"
DETAILS = frozenset({"by", "agency", "advocate", "case_worker", "office", "document", "waiting", "anchor", BLOCK}) | {
    *("user_name", "minutes", "change"),
}
"""What may be filled in: names of staff, agency and office, the kind of document, what waits, a line of hashes; of an account its user name,
how long a link works, what was changed. Nothing else can be said in an e-mail.

BLOCK is a list of lines (cts/services/digests.py); one that begins with "/" is an address within CTS.
"""
FILLED = frozenset({"to_name", "number", "link", "home", "support_email"})
"""What every e-mail gets from its envelope and the settings."""

SMTP_SECONDS = 20
LONGEST_DETAIL = 200
_IN_SUBJECTS = frozenset({"document", "waiting"})
_KEY = re.compile(r"[A-Za-z0-9-]{1,100}")

_UNSAID = re.compile("csec|exploit|traffick|sexual|victim", re.IGNORECASE)

Deliver = Callable[[EmailMessage], None]
Detail = str | int | Sequence[str]


class CannotCompose(ValueError):
    """There is no such e-mail, or a placeholder is unknown or missing."""


class NotDelivered(Exception):
    """The message was not taken. `str()` is a sentence for the e-mail log."""


class PermanentFailure(NotDelivered):
    """Sending the same message again will not help, e.g. the address does not exist."""


class TemporaryFailure(NotDelivered):
    """It may work later, e.g. the mailbox is full."""


class ServerUnavailable(TemporaryFailure):
    """No e-mail can be sent now: the mail server is down, its certificate is wrong, or it refuses CTS's password or sender."""


def template_names() -> tuple[str, ...]:
    """The names of all e-mails, sorted."""
    return tuple(sorted(path.stem for path in EMAILS.glob("*.txt") if path.stem != ENDING))


def details_of(template: str) -> frozenset[str]:
    """The details (of DETAILS) that this e-mail needs. Raises CannotCompose when there is no such e-mail, or its text is wrong."""
    subject, body = _text(template)
    return _placeholders(subject + body + _ending()) - FILLED


def subject_of(template: str, number: int | None, details: Mapping[str, Detail]) -> str:
    """The subject of an e-mail: the assignment's number, the kind of document, how many wait; nothing else. Raises CannotCompose."""
    known = {name: short_line(str(details[name])) for name in _IN_SUBJECTS & set(details)}
    return _fill(template, _text(template)[0], known if number is None else known | {"number": str(number)})


def compose(
    template: str,
    details: Mapping[str, Detail],
    *,
    to_name: str,
    to_address: str,
    number: int | None,
    message_key: str,
    sent_at: datetime,
    settings: Settings,
    path: str = "",
) -> EmailMessage:
    """One e-mail to one person.

    `details` must be exactly those of details_of(template). `number` is the assignment's (None for an e-mail about none). `message_key`
    (letters, digits, hyphens) names the owed e-mail: the same key makes the same Message-ID, by which a mail system recognises a message
    that was sent twice. `sent_at` is aware. `path` is what the link opens within CTS; '' is the assignment. Line breaks in a name cannot make
    a header: they become blanks.
    Raises CannotCompose, or PermanentFailure when `to_address` is no address.
    """
    if needless := set(details) - details_of(template):
        raise CannotCompose(f"The e-mail {template} does not use {', '.join(sorted(needless))}.")
    if not _KEY.fullmatch(message_key):
        raise CannotCompose("A message key is made of letters, digits and hyphens.")
    known = _known(details, to_name, number, settings, path)
    sender_name, sender = parseaddr(settings.mail_from)
    message = EmailMessage(policy=email_rules.clone(cte_type="7bit"))
    message["From"] = _mailbox(sender_name, sender)
    message["To"] = _mailbox(to_name, to_address)
    message["Subject"] = subject_of(template, number, details)
    message["Date"] = sent_at.astimezone(UTC)
    message["Message-ID"] = f"<{message_key}@{sender.rpartition('@')[2]}>"
    # Out-of-office answers to a machine help nobody (RFC 3834; the second header is Exchange's).
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"
    text = _fill(template, f"{_text(template)[1]}\n\n{_ending()}", known)
    # A paragraph is one line, which every screen breaks as it needs; on the way quoted-printable keeps lines short (RFC 2045 6.7).
    message.set_content(f"{text}\n", charset="utf-8", cte="quoted-printable")
    return message


def key_of(message: EmailMessage) -> str:
    """The message key inside the Message-ID."""
    return str(message["Message-ID"]).strip("<>").partition("@")[0]


def deliver_to_folder(message: EmailMessage, folder: Path) -> None:
    """Put the message into the folder as one .eml file, readable by the owner only.

    The file appears whole or not at all, under the name of its key: delivered twice, it is still one file. Raises ServerUnavailable.
    """
    path = folder / f"{key_of(message)}.eml"
    draft = folder / f".{path.name}.{secrets.token_hex(4)}"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(message.as_bytes(policy=message.policy.clone(linesep="\r\n")))
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except OSError as error:
        with suppress(OSError):
            draft.unlink(missing_ok=True)
        raise ServerUnavailable(f"The folder for e-mails cannot be written: {error.strerror}.") from error


def deliver_to_smtp(message: EmailMessage, settings: Settings) -> None:
    """Hand the message to the mail server of the settings: STARTTLS with a checked certificate, then login when a user is set.

    The certificate is checked against `smtp_ca_file`, or else the authorities the system trusts. Every wait ends after SMTP_SECONDS.
    What the server says about this message or its recipient is a PermanentFailure (5xx) or a TemporaryFailure (4xx). No connection, a wrong
    certificate, a refused login or sender is ServerUnavailable: it concerns all e-mails, and they are kept until it is mended.
    """
    try:
        client = smtplib.SMTP(settings.smtp_host, settings.smtp_port, timeout=SMTP_SECONDS)
        try:
            _sign_in(client, settings)
            client.send_message(message)
        finally:
            # The message is already accepted or refused: what happens to the farewell changes nothing.
            with suppress(smtplib.SMTPException, OSError):
                client.quit()
    except smtplib.SMTPRecipientsRefused as error:
        raise _refused("The mail server refused the address", *next(iter(error.recipients.values()))) from error
    except smtplib.SMTPDataError as error:
        raise _refused("The mail server refused the message", error.smtp_code, error.smtp_error) from error
    except smtplib.SMTPAuthenticationError as error:
        raise ServerUnavailable("The mail server did not accept the user and password of CTS.") from error
    except smtplib.SMTPNotSupportedError as error:
        raise ServerUnavailable(
            "The mail server does not offer what the settings ask for: STARTTLS or a login."
        ) from error
    except smtplib.SMTPResponseException as error:
        raise ServerUnavailable(
            _said("The mail server refused to talk to CTS", error.smtp_code, error.smtp_error)
        ) from error
    except ssl.SSLError as error:
        raise ServerUnavailable(
            "The connection to the mail server is not safe: its certificate was not accepted."
        ) from error
    except (smtplib.SMTPException, OSError) as error:
        raise ServerUnavailable(f"The mail server could not be reached ({type(error).__name__}).") from error


def delivery(settings: Settings) -> Deliver:
    """How this installation delivers: to its mail server, or without one into the folder var/mail."""
    if settings.smtp_host:
        return lambda message: deliver_to_smtp(message, settings)
    return lambda message: deliver_to_folder(message, settings.var_dir / "mail")


def _sign_in(client: smtplib.SMTP, settings: Settings) -> None:
    client.ehlo()
    if settings.smtp_starttls:
        client.starttls(context=ssl.create_default_context(cafile=settings.smtp_ca_file or None))
        client.ehlo()
    user, password = settings.smtp_user, settings.smtp_password
    if not user:
        return
    if (user + password).isascii():
        client.login(user, password)
        return
    # The standard library sends ASCII passwords only; RFC 4616 says UTF-8.
    words = base64.b64encode(f"\0{user}\0{password}".encode()).decode("ascii")
    code, answer = client.docmd("AUTH", f"PLAIN {words}")
    if code != 235:
        raise smtplib.SMTPAuthenticationError(code, answer)


def _refused(what: str, code: int, answer: bytes | str) -> NotDelivered:
    kind = PermanentFailure if 500 <= code < 600 else TemporaryFailure
    return kind(_said(what, code, answer))


def _said(what: str, code: int, answer: bytes | str) -> str:
    words = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
    return f"{what}: {code} {short_line(words)}"


def short_line(text: str) -> str:
    """Text on one line, without characters that cannot be seen, at most LONGEST_DETAIL characters."""
    return one_line(text)[:LONGEST_DETAIL]


def sayable(name: str, otherwise: str) -> str:
    """The name of an office or agency, unless it says what CTS is about: then what stands for it, such as a code."""
    return otherwise if _UNSAID.search(name) else name


def _mailbox(name: str, address: str) -> Address:
    if not is_address(address):
        raise PermanentFailure("The e-mail address is not a valid one.")
    try:
        return Address(display_name=short_line(name), addr_spec=address)
    except (ValueError, MessageError) as error:
        raise PermanentFailure("The e-mail address is not a valid one.") from error


@cache
def _text(template: str) -> tuple[str, str]:
    """Subject and body of an e-mail, with their placeholders."""
    if template not in template_names():
        raise CannotCompose(f"There is no e-mail {short_line(template)!r}.")
    subject, _, body = (EMAILS / f"{template}.txt").read_text(encoding="utf-8").partition("\n")
    if unknown := _placeholders(subject + body) - FILLED - DETAILS:
        raise CannotCompose(f"The e-mail {template} names {', '.join(sorted(unknown))}, which no e-mail may hold.")
    return subject.strip(), body.strip()


@cache
def _ending() -> str:
    return (EMAILS / f"{ENDING}.txt").read_text(encoding="utf-8").strip()


def _placeholders(text: str) -> frozenset[str]:
    return frozenset(name for _, name, _, _ in string.Formatter().parse(text) if name is not None)


def _known(
    details: Mapping[str, Detail], to_name: str, number: int | None, settings: Settings, path: str
) -> dict[str, str]:
    home = settings.base_url.rstrip("/")
    known = {name: short_line(str(value)) for name, value in details.items() if name != BLOCK}
    lines = [short_line(str(line)) for line in _sequence(details.get(BLOCK, ()))]
    known |= {BLOCK: "\n".join(home + line if line.startswith("/") else line for line in lines)} if lines else {}
    known |= {"to_name": short_line(to_name), "home": home, "support_email": settings.support_email}
    if number is not None:
        known |= {"number": str(number), "link": f"{home}/assignment?number={number:d}"}
    if path:
        known |= {"link": home + path}
    return known


def _sequence(value: Detail) -> Sequence[str]:
    return () if isinstance(value, str | int) else value


def _fill(template: str, text: str, known: Mapping[str, str]) -> str:
    if missing := _placeholders(text) - set(known):
        raise CannotCompose(f"The e-mail {template} needs {', '.join(sorted(missing))}.")
    return text.format_map(known)
