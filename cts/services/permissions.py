"""Which steps a person may take now, and for each that is missing: which rule stops it and who can act."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, case, or_, select
from sqlalchemy.orm import Session

from cts.domain.names import spoken_name
from cts.domain.vocabulary import CLOSED_STATUSES, Action, Document, Need, Party
from cts.domain.workflow import ENDS, WRITERS, Step, open_to, step_for, who_may
from cts.services.actor import Actor
from cts.services.claims import Claim, claim_on, with_another
from cts.services.fetching import Fetched, today_of
from cts.services.parties import people_who_are, supervisors_of_office
from cts.services.refusals import Incomplete, NotPermitted, OutOfDate
from cts.services.terms import later_term_of
from db.models import Assignment, HistoryEntry, Office, ReviewedDocument, Signature, Stay

ACTION_WORDS = {
    Action.START: "Start",
    Action.SAVE: "Save",
    Action.SIGN: "Sign",
    Action.SUBMIT: "Submit",
    Action.RECALL: "Recall",
    Action.APPROVE: "Approve",
    Action.REJECT: "Reject",
    Action.REIMBURSE: "Mark as reimbursed",
    Action.ACKNOWLEDGE: "Acknowledge safety alerts",
    Action.ASSIGN: "Assign Advocate",
    Action.REASSIGN: "Assign another agency",
    Action.CLOSE: "Close",
    Action.REOPEN: "Refer again",
}


def words_of(kind: Document, action: Action) -> str:
    """What an action on a document is called: a Referral is closed, what the Advocate writes is withdrawn."""
    return "Withdraw" if action is Action.CLOSE and kind is not Document.REFERRAL else ACTION_WORDS[action]


NAMES_SHOWN = 6


@dataclass(frozen=True)
class Blocked:
    """A button that is not there: the sentence says why, and who can act."""

    action: Action
    sentence: str


@dataclass(frozen=True)
class Situation:
    """What a step meets besides the document and the person: what a signature is bound to, who has claimed it, what time it is."""

    fingerprint: Callable[[], str]
    claim: Claim | None
    now: datetime


def situation_of(session: Session, found: Fetched, fingerprint: Callable[[], str], now: datetime) -> Situation:
    """The situation of a document now; `fingerprint` gives that of its content, which only signatures ask for."""
    return Situation(fingerprint, claim_on(session, found, now), now)


def steps_open(
    session: Session, actor: Actor, found: Fetched, situation: Situation
) -> tuple[tuple[Step, ...], tuple[Blocked, ...]]:
    """The steps this person may take now, and those somebody could take but not this person, not now."""
    allowed: list[Step] = []
    blocked: list[Blocked] = []
    for action in Action:
        step = step_for(found.kind, found.status, found.parties, action)
        if step is not None:
            sentence = obstacle(session, actor, found, step, situation)
            if sentence:
                blocked.append(Blocked(action, sentence))
            else:
                allowed.append(step)
        elif action is not Action.SAVE and who_may(found.kind, found.status, action):
            blocked.append(Blocked(action, others_may(session, found, action, situation.now)))
    return tuple(allowed), tuple(blocked)


def obstacle(session: Session, actor: Actor, found: Fetched, step: Step, situation: Situation) -> str:
    """Why a step the table allows is not possible for this person now; '' when it is. The one place of these rules."""
    if by_another_person(session, actor, found, step):
        return (
            f"You wrote, signed or decided this {found.kind} a step before, so another person decides. "
            + others_may(session, found, step.action, situation.now, without=actor.person_id)
        )
    if claimed := left_to_another(actor, step, situation):
        return claimed
    if step.action is Action.REOPEN and (newer := newer_assignment(session, found)):
        return f"This youth was referred again: assignment {newer}."
    if step.action is Action.ASSIGN and found.status in CLOSED_STATUSES and not _agency_has_work(session, found):
        return "The service has ended, and nothing is left for an Advocate to do."
    if step.action is Action.SIGN and has_signed(session, actor, found, step.party, situation.fingerprint()):
        return "You have signed this content."
    if step.action is Action.ACKNOWLEDGE and found.assignment.alerts_acknowledged_at is not None:
        return "The safety alerts have been acknowledged."
    if Need.SIGNATURE in step.needs and not has_signed(session, actor, found, step.party, situation.fingerprint()):
        return "Your signature is needed first: choose Sign."
    if Need.UNOPENED in step.needs and found.document.opened_by_reviewer_at is not None:
        return "The reviewer has opened it, so it can no longer be recalled. Ask the reviewer to reject it."
    if Need.ACKNOWLEDGED in step.needs and found.assignment.alerts_acknowledged_at is None:
        return "The safety alerts must be acknowledged first."
    return ""


def _agency_has_work(session: Session, found: Fetched) -> bool:
    """Whether something waits for the agency: after the end of the service, money that was approved."""
    open_stays = select(Stay.id).where(Stay.assignment_id == found.assignment.id, Stay.left_at.is_(None))
    return session.scalar(open_stays.where(Stay.party.in_([Party.ADVOCATE, Party.COORDINATOR])).limit(1)) is not None


def refuse_if_stopped(session: Session, actor: Actor, found: Fetched, step: Step, situation: Situation) -> None:
    """Raises NotPermitted where only another person can do it, OutOfDate where a colleague has claimed it, Incomplete where something is to
    be done first."""
    sentence = obstacle(session, actor, found, step, situation)
    if sentence:
        if sentence == left_to_another(actor, step, situation):
            raise OutOfDate(f"Nothing was changed by you. {sentence}")
        raise NotPermitted(sentence) if by_another_person(session, actor, found, step) else Incomplete(sentence)


def left_to_another(actor: Actor, step: Step, situation: Situation) -> str:
    """Whether a decision of the office's supervisors is left to the colleague who has claimed it: the sentence that says so, or ''."""
    decides = step.party is Party.SUPERVISOR and (step.decides or step.action is Action.SIGN)
    return with_another(actor, situation.claim, situation.now) if decides else ""


