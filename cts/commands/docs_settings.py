"""docs/settings.md, made from cts/settings.py."""

from dataclasses import MISSING, Field, dataclass, fields
from pathlib import Path

from cts.commands.docs_words import MADE
from cts.settings import PROJECT, Settings
from cts.settings_limits import limit_words


@dataclass(frozen=True)
class Meaning:
    """What one setting is for. `unsafe` is a value that production refuses; a test tries it."""

    sentence: str
    unit: str = ""
    production: str = ""
    unsafe: str | None = None


MEANINGS: dict[str, Meaning] = {
    "mode": Meaning(
        "`demonstration` (the cast with its published passphrase may exist) or `production`.",
        production="`production`. A database that holds the demonstration accounts is refused.",
    ),
    "var_dir": Meaning(
        "The folder of everything CTS keeps beside the database: e-mail files, secret, extract staging."
    ),
    "database_url": Meaning(
        "Where the database is: empty for SQLite in the folder above, or "
        "`postgresql+psycopg://user:password@host/name`.",
    ),
    "base_url": Meaning(
        "The address people use, without a path. Links in e-mails begin with it, and requests under other names are refused.",
        production="Begins with `https://`.",
        unsafe="http://cts.county.example",
    ),
    "secret_key": Meaning(
        "A random text that only the servers know. Empty: one is made at the first start, in `secret_key` of the folder above. "
        "This version demands it and signs nothing with it.",
        unit="characters",
        production="At least 32 random characters, not of a few different ones, the same on every server.",
        unsafe="too short",
    ),
    "data_keys": Meaning(
        "Keys of encryption, `name:key`, comma between; the first one encrypts, all of them decrypt. "
        "Empty: one is made from the secret above.",
        unit="32 bytes each, base64 of either alphabet",
        production="Needed, random, each key once. Kept apart from the database and its backups; "
        "without them files and private answers cannot be read.",
        unsafe="",
    ),
    "time_zone": Meaning("The office's clock: times are kept in UTC and shown in this zone."),
    "session_idle_minutes": Meaning("A session without activity ends after this time.", "minutes"),
    "session_hours": Meaning("Every session ends after this time, active or not.", "hours"),
    "sign_in_attempts": Meaning(
        "Wrong passphrases or codes before an account is locked for the window below.", "attempts"
    ),
    "sign_in_window_minutes": Meaning(
        "How long wrong passphrases and codes are counted, and how long the lock lasts.", "minutes"
    ),
    "account_link_minutes": Meaning(
        "How long a link that sets a passphrase works, from the moment its e-mail is sent.", "minutes"
    ),
    "second_factor_roles": Meaning(
        "The roles whose people must have a second factor, such as `CSW, SCSW`; others may.",
        "roles, comma",
        production="CSEC Administration and Technical support must have one whatever is named here.",
    ),
    "smtp_host": Meaning(
        "The mail server. Empty: e-mails are written as `.eml` files into the folder `mail` of `CTS_VAR_DIR`.",
        production="Needed.",
        unsafe="",
    ),
    "smtp_port": Meaning("The mail server's port.", "port number"),
    "smtp_starttls": Meaning(
        "Whether the connection to the mail server is encrypted (STARTTLS, certificate checked).",
        production="`true`.",
        unsafe="false",
    ),
    "smtp_user": Meaning("The user CTS signs in with at the mail server. Empty: no login."),
    "smtp_password": Meaning("The password of that user."),
    "smtp_ca_file": Meaning(
        "A file with the authority that signed the mail server's certificate. Empty: the system's."
    ),
    "mail_from": Meaning("Sender of every e-mail: name and address."),
    "mail_every_seconds": Meaning("How often the server looks for e-mails that are due.", "seconds"),
    "support_email": Meaning("Where people write for help: on the sign-in page and in every e-mail."),
    "oidc_issuer": Meaning(
        "The County's OpenID Connect issuer, letter for letter as it names itself. Empty: no County Login. Its address for the way back is "
        "`/login/county/back` below `CTS_BASE_URL`.",
        production="Begins with `https://`, if set.",
        unsafe="http://id.county.example",
    ),
    "oidc_client_id": Meaning("Client id at that issuer."),
    "oidc_client_secret": Meaning("Client secret at that issuer."),
    "county_host": Meaning(
        "A second host name, for the County's own network: there the sign-in page offers County Login first. Its way back is the "
        "same address under that name. Empty: County Login is a second button of the sign-in page."
    ),
    "oidc_ca_file": Meaning(
        "A file with the authority that signed the issuer's certificate. Empty: the well-known ones."
    ),
    "trusted_proxies": Meaning(
        "Addresses of the proxies whose `X-Forwarded-For` counts as the caller's address, or networks no wider than /16 (IPv6: /48). "
        "Empty: none. `*` is refused.",
        "addresses, comma",
    ),
    "upload_limit_mb": Meaning("The largest file that can be uploaded.", "megabytes"),
    "plan_phases": Meaning(
        "Title and length in days of each of the three phases of an Advocacy Plan.", "title: days, three times"
    ),
    "service_months": Meaning("How long a youth is served from the approval of the Referral on.", "months"),
    "extension_months": Meaning("The longest time one Extension Request may add.", "months"),
    "contact_every_days": Meaning("How often the Advocate is to meet the youth in person.", "days"),
    "file_limit_mb": Meaning("The largest file among the Documents of a youth.", "megabytes"),
    "files_per_assignment": Meaning("How many files one assignment may have.", "files"),
    "clamd": Meaning(
        "The virus scanner (clamd) that looks at every upload before it is kept: `host:port`, or the path of its socket. Empty: none.",
        production="Should be set.",
    ),
    "remind_at_hour": Meaning(
        "From this hour of the office's clock on, the reminders of the day are owed.", "hour, 1 to 23"
    ),
    "escalate_after_working_days": Meaning(
        "After so many working days, Monday to Friday without the County's holidays, others are told of what still waits.",
        "working days",
    ),
    "claim_working_days": Meaning(
        "A claim in the pool of an office lapses at the end of the day that comes so many working days after it; 0: of its own day.",
        "working days",
    ),
    "cover_days_at_most": Meaning("For how many days somebody can be covered for at a time.", "days"),
    "audit_anchor_to": Meaning(
        "Who gets the daily anchor of the access log by e-mail: people outside the database's administration. Empty: nobody.",
        "addresses, comma",
    ),
    "audit_anchor_file": Meaning(
        "The file to which every server appends the daily anchor. Empty: `audit-anchors.txt` in `CTS_VAR_DIR`. Best on a disk that the "
        "database's administrator cannot write to.",
        "path",
    ),
    "anchor_at_hour": Meaning("From this hour of the office's clock on, the access log is anchored.", "hour, 1 to 23"),
    "emergency_hours": Meaning("How long a record that was opened in an emergency can be read.", "hours"),
    "unusual_records": Meaning(
        "More different records than this in a day, and three times a person's usual, are listed as unusual.", "records"
    ),
    "unusual_searches": Meaning("More searches than this in a day are listed as unusual.", "searches"),
    "unusual_exports": Meaning("More exported lists than this in a day are listed as unusual.", "files"),
    "unusual_export_rows": Meaning(
        "More exported rows than this in a day, and three times a person's most on any day before, are listed as unusual.",
        "rows",
    ),
    "unusual_refusals": Meaning("So many refusals in a day, or more, are listed as unusual.", "refusals"),
    "night_begins_at_hour": Meaning(
        "From this hour of the office's clock on, looking at records is unusual.", "hour, 1 to 23"
    ),
    "night_ends_at_hour": Meaning(
        "Until this hour of the office's clock, looking at records is unusual.", "hour, 1 to 23"
    ),
    "check_at_hour": Meaning(
        "From this hour of the office's clock on, the checks of the night are made and what is too old is removed.",
        "hour, 1 to 23",
    ),
    "disk_free_mb": Meaning(
        "The checks find it wrong when less than this is free where CTS keeps its files.", "megabytes"
    ),
    "extract_late_days": Meaning("The checks find it wrong when no extract was loaded for so many days.", "days"),
    "backup_late_hours": Meaning(
        "The checks find it wrong, in production, when the file `last-backup` of the folder above is older than this.",
        "hours",
    ),
    "retain_years": Meaning(
        "A record is kept so many years after the last service. Never under 3 (WIC 10851).", "years, at least 3"
    ),
    "retain_to_age": Meaning(
        "The record of a youth who was served is kept to this age too. Never under 28 (WIC 826).", "years, at least 28"
    ),
    "purge_after_days": Meaning(
        "What one person marked to be purged can be purged by a second one after so many days.", "days"
    ),
    "retain_email_days": Meaning("E-mails that were sent, or given up, are kept so long.", "days"),
    "retain_refusal_days": Meaning("Refused lines of extracts, which hold names as typed, are kept so long.", "days"),
    "retain_session_days": Meaning("Sign-in sessions that ended are kept so long.", "days"),
    "retain_draft_days": Meaning(
        "The answers of a document that was never submitted are kept so long after it was closed.", "days"
    ),
    "export_rows": Meaning("The longest list that can be exported at once, to Excel.", "rows"),
    "export_pdf_rows": Meaning(
        "The longest list that can be exported at once to PDF, which takes longer to make.", "rows"
    ),
}

