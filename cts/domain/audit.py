"""The chain of the access log: what an entry's hash is made of. Pure, so that anybody can compute it again from the table alone.

The format never changes, or no older chain could be checked: a column that is added later enters the hash only where it is not empty.
"""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

BEFORE_THE_FIRST = "0" * 64
"""The previous hash of the first entry."""

CHAINED = (
    "id",
    "at",
    "actor_id",
    "role",
    "action",
    "outcome",
    "assignment_id",
    "document_id",
    "parties",
    "reason",
    "address",
    "session_hash",
    "details",
    "previous_hash",
)
"""Every column of an entry but its own hash."""

_canonical = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode


def entry_hash(entry: Mapping[str, Any]) -> str:
    """The SHA-256, 64 hexadecimal digits, over the canonical JSON of every column of CHAINED: sorted keys, no blanks, UTF-8.

    `at` is an aware moment; it counts in UTC with its millionths of a second. `details` are as JSON gives them back.
    """
    values = {name: entry[name] for name in CHAINED}
    values["at"] = moment_words(entry["at"])
    return hashlib.sha256(_canonical(values).encode("utf-8", "surrogatepass")).hexdigest()


def moment_words(moment: datetime) -> str:
    """An aware moment as it is hashed and anchored: 2026-11-02T17:00:00.000000Z."""
    return f"{moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec='microseconds')}Z"


def as_kept(details: Mapping[str, Any]) -> dict[str, Any]:
    """Details as a database gives them back: lists for tuples, text for words of a vocabulary and for keys."""
    kept: dict[str, Any] = json.loads(json.dumps(details))
    return kept


@dataclass(frozen=True)
class Anchor:
    """How far the log had come on a day, as it is kept out of the database's reach."""

    day: date
    last_id: int
    entries: int
    hash: str

    @property
    def line(self) -> str:
        """The one line of it, in the file and in the e-mail."""
        return f"{self.day.isoformat()} {self.last_id} {self.entries} {self.hash}"


_LINE = re.compile(r"\b(\d{4}-\d\d-\d\d)\s+(\d{1,15})\s+(\d{1,15})\s+([0-9a-f]{64})\b")
_SOFT_BREAK = re.compile(r"=\r?\n")
"""Where quoted-printable, the encoding of e-mails, breaks a long line."""


def anchors_in(text: str) -> tuple[Anchor, ...]:
    """Every anchor in a text, such as the file of anchors or a saved e-mail, which may have broken the line, also within a word."""
    text = _SOFT_BREAK.sub("", text)
    return tuple(
        Anchor(date.fromisoformat(day), int(last_id), int(entries), digest)
        for day, last_id, entries, digest in _LINE.findall(text)
        if _is_day(day)
    )


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
