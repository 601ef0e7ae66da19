"""Sign-in sessions: the one function that says whether a session is valid, activity, sign-out."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, bindparam, select, update
from sqlalchemy.orm import Session

from cts.domain.calendar import office_day
from cts.domain.vocabulary import AGENCY_ROLES, COUNTY_ROLES, Role
from cts.services.access import record_access
from cts.services.account_lock import lock_account_of
from cts.services.actor import Actor
from cts.settings import settings
from db.models import Agency, Assignment, Cover, EmergencyAccess, Office, PendingSignIn, Person, SignInSession
from db.session import ask, reading, writing

ACTIVITY_WRITTEN_EVERY = timedelta(minutes=1)
IDLE, TOO_OLD = "nothing was done for too long", "it was open for too long"

_session, _person = SignInSession.__table__.c, Person.__table__.c
_office, _agency = Office.__table__.c, Agency.__table__.c
_emergency, _assignment = EmergencyAccess.__table__.c, Assignment.__table__.c
_cover = Cover.__table__.c
_ABSENT = Person.__table__.alias("absent")
_absent = _ABSENT.c

# One statement, made once from plain columns: it is asked for every request, frame and run, and building it costs more than running it.
# A row for each assignment that is open to the person in an emergency at this moment, and for each absent person he or she covers for
# (as cts/services/covers.py says it); one without either for a person who has none.
_WHO = (
    select(
        _session.id_hash,
        _session.created_at,
        _session.last_active_at,
        _session.ended_at,
        _session.address,
        _person.id.label("person_id"),
        _person.name,
        _person.role,
        _person.email,
        _person.office_code,
        _person.unit,
        _person.agency_id,
        _person.active,
        _office.name.label("office_name"),
        _agency.name.label("agency_name"),
        _agency.contract_start_on,
        _agency.contract_end_on,
        _assignment.number.label("open_in_emergency"),
        _absent.id.label("covered_for"),
    )
    .select_from(
        SignInSession.__table__.join(Person.__table__, _person.id == _session.person_id)
        .outerjoin(Office.__table__, _office.code == _person.office_code)
        .outerjoin(Agency.__table__, _agency.id == _person.agency_id)
        .outerjoin(
            EmergencyAccess.__table__,
            and_(_emergency.person_id == _session.person_id, _emergency.ends_at > bindparam("now")),
        )
        .outerjoin(Assignment.__table__, _assignment.id == _emergency.assignment_id)
        .outerjoin(
            Cover.__table__,
            and_(
                _cover.cover_id == _session.person_id,
                _cover.last_on >= bindparam("today"),
                _cover.first_on <= bindparam("today"),
                _cover.ended_at.is_(None),
                _cover.office_code == _person.office_code,
                _cover.role == _person.role,
            ),
        )
        .outerjoin(
            _ABSENT,
            and_(
                _absent.id == _cover.absent_id,
                _absent.active,
                _absent.office_code == _cover.office_code,
                _absent.role == _cover.role,
            ),
        )
    )
    .where(_session.id_hash == bindparam("session_hash"))
)
_LAST_ACTIVE = select(_session.last_active_at).where(_session.id_hash == bindparam("session_hash"))


def hash_of(cookie_value: str) -> str:
    """The SHA-256 under which a session is kept; the value itself is only in the browser."""
    return hashlib.sha256(cookie_value.encode("utf-8", "replace")).hexdigest()


@dataclass(frozen=True)
class SignedIn:
    """A valid session as it was read a moment ago: who it is of, since when, and when that person last did something."""

    actor: Actor
    created_at: datetime
    last_active_at: datetime

    def is_to_be_touched(self, now: datetime) -> bool:
        """Whether activity of this moment has to be written down: it is, at most once a minute."""
        return now - self.last_active_at >= ACTIVITY_WRITTEN_EVERY

    def may_be_touched_later(self, now: datetime) -> bool:
        """Whether that can wait until what was asked for is under way: the session is far from ending for want of activity."""
        return now - self.last_active_at < _idle_limit() / 4


def actor_of_session(session_hash: str, now: datetime) -> Actor | None:
    """Who is signed in by this session now; see signed_in."""
    found = signed_in(session_hash, now)
    return found.actor if found else None


def signed_in(session_hash: str, now: datetime) -> SignedIn | None:
    """The session as it is now, read afresh; None when it is unknown, ended, idle, too old, or its person may not work.

    The one validity function: the gate asks it for every request, handshake and frame, pages for every run. A session that is found to have
    run out is ended, and that is logged, once. Not in a transaction.
    """
    today = office_day(now, settings().time_zone)
    with reading() as session:
        rows = ask(session, _WHO, {"session_hash": session_hash, "now": now, "today": today}).all()
    if not rows or rows[0].ended_at is not None:
        return None
    row = rows[0]
    over = _ran_out(row, now)
    if over:
        _end_run_out(row, over, now)
        return None
    # Only they open records in an emergency, whatever a person was before (cts/services/emergency.py).
    opened = {other.open_in_emergency for other in rows} - {None} if row.role in COUNTY_ROLES else ()
    covers = {other.covered_for for other in rows} - {None}
    if not may_work(row, now):
        return None
    return SignedIn(_actor(row, frozenset(opened), frozenset(covers)), row.created_at, row.last_active_at)


def touch(session_hash: str, now: datetime) -> None:
    """Note that the person did something. Written at most once a minute; never brings an ended or idle session back."""
    with reading() as session:
        last_active_at = session.execute(_LAST_ACTIVE, {"session_hash": session_hash}).scalar()
    if last_active_at is None or now - last_active_at < ACTIVITY_WRITTEN_EVERY:
        return
    with writing() as session:
        session.execute(
            update(SignInSession)
            .where(
                SignInSession.id_hash == session_hash,
                SignInSession.ended_at.is_(None),
                SignInSession.last_active_at > now - _idle_limit(),
            )
            .values(last_active_at=now)
        )


def start_session(session: Session, person_id: int, address: str, user_agent: str, now: datetime) -> str:
    """A new session in the caller's transaction; returns the value for the cookie, 256 random bits."""
    value = secrets.token_urlsafe(32)
    session.add(
        SignInSession(
            id_hash=hash_of(value),
            person_id=person_id,
            created_at=now,
            last_active_at=now,
            address=address[:64],
            user_agent=user_agent[:300],
        )
    )
    return value


