"""The one write path of the workflow: status, history, stay, access log and e-mails owed are saved together, or nothing is."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from cts.domain.vocabulary import CLOSED_STATUSES, Action, Document, Need, Party, Status, reasons_for
from cts.domain.workflow import WRITERS, Step, step_for
from cts.services.access import record_access
from cts.services.actor import Actor
from cts.services.clocks import keep_clocks
from cts.services.endings import ending_of
from cts.services.fetching import Fetched, current_facts, fetch, refusals_logged, today_of
from cts.services.history import document_words, latest_sentence
from cts.services.outbox import owe_email
from cts.services.parties import people_who_are
from cts.services.permissions import ACTION_WORDS, others_may, refuse_if_stopped, situation_of
from cts.services.refusals import NotPermitted, OutOfDate
from cts.services.service_term import end_service
from cts.services.stays import renew_stays
from cts.services.step_case import StepCase, StepRequest
from cts.services.step_effects import EFFECTS
from cts.services.step_needs import NEEDS
from db.models import HistoryEntry, Person, ReviewedDocument
from db.models.rows import table_of
from db.session import writing

__all__ = ["StepDone", "StepRequest", "acting_for", "take_step"]


@dataclass(frozen=True)
class StepDone:
    """What the screen says after a step."""

    sentence: str
    status: Status


def take_step(
    actor: Actor,
    number: int,
    request: StepRequest,
    now: datetime,
    kind: Document = Document.REFERRAL,
    sequence: int | None = None,
) -> StepDone:
    """Take one step of the workflow table on a document of assignment `number`.

    Saving, signing and starting are not steps of this kind: see drafts.save, signatures.sign and starting.start (ValueError here).
    Raises NotPermitted (not this person), OutOfDate (somebody was faster), Incomplete (a need is not met; nothing is lost).
    """
    if request.action in {Action.SAVE, Action.SIGN, Action.START}:
        raise ValueError(f"{request.action} has a function of its own.")
    with refusals_logged(actor, request.action, number, now), writing() as session:
        return step_in(session, actor, number, request, now, kind, sequence)


def step_in(
    session: Session,
    actor: Actor,
    number: int,
    request: StepRequest,
    now: datetime,
    kind: Document = Document.REFERRAL,
    sequence: int | None = None,
) -> StepDone:
    """The same in the caller's transaction, which takes several steps together or none; a refusal is the caller's to log."""
    found = fetch(session, actor, number, kind, sequence, to_write=True)
    done = _done_before(session, actor, found, request)
    if done is not None:
        return done
    if found.document.version != request.seen_version:
        raise _stale(session, found)
    facts = current_facts(session, found, today_of(now))
    case = StepCase(session, actor, found, request, now, facts)
    step = _row_of(case)
    case = replace(case, request=_asked_only(step, request))
    for need in sorted(step.needs):
        if need in NEEDS:
            NEEDS[need](case)
    _win_the_version(case, step)
    former_advocate_id = found.assignment.advocate_id
    details = EFFECTS[step.action](case) if step.action in EFFECTS else {}
    _write_step(case, step, details, former_advocate_id)
    return _said(found, step.action, step.status, step.becomes, details)


def _row_of(case: StepCase) -> Step:
    found, action = case.found, case.request.action
    step = step_for(found.kind, found.status, found.parties, action)
    if step is None:
        raise NotPermitted(f"This {found.kind} is {found.status}. " + others_may(case.session, found, action, case.now))
    situation = situation_of(case.session, found, lambda: case.fingerprint, case.now)
    refuse_if_stopped(case.session, case.actor, found, step, situation)
    return step


def _asked_only(step: Step, request: StepRequest) -> StepRequest:
    """The request without what the step does not ask for: nobody names a supervisor, agency or reason where none is to be named."""
    return replace(
        request,
        reason_code=request.reason_code if Need.REASON in step.needs else "",
        reason_text=request.reason_text if Need.REASON in step.needs else "",
        supervisor_id=request.supervisor_id if Need.SUPERVISOR in step.needs else None,
        agency_id=request.agency_id if Need.AGENCY in step.needs else None,
        advocate_id=request.advocate_id if Need.ADVOCATE in step.needs else None,
    )


def _done_before(session: Session, actor: Actor, found: Fetched, request: StepRequest) -> StepDone | None:
    """What the same press said the first time; None for a new one. Raises OutOfDate when the key names somebody else's press."""
    entry = session.execute(_PRESSED, {"step_key": request.step_key}).first()
    if entry is None:
        return None
    if (entry.actor_id, entry.document_id, entry.action) != (actor.person_id, found.document.id, request.action):
        raise OutOfDate("Nothing was changed: this button was used already. Please open the page again.")
    return _said(found, request.action, Status(entry.status_before), Status(entry.status_after), entry.details)


_entry, _document = table_of(HistoryEntry), table_of(ReviewedDocument)
_PRESSED = select(
    *(_entry.c[name] for name in ("actor_id", "document_id", "action", "status_before", "status_after", "details"))
).where(_entry.c.step_key == bindparam("step_key"))


def _stale(session: Session, found: Fetched) -> OutOfDate:
    return OutOfDate(
        f"Nothing was changed by you: this {found.kind} changed since you opened it. {latest_sentence(session, found)} "
        f"It is now {found.status}. Please read it again."
    )


def _win_the_version(case: StepCase, step: Step) -> None:
    """Compare-and-set: of two people who press at the same moment exactly one gets past this line."""
    document, seen = case.found.document, case.request.seen_version
    after = {"status": str(step.becomes), "version": seen + 1}
    winning = _WON_UNOPENED if Need.UNOPENED in step.needs else _WON
    won = case.session.execute(winning, {"document_id": document.id, "seen_version": seen, **after})
    if won.rowcount != 1:  # type: ignore[attr-defined]
        case.session.refresh(document)
        raise _stale(case.session, case.found)
    for name, value in after.items():
        set_committed_value(document, name, value)


