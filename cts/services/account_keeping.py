"""What Technical support does with accounts: sees where each stands, sends links, unlocks, ends, takes up again, changes. No youth data.

Nobody keeps his or her own account: whoever gives titles and places does not give them to himself.
"""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from cts.services.access import record_access
from cts.services.account_links import owe_link
from cts.services.account_listing import AccountPlace, admit_support, place_of
from cts.services.accounts import NewPerson, check_place, end_person, person_problems, placed, refuse_problems
from cts.services.actor import Actor, SystemActor
from cts.services.administration_watch import ADDRESS, FACTOR, GIVEN, TAKEN_UP, tell_administration
from cts.services.county_login import forget_county_account
from cts.services.covers import end_covers_of
from cts.services.links import end_links
from cts.services.outbox import owe_email_to
from cts.services.passphrases import CHANGED, tell_person
from cts.services.refusals import Incomplete, NotPermitted, OutOfDate
from cts.services.rehoming import hold_work_of, rehome
from cts.services.second_factor import forget_factor
from cts.services.sessions import end_sessions
from db.models import Account, Person
from db.session import writing

Keeper = Actor | SystemActor
"""A person of Technical support, or the server itself, for whoever administers it."""

FACTOR_TAKEN = (
    "Technical support took the second factor of your account away. You are signed out; recovery codes and passphrase do not work "
    "any more. The next e-mail has a link for a new passphrase."
)
EMAIL_CHANGED = "Technical support changed the e-mail address of your account. From now on e-mails go to the new one."
EMAIL_NEW = "Technical support changed the e-mail address of your account."
PLACE_CHANGED = (
    "Technical support changed the title, office or agency of your account, and you were signed out everywhere."
)
NOT_ONES_OWN = "Nobody changes his or her own account here. Ask a colleague of Technical support."
_PLACE = ("role", "office_code", "agency_id")


def send_link(actor: Keeper, person_id: int, now: datetime) -> None:
    """Owe an e-mail with a link that sets a passphrase; earlier links die when it is sent. Raises NotPermitted, Incomplete."""
    admit_support(actor, "send link", now)
    with writing() as session:
        person = _kept(session, actor, person_id)
        if not person.active:
            raise Incomplete("This account has ended. Take it up again first; a link is sent then.")
        purpose = owe_link(session, person, now)
        record_access(session, actor, "send link", now, person=person_id, purpose=str(purpose))


def unlock(actor: Keeper, person_id: int, now: datetime) -> None:
    """Wrong guesses are forgotten: the person may try again at once. Raises NotPermitted."""
    admit_support(actor, "unlock account", now)
    with writing() as session:
        _kept(session, actor, person_id)
        session.execute(
            update(Account)
            .where(Account.person_id == person_id)
            .values(failed_attempts=0, first_failed_at=None)
            .execution_options(synchronize_session=False)
        )
        record_access(session, actor, "unlock account", now, person=person_id)


def end_account_of(
    actor: Keeper, person_id: int, now: datetime, *, seen: str | None = None, heir_id: int | None = None
) -> None:
    """The person works here no more: open work goes where it can be done, sessions and links end at once.

    `seen` is the preview it was decided on (cts/services/leaving.py); `heir_id` an Advocate of the agency to whom the youth of one go.
    Raises NotPermitted; OutOfDate when it has ended already, or what the person holds has changed; Incomplete for a heir who does not fit.
    """
    admit_support(actor, "end account", now)
    with writing() as session:
        held = hold_work_of(session, person_id)
        person = _kept(session, actor, person_id)
        if not person.active:
            raise OutOfDate("This account has ended already.")
        moved = rehome(session, actor, person, held, now, seen=seen, heir_id=heir_id)
        end_person(session, person_id, now)
        record_access(session, actor, "end account", now, person=person_id, rehomed=moved)


def take_up_again(actor: Keeper, person_id: int, now: datetime) -> None:
    """The person is back: passphrase and second factor of before are gone, and a link to begin with is sent.

    Raises NotPermitted; OutOfDate when the account has not ended.
    """
    admit_support(actor, "take account up again", now)
    with writing() as session:
        person = _kept(session, actor, person_id)
        if person.active:
            raise OutOfDate("This account has not ended.")
        person.active = True
        session.flush()
        forget_factor(session, person_id)
        forget_county_account(session, person_id)
        _ask_passphrase_anew(session, person_id, now)
        tell_administration(session, actor, session.get_one(Person, person_id), TAKEN_UP, now)
        record_access(session, actor, "take account up again", now, person=person_id)


def moves_work(wanted: AccountPlace, seen: AccountPlace) -> bool:
    """Whether a change takes the person away from what he or she holds: another role, office or agency; not another unit."""
    return any(getattr(wanted, name) != getattr(seen, name) for name in _PLACE)


