"""The daily reminder: one digest a person a day of what waits for him or her, and of what has waited too long for others (mission §4)."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import bindparam, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from cts.domain.calendar import office_time
from cts.domain.names import spoken_name
from cts.domain.vocabulary import SUPERVISOR_ROLES, Party, Role
from cts.services.digests import DIGEST, NOT_NEEDED, digest_details, openers_before, reviews_of
from cts.services.escalation import Contacts, escalation_contacts, is_overdue, is_told
from cts.services.fetching import midnight_of, today_of
from cts.services.outbox import owe_email
from cts.services.pending import Pending, holds, pending
from cts.services.step_needs import under_contract
from cts.settings import settings
from db.models import Account, Agency, EmailOwed, Person, ReminderDigest, ReminderItem, Stay
from db.session import reading, writing


@dataclass
class _Reminder:
    """What one person is to read."""

    own: list[Pending] = field(default_factory=list)
    others: list[Pending] = field(default_factory=list)
    reviews: int = 0


def make_digests(now: datetime) -> int:
    """Owe today's digests (`now` is aware); returns how many were owed by this call.

    Everything that has waited at least one day of the office's calendar goes to its holder, and after a number of working days (a setting)
    to others too (cts/services/escalation.py); what was opened in an emergency goes to those who review it.
    Any number of calls a day on any number of servers make one digest a person: the database keeps it unique, and the e-mail, the digest
    and what stands in it are saved together. Nothing to people who left, who have no account,
    or whose agency's contract is over.
    """
    day, midnight = today_of(now), midnight_of(now)
    with reading() as session:
        waiting, openers = pending(session, now, Stay.entered_at < midnight), openers_before(session, midnight)
        if not waiting and not openers:
            return 0
        people = _Staff(_people_without_digest(session, day))
        contacts = escalation_contacts(session)
    reminders: dict[int, _Reminder] = {}
    for item in waiting:
        overdue = is_overdue(item, now)
        for person in people.near(item, contacts):
            if holds(person, item):
                reminders.setdefault(person.id, _Reminder()).own.append(item)
            elif overdue and is_told(person, item, contacts):
                reminders.setdefault(person.id, _Reminder()).others.append(item)
    for person in people.administration() if openers else ():
        if reviews := reviews_of(person, openers):
            reminders.setdefault(person.id, _Reminder()).reviews = reviews
    return sum(_owe(person_id, reminder, day, now) for person_id, reminder in sorted(reminders.items()))


def reminding_nobody(session: Session, now: datetime) -> list[Pending]:
    """What waits and reminds nobody: whoever holds it has left, cannot sign in, or has no e-mail address. Oldest first."""
    people = _Staff([person for person in _who_can_sign_in(session, today_of(now)) if person.email.strip()])
    contacts = escalation_contacts(session)
    return [item for item in pending(session, now) if not any(holds(p, item) for p in people.near(item, contacts))]


_REMINDED = (
    select(ReminderDigest.day, Person.name, ReminderItem.escalated, EmailOwed, Stay.left_at)
    .join(ReminderItem, ReminderItem.digest_id == ReminderDigest.id)
    .join(Person, Person.id == ReminderDigest.person_id)
    .join(EmailOwed, EmailOwed.id == ReminderDigest.email_id)
    .join(Stay, Stay.id == ReminderItem.stay_id)
    .where(ReminderItem.document_id == bindparam("document_id"))
    .order_by(ReminderDigest.day, ReminderItem.escalated, Person.name, Person.id)
)


def reminded(session: Session, document_id: int, since: datetime | None = None) -> tuple[str, ...]:
    """When whom was reminded of a document, and what became of the e-mail: one sentence a day, oldest first.

    `since`: from the day of this moment on. A document that was acted on before the e-mail was sent did not stand in it.
    """
    rows = session.execute(_REMINDED, {"document_id": document_id})
    days: dict[date, list[str]] = {}
    for day, name, escalated, email, left_at in rows:
        if since is not None and day < today_of(since):
            continue
        if left_at is None or (email.sent_at is not None and email.sent_at <= left_at):
            how = f"escalated, {_delivery(email)}" if escalated else _delivery(email)
            days.setdefault(day, []).append(f"{spoken_name(name)} ({how})")
    return tuple(f"Reminded on {day:%m/%d/%Y}: {', '.join(people)}" for day, people in days.items())


def _delivery(email: EmailOwed) -> str:
    if email.sent_at is not None:
        return f"sent {office_time(email.sent_at, settings().time_zone):%I:%M %p}"
    if email.failed_at is not None:
        return f"not delivered: {email.last_error.removeprefix(NOT_NEEDED).strip().rstrip('.')}"
    return f"not delivered so far: {email.last_error.rstrip('.')}" if email.last_error else "waiting to be sent"


class _Staff:
    """The people who can be reminded, by whom an item may concern."""

    def __init__(self, people: Collection[Person]) -> None:
        self._by_id = {person.id: person for person in people}
        self._supervisors: dict[str | None, list[int]] = {}
        self._coordinators: dict[int | None, list[int]] = {}
        self._administration = [p.id for p in people if p.role == Role.ADMINISTRATION]
        for person in people:
            if person.role in SUPERVISOR_ROLES:
                self._supervisors.setdefault(person.office_code, []).append(person.id)
            if person.role == Role.COORDINATOR:
                self._coordinators.setdefault(person.agency_id, []).append(person.id)

    def administration(self) -> Iterator[Person]:
        """Everybody of CSEC Administration."""
        return (self._by_id[person_id] for person_id in self._administration)

    def near(self, item: Pending, contacts: Contacts) -> Iterator[Person]:
        """Everybody whom the item could concern, each once; `holds` and `is_told` decide."""
        ids = [item.stay.person_id, item.assignment.supervisor_id, *self._administration]
        ids += [*item.covers_of(item.stay.person_id), *item.covers_of(item.assignment.supervisor_id)]
        ids += self._coordinators.get(item.assignment.agency_id, [])
        ids += contacts.get(item.assignment.office_code, frozenset())
        if item.party is Party.SUPERVISOR:
            ids += self._supervisors.get(item.assignment.office_code, [])
        for person_id in dict.fromkeys(ids):
            if person_id in self._by_id:
                yield self._by_id[person_id]


def _people_without_digest(session: Session, day: date) -> Sequence[Person]:
    """Active people with an account, who can sign in on this day and have no digest of it. Without an address: the e-mail log shows it."""
    had = set(session.scalars(select(ReminderDigest.person_id).where(ReminderDigest.day == day)))
    return [person for person in _who_can_sign_in(session, day) if person.id not in had]


def _who_can_sign_in(session: Session, day: date) -> list[Person]:
    """Active people with an account, of the county or of an agency under contract."""
    rows = session.execute(
        select(Person, Agency)
        .join(Account, Account.person_id == Person.id)
        .outerjoin(Agency, Agency.id == Person.agency_id)
        .where(Person.active)
    )
    return [person for person, agency in rows if agency is None or under_contract(agency, day)]


def _owe(person_id: int, reminder: _Reminder, day: date, now: datetime) -> bool:
    """Owe one digest in a transaction of its own; False when another server was faster."""
    try:
        with writing() as session:
            if _has_digest(session, person_id, day):
                return False
            email_id = owe_email(
                session,
                history_id=None,
                template=DIGEST,
                to_person=session.get_one(Person, person_id),
                assignment_number=None,
                details=digest_details(reminder.own, reminder.others, now, reminder.reviews),
                now=now,
            )
            digest = ReminderDigest(person_id=person_id, day=day, email_id=email_id, made_at=now)
            session.add(digest)
            session.flush()
            session.add_all(_item(digest.id, item, escalated=False) for item in reminder.own)
            session.add_all(_item(digest.id, item, escalated=True) for item in reminder.others)
            return True
    except IntegrityError:
        with reading() as session:
            if _has_digest(session, person_id, day):
                return False
        raise


def _item(digest_id: int, item: Pending, *, escalated: bool) -> ReminderItem:
    return ReminderItem(
        digest_id=digest_id, document_id=item.stay.document_id, stay_id=item.stay.id, escalated=escalated
    )


def _has_digest(session: Session, person_id: int, day: date) -> bool:
    wanted = (ReminderDigest.person_id == person_id, ReminderDigest.day == day)
    return session.scalar(select(ReminderDigest.id).where(*wanted)) is not None
