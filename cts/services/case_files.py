"""The uploaded files of a client record: kept once their content was looked at, served to readers of the record only, removed by marking.

A receipt is a file as any other: whoever reads the record sees that it was uploaded. What stands beside it in a fund request stays the
Advocate's until it is submitted.
"""

import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, aliased

from cts.domain.answer_checks import text_fault
from cts.domain.case_files import KINDS, MEDIA_TYPES, clean_name, size_words
from cts.domain.fields import is_blank
from cts.domain.names import spoken_name
from cts.outside.file_checks import look_at
from cts.outside.sealing import seal
from cts.outside.unsafe_file import UnsafeFile
from cts.services.actor import Actor
from cts.services.case_file_rights import addable, is_withheld, kept_receipts, may_take_away
from cts.services.fetching import Fetched, refusals_logged
from cts.services.history import clock
from cts.services.record_access import fetch_record, log_access
from cts.services.refusals import NOT_FOUND, Incomplete, NotPermitted, OutOfDate
from cts.settings import settings
from db.models import Assignment, CaseFile, CaseFileContent, Person
from db.models.sealed import opened
from db.session import reading, writing

REASON_LIMIT = 500
WITHHELD = "Shown after the safety alerts are acknowledged"


@dataclass(frozen=True)
class FileView:
    """One file of a record. `size` is in bytes; `uploaded_at` and `removed_at` are the office's clock.

    `may_remove`: this person may; `kept_because`: why he or she, who otherwise may, cannot. `withheld`: named and served to this person
    only after the safety alerts are acknowledged. `already`: said by keep_file when the same content was here before.
    """

    token: str
    kind: str
    kind_words: str
    name: str
    media_type: str
    size: int
    size_words: str
    uploaded_by: str
    uploaded_at: str
    removed: bool = False
    removed_by: str = ""
    removed_at: str = ""
    removed_reason: str = ""
    may_remove: bool = False
    kept_because: str = ""
    withheld: bool = False
    already: str = ""


@dataclass(frozen=True)
class RecordFiles:
    """The files of a record, newest first; the kinds this person may add now, and, where there are none, who may."""

    files: tuple[FileView, ...]
    kinds: tuple[str, ...]
    who_may_add: str


def keep_file(actor: Actor, number: int, kind: str, name: str, content: bytes, now: datetime) -> FileView:
    """Keep a file of assignment `number`. The same content twice is kept once: `already` then says so.

    The Advocate adds files while the service lasts, and receipts after its end while an approved fund request is open; the case worker
    adds what the county has, as consents and court documents (mission §5). Raises NotPermitted, Incomplete with what to do instead.
    """
    with refusals_logged(actor, "add file", number, now):
        with reading() as session:
            _demand_addable(session, fetch_record(session, actor, number), kind)
        suffix = _looked_at(content)
        with writing() as session:
            found = fetch_record(session, actor, number, to_write=True)
            _demand_addable(session, found, kind)
            fingerprint = sha256(content).hexdigest()
            same = _same_content(session, found, fingerprint)
            if same is not None:
                return same
            _demand_room(session, found)
            row = CaseFile(
                token=secrets.token_hex(16),
                assignment_id=found.assignment.id,
                kind=kind,
                name=clean_name(name, suffix),
                media_type=MEDIA_TYPES[suffix],
                size=len(content),
                sha256=fingerprint,
                uploaded_by=actor.person_id,
                uploaded_at=now,
            )
            session.add(row)
            session.flush()
            session.add(CaseFileContent(file_id=row.id, content=seal(content, row.place())))
            log_access(session, actor, "add file", found, now, file=row.id, kind=kind)
            return _view(row, actor.name)


def list_files(actor: Actor, number: int) -> tuple[FileView, ...]:
    """The files of assignment `number`, newest first, removed ones too. Raises NotPermitted."""
    return record_files(actor, number).files


def record_files(actor: Actor, number: int) -> RecordFiles:
    """The files of assignment `number` with what this person may do. Raises NotPermitted."""
    with reading() as session:
        found = fetch_record(session, actor, number)
        kinds, who_may_add = addable(session, found)
        rows = _rows(session, CaseFile.assignment_id == found.assignment.id)
        kept = kept_receipts(session, found)
        files = [_seen(session, actor, found, kinds, kept, *row) for row in rows]
    return RecordFiles(tuple(files), kinds, who_may_add)


def file_content(actor: Actor, token: str, now: datetime) -> tuple[FileView, bytes]:
    """A file to download, with its bytes; the download is logged. Unknown, removed and forbidden look alike: NotPermitted.
    Raises Unreadable when the content does not open."""
    number = _number_of(token)
    with refusals_logged(actor, "open file", number, now), writing() as session:
        found = fetch_record(session, actor, number)
        rows = _rows(session, CaseFile.token == token, CaseFile.removed_at.is_(None))
        if not rows or is_withheld(session, found, rows[0][0]):
            raise NotPermitted(NOT_FOUND)
        row, by, _ = rows[0]
        log_access(session, actor, "open file", found, now, file=row.id, kind=row.kind)
        return _view(row, by), opened(session.get_one(CaseFileContent, row.id).content, row.place())


