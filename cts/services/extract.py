"""Loading an extract of CWS/CMS: look at what it would change, then load it, in one transaction or not at all.

Whatever the number of lines, they pass through a staging file (`extract_staging`), are put together as episodes
(`extract_episodes`), compared with CTS (`extract_plan`), and only what differs is written (`extract_merge`).
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from cts.domain.extract import Refusal
from cts.domain.vocabulary import Role
from cts.outside import cws_cms
from cts.services.access import log_refusal, record_access
from cts.services.actor import Actor, SystemActor
from cts.services.extract_changed import change_known, mark_disputed, mark_gone
from cts.services.extract_episodes import build_episodes
from cts.services.extract_lock import only_loader
from cts.services.extract_merge import (
    Merge,
    choose_youth_facts,
    confirm_dates,
    merge_offices,
    merge_staff,
    merge_youth,
    settle_accounts,
)
from cts.services.extract_new import add_new
from cts.services.extract_plan import ExtractCounts, offices_unknown, plan
from cts.services.extract_refusals import (
    first_refusals,
    keep_refusals,
    kept_refusals,
    refusals_as_csv,
    staged_refusals,
)
from cts.services.extract_staging import stage_lines, staging
from cts.services.refusals import NOT_FOUND, Incomplete, NotPermitted, OutOfDate
from cts.services.tallies import fold_counts
from cts.settings import settings
from db.models import ExtractLoad, Person
from db.session import engine, reading, writing, writing_much

Progress = Callable[[float, str], None]
Loader = Actor | SystemActor

READING, COMPARING, WRITING = "Reading the file", "Comparing with CTS", "Writing the changes"
NO_GOOD_LINE = "Nothing was loaded: no line of the file could be read. The first one: line {0}, {1}"
NO_LINES = "Nothing was loaded: the file has headings but no lines."


@dataclass(frozen=True)
class ExtractPreview:
    """What loading a file would change. `refusals` are the first thousand. `older_than`: the date of a newer load."""

    file_name: str
    extract_on: date
    counts: ExtractCounts
    refusals: tuple[Refusal, ...]
    unknown_offices: tuple[str, ...]
    older_than: date | None
    loaded_before: bool


@dataclass(frozen=True)
class ExtractReport:
    """What loading a file has changed."""

    load_id: int
    file_name: str
    extract_on: date
    counts: ExtractCounts
    refusals: tuple[Refusal, ...]
    unknown_offices: tuple[str, ...]
    forced: bool


@dataclass(frozen=True)
class PastLoad:
    """One line of the log of loads. `loaded_by` is empty for the command line. Moments are UTC."""

    load_id: int
    file_name: str
    extract_on: date
    loaded_at: datetime
    loaded_by: str
    forced: bool
    counts: dict[str, int]


def preview_extract(
    actor: Loader, path: Path, now: datetime, *, progress: Progress | None = None, file_name: str = ""
) -> ExtractPreview:
    """Say what loading this file would change; nothing is written but the access log.

    `file_name` is shown in place of the path's own. Raises NotPermitted, and Incomplete when it is no extract.
    """
    refuse_others(actor, "preview extract", now)
    with _staged(path, progress or _untold) as (staged, extract_on, _), reading() as session:
        last = _last_load(session)
        preview = ExtractPreview(
            file_name or path.name,
            extract_on,
            plan(staged, session),
            first_refusals(staged),
            _shown_offices(staged, session),
            last.extract_on if last and last.extract_on > extract_on else None,
            _was_loaded(session, _sha256(path)),
        )
    with writing() as session:
        record_access(session, actor, "preview extract", now, extract_on=extract_on.isoformat())
    return preview


def load_extract(
    actor: Loader,
    path: Path,
    now: datetime,
    *,
    force: bool = False,
    progress: Progress | None = None,
    file_name: str = "",
) -> ExtractReport:
    """Load every good line of the file in one transaction; a load that is interrupted leaves nothing.

    `force` loads a file older than the last. `progress` is told a fraction, 0 to 1, and what is being done.
    Raises NotPermitted; Incomplete when the file is no extract; OutOfDate when it is older than the last one
    loaded, or another load is under way.
    """
    refuse_others(actor, "load extract", now)
    tell = progress or _untold
    with only_loader(engine()), _staged(path, tell) as (staged, extract_on, columns):
        with reading() as session:
            last = _last_load(session)
            _refuse_older(last, extract_on, force)
            counts = plan(staged, session)
            unknown = _shown_offices(staged, session)
        tell(0.55, WRITING)
        with writing_much() as session:
            load = ExtractLoad(
                source=cws_cms.SOURCE,
                file_name=(file_name or path.name)[:200],
                sha256=_sha256(path),
                extract_on=extract_on,
                loaded_at=now,
                loaded_by=_person_id(actor),
                forced=force,
                counts=counts.as_dict(),
            )
            session.add(load)
            session.flush()
            load_id = load.id
            keep_refusals(session, staged, path, load_id)
            record_access(session, actor, "load extract", now, load_id=load_id)
            merge = Merge(staged, session, columns, extract_on, now, lambda done: tell(0.6 + 0.4 * done, WRITING))
            _merge(merge, counts)
        fold_counts(of_change=bool(counts.new or counts.changed or counts.gone))
        tell(1.0, "Done")
        name = file_name or path.name
        return ExtractReport(load_id, name, extract_on, counts, first_refusals(staged), unknown, force)


def refused_lines_csv(actor: Loader, load: int | Path, now: datetime) -> bytes:
    """Return the refused lines of a load, or those a file would have, as a CSV file with a column of reasons.

    Raises NotPermitted, also when there is no such load; Incomplete when the file is no extract.
    """
    refuse_others(actor, "download refused lines", now)
    if isinstance(load, Path):
        with _staged(load, _untold) as (staged, _, _):
            content = refusals_as_csv(staged_refusals(staged, load))
        with writing() as session:
            record_access(session, actor, "download refused lines", now)
        return content
    with writing() as session:
        if session.get(ExtractLoad, load) is None:
            raise NotPermitted(NOT_FOUND)
        record_access(session, actor, "download refused lines", now, load_id=load)
        return refusals_as_csv(kept_refusals(session, load))


def list_loads(actor: Loader, now: datetime, limit: int = 50) -> tuple[PastLoad, ...]:
    """Return the latest loads, newest first. Raises NotPermitted."""
    refuse_others(actor, "list loads", now)
    statement = select(ExtractLoad, Person.name).outerjoin(Person, Person.id == ExtractLoad.loaded_by)
    with reading() as session:
        rows = session.execute(statement.order_by(ExtractLoad.id.desc()).limit(limit)).all()
        return tuple(
            PastLoad(
                load.id, load.file_name, load.extract_on, load.loaded_at, name or "", load.forced, dict(load.counts)
            )
            for load, name in rows
        )


@contextmanager
def _staged(path: Path, tell: Progress) -> Iterator[tuple[sqlite3.Connection, date, frozenset[str]]]:
    """The file as staged episodes, the date of the extract, and the columns the file has."""
    tell(0.0, READING)
    try:
        columns = cws_cms.columns_in(path)
        items = cws_cms.read_extract(path, lambda done: tell(0.4 * done, READING))
    except cws_cms.NotAnExtract as refusal:
        raise Incomplete(str(refusal)) from None
    with staging(settings().var_dir / "staging") as staged:
        extract_on = stage_lines(staged, items)
        if extract_on is None:
            first = next(iter(first_refusals(staged)), None)
            raise Incomplete(NO_GOOD_LINE.format(first.line_number, first.problem) if first else NO_LINES)
        tell(0.4, COMPARING)
        build_episodes(staged, columns)
        tell(0.5, COMPARING)
        yield staged, extract_on, columns


def _merge(merge: Merge, counts: ExtractCounts) -> None:
    """Everything that the extract changes, in an order in which each thing finds what it refers to."""
    tell = merge.tell
    merge_offices(merge)
    merge_staff(merge)
    choose_youth_facts(merge)
    merge_youth(merge)
    change_known(merge, counts.changed)
    mark_disputed(merge)
    mark_gone(merge)
    add_new(merge, counts.new)
    confirm_dates(merge)
    settle_accounts(merge)
    tell(1.0)


def _refuse_older(last: ExtractLoad | None, extract_on: date, force: bool) -> None:
    if last is not None and extract_on < last.extract_on and not force:
        raise OutOfDate(
            f"Nothing was loaded: this extract is of {extract_on:%m/%d/%Y}, older than the last one loaded, of "
            f"{last.extract_on:%m/%d/%Y}. Load a newer one, or force this one if it is meant to undo the later."
        )


def _last_load(session: Session) -> ExtractLoad | None:
    return session.scalars(select(ExtractLoad).order_by(ExtractLoad.id.desc()).limit(1)).first()


def _was_loaded(session: Session, sha256: str) -> bool:
    return session.scalars(select(ExtractLoad.id).where(ExtractLoad.sha256 == sha256).limit(1)).first() is not None


def _shown_offices(staged: sqlite3.Connection, session: Session) -> tuple[str, ...]:
    return tuple(f"{name} ({code})" for code, name, _ in offices_unknown(staged, session))


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _untold(_fraction: float, _words: str) -> None:
    """Nobody watches."""


def refuse_others(actor: Loader, action: str, now: datetime) -> None:
    """Raise NotPermitted, and note it, when the actor is neither CSEC Administration nor the server itself."""
    if isinstance(actor, Actor) and actor.role is not Role.ADMINISTRATION:
        log_refusal(actor, action, now)
        raise NotPermitted("Extracts are loaded by CSEC Administration. Ask them to load this one.")


def _person_id(actor: Loader) -> int | None:
    return actor.person_id if isinstance(actor, Actor) else None
