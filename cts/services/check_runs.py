"""Runs of the checks: each night by one server, or when somebody asks; kept, shown on the page Health, told by e-mail when something is new."""

import os
import secrets
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from cts.domain.counting import counted
from cts.domain.names import spoken_name
from cts.domain.vocabulary import Role
from cts.outside.mail import BLOCK
from cts.services.access import admit, record_access
from cts.services.actor import Actor
from cts.services.checking import About, Check
from cts.services.checks import BY_KEY, CHECKS, Outcome, look
from cts.services.history import clock
from cts.services.outbox import owe_notice
from cts.services.refusals import OutOfDate
from cts.settings import PROJECT
from db.models import CheckRun, Person
from db.session import reading, writing

READERS = frozenset({Role.ADMINISTRATION, Role.SUPPORT})
HEALTH_DIGEST = "health_digest"
INTERRUPTED_AFTER = timedelta(hours=1)
"""A run that has not ended by then was killed: another may begin."""

_running: dict[int, subprocess.Popen[bytes]] = {}


@dataclass(frozen=True)
class Health:
    """What the page shows: the last run that ended, what it found wrong, what is well, what it did not check; and whether one is under way.

    `when` and `since` are the office's clock; `when` is '' when no run has ended yet, `since` when none is under way.
    """

    when: str
    by: str
    wrong: tuple[Outcome, ...]
    well: tuple[Check, ...]
    not_here: tuple[Outcome, ...]
    since: str


def claim_night(day: date, now: datetime) -> int | None:
    """Begin the nightly work of a day of the office's calendar; returns the id of its run, or None when another server has it, or did it.

    A server that was killed in the middle leaves its claim behind; after an hour another takes it over.
    """
    with reading() as session:
        if session.scalar(select(CheckRun.id).where(CheckRun.night == day, CheckRun.ended_at.is_not(None))):
            return None
    claimant = f"{socket.gethostname()[:30]}:{os.getpid()}:{secrets.token_hex(4)}"
    try:
        with writing() as session:
            row = CheckRun(night=day, claimed_by=claimant, started_at=now, findings={})
            session.add(row)
            session.flush()
            return row.id
    except IntegrityError:
        with writing() as session:
            left_behind = (
                CheckRun.night == day,
                CheckRun.ended_at.is_(None),
                CheckRun.started_at < now - INTERRUPTED_AFTER,
            )
            taken = session.execute(update(CheckRun).where(*left_behind).values(claimed_by=claimant, started_at=now))
            if taken.rowcount != 1:  # type: ignore[attr-defined]
                return None
            return session.scalars(select(CheckRun.id).where(CheckRun.night == day)).one()


def make_run(run_id: int, now: datetime) -> tuple[Outcome, ...]:
    """Make the checks of a run that was begun, keep what they found, and owe the e-mails of what is new; returns it.

    A run that has ended already, or is unknown, is not made again: nothing is returned.
    """
    with reading() as session:
        run = session.get(CheckRun, run_id)
        if run is None or run.ended_at is not None:
            return ()
    outcomes = look(now)
    findings = {o.key: {"total": o.total, "shown": list(o.shown), "not_here": o.not_here} for o in outcomes}
    with writing() as session:
        ending = update(CheckRun).where(CheckRun.id == run_id, CheckRun.ended_at.is_(None))
        ended = session.execute(ending.values(ended_at=now, findings=findings))
        if ended.rowcount == 1:  # type: ignore[attr-defined]
            _tell(session, run_id, outcomes, now)
    return outcomes


