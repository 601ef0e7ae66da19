"""Opening a document: everything one person may see of it, as a small frozen copy."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, TypedDict

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from cts.domain.answer_checks import check
from cts.domain.answer_words import Difference
from cts.domain.fields import FormSpec, Problem, Stage
from cts.domain.names import spoken_name
from cts.domain.vocabulary import DOCUMENT_TITLES, Action, Document, Need, Party, Status
from cts.domain.workflow import WRITERS, Step, Waiting, is_reviewed, signers, steps_of, waiting_in
from cts.forms.referral_rules import exception_causes
from cts.services.actor import Actor
from cts.services.claiming import ClaimView, claim_view
from cts.services.document_files import file_names, with_file_names
from cts.services.facts import Facts
from cts.services.fetching import Fetched, content_fingerprint, current_facts, fetch, refusals_logged, today_of
from cts.services.history import HistoryLine, clock, document_words, history_lines, seen_by_agency
from cts.services.parties import AGENCY_PARTIES, stand_ins_of
from cts.services.permissions import Blocked, had_a_hand_in, situation_of, steps_open
from cts.services.record_access import log_access
from cts.services.reminders import reminded
from cts.services.signatures import SignatureView, signatures_of
from cts.services.stays import holder_of
from cts.services.step_choices import Choice, choices_of
from cts.services.versions import Rejection, changes_since_rejection, content_for, rejection_of
from cts.settings import settings
from db.models import Agency, DocumentVersion, Person, ReviewedDocument
from db.session import reading, writing

HIDDEN = "Shown after the safety alerts are acknowledged"
PRIVATE_TO = frozenset({Party.CASE_WORKER, Party.SUPERVISOR, Party.ADVOCATE})


@dataclass(frozen=True)
class DocumentView:
    """One document as one person sees it.

    `answers` hold only what this person may see; `hidden` names the fields withheld from the agency for now. `steps` are the buttons,
    `blocked` the missing ones with their reason. `version` counts saves, to notice somebody else's; `round` counts submissions.
    `writer` is who writes it, by name; `files` are the names of the files in it, by token. `claim`: who has claimed it from the pool.
    """

    number: int
    kind: Document
    sequence: int
    title: str
    status: Status
    version: int
    round: int
    spec: FormSpec
    stage: Stage
    answers: Mapping[str, Any]
    facts: Facts
    hidden: frozenset[str]
    writable: bool
    saved_at: datetime | None
    problems: tuple[Problem, ...]
    exception_for: str
    signers: tuple[Party, ...]
    signatures: tuple[SignatureView, ...]
    submitted: str
    steps: tuple[Step, ...]
    blocked: tuple[Blocked, ...]
    parties: frozenset[Party]
    waiting: Waiting | None
    holder: str
    rejection: Rejection | None
    changes: tuple[Difference, ...]
    history: tuple[HistoryLine, ...]
    reminders: tuple[str, ...]
    choices: Mapping[Need, tuple[Choice, ...]]
    worker: str
    writer: str
    agency: str
    advocate: str
    alerts_acknowledged: str
    files: Mapping[str, str]
    claim: ClaimView | None

    @property
    def unread(self) -> bool:
        """Whether nothing of it but its facts is this person's to read: a draft of somebody else, of which nothing was submitted."""
        return is_reviewed(self.kind) and not self.answers and not self.writable

    def may(self, action: Action) -> bool:
        """Whether the button is there."""
        return any(s.action is action for s in self.steps)


def open_document(
    actor: Actor,
    number: int,
    now: datetime,
    kind: Document = Document.REFERRAL,
    sequence: int | None = None,
    why: str = "open",
) -> DocumentView:
    """Open a document of assignment `number`; the look is logged (`why`: open, print; '' for a part of what the caller logs).

    A waiting document opened by somebody who may decide it can no longer be recalled. Raises NotPermitted.
    """
    with refusals_logged(actor, why or "open", number, now), writing() as session:
        found = fetch(session, actor, number, kind, sequence)
        if why:
            log_access(session, actor, why, found, now, document_id=found.document.id)
        view = document_view(session, actor, found, now)
        _note_opened(session, actor, found, now)
        return view


