"""Running a load in a process of its own, so that nobody else's page waits for it: start it, watch it, read its result."""

from __future__ import annotations

import json
import os
import re
import secrets
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from cts.domain.vocabulary import Role
from cts.services.actor import Actor
from cts.services.extract import refuse_others
from cts.services.refusals import NOT_FOUND, NotPermitted
from cts.settings import PROJECT, settings
from db.models import Person
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
    """The file by which a run tells how far it is; always whole, readable by the server's own account only."""

    def __init__(self, path: Path) -> None:
        self.path = path
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
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
            json.dump(content, file, default=_as_text, ensure_ascii=False)
        draft.replace(self.path)


def keep_upload(actor: Actor, content: bytes, now: datetime) -> str:
    """Keep an uploaded file for preview and load; returns its token. Files of a day before are removed. Raises NotPermitted."""
    refuse_others(actor, "upload extract", now)
    folder = _folder()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for old in folder.iterdir():
        if now.timestamp() - old.stat().st_mtime > _KEPT_SECONDS:
            old.unlink(missing_ok=True)
    token = secrets.token_hex(16)
    with os.fdopen(os.open(folder / token, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
    return token


def start_run(
    actor: Actor, token: str, file_name: str, now: datetime, *, preview: bool = False, force: bool = False
) -> None:
    """Preview or load a kept upload in another process; `run_progress` tells how far it is. Raises NotPermitted."""
    refuse_others(actor, "preview extract" if preview else "load extract", now)
    upload = _upload(token)
    progress = _progress_path(upload, preview)
    ProgressFile(progress).tell(0.0, "Starting")
    options = ["--preview"] if preview else []
    options += ["--force"] if force else []
    command = [sys.executable, "-m", "cts", "load-extract", str(upload), "--progress-file", str(progress)]
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
        progress = RunProgress(**json.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        progress = RunProgress()
    return replace(progress, done=True, error=INTERRUPTED) if ended and not progress.done else progress


def upload_path(actor: Actor, token: str, now: datetime) -> Path:
    """The kept upload, for refused_lines_csv. Raises NotPermitted when it is gone, too."""
    refuse_others(actor, "read upload", now)
    return _upload(token)


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