_INTRODUCTION = """\
Every setting is an environment variable. All are read once, at start; an unknown name, a value that cannot be read or an
unsafe combination stops the start with a sentence that says which setting to mend. What a line says under *Production* is
demanded when `CTS_MODE=production`. Settings of Streamlit itself stand in `.streamlit/config.toml`; the server refuses to
start without the ones its safety rests on.
"""


def settings_page() -> str:
    """The whole page. Raises KeyError for a setting without a meaning here."""
    lines = [
        "# Settings\n",
        MADE,
        _INTRODUCTION,
        "| Variable | Default | Meaning | Unit | Production |",
        "|---|---|---|---|---|",
    ]
    return "\n".join([*lines, *(_row(field) for field in fields(Settings))]) + "\n"


def _row(field: Field[object]) -> str:
    meaning = MEANINGS[field.name]
    production = " ".join(filter(None, (meaning.production, limit_words(field.name))))
    words = (meaning.sentence, meaning.unit or "–", production or "–")
    return f"| `CTS_{field.name.upper()}` | {_default(field.default)} | {' | '.join(words)} |"


def _default(value: object) -> str:
    if value is MISSING or value == "":
        return "(empty)"
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    if isinstance(value, Path):
        return f"`{value.relative_to(PROJECT).as_posix()}/` beside `app.py`"
    return f"`{value}`"