def sign_out(session_hash: str, now: datetime, everywhere: bool = False) -> None:
    """End this session at once in every tab, window and server; with `everywhere` all sessions of its person too.

    Unknown and ended sessions are left as they are. From now on the gate lets no request and no frame of it pass.
    """
    with writing() as session:
        mine = select(SignInSession.person_id, SignInSession.address).where(SignInSession.id_hash == session_hash)
        found = session.execute(mine).first()
        if found is None:
            return
        person_id, address = found
        if everywhere:
            ended = end_sessions(session, person_id, "signed out everywhere", now)
        else:
            ended = _end(session, SignInSession.id_hash == session_hash, "signed out", now)
        if ended:
            record_access(
                session,
                None,
                "sign out",
                now,
                person_id=person_id,
                address=address,
                session_hash=session_hash,
                sessions=ended,
                everywhere=everywhere,
            )


def end_sessions(session: Session, person_id: int, reason: str, now: datetime, but: str = "") -> int:
    """In the caller's transaction: end every session of a person, except `but`, and a sign-in that waits for its code; returns how many."""
    lock_account_of(session, person_id)
    _end_waiting(session, person_id, now)
    return _end(session, (SignInSession.person_id == person_id) & (SignInSession.id_hash != but), reason, now)


def end_one_session(session: Session, person_id: int, begins: str, now: datetime) -> int:
    """In the caller's transaction: end the one session of a person whose hash begins so; returns how many, 0 or 1."""
    mine = (SignInSession.person_id == person_id) & SignInSession.id_hash.startswith(begins, autoescape=True)
    return _end(session, mine, "ended by its person", now)


def may_work(row: Any, now: datetime) -> bool:
    """Whether a person may use CTS: active and, for people of an agency, the agency is under contract today."""
    if not row.active:
        return False
    if Role(row.role) not in AGENCY_ROLES:
        return True
    today = office_day(now, settings().time_zone)
    if row.contract_start_on is None or today < row.contract_start_on:
        return False
    return row.contract_end_on is None or today <= row.contract_end_on


def person_may_work(session: Session, person_id: int, now: datetime) -> bool:
    """The same of one person, read afresh."""
    of_person = select(Person.active, Person.role, Agency.contract_start_on, Agency.contract_end_on)
    row = session.execute(
        of_person.outerjoin(Agency, Agency.id == Person.agency_id).where(Person.id == person_id)
    ).one()
    return may_work(row, now)


def _end(session: Session, which: Any, reason: str, now: datetime) -> int:
    ending = (
        update(SignInSession)
        .where(which, SignInSession.ended_at.is_(None))
        .values(ended_at=now, end_reason=reason)
        .returning(SignInSession.id_hash)
    )
    return len(session.execute(ending).all())


def _end_waiting(session: Session, person_id: int, now: datetime) -> None:
    waits = (PendingSignIn.person_id == person_id, PendingSignIn.ended_at.is_(None))
    session.execute(update(PendingSignIn).where(*waits).values(ended_at=now))


def _idle_limit() -> timedelta:
    return timedelta(minutes=settings().session_idle_minutes)


def _ran_out(row: Any, now: datetime) -> str:
    """Why a session is over by itself, or ''."""
    if now - row.created_at >= timedelta(hours=settings().session_hours):
        return TOO_OLD
    return IDLE if now - row.last_active_at >= _idle_limit() else ""


def _end_run_out(row: Any, reason: str, now: datetime) -> None:
    """Ended and logged once, by whoever notices first. Were it active meanwhile, it would go on."""
    with writing() as session:
        as_seen = (SignInSession.id_hash == row.id_hash) & (SignInSession.last_active_at == row.last_active_at)
        if _end(session, as_seen, reason, now):
            about = {"person_id": row.person_id, "address": row.address, "session_hash": row.id_hash}
            record_access(session, None, "session ended", now, reason=reason, **about)


def _actor(row: Any, emergencies: frozenset[int], covers: frozenset[int]) -> Actor:
    return Actor(
        person_id=row.person_id,
        name=row.name,
        role=Role(row.role),
        email=row.email,
        office_code=row.office_code,
        office_name=row.office_name or "",
        unit=row.unit,
        agency_id=row.agency_id,
        agency_name=row.agency_name or "",
        session_hash=row.id_hash,
        address=row.address,
        emergencies=emergencies,
        covers=covers,
    )
