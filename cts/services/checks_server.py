"""Checks of the server: database, clock, disk, extracts, backups."""

import shutil
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from cts.services.checking import About, Check, NotCheckedHere
from cts.services.history import clock
from cts.settings import settings
from db.migrate import newest_revision, revision_of
from db.models import Assignment, ExtractLoad, HistoryEntry

BACKUP_STAMP = "last-backup"
"""`cts backup` touches this file of CTS_VAR_DIR, as does whoever makes a backup in another way: its time is that of the last good one."""

CLOCK_SECONDS = 60
_POSTGRES_FAULTS = (
    ("index", "SELECT indexrelid::regclass::text FROM pg_index WHERE NOT indisvalid LIMIT 20"),
    ("constraint", "SELECT conname::text FROM pg_constraint WHERE NOT convalidated LIMIT 20"),
)


def _schema(session: Session, _now: datetime) -> Sequence[str]:
    found, newest = revision_of(session.connection()), newest_revision(session.connection())
    return [] if found == newest else [f"The tables are of version {found or 'none'}, this CTS needs {newest}"]


def _integrity(session: Session, _now: datetime) -> Sequence[str]:
    """SQLite looks at every page and every reference; PostgreSQL says which of its indexes and constraints do not hold."""
    if session.get_bind().dialect.name == "postgresql":
        return [f"{what} {name}" for what, query in _POSTGRES_FAULTS for name in session.scalars(text(query))]
    said = [str(row[0]) for row in session.execute(text("PRAGMA integrity_check(20)"))]
    lost = session.execute(text("PRAGMA foreign_key_check")).fetchmany(20)
    # What is said of a broken page may quote it: only the first words, which name table or index.
    broken = [" ".join(line.split()[:6]) for line in said if line != "ok"]
    return [*broken, *(f"{row[0]} row {row[1]} refers to a missing {row[2]}" for row in lost)]


def _clock(session: Session, now: datetime) -> Sequence[str]:
    """The database's clock against this server's; and nothing in the history may be of the future."""
    found = []
    if session.get_bind().dialect.name == "postgresql":
        apart = abs((session.scalars(text("SELECT clock_timestamp()")).one() - now).total_seconds())
        found += [f"The database's clock is {apart:.0f} seconds apart"] if apart > CLOCK_SECONDS else []
    newest = session.scalar(select(HistoryEntry.at).order_by(HistoryEntry.id.desc()).limit(1))
    if newest and newest > now + timedelta(seconds=CLOCK_SECONDS):
        found.append(f"The newest entry of the history is of {clock(newest)}")
    return found


def _disk(_session: Session, _now: datetime) -> Sequence[str]:
    free = shutil.disk_usage(settings().var_dir).free // 1_000_000
    return [f"{free:,} MB are free"] if free < settings().disk_free_mb else []


def _extract(session: Session, now: datetime) -> Sequence[str]:
    last = session.scalar(select(ExtractLoad.loaded_at).order_by(ExtractLoad.id.desc()).limit(1))
    if last is None:
        any_youth = session.scalar(select(Assignment.id).limit(1)) is not None
        if settings().demonstration and not any_youth:
            raise NotCheckedHere("The demonstration is empty: nothing was loaded into it.")
        return ["None was ever loaded"]
    return (
        [f"The last one was loaded {clock(last)}"] if last < now - timedelta(days=settings().extract_late_days) else []
    )


def _backup(_session: Session, now: datetime) -> Sequence[str]:
    if settings().demonstration:
        raise NotCheckedHere("The demonstration holds nothing that could be lost.")
    stamp = settings().var_dir / BACKUP_STAMP
    if not stamp.exists():
        return ["No backup is known"]
    last = datetime.fromtimestamp(stamp.stat().st_mtime, UTC)
    late = last < now - timedelta(hours=settings().backup_late_hours)
    return [f"The last one is of {clock(last)}"] if late else []


CHECKS = (
    Check(
        "schema",
        About.SERVER,
        "The tables are those this CTS needs",
        "The database was brought to another version than this program: parts of CTS fail.",
        "Start the newest CTS, or run python -m cts migrate.",
        _schema,
    ),
    Check(
        "integrity",
        About.SERVER,
        "The database is whole",
        "The database says that a page is damaged, a row refers to one that is missing, or an index or constraint does not hold.",
        "Stop CTS, keep a copy of the database as it is, and restore the newest backup without this finding.",
        _integrity,
    ),
    Check(
        "clock",
        About.SERVER,
        "The clocks agree",
        "Times in records would be wrong, sessions end too early or too late, and the order of events cannot be told.",
        "Set the server's and the database's clock by NTP.",
        _clock,
    ),
    Check(
        "disk",
        About.SERVER,
        "There is room on the disk",
        "When the disk is full nothing can be saved, and extracts and backups fail.",
        "Free or add space where CTS_VAR_DIR and the database lie.",
        _disk,
    ),
    Check(
        "extract",
        About.SERVER,
        "The extract of CWS/CMS is loaded every day",
        "New youth are not on the listing, and moved ones are with their former worker.",
        "Load the newest extract on the page Load extract, and see why the daily load did not run.",
        _extract,
    ),
    Check(
        "backup",
        About.SERVER,
        "A backup was made",
        "It is not known that a backup of the last night exists.",
        "Run python -m cts backup, and see why it was not. Whoever makes backups in another way touches last-backup in CTS_VAR_DIR.",
        _backup,
    ),
)
