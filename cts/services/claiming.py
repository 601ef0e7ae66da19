"""Claim, take over, return: so that of the supervisors of an office two do not begin the same work (mission §7). Beside the workflow table,
for none of them changes a status, a holder or a content (decision 0046)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from cts.domain.calendar import end_of_working_day
from cts.domain.names import spoken_name
from cts.domain.vocabulary import Document, Party
from cts.services.access import record_access
from cts.services.actor import Actor
from cts.services.claims import Claim, claim_on, until_words, waits_for_office
from cts.services.fetching import Fetched, fetch, refusals_logged
from cts.services.history import clock_as_of, latest_sentence
from cts.services.permissions import had_a_hand_in
from cts.services.refusals import NotPermitted, OutOfDate
from cts.settings import settings
from db.models import HistoryEntry, Stay
from db.session import writing

CLAIM, TAKE_OVER, RETURN = "claim", "take over", "return"


@dataclass(frozen=True)
class ClaimView:
    """What a person sees of the pool: `words` who has claimed it, '' for nobody; and which of the three is possible.

    `claimed_by` is what a take-over has to have seen.
    """

    words: str
    claimed_by: int | None
    may_claim: bool
    may_take_over: bool
    may_return: bool


def claim_view(session: Session, actor: Actor, found: Fetched, claim: Claim | None, now: datetime) -> ClaimView | None:
    """What stands above a document; None where it waits for no supervisor, or not for this person's office."""
    if not waits_for_office(found) or Party.SUPERVISOR not in found.parties:
        return None
    if claim is None:
        return ClaimView("", None, not had_a_hand_in(session, actor, found), may_take_over=False, may_return=False)
    if claim.person_id == actor.person_id:
        words = f"Claimed by you since {clock_as_of(claim.at, now)}, until {claim.until}"
        return ClaimView(words, claim.person_id, may_claim=False, may_take_over=False, may_return=True)
    return ClaimView(claim.words(now), claim.person_id, False, not had_a_hand_in(session, actor, found), False)


def claim_document(
    actor: Actor,
    number: int,
    seen_version: int,
    now: datetime,
    kind: Document = Document.REFERRAL,
    sequence: int | None = None,
    from_id: int | None = None,
) -> str:
    """Claim what waits for the supervisors of the office; returns what the screen says. Claimed already by the same person, it stays so.

    `from_id`: the colleague whose claim the person saw and takes over, asked and answered. It lapses by itself after the setting.
    Raises NotPermitted (no supervisor of the office, or had a hand in it), OutOfDate (decided, or claimed by another, meanwhile).
    """
    verb = CLAIM if from_id is None else TAKE_OVER
    with refusals_logged(actor, verb, number, now), writing() as session:
        found, claim = _claimable(session, actor, number, kind, sequence, seen_version, now)
        if claim is not None and claim.person_id == actor.person_id:
            return f"You have claimed the {found.kind}."
        if claim is not None and claim.person_id != from_id:
            raise OutOfDate(f"Nothing was changed by you. {claim.words(now)}.")
        ends_at = end_of_working_day(now, settings().claim_working_days, settings().time_zone)
        _change(session, found, claimed_by=actor.person_id, claimed_at=now, claim_ends_at=ends_at)
        _write(session, actor, found, CLAIM if claim is None else TAKE_OVER, now, claim)
    if claim is not None:
        return f"You took the {found.kind} over from {spoken_name(claim.name)}."
    return f"You claimed the {found.kind}. Your colleagues see it, and leave it to you until {until_words(ends_at)}."


def return_document(
    actor: Actor,
    number: int,
    seen_version: int,
    now: datetime,
    kind: Document = Document.REFERRAL,
    sequence: int | None = None,
) -> str:
    """Give it back to all supervisors of the office; returns what the screen says.

    Raises NotPermitted; OutOfDate when it was decided, taken over or returned meanwhile.
    """
    with refusals_logged(actor, RETURN, number, now), writing() as session:
        found, claim = _claimable(session, actor, number, kind, sequence, seen_version, now)
        if claim is None or claim.person_id != actor.person_id:
            now_with = f"{claim.words(now)}." if claim else "Nobody has claimed it."
            raise OutOfDate(f"Nothing was changed by you: it is not claimed by you any more. {now_with}")
        _change(session, found, claimed_by=None, claimed_at=None, claim_ends_at=None)
        _write(session, actor, found, RETURN, now)
    return f"You returned the {found.kind} to the supervisors of the office."


def _claimable(
    session: Session,
    actor: Actor,
    number: int,
    kind: Document,
    sequence: int | None,
    seen_version: int,
    now: datetime,
) -> tuple[Fetched, Claim | None]:
    """The document, held until the transaction ends: of two who claim, or one who claims and one who decides, the other comes after."""
    found = fetch(session, actor, number, kind, sequence, to_write=True)
    if Party.SUPERVISOR not in found.parties:
        raise NotPermitted("What waits for the supervisors of an office is claimed by one of them.")
    if found.document.version != seen_version:
        raise OutOfDate(
            f"Nothing was changed by you: this {found.kind} changed since you opened it. {latest_sentence(session, found)} "
            f"It is now {found.status}."
        )
    if not waits_for_office(found):
        raise NotPermitted(f"This {found.kind} is {found.status}. It does not wait for the supervisors of an office.")
    if had_a_hand_in(session, actor, found):
        raise NotPermitted(
            f"You wrote, signed or decided this {found.kind} a step before, so another person decides, and claims it."
        )
    return found, claim_on(session, found, now)


def _change(session: Session, found: Fetched, **claim: Any) -> None:
    """Compare-and-set on the claim that was read: exactly one of two gets past this line."""
    read = session.execute(
        select(Stay.id, Stay.claimed_by, Stay.claimed_at).where(
            Stay.document_id == found.document.id, Stay.left_at.is_(None)
        )
    ).one()
    as_read = (
        Stay.id == read.id,
        Stay.left_at.is_(None),
        Stay.claimed_by.is_not_distinct_from(read.claimed_by),
        Stay.claimed_at.is_not_distinct_from(read.claimed_at),
    )
    changed = session.execute(update(Stay).where(*as_read).values(**claim))
    if changed.rowcount != 1:  # type: ignore[attr-defined]
        raise OutOfDate("Nothing was changed by you: a colleague was faster. Please look again.")


def _write(
    session: Session, actor: Actor, found: Fetched, verb: str, now: datetime, former: Claim | None = None
) -> None:
    session.add(
        HistoryEntry(
            assignment_id=found.assignment.id,
            document_id=found.document.id,
            round=found.document.rounds,
            at=now,
            actor_id=actor.person_id,
            party=Party.SUPERVISOR,
            action=verb,
            status_before=found.status,
            status_after=found.status,
            details={"former_claimer": former.name} if former else {},
        )
    )
    record_access(
        session,
        actor,
        verb,
        now,
        assignment_id=found.assignment.id,
        document_id=found.document.id,
        **found.logged_as,
    )