_WON = update(_document).where(
    _document.c.id == bindparam("document_id"), _document.c.version == bindparam("seen_version")
)
_WON_UNOPENED = _WON.where(_document.c.opened_by_reviewer_at.is_(None))


def _write_step(case: StepCase, step: Step, details: dict[str, Any], former_advocate_id: int | None) -> None:
    session, found, actor = case.session, case.found, case.actor
    assignment, document = found.assignment, found.document
    if document.kind == Document.REFERRAL:
        _move_assignment(case, step)
    session.flush()
    entry = {
        "assignment_id": assignment.id,
        "document_id": document.id,
        "round": document.rounds,
        "at": case.now,
        "actor_id": actor.person_id,
        "acting_for_id": acting_for(actor, found, step.party),
        "party": str(step.party),
        "action": str(step.action),
        "status_before": str(step.status),
        "status_after": str(step.becomes),
        "reason_code": case.request.reason_code,
        "reason_text": case.request.reason_text,
        "details": details,
        "step_key": case.request.step_key,
    }
    history_id = session.execute(_WRITTEN, entry).inserted_primary_key[0]  # type: ignore[attr-defined]
    _settle(case, step)
    _owe_emails(case, step, history_id, details, former_advocate_id)
    record_access(
        session,
        actor,
        step.action,
        case.now,
        assignment_id=assignment.id,
        document_id=document.id,
        **found.logged_as,
        reason=case.request.reason_code and reasons_for(found.kind, step.action)[case.request.reason_code],
    )


_WRITTEN = insert(_entry)


def _settle(case: StepCase, step: Step) -> None:
    """What follows from the step for the whole assignment: the end of the service, who holds what, the clocks."""
    found, assignment = case.found, case.found.assignment
    endings = {found.document.id: ending_of(case, step)}
    if step.ends_service:
        end_service(case)
    renew_stays(case.session, assignment, case.now, endings)
    # Only a step on the Referral begins the service or names an Advocate.
    keep_clocks(case.session, assignment, contact_stays=found.kind is not Document.REFERRAL)


def _move_assignment(case: StepCase, step: Step) -> None:
    """An assignment goes where its Referral goes."""
    assignment = case.found.assignment
    assignment.status = step.becomes
    assignment.version += 1
    if step.moves and step.becomes in CLOSED_STATUSES:
        assignment.closed_at = case.now


def _owe_emails(
    case: StepCase, step: Step, history_id: int, details: Mapping[str, Any], former_advocate_id: int | None
) -> None:
    """Owe every e-mail the row names, one a person, none to the person who acted."""
    session, found, now = case.session, case.found, case.now
    by = session.get_one(Person, case.actor.person_id).name
    said = {"by": by, **details, "document": document_words(found.kind, found.document.sequence)}
    told: set[int] = {case.actor.person_id}
    for tell in step.tells:
        for person in people_who_are(
            session, tell.party, found.assignment, found.document, former_advocate_id, today_of(now)
        ):
            if person.id not in told:
                told.add(person.id)
                owe_email(
                    session,
                    history_id=history_id,
                    template=tell.email,
                    to_person=person,
                    assignment_number=found.assignment.number,
                    details=said,
                    now=now,
                    begun=True,
                )


def acting_for(actor: Actor, found: Fetched, party: Party) -> int | None:
    """In whose place somebody acts: a supervisor of the office for the youth's own, a cover for the absent person; None for oneself."""
    own = {Party.SUPERVISOR: found.assignment.supervisor_id, Party.CASE_WORKER: found.assignment.worker_id}.get(party)
    if own == actor.person_id:
        return None
    return found.document.named_supervisor_id if _covers_named(found, party) else own


def _covers_named(found: Fetched, party: Party) -> bool:
    """Whether it is the supervisor named for the document, not the youth's own, for whom the actor stands in."""
    return (
        party is Party.SUPERVISOR
        and found.covered_id is not None
        and found.covered_id == found.document.named_supervisor_id
    )


SAID = {
    Action.SUBMIT: "You submitted the {0}.",
    Action.RECALL: "You recalled the {0}; you can change it.",
    Action.APPROVE: "You approved the {0}.",
    Action.REJECT: "You rejected the {0}; the {1} has been told.",
    Action.REIMBURSE: "You marked the {0} as reimbursed.",
    Action.ACKNOWLEDGE: "You acknowledged the safety alerts.",
    Action.ASSIGN: "You assigned the Advocate.",
    Action.REASSIGN: "You assigned the youth to another agency; its coordinator has been told.",
    Action.CLOSE: "You closed the assignment.",
}


def _said(found: Fetched, action: Action, before: Status, after: Status, details: Mapping[str, Any]) -> StepDone:
    if action is Action.REOPEN:
        return StepDone(f"The youth is referred again: assignment {details['new_number']}.", after)
    if action is Action.CLOSE and found.kind is not Document.REFERRAL:
        return StepDone(f"You withdrew the {found.kind}.", after)
    author = "Advocate" if WRITERS[found.kind] is Party.ADVOCATE else WRITERS[found.kind]
    receipts_only = action is Action.REJECT and after is not Status.REJECTED
    what = f"receipts of the {found.kind}" if receipts_only else found.kind
    words = SAID.get(action, ACTION_WORDS[action] + " is done.").format(what, author)
    return StepDone(words if before is after else f"{words} Its status is {after}.", after)