def read_document(
    actor: Actor, number: int, now: datetime, kind: Document = Document.REFERRAL, sequence: int | None = None
) -> DocumentView:
    """The same view for a rerun of a page already opened: nothing is logged again."""
    with reading() as session:
        return document_view(session, actor, fetch(session, actor, number, kind, sequence), now)


def _note_opened(session: Session, actor: Actor, found: Fetched, now: datetime) -> None:
    """Remember the first look of somebody who may decide, unless the document changed hands at this very moment."""
    document = found.document
    decides = any(step.decides for step in steps_of(found.kind, found.status, found.parties))
    if document.opened_by_reviewer_at or not decides or had_a_hand_in(session, actor, found):
        return
    as_seen = (ReviewedDocument.id == document.id, ReviewedDocument.version == document.version)
    session.execute(update(ReviewedDocument).where(*as_seen).values(opened_by_reviewer_at=now))


def document_view(session: Session, actor: Actor, found: Fetched, now: datetime) -> DocumentView:
    """What this person may see of a document already fetched."""
    document, today = found.document, today_of(now)
    facts = current_facts(session, found, today)
    writable = found.being_written and found.is_writer
    answers, shown_facts = content_for(session, found, facts)
    hidden = withheld_from(found)
    unseen = hidden | private_to_others(found)
    fingerprint = content_fingerprint(found, facts, document.answers)
    situation = situation_of(session, found, lambda: fingerprint, now)
    steps, blocked = steps_open(session, actor, found, situation)
    names = file_names(session, found)
    return DocumentView(
        **_which(found),
        **_people(session, found, today),
        answers={k: v for k, v in answers.items() if k not in unseen},
        facts=replace(shown_facts, values={k: v for k, v in shown_facts.values.items() if k not in hidden}),
        hidden=hidden,
        writable=writable,
        saved_at=document.saved_at,
        problems=tuple(check(found.spec, document.answers, facts.values, today, found.stage)) if writable else (),
        exception_for=_exception(answers, shown_facts, found, now),
        signers=signers(found.kind),
        signatures=signatures_of(session, found, fingerprint) if writable or not found.being_written else (),
        steps=steps,
        blocked=blocked,
        parties=found.parties,
        waiting=_waiting(found),
        rejection=rejection_of(session, found),
        changes=tuple(
            with_file_names(d, names) for d in changes_since_rejection(session, found) if d.field.key not in unseen
        ),
        history=_history(session, found),
        reminders=reminded(session, document.id, found.known_since),
        choices=choices_of(session, actor, found, now),
        claim=claim_view(session, actor, found, situation.claim, now),
        files=names,
    )


class _Which(TypedDict):
    number: int
    kind: Document
    sequence: int
    title: str
    status: Status
    version: int
    round: int
    spec: FormSpec
    stage: Stage


def _which(found: Fetched) -> _Which:
    """Which document it is, and where on its way."""
    document = found.document
    return {
        "number": found.assignment.number,
        "kind": found.kind,
        "sequence": document.sequence,
        "title": title_of(found.kind, document.sequence),
        "status": found.status,
        "version": document.version,
        "round": document.rounds,
        "spec": found.spec,
        "stage": found.stage,
    }


class _People(TypedDict):
    worker: str
    writer: str
    agency: str
    advocate: str
    holder: str
    submitted: str
    alerts_acknowledged: str


_PEOPLE = select(Person).where(Person.id.in_(bindparam("ids", expanding=True)))