def health(actor: Actor, now: datetime, *, opened: bool = False) -> Health:
    """The last run and whether one is under way. `opened`: the page was just opened, and the look is logged. Raises NotPermitted."""
    _demand_reader(actor, "open health", now)
    if opened:
        with writing() as session:
            record_access(session, actor, "open health", now)
    with reading() as session:
        last = _last_ended(session)
        under_way = _under_way(session, now)
        by = session.get(Person, last.asked_by) if last and last.asked_by else None
    outcomes = _outcomes(last.findings if last else {})
    return Health(
        when=clock(last.ended_at) if last and last.ended_at else "",
        by=spoken_name(by.name) if by else "",
        wrong=tuple(o for o in outcomes if o.total),
        well=tuple(o.check for o in outcomes if o.well),
        not_here=tuple(o for o in outcomes if o.not_here),
        since=clock(under_way.started_at) if under_way else "",
    )


def check_now(actor: Actor, now: datetime) -> None:
    """Begin a run in a process of its own; `health` says when it has ended. Raises NotPermitted, OutOfDate (one is under way)."""
    _demand_reader(actor, "check now", now)
    with writing() as session:
        if _under_way(session, now):
            raise OutOfDate("The checks are being made already. The page shows the result as soon as it is there.")
        run = CheckRun(night=None, asked_by=actor.person_id, started_at=now, findings={})
        session.add(run)
        session.flush()
        record_access(session, actor, "check now", now)
        run_id = run.id
    _running[run_id] = subprocess.Popen(  # noqa: S603 - our own command, without a shell
        [sys.executable, "-m", "cts", "doctor", "--run", str(run_id)],
        cwd=PROJECT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def _demand_reader(actor: Actor, action: str, now: datetime) -> None:
    admit(actor, READERS, action, now, "The health of CTS is read by Technical support and CSEC Administration.")


def _last_ended(session: Session, before: int | None = None) -> CheckRun | None:
    ended = select(CheckRun).where(CheckRun.ended_at.is_not(None), CheckRun.id.is_distinct_from(before))
    return session.scalars(ended.order_by(CheckRun.ended_at.desc(), CheckRun.id.desc()).limit(1)).first()


def _under_way(session: Session, now: datetime) -> CheckRun | None:
    """The run that has not ended. One whose process ended without a word, or that is an hour old, was killed."""
    begun = (CheckRun.ended_at.is_(None), CheckRun.started_at > now - INTERRUPTED_AFTER)
    for run in session.scalars(select(CheckRun).where(*begun).order_by(CheckRun.id.desc())):
        process = _running.get(run.id)
        if process is None or process.poll() is None:
            return run
    return None


def _outcomes(findings: Mapping[str, Any]) -> list[Outcome]:
    """What was kept of a run, in the order of the checks; checks that another version of CTS made are left out."""
    kept = [(check.key, findings[check.key]) for check in CHECKS if check.key in findings]
    return [
        Outcome(key, int(found["total"]), tuple(found["shown"]), str(found.get("not_here", ""))) for key, found in kept
    ]


def _tell(session: Session, run_id: int, outcomes: Sequence[Outcome], now: datetime) -> None:
    """One e-mail to everybody of Technical support and CSEC Administration, when anything was found that the run before did not find."""
    last = _last_ended(session, before=run_id)
    known = {o.key: o for o in _outcomes(last.findings if last else {})}
    fresh = [o for o in outcomes if o.total and _is_new(o, known.get(o.key))]
    if not fresh:
        return
    lines = [line for o in fresh for line in (f"Not so: {BY_KEY[o.key].title}.", f"Found: {o.words}.", "")]
    people = select(Person).where(Person.active, Person.role.in_(sorted(READERS))).order_by(Person.id)
    found = f"{counted(len(fresh), 'check')} found something new"
    for person in session.scalars(people).all():
        owe_notice(session, person, HEALTH_DIGEST, {"waiting": found, BLOCK: lines[:-1]}, now)


def _is_new(outcome: Outcome, before: Outcome | None) -> bool:
    if before is None or not before.total:
        return True
    # What is found of the server is a measure (free space, an age), which is another one each time.
    other = outcome.check.about is not About.SERVER and bool(set(outcome.shown) - set(before.shown))
    return other or outcome.total > before.total
