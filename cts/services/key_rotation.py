"""Changing the key of encryption: everything sealed with a former key is sealed anew with the first of CTS_DATA_KEYS.

Done in small transactions while the server runs, and begun again after an end at any moment: what was done stays done. A row that somebody
saves meanwhile is left alone, for it was just sealed with the first key.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, LargeBinary, func, inspect, literal, select, tuple_, update
from sqlalchemy.orm import Session

from cts.outside import sealing
from cts.services.refusals import Unreadable
from db.models import (
    Activity,
    CaseFile,
    CaseFileContent,
    ClientUpdate,
    DocumentVersion,
    EmergencyAccess,
    ExportTicket,
    ReviewedDocument,
    Row,
    SecondFactor,
)
from db.models.sealed import opened, opened_text
from db.session import reading, writing

READ_AT_ONCE = 500
_HEAD = 67
"""Characters at the beginning of a sealed text (bytes of a sealed file) that hold the name of the key and a number used once."""

Key = tuple[Any, ...]


@dataclass(frozen=True)
class SealedColumn:
    """A column that is kept encrypted: what it is called, and what the value of a row is bound to. `at_once`: rows of one transaction."""

    called: str
    row: type[Row]
    name: str
    place: Callable[[Session, Any], str]
    at_once: int = 50

    @property
    def column(self) -> Any:
        """The column itself."""
        return getattr(self.row, self.name)

    @property
    def is_binary(self) -> bool:
        """Whether it holds bytes, not text."""
        return isinstance(self.column.type, LargeBinary)

    @property
    def head(self) -> ColumnElement[Any]:
        """The beginning of the value."""
        return func.substr(self.column, 1, _HEAD, type_=self.column.type)

    @property
    def primary_key(self) -> list[Any]:
        """The columns that tell rows apart."""
        return [getattr(self.row, attribute.key) for attribute in _key_attributes(self.row)]


SEALED_COLUMNS = (
    SealedColumn("drafts and documents", ReviewedDocument, "sealed_answers", lambda _, row: str(row.place())),
    SealedColumn("submitted versions", DocumentVersion, "sealed_answers", lambda _, row: str(row.place())),
    SealedColumn("updates of whereabouts", ClientUpdate, "sealed_answers", lambda _, row: str(row.place())),
    SealedColumn("notes of activities", Activity, "sealed_note", lambda _, row: str(row.place())),
    SealedColumn(
        "reasons of emergencies", EmergencyAccess, "sealed_reason", lambda _, row: str(row.place("reason_text"))
    ),
    SealedColumn(
        "reviews of emergencies", EmergencyAccess, "sealed_note", lambda _, row: str(row.place("review_note"))
    ),
    SealedColumn("second factors", SecondFactor, "secret_sealed", lambda _, row: str(row.place())),
    SealedColumn("exports asked for", ExportTicket, "sealed_asked", lambda _, row: str(row.place())),
    SealedColumn("files", CaseFileContent, "content", lambda s, row: s.get_one(CaseFile, row.file_id).place(), 5),
)
"""Every column of the database that is kept encrypted."""


def seal_anew(told: Callable[[str, int], None]) -> int:
    """Seal with the first key what another one sealed; `told` hears of which kind how many are done. Returns how many do not open."""
    not_opened = 0
    for column in SEALED_COLUMNS:
        done = 0
        todo = [(key, head) for key, head in _heads(column) if _key_name(head) != sealing.present_key()]
        for start in range(0, len(todo), column.at_once):
            with writing() as session:
                for key, head in todo[start : start + column.at_once]:
                    try:
                        done += reseal(session, column, key, head)
                    except Unreadable:
                        not_opened += 1
            told(column.called, done)
    return not_opened


def reseal(session: Session, column: SealedColumn, key: Key, head: str | bytes) -> bool:
    """Seal one value anew; False when the row is gone or was written since its `head` was read. Raises Unreadable."""
    row = session.get(column.row, key)
    if row is None:
        return False
    place, sealed = column.place(session, row), getattr(row, column.name)
    if column.is_binary:
        anew: str | bytes = sealing.seal(opened(sealed, place), place)
    else:
        anew = sealing.seal_text(opened_text(sealed, place), place)
    same = [part == value for part, value in zip(column.primary_key, key, strict=True)]
    changed = update(column.row).where(*same, column.head == head).values({column.name: anew})
    done = session.execute(changed.execution_options(synchronize_session=False))
    session.expunge(row)
    return bool(done.rowcount == 1)  # type: ignore[attr-defined]


def kept_under() -> Mapping[str, Mapping[str, int]]:
    """How many values are sealed under each key, by the name of the key and what they are; "no key" is what is not sealed at all."""
    found: dict[str, Counter[str]] = {}
    for column in SEALED_COLUMNS:
        for _, head in _heads(column):
            found.setdefault(_key_name(head), Counter())[column.called] += 1
    return found


def _heads(column: SealedColumn) -> Iterator[tuple[Key, str | bytes]]:
    """The key and the beginning of every value that is not empty, a few hundred rows at a time."""
    after: Key | None = None
    while True:
        statement = select(*column.primary_key, column.head).order_by(*column.primary_key).limit(READ_AT_ONCE)
        if after is not None:
            statement = statement.where(tuple_(*column.primary_key) > tuple_(*map(literal, after)))
        with reading() as session:
            rows = session.execute(statement).all()
        if not rows:
            return
        for *key, head in rows:
            if head:
                yield tuple(key), head
        after = tuple(rows[-1][:-1])


def _key_name(head: str | bytes) -> str:
    try:
        return sealing.key_of(head)
    except sealing.CannotOpen:
        return "no key"


def _key_attributes(row: type[Row]) -> list[Any]:
    mapper = inspect(row)
    return [mapper.get_property_by_column(column) for column in mapper.primary_key]