def change_account(
    actor: Keeper,
    person_id: int,
    wanted: AccountPlace,
    seen: AccountPlace,
    now: datetime,
    *,
    work_seen: str | None = None,
    heir_id: int | None = None,
) -> tuple[str, ...]:
    """Another role, office, unit, agency or e-mail address than was `seen`; returns what was changed.

    A changed role, office or agency ends the person's sessions at once, and open work goes where it can be done, as when an account ends
    (`work_seen` is the preview of cts/services/leaving.py, `heir_id` as in `end_account_of`); a changed address makes links sent to the old
    one dead. The person is told of either, at the former address too, and so is CSEC Administration where its title is concerned.
    Raises NotPermitted, OutOfDate (a colleague changed it meanwhile, or what the person holds has changed), or Incomplete naming what is
    missing or not allowed.
    """
    admit_support(actor, "change account", now)
    with writing() as session:
        held = hold_work_of(session, person_id) if moves_work(wanted, seen) else {}
        person = _kept(session, actor, person_id)
        before = place_of(person)
        if before != seen:
            raise OutOfDate(
                "A colleague, or an extract, changed this account meanwhile. Look at it again, then change it."
            )
        after = _checked(session, person, wanted)
        changed = tuple(name for name, value in vars(after).items() if getattr(before, name) != value)
        moved = 0
        if held and set(changed) & set(_PLACE):
            moved = rehome(session, actor, person, held, now, seen=work_seen, heir_id=heir_id, stays_here=True)
        for name in changed:
            setattr(person, name, getattr(after, name))
        session.flush()
        if set(changed) & set(_PLACE):
            end_sessions(session, person_id, "role or office changed", now)
            end_covers_of(session, person_id, now)
            tell_person(session, person_id, PLACE_CHANGED, now)
        if "email" in changed:
            end_links(session, person_id)
            if before.email:
                owe_email_to(session, before.email, CHANGED, {"change": EMAIL_CHANGED}, now)
            tell_person(session, person_id, EMAIL_NEW, now)
        if set(changed) & {"role", "email"}:
            tell_administration(session, actor, person, GIVEN if "role" in changed else ADDRESS, now)
        record_access(session, actor, "change account", now, person=person_id, changed=sorted(changed), rehomed=moved)
    return changed


def take_factor_away(actor: Keeper, person_id: int, now: datetime) -> None:
    """The phone is lost: second factor and recovery codes are forgotten, sessions end, the person is told.

    The passphrase ends too, and a link for a new one is sent: beside a second factor it may be shorter than one that stands alone
    (cts/outside/credentials.py), and its length is not kept. Raises NotPermitted; OutOfDate when there is none.
    """
    admit_support(actor, "take second factor away", now)
    with writing() as session:
        person = _kept(session, actor, person_id)
        if not forget_factor(session, person_id):
            raise OutOfDate("This account has no second factor.")
        end_sessions(session, person_id, "second factor taken away", now)
        tell_person(session, person_id, FACTOR_TAKEN, now)
        if person.active:
            _ask_passphrase_anew(session, person_id, now)
        tell_administration(session, actor, person, FACTOR, now)
        record_access(session, actor, "take second factor away", now, person=person_id)


def _ask_passphrase_anew(session: Session, person_id: int, now: datetime) -> None:
    """In the caller's transaction: no passphrase opens the account; links sent before are dead, and a new one is owed."""
    end_links(session, person_id)
    session.execute(
        update(Account)
        .where(Account.person_id == person_id)
        .values(password_hash=None, password_changed_at=None, failed_attempts=0, first_failed_at=None)
    )
    session.expire_all()
    owe_link(session, session.get_one(Person, person_id), now)


def _kept(session: Session, actor: Keeper, person_id: int) -> Person:
    """The person whose account it is, for a colleague of Technical support. Raises NotPermitted."""
    held = select(Person).join(Account, Account.person_id == Person.id).where(Person.id == person_id)
    person = session.scalars(held.with_for_update(key_share=True)).first()
    if person is None:
        raise NotPermitted("There is no such account.")
    if isinstance(actor, Actor) and person_id == actor.person_id:
        raise NotPermitted(NOT_ONES_OWN)
    return person


def _checked(session: Session, person: Person, wanted: AccountPlace) -> AccountPlace:
    """What was typed, put right: no office outside the County's roles, no agency outside the agencies'. Raises Incomplete."""
    stated = placed(
        NewPerson(
            name=person.name,
            role=wanted.role,
            email=wanted.email.strip(),
            staff_id=person.staff_id,
            office_code=wanted.office_code,
            unit=wanted.unit,
            agency_id=wanted.agency_id,
        )
    )
    refuse_problems(person_problems(stated))
    check_place(session, stated)
    return AccountPlace(stated.role, stated.email, stated.office_code, stated.unit, stated.agency_id)
