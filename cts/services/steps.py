"""The one write path of the workflow: status, history, stay, access log and e-mails owed are saved together, or nothing is."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from cts.domain.vocabulary import CLOSED_STATUSES, Action, Document, Need, Party, Status, reasons_for
from cts.domain.workflow import WRITERS, Step, step_for
from cts.services.access import record_access
from cts.services.actor import Actor
from cts.services.clocks import keep_clocks
from cts.services.endings import ending_of
from cts.services.fetching import Fetched, content_fingerprint, current_facts, fetch, refusals_logged, today_of
from cts.services.history import latest_sentence
from cts.services.outbox import owe_email
from cts.services.parties import people_who_are
from cts.services.permissions import ACTION_WORDS, others_may, refuse_if_stopped, situation_of
from cts.services.refusals import NotPermitted, OutOfDate
from cts.services.service_term import end_service
from cts.services.stays import begin_stay, renew_stays
from cts.services.step_case import StepCase, StepRequest
from cts.services.step_effects import EFFECTS
from cts.services.step_needs import NEEDS
from db.models import HistoryEntry, ReviewedDocument
from db.session import writing

__all__ = ["StepDone", "StepRequest", "acting_for", "owe_emails", "take_step"]


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
    case = StepCase(
        session, actor, found, request, now, facts, content_fingerprint(found, facts, found.document.answers)
    )
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
    situation = situation_of(case.session, found, case.fingerprint, case.now)
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
    entry = session.scalar(select(HistoryEntry).where(HistoryEntry.step_key == request.step_key))
    if entry is None:
        return None
    if (entry.actor_id, entry.document_id, entry.action) != (actor.person_id, found.document.id, request.action):
        raise OutOfDate("Nothing was changed: this button was used already. Please open the page again.")
    return _said(found, request.action, Status(entry.status_before), Status(entry.status_after), entry.details)


def _stale(session: Session, found: Fetched) -> OutOfDate:
    return OutOfDate(
        f"Nothing was changed by you: this {found.kind} changed since you opened it. {latest_sentence(session, found)} "
        f"It is now {found.status}. Please read it again."
    )


def _win_the_version(case: StepCase, step: Step) -> None:
    """Compare-and-set: of two people who press at the same moment exactly one gets past this line."""
    document = case.found.document
    as_seen = [ReviewedDocument.id == document.id, ReviewedDocument.version == case.request.seen_version]
    if Need.UNOPENED in step.needs:
        as_seen.append(ReviewedDocument.opened_by_reviewer_at.is_(None))
    won = case.session.execute(
        update(ReviewedDocument)
        .where(*as_seen)
        .values(version=case.request.seen_version + 1, status=step.becomes)
        .execution_options(synchronize_session=False)
    )
    case.session.refresh(document)
    if won.rowcount != 1:  # type: ignore[attr-defined]
        raise _stale(case.session, case.found)


def _write_step(case: StepCase, step: Step, details: dict[str, Any], former_advocate_id: int | None) -> None:
    session, found, actor = case.session, case.found, case.actor
    assignment, document = found.assignment, found.document
    if document.kind == Document.REFERRAL:
        _move_assignment(case, step)
    entry = HistoryEntry(
        assignment_id=assignment.id,
        document_id=document.id,
        round=document.rounds,
        at=case.now,
        actor_id=actor.person_id,
        acting_for_id=acting_for(actor, found, step.party),
        party=step.party,
        action=step.action,
        status_before=step.status,
        status_after=step.becomes,
        reason_code=case.request.reason_code,
        reason_text=case.request.reason_text,
        details=details,
        step_key=case.request.step_key,
    )
    session.add(entry)
    session.flush()
    _settle(case, step)
    owe_emails(session, step, found, entry, actor.person_id, former_advocate_id, case.now)
    record_access(
        session,
        actor,
        step.action,
        case.now,
        assignment_id=assignment.id,
        document_id=document.id,
        **found.logged_as,
        reason=entry.reason_code and reasons_for(found.kind, step.action)[entry.reason_code],
    )


def _settle(case: StepCase, step: Step) -> None:
    """What follows from the step for the whole assignment: the end of the service, who holds what, the clocks."""
    assignment = case.found.assignment
    begin_stay(case.session, case.found.document, assignment, case.now, ending_of(case, step))
    if step.ends_service:
        end_service(case)
    renew_stays(case.session, assignment, case.now)
    keep_clocks(case.session, assignment)


def _move_assignment(case: StepCase, step: Step) -> None:
    """An assignment goes where its Referral goes."""
    assignment = case.found.assignment
    assignment.status = step.becomes
    assignment.version += 1
    if step.moves and step.becomes in CLOSED_STATUSES:
        assignment.closed_at = case.now


def owe_emails(
    session: Session,
    step: Step,
    found: Fetched,
    entry: HistoryEntry,
    actor_id: int,
    former_advocate_id: int | None,
    now: datetime,
) -> None:
    """Owe every e-mail the row names, one a person, none to the person who acted."""
    told: set[int] = {actor_id}
    for tell in step.tells:
        for person in people_who_are(
            session, tell.party, found.assignment, found.document, former_advocate_id, today_of(now)
        ):
            if person.id not in told:
                told.add(person.id)
                owe_email(
                    session,
                    history_id=entry.id,
                    template=tell.email,
                    to_person=person,
                    assignment_number=found.assignment.number,
                    details={"document": str(found.kind), **entry.details},
                    now=now,
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
