"""Signatures: a typed name and the passphrase again, bound to the exact content; any later change makes them void."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session, aliased

from cts.domain.answer_checks import check, text_fault
from cts.domain.counting import counted
from cts.domain.fields import SHORT_TEXT_LIMIT
from cts.domain.names import fold, spoken_name
from cts.domain.one_line import without_unseen
from cts.domain.vocabulary import ROLE_TITLES, Action, Document, Need, Party
from cts.domain.workflow import signers, step_for
from cts.services.access import record_access
from cts.services.actor import Actor
from cts.services.fetching import Fetched, content_fingerprint, current_facts, fetch, refusals_logged, today_of
from cts.services.history import clock
from cts.services.permissions import others_may, refuse_if_stopped, signing_round, situation_of
from cts.services.refusals import Incomplete, NotPermitted, OutOfDate
from cts.services.sign_in import confirm_password
from cts.services.steps import acting_for
from db.models import HistoryEntry, Person, Signature
from db.session import reading, writing


@dataclass(frozen=True)
class SignatureView:
    """A signature as shown on screen and paper. `valid` is False once the content changed after it."""

    party: Party
    name: str
    title: str
    acting_for: str
    signed: str
    fingerprint: str
    valid: bool


def sign(
    actor: Actor,
    number: int,
    typed_name: str,
    password: str,
    seen_version: int,
    now: datetime,
    kind: Document = Document.REFERRAL,
    sequence: int | None = None,
) -> SignatureView:
    """Sign the document as it was seen. The name is typed in full; the passphrase is asked again.

    Raises Incomplete (name or passphrase wrong, form incomplete), OutOfDate (it changed meanwhile), NotPermitted.
    """
    with refusals_logged(actor, Action.SIGN, number, now):
        with reading() as session:
            _ready_to_sign(session, actor, fetch(session, actor, number, kind, sequence), seen_version, now)
        fault = text_fault("Name", typed_name, SHORT_TEXT_LIMIT)
        if fault or fold(typed_name) != fold(spoken_name(actor.name)):
            sentence = f"Please type your name as it stands in CTS: {spoken_name(actor.name)}."
            raise Incomplete(sentence, (("typed_name", sentence),))
        confirm_password(actor, password, now)
        with writing() as session:
            found = fetch(session, actor, number, kind, sequence, to_write=True)
            party, fingerprint = _ready_to_sign(session, actor, found, seen_version, now)
            return _write_signature(session, actor, found, party, fingerprint, typed_name, now)


def _ready_to_sign(
    session: Session, actor: Actor, found: Fetched, seen_version: int, now: datetime
) -> tuple[Party, str]:
    step = step_for(found.kind, found.status, found.parties, Action.SIGN)
    if step is None:
        raise NotPermitted(f"This {found.kind} is {found.status}. " + others_may(session, found, Action.SIGN, now))
    if found.document.version != seen_version:
        raise OutOfDate(f"This {found.kind} changed since you opened it. Please read it again, then sign.")
    facts = current_facts(session, found, today_of(now))
    fingerprint = content_fingerprint(found, facts, found.document.answers)
    refuse_if_stopped(session, actor, found, step, situation_of(session, found, lambda: fingerprint, now))
    if Need.COMPLETE in step.needs:
        problems = check(found.spec, found.document.answers, facts.values, today_of(now), found.stage)
        if problems:
            many = counted(len(problems), "answer needs", "answers need")
            raise Incomplete(
                f"{many} your attention before you can sign.", tuple((p.field, p.sentence) for p in problems)
            )
    return step.party, fingerprint


def _write_signature(
    session: Session, actor: Actor, found: Fetched, party: Party, fingerprint: str, typed_name: str, now: datetime
) -> SignatureView:
    own_id = acting_for(actor, found, party)
    title = ROLE_TITLES[actor.role]
    row = Signature(
        document_id=found.document.id,
        round=signing_round(found),
        person_id=actor.person_id,
        party=party,
        typed_name=without_unseen(typed_name).strip(),
        title=title,
        acting_for_id=own_id,
        fingerprint=fingerprint,
        signed_at=now,
    )
    entry = HistoryEntry(
        assignment_id=found.assignment.id,
        document_id=found.document.id,
        round=found.document.rounds,
        at=now,
        actor_id=actor.person_id,
        acting_for_id=own_id,
        party=party,
        action=Action.SIGN,
        status_before=found.status,
        status_after=found.status,
    )
    session.add_all([row, entry])
    record_access(
        session,
        actor,
        Action.SIGN,
        now,
        assignment_id=found.assignment.id,
        document_id=found.document.id,
        **found.logged_as | {"parties": str(party)},
    )
    own = session.get(Person, own_id) if own_id else None
    return _view(row, own.name if own else None, fingerprint)


_OWN = aliased(Person)
_OF_A_ROUND = (
    select(Signature, _OWN.name)
    .outerjoin(_OWN, _OWN.id == Signature.acting_for_id)
    .where(Signature.document_id == bindparam("document_id"), Signature.round == bindparam("round"))
    .order_by(Signature.id)
)


def signatures_of(session: Session, found: Fetched, fingerprint: str) -> tuple[SignatureView, ...]:
    """The newest signature of each party in the present round, the case worker's first."""
    asked = {"document_id": found.document.id, "round": signing_round(found)}
    rows = session.execute(_OF_A_ROUND, asked).all()
    newest = {row.party: _view(row, name, fingerprint) for row, name in rows}
    return tuple(newest[party] for party in signers(found.kind) if party in newest)


def _view(row: Signature, own_name: str | None, fingerprint: str) -> SignatureView:
    return SignatureView(
        party=Party(row.party),
        name=row.typed_name,
        title=row.title,
        acting_for=spoken_name(own_name) if own_name else "",
        signed=clock(row.signed_at),
        fingerprint=row.fingerprint[:12],
        valid=row.fingerprint == fingerprint,
    )
