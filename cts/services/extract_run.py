"""Running a load in a process of its own, so that nobody else's page waits for it: start it, watch it, read its result."""

from __future__ import annotations

import json
import os
import re
import secrets
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from cts.domain.vocabulary import Role
from cts.outside.private_file import readable_path
from cts.outside.sealing import seal, seal_text
from cts.services.actor import Actor
from cts.services.extract import refuse_others, refused_lines_csv
from cts.services.refusals import NOT_FOUND, NotPermitted
from cts.settings import PROJECT, settings
from db.models import Person
from db.models.sealed import opened, opened_text
from db.session import reading

_TOKEN = re.compile(r"[0-9a-f]{32}")
_KEPT_SECONDS = 24 * 3600
_SECONDS_BETWEEN_WRITES = 0.2
INTERRUPTED = "The load was interrupted; nothing was changed. Start it again."
_running: dict[Path, subprocess.Popen[bytes]] = {}
"""The runs that this server has started, by their progress file: one that was killed cannot say so itself."""


@dataclass(frozen=True)
class RunProgress:
    """How far a run is: fraction 0 to 1 and words; when done, the report (counts, refusals …) or the error's sentence."""

    fraction: float = 0.0
    words: str = "Starting"
    done: bool = False
    error: str = ""
    report: dict[str, Any] = field(default_factory=dict)


class ProgressFile:
    """The file by which a run tells how far it is; always whole, readable by the server's own account only.

    `sealed`: encrypted, as the page's own runs are, since a report quotes the lines it refused.
    """

    def __init__(self, path: Path, *, sealed: bool = False) -> None:
        self.path = path
        self._sealed = sealed
        self._written = 0.0

    def tell(self, fraction: float, words: str) -> None:
        """Write fraction and words, a few times a second at most."""
        if time.monotonic() - self._written >= _SECONDS_BETWEEN_WRITES:
            self._written = time.monotonic()
            self._write(fraction=fraction, words=words, done=False, error="", report={})

    def done(self, report: dict[str, Any]) -> None:
        """The run is done, with this report."""
        self._write(fraction=1.0, words="Done", done=True, error="", report=report)

    def failed(self, sentence: str) -> None:
        """The run has ended and nothing was changed, for this reason."""
        self._write(fraction=1.0, words="Not loaded", done=True, error=sentence, report={})

    def _write(self, **content: object) -> None:
        draft = self.path.with_name(f"{self.path.name}.{os.getpid()}")
        told = json.dumps(content, default=_as_text, ensure_ascii=False)
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
            file.write(seal_text(told, _place(self.path)) if self._sealed else told)
        draft.replace(self.path)


def keep_upload(actor: Actor, content: bytes, now: datetime) -> str:
    """Keep an uploaded file, encrypted, for preview and load; returns its token. Files of a day before are removed. Raises NotPermitted."""
    refuse_others(actor, "upload extract", now)
    forget_old_uploads(now)
    path = _folder() / secrets.token_hex(16)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(seal(content, _place(path)))
    return path.name


def forget_old_uploads(now: datetime) -> None:
    """Remove what was uploaded a day before and neither loaded nor put aside; also at each start of the server."""
    folder = _folder()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for old in folder.iterdir():
        if now.timestamp() - old.stat().st_mtime > _KEPT_SECONDS:
            old.unlink(missing_ok=True)


@contextmanager
def opened_upload(path: Path) -> Iterator[Path]:
    """The content of a kept upload, to be read under another path while the block lasts. Raises Unreadable."""
    with readable_path(opened(path.read_bytes(), _place(path)), path.parent) as readable:
        yield readable


def start_run(
    actor: Actor, token: str, file_name: str, now: datetime, *, preview: bool = False, force: bool = False
) -> None:
    """Preview or load a kept upload in another process; `run_progress` tells how far it is. Raises NotPermitted."""
    refuse_others(actor, "preview extract" if preview else "load extract", now)
    upload = _upload(token)
    progress = _progress_path(upload, preview)
    ProgressFile(progress, sealed=True).tell(0.0, "Starting")
    options = ["--preview"] if preview else []
    options += ["--force"] if force else []
    command = [
        sys.executable,
        "-m",
        "cts",
        "load-extract",
        str(upload),
        "--kept-upload",
        "--progress-file",
        str(progress),
    ]
    command += ["--loaded-by", str(actor.person_id), f"--file-name={file_name or 'extract'}", *options]
    with (upload.parent / f"{token}.log").open("ab") as log:
        _running[progress] = subprocess.Popen(  # noqa: S603 - our own command, without a shell
            command, cwd=PROJECT, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
        )


def run_progress(actor: Actor, token: str, now: datetime, *, preview: bool = False) -> RunProgress:
    """How far the preview or the load of a kept upload is. Raises NotPermitted."""
    refuse_others(actor, "watch extract", now)
    path = _progress_path(_upload(token), preview)
    run = _running.get(path)
    ended = run is not None and run.poll() is not None
    try:
        progress = RunProgress(**json.loads(opened_text(path.read_text(encoding="utf-8"), _place(path))))
    except FileNotFoundError:
        progress = RunProgress()
    return replace(progress, done=True, error=INTERRUPTED) if ended and not progress.done else progress


def refused_lines_of_upload(actor: Actor, token: str, now: datetime) -> bytes:
    """The lines of a kept upload that would be refused, as refused_lines_csv gives them. Raises NotPermitted when it is gone, too."""
    refuse_others(actor, "read upload", now)
    with opened_upload(_upload(token)) as path:
        return refused_lines_csv(actor, path, now)


def forget_upload(actor: Actor, token: str, now: datetime) -> None:
    """Remove a kept upload and what belongs to it. Raises NotPermitted."""
    refuse_others(actor, "forget upload", now)
    if _TOKEN.fullmatch(token):
        for path in _folder().glob(f"{token}*"):
            with suppress(FileNotFoundError):
                path.unlink()


def loader_of(person_id: int) -> Actor:
    """The person for whom a run was started, as an actor. Raises NotPermitted when they are no longer active."""
    with reading() as session:
        person = session.get(Person, person_id)
        if person is None or not person.active:
            raise NotPermitted(NOT_FOUND)
        return Actor(person.id, person.name, Role(person.role), person.email)


def _place(path: Path) -> str:
    """What an upload and the progress of its runs are bound to: the token, and which of them it is."""
    return f"extracts:{path.name}"


def _folder() -> Path:
    return settings().var_dir / "extracts"


def _upload(token: str) -> Path:
    path = _folder() / token
    if not _TOKEN.fullmatch(token) or not path.exists():
        raise NotPermitted("The uploaded file is no longer there. Upload it again.")
    return path


def _progress_path(upload: Path, preview: bool) -> Path:
    return upload.with_name(f"{upload.name}.{'preview' if preview else 'load'}")


def _as_text(value: object) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)
