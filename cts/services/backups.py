"""Backups: everything in one encrypted file, verified after it was written; and back again, whole or not at all."""

import hashlib
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy.engine import make_url

from cts.outside.postgres_programs import ProgramFailed, is_whole
from cts.outside.sealed_stream import NotWhole, read_heading, read_sealed, write_sealed
from cts.services.access import record_access
from cts.services.refusals import Incomplete
from cts.settings import settings
from db.copying import Unsuitable, content_of, is_empty, kind_of, name_of, put_postgres, put_sqlite
from db.session import make_engine, writing

_SHOWN_END = 400


@dataclass(frozen=True)
class Backup:
    """A backup that was written or restored: the kind of its database, the name of its key, when it was made, bytes of content."""

    kind: str
    key: str
    made_at: str
    size: int


def make_backup(path: Path, now: datetime) -> Backup:
    """Write everything the open database of this process holds into a new file, encrypted, while people work; read it again and compare.

    Raises Incomplete, and leaves no file then.
    """
    url = make_url(settings().database_url)
    if path.exists():
        raise Incomplete(f"{path} is there already. Give the backup another name.")
    draft = path.with_name(path.name + ".part")
    written = _Counted(content_of(url, settings().var_dir / "staging"))
    with writing() as session:
        record_access(session, None, "back up", now, file=path.name)
    try:
        with _told(), os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            made_at = now.astimezone(UTC).isoformat(timespec="seconds")
            write_sealed(written, file, {"database": kind_of(url), "made_at": made_at})
            file.flush()
            os.fsync(file.fileno())
        found, content = _read(draft)
        for _ in content:
            pass
        if (content.hash, content.size) != (written.hash, written.size):
            raise Incomplete("What was written is not what was read: is the disk sound? There is no backup.")
        draft.rename(path)
    finally:
        draft.unlink(missing_ok=True)
    return Backup(found["database"], found["key"], found["made_at"], content.size)


def restore_backup(path: Path, replace: str = "") -> Backup:
    """Put a backup into the database of the settings. All of it is read and verified before anything is changed.

    A database that holds something is replaced only when `replace` is its name. Raises Incomplete; nothing was changed then.
    """
    url = make_url(settings().database_url)
    engine = make_engine(settings().database_url)
    try:
        with _told():
            found, content = _read(path)
            _demand_whole(found["database"], content)
            if found["database"] != kind_of(url):
                raise Incomplete(
                    f"This is a backup of {found['database']}, and CTS_DATABASE_URL names a database of {kind_of(url)}."
                )
            empty = is_empty(engine)
            if not empty and replace != name_of(url):
                raise Incomplete(
                    f"The database {name_of(url)} is not empty. To put the backup in its place, add: --replace {name_of(url)}"
                )
            if kind_of(url) == "sqlite":
                put_sqlite(Path(str(url.database)), _read(path)[1])
            else:
                put_postgres(engine, _read(path)[1], empty_first=not empty)
    finally:
        engine.dispose()
    return Backup(found["database"], found["key"], found["made_at"], content.size)


class _Counted:
    """Pieces, with the length and the SHA-256 of what has passed, its beginning and its end."""

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self._pieces = pieces
        self._digest = hashlib.sha256()
        self.size = 0
        self.first = b""
        self.last = b""

    def __iter__(self) -> Iterator[bytes]:
        for piece in self._pieces:
            self._digest.update(piece)
            self.size += len(piece)
            self.first = self.first or piece[:_SHOWN_END]
            self.last = (self.last + piece)[-_SHOWN_END:]
            yield piece

    @property
    def hash(self) -> str:
        """Of everything that has passed."""
        return self._digest.hexdigest()


def _read(path: Path) -> tuple[dict[str, str], _Counted]:
    """What a backup says of itself, and its content, opened as it is asked for."""
    with path.open("rb") as file:
        found = {"database": "", "made_at": "", "key": "", **read_heading(file)}

    def pieces() -> Iterator[bytes]:
        with path.open("rb") as file:
            yield from read_sealed(file)

    return found, _Counted(pieces())


def _demand_whole(kind: str, content: _Counted) -> None:
    for _ in content:
        pass
    sound = (
        content.first.startswith(b"SQLite format 3\x00") if kind == "sqlite" else is_whole(content.first, content.last)
    )
    if not sound:
        raise Incomplete("This file holds no whole backup of CTS. Nothing was changed.")


@contextmanager
def _told() -> Iterator[None]:
    """What the parts raise, as the refusal a person reads."""
    try:
        yield
    except (NotWhole, Unsuitable, ProgramFailed) as problem:
        raise Incomplete(str(problem)) from problem
    except OSError as problem:
        raise Incomplete(f"{problem.filename or 'The disk'}: {problem.strerror}.") from problem