def remove_file(actor: Actor, number: int, token: str, reason: str, now: datetime) -> None:
    """Mark a file as removed: from now on it is served to nobody, and the record says who removed it and why.

    By the one who uploaded it while that person can still write the record, or by CSEC Administration. Raises NotPermitted, Incomplete (no
    reason, or a receipt that belongs to a request), OutOfDate (removed meanwhile).
    """
    with refusals_logged(actor, "remove file", number, now), writing() as session:
        found = fetch_record(session, actor, number, to_write=True)
        wanted = (CaseFile.assignment_id == found.assignment.id, CaseFile.token == token)
        row = session.scalar(select(CaseFile).where(*wanted).with_for_update())
        if row is None:
            raise NotPermitted(NOT_FOUND)
        if row.removed_at is not None:
            raise OutOfDate("This file has been removed already.")
        if not may_take_away(actor, found, row, addable(session, found)[0]):
            raise NotPermitted("A file is removed by the one who uploaded it, or by CSEC Administration.")
        sentence = kept_receipts(session, found).get(token) or _reason_fault(reason)
        if sentence:
            raise Incomplete(sentence, (("reason", sentence),))
        row.removed_at, row.removed_by, row.removed_reason = now, actor.person_id, reason.strip()
        log_access(session, actor, "remove file", found, now, file=row.id, kind=row.kind)


def tokens_of(session: Session, assignment_id: int) -> set[str]:
    """The tokens of the files of an assignment that were not removed."""
    wanted = (CaseFile.assignment_id == assignment_id, CaseFile.removed_at.is_(None))
    return set(session.scalars(select(CaseFile.token).where(*wanted)))


def _demand_addable(session: Session, found: Fetched, kind: str) -> None:
    kinds, who_may_add = addable(session, found)
    if not kinds:
        raise NotPermitted(who_may_add)
    if kind not in kinds:
        choice = ", ".join(KINDS[k] for k in kinds)
        raise Incomplete(f"Please choose what kind of file it is: {choice}.", (("kind", "Please choose."),))


def _looked_at(content: bytes) -> str:
    limit = settings().file_limit_mb
    if len(content) > limit * 1_000_000:
        raise Incomplete(
            f"This file has {size_words(len(content))}; CTS keeps files of up to {limit} MB. Make it smaller, or add it in parts."
        )
    try:
        return look_at(content)
    except UnsafeFile as problem:
        raise Incomplete(str(problem)) from problem


def _demand_room(session: Session, found: Fetched) -> None:
    most = settings().files_per_assignment
    here = (CaseFile.assignment_id == found.assignment.id, CaseFile.removed_at.is_(None))
    if session.scalars(select(func.count(CaseFile.id)).where(*here)).one() >= most:
        raise Incomplete(
            f"This record holds {most:,} files, the most CTS keeps for one. Remove one that is not needed."
        )


def _same_content(session: Session, found: Fetched, fingerprint: str) -> FileView | None:
    mine = (CaseFile.assignment_id == found.assignment.id, CaseFile.removed_at.is_(None))
    rows = _rows(session, CaseFile.sha256 == fingerprint, *mine)
    if not rows:
        return None
    row, by, _ = rows[-1]
    when = clock(row.uploaded_at)
    kind = KINDS.get(row.kind, row.kind)
    return _view(
        row, by, already=f"This file is here already: {row.name} ({kind}), added by {spoken_name(by)}, {when}."
    )


def _rows(session: Session, *wanted: ColumnElement[bool]) -> list[tuple[CaseFile, str, str | None]]:
    """Files with the names of who uploaded and who removed them, newest first."""
    by, remover = aliased(Person), aliased(Person)
    statement = (
        select(CaseFile, by.name, remover.name)
        .join(by, by.id == CaseFile.uploaded_by)
        .outerjoin(remover, remover.id == CaseFile.removed_by)
        .where(*wanted)
        .order_by(CaseFile.id.desc())
    )
    return [(file, name, removed_by) for file, name, removed_by in session.execute(statement)]


def _seen(
    session: Session,
    actor: Actor,
    found: Fetched,
    kinds: Collection[str],
    kept: Mapping[str, str],
    row: CaseFile,
    by: str,
    removed_by: str | None,
) -> FileView:
    """A file as this person sees it, who may add these `kinds` now."""
    if is_withheld(session, found, row):
        return _view(row, by, name=WITHHELD, removed_by=removed_by, withheld=True)
    mine = row.removed_at is None and may_take_away(actor, found, row, kinds)
    because = kept.get(row.token, "") if mine else ""
    return _view(row, by, removed_by=removed_by, may_remove=mine and not because, because=because)


def _view(
    row: CaseFile,
    by: str,
    *,
    name: str = "",
    removed_by: str | None = None,
    may_remove: bool = False,
    because: str = "",
    withheld: bool = False,
    already: str = "",
) -> FileView:
    return FileView(
        token=row.token,
        kind=row.kind,
        kind_words=KINDS.get(row.kind, row.kind),
        name=name or row.name,
        media_type=row.media_type,
        size=row.size,
        size_words=size_words(row.size),
        uploaded_by=spoken_name(by),
        uploaded_at=clock(row.uploaded_at),
        removed=row.removed_at is not None,
        removed_by=spoken_name(removed_by or ""),
        removed_at=clock(row.removed_at) if row.removed_at else "",
        removed_reason="" if withheld else row.removed_reason,
        may_remove=may_remove,
        kept_because=because,
        withheld=withheld,
        already=already,
    )


def _number_of(token: str) -> int:
    """The assignment a file belongs to, 0 for none: whether it may be seen is asked afterwards."""
    with reading() as session:
        statement = select(Assignment.number).join(CaseFile, CaseFile.assignment_id == Assignment.id)
        return session.scalar(statement.where(CaseFile.token == token)) or 0


def _reason_fault(reason: str) -> str:
    if is_blank(reason):
        return "Please say why the file is removed."
    return text_fault("Reason", reason, REASON_LIMIT)