def _people(session: Session, found: Fetched, today: date) -> _People:
    """Who has to do with it, by name."""
    assignment = found.assignment
    last = session.get(DocumentVersion, (found.document.id, found.document.rounds)) if found.document.rounds else None
    # Read at once, and kept here: `session.get` finds each of them without asking.
    ids: list[int | None] = [assignment.worker_id, assignment.advocate_id, assignment.supervisor_id]
    ids += [assignment.alerts_acknowledged_by, found.document.named_supervisor_id, last.submitted_by if last else None]
    _known = session.scalars(_PEOPLE, {"ids": sorted(i for i in ids if i)}).all()
    agency = session.get(Agency, assignment.agency_id) if assignment.agency_id else None
    worker, advocate = _name(session, assignment.worker_id), _name(session, assignment.advocate_id)
    return {
        "worker": worker,
        "writer": advocate if WRITERS[found.kind] is Party.ADVOCATE else worker,
        "agency": agency.name if agency else "",
        "advocate": advocate,
        "holder": _holder_words(session, found, today),
        "submitted": f"{_name(session, last.submitted_by)}, {clock(last.submitted_at)}" if last else "",
        "alerts_acknowledged": _acknowledged(session, found),
    }


def withheld_from(found: Fetched) -> frozenset[str]:
    """Address, phone and whereabouts, for the agency, until its coordinator has acknowledged the alerts (mission §4.1 IV)."""
    return frozenset(f.key for f in found.spec.fields() if f.location) if found.alerts_withhold else frozenset()


def private_to_others(found: Fetched) -> frozenset[str]:
    """SOGIE is shown to the case worker, the supervisor and the advocate only."""
    return frozenset() if found.parties & PRIVATE_TO else frozenset(f.key for f in found.spec.fields() if f.private)


def title_of(kind: Document, sequence: int) -> str:
    """The title of a document, counted where there are several; of a plan with its phase (guide: "Phase 2 (Multi-Session)")."""
    if kind is not Document.PLAN:
        return DOCUMENT_TITLES[kind] if kind is Document.REFERRAL else document_words(kind, sequence)
    return f"{DOCUMENT_TITLES[kind]}: Phase {sequence} ({settings().phases[sequence - 1][0]})"


def _exception(answers: Mapping[str, Any], facts: Facts, found: Fetched, now: datetime) -> str:
    if found.kind is not Document.REFERRAL or not answers:
        return ""
    submitted = found.document.submitted_at
    day = today_of(submitted if submitted and not found.being_written else now)
    return " and ".join(exception_causes(answers, facts.values, day))


def _name(session: Session, person_id: int | None) -> str:
    person = session.get(Person, person_id) if person_id else None
    return spoken_name(person.name) if person else ""


def _waiting(found: Fetched) -> Waiting | None:
    """What is awaited; nothing once the Advocate is assigned."""
    holder = holder_of(found.assignment, found.kind, found.status, found.document.named_supervisor_id)
    served = found.kind is Document.REFERRAL and holder is not None and holder.party is Party.ADVOCATE
    return None if holder is None or served else waiting_in(found.kind, found.status)


def _holder_words(session: Session, found: Fetched, today: date) -> str:
    document, assignment = found.document, found.assignment
    waiting = _waiting(found)
    if waiting is None:
        return ""
    who = {
        Party.CASE_WORKER: assignment.worker_id,
        Party.SUPERVISOR: document.named_supervisor_id or assignment.supervisor_id,
        Party.ADVOCATE: assignment.advocate_id,
    }
    holder_id = who.get(waiting.holder)
    stand_ins = stand_ins_of(session, holder_id, assignment, today) if holder_id else ()
    covered = " and ".join(spoken_name(person.name) for person in stand_ins)
    name = _name(session, holder_id) or str(waiting.holder)
    return f"{name} (absent, covered by {covered})" if covered else name


def _history(session: Session, found: Fetched) -> tuple[HistoryLine, ...]:
    """Of a Referral all of the assignment's, for the agency what happened since it was given the youth; of others their own."""
    own = None if found.kind is Document.REFERRAL else found.document.id
    lines = history_lines(session, found.assignment.id, own)
    return tuple(seen_by_agency(lines, found.assignment) if found.parties <= AGENCY_PARTIES else lines)


def _acknowledged(session: Session, found: Fetched) -> str:
    at, by = found.assignment.alerts_acknowledged_at, found.assignment.alerts_acknowledged_by
    return f"{_name(session, by)}, {clock(at)}" if at else ""