def by_another_person(session: Session, actor: Actor, found: Fetched, step: Step) -> bool:
    """Whether four eyes stops this person: a decision, or a reviewer's signature, on his or her own work."""
    reviews = step.decides or (step.action is Action.SIGN and step.party is not WRITERS[found.kind])
    return reviews and had_a_hand_in(session, actor, found)


def had_a_hand_in(session: Session, actor: Actor, found: Fetched) -> bool:
    """Four eyes, by person: wrote, signed as its author or submitted it, ever; signed or decided a step before in this round (mission §4)."""
    asked = {
        "document_id": found.document.id,
        "person_id": actor.person_id,
        "writer": WRITERS[found.kind],
        "round": found.document.rounds,
        "status": found.status,
    }
    return session.execute(_HAND_IN_ONE, asked).first() is not None


def hands_in(session: Session, actor: Actor, document_ids: Collection[int]) -> frozenset[int]:
    """Of these documents those the person had a hand in, in one query: the same rule, for a list."""
    if not document_ids:
        return frozenset()
    found = session.scalars(_HANDS_IN, {"document_ids": list(document_ids), "person_id": actor.person_id})
    return frozenset(document_id for document_id in found if document_id is not None)


def _hand(writer: Any, rounds: Any, status: Any) -> ColumnElement[bool]:
    """Which lines of the history are a hand in a document; each of the three is a value or a column."""
    wrote = HistoryEntry.action.in_([Action.START, Action.SAVE, Action.SUBMIT])
    signed = and_(HistoryEntry.action == Action.SIGN, HistoryEntry.party == writer)
    a_step_before = (
        HistoryEntry.action.in_([Action.SIGN, Action.APPROVE]),
        HistoryEntry.round == rounds,
        HistoryEntry.status_before != status,
    )
    return or_(wrote, signed, and_(*a_step_before))


_HAND_IN_ONE = (
    select(HistoryEntry.id)
    .where(
        HistoryEntry.document_id == bindparam("document_id"),
        HistoryEntry.actor_id == bindparam("person_id"),
        _hand(bindparam("writer"), bindparam("round"), bindparam("status")),
    )
    .limit(1)
)
_HANDS_IN = (
    select(HistoryEntry.document_id)
    .join(ReviewedDocument, ReviewedDocument.id == HistoryEntry.document_id)
    .where(
        HistoryEntry.document_id.in_(bindparam("document_ids", expanding=True)),
        HistoryEntry.actor_id == bindparam("person_id"),
        _hand(case(dict(WRITERS), value=ReviewedDocument.kind), ReviewedDocument.rounds, ReviewedDocument.status),
    )
    .distinct()
)


def newer_assignment(session: Session, found: Fetched) -> int | None:
    """The number of the term that followed this one, where a closed youth was referred again."""
    later = select(Assignment.number).where(later_term_of(found.assignment)).order_by(Assignment.term.desc())
    return session.scalar(later.limit(1))


def has_signed(session: Session, actor: Actor, found: Fetched, party: Party, fingerprint: str) -> bool:
    """Whether this person has signed exactly this content in the present round, as this party."""
    wanted = (
        Signature.document_id == found.document.id,
        Signature.person_id == actor.person_id,
        Signature.party == party,
        Signature.fingerprint == fingerprint,
        Signature.round == signing_round(found),
    )
    return session.scalar(select(Signature.id).where(*wanted).limit(1)) is not None


def signing_round(found: Fetched) -> int:
    """The submission a signature belongs to: the coming one while it is being written."""
    return found.document.rounds + (1 if found.being_written else 0)


def others_may(session: Session, found: Fetched, action: Action, now: datetime, without: int | None = None) -> str:
    """Who can take an action now, with those who cover today, by name where they are few; where nobody can, what is possible and by whom."""
    words = [_named(session, found, party, now, without) for party in who_may(found.kind, found.status, action)]
    if words:
        return f"{words_of(found.kind, action)}: " + " or ".join(words) + "."
    listed = "; ".join(
        f"{', '.join(words_of(found.kind, a) for a in actions)} ({party})"
        for party, actions in open_to(found.kind, found.status).items()
    )
    possible = f" Possible now: {listed}." if listed else ""
    if (found.kind, found.status) in ENDS:
        return f"Nothing more is decided on it.{possible}"
    return f"{words_of(found.kind, action)} is not possible now.{possible}"


def _named(session: Session, found: Fetched, party: Party, now: datetime, without: int | None) -> str:
    if party is Party.ADMINISTRATION:
        return "CSEC Administration can do this"
    if party is Party.SUPERVISOR:
        office = session.get_one(Office, found.assignment.office_code)
        people = supervisors_of_office(session, office.code) if found.youth.sensitivity == "N" else ()
        intro = f"any supervisor of the {office.name} office can do this"
    else:
        people = people_who_are(session, party, found.assignment, found.document, today=today_of(now))
        intro = f"the {party} can do this"
    names = [spoken_name(p.name) for p in people if p.id != without]
    if not names:
        return intro
    more = f" and {len(names) - NAMES_SHOWN} more" if len(names) > NAMES_SHOWN else ""
    return f"{intro} ({', '.join(names[:NAMES_SHOWN])}{more})"
