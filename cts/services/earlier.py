"""Earlier versions of a document: what was submitted before, read with the same rights and the same fields hidden as the document itself."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from cts.domain.fields import Stage
from cts.domain.names import spoken_name
from cts.domain.vocabulary import Action, Document, Status
from cts.domain.workflow import stage_of
from cts.services.access import record_access
from cts.services.actor import Actor
from cts.services.documents import private_to_others, withheld_from
from cts.services.facts import Facts
from cts.services.fetching import Fetched, fetch, refusals_logged
from cts.services.history import clock
from cts.services.parties import AGENCY_PARTIES
from cts.services.refusals import NOT_FOUND, NotPermitted
from cts.services.versions import round_sent
from db.models import DocumentVersion, HistoryEntry, Person
from db.session import reading, writing


@dataclass(frozen=True)
class EarlierVersion:
    """One submission: its number, who sent it, when, and what became of it ("rejected by …", "recalled", "")."""

    round: int
    by: str
    when: str
    outcome: str


@dataclass(frozen=True)
class VersionRead:
    """What was submitted then, as this person may read it: `hidden` names the fields that were withheld when it was read.

    `stage` is the part of the form that was being answered then.
    """

    round: int
    stage: Stage
    answers: Mapping[str, Any]
    facts: Facts
    hidden: frozenset[str]


def earlier_versions(
    actor: Actor, number: int, kind: Document = Document.REFERRAL, sequence: int | None = None
) -> tuple[EarlierVersion, ...]:
    """What was submitted before what stands on the page, oldest first. Raises NotPermitted."""
    with reading() as session:
        return _readable(session, fetch(session, actor, number, kind, sequence))


def read_version(
    actor: Actor, number: int, kind: Document, sequence: int | None, round_: int, now: datetime
) -> VersionRead:
    """A document as it was submitted the `round_`-th time; the look is logged. Raises NotPermitted, also for a version there is not."""
    with refusals_logged(actor, "open earlier version", number, now), writing() as session:
        found = fetch(session, actor, number, kind, sequence)
        kept = session.get(DocumentVersion, (found.document.id, round_))
        if kept is None or round_ not in {version.round for version in _readable(session, found)}:
            raise NotPermitted(NOT_FOUND)
        record_access(
            session,
            actor,
            "open earlier version",
            now,
            assignment_id=found.assignment.id,
            document_id=found.document.id,
            **found.logged_as,
            round=round_,
        )
        hidden, facts = withheld_from(found), Facts.from_json(kept.facts)
        unseen = hidden | private_to_others(found)
        return VersionRead(
            round=round_,
            stage=stage_of(found.kind, _submitted_in(session, kept)),
            answers={k: v for k, v in kept.answers.items() if k not in unseen},
            facts=replace(facts, values={k: v for k, v in facts.values.items() if k not in hidden}),
            hidden=hidden,
        )


def _submitted_in(session: Session, version: DocumentVersion) -> Status:
    """The status of the document when this version of it was submitted."""
    mine = (HistoryEntry.document_id == version.document_id, HistoryEntry.round == version.round)
    submitted = select(HistoryEntry.status_before).where(*mine, HistoryEntry.action == Action.SUBMIT)
    return Status(session.scalars(submitted).one())


def _readable(session: Session, found: Fetched) -> tuple[EarlierVersion, ...]:
    """All but what stands on the page now. What was recalled unread is its writer's; what came before the agency did is not the agency's."""
    ended = {entry.round: entry for entry in _endings(session, found)}
    stands = found.document.rounds
    if found.being_written:
        stands = 0 if found.is_writer else round_sent(session, found)
    since = found.assignment.agency_assigned_at
    of_agency = found.parties <= AGENCY_PARTIES
    statement = (
        select(DocumentVersion, Person.name)
        .join(Person, Person.id == DocumentVersion.submitted_by)
        .where(DocumentVersion.document_id == found.document.id, DocumentVersion.round != stands)
        .order_by(DocumentVersion.round)
    )
    versions = []
    for version, name in session.execute(statement):
        entry = ended.get(version.round)
        recalled = entry is not None and entry.action == Action.RECALL
        too_early = of_agency and (since is None or version.submitted_at < since)
        if (recalled and not found.is_writer) or too_early:
            continue
        outcome = "" if entry is None else _outcome(session, entry)
        versions.append(EarlierVersion(version.round, spoken_name(name), clock(version.submitted_at), outcome))
    return tuple(versions)


def _endings(session: Session, found: Fetched) -> list[HistoryEntry]:
    """The last decision or recall of each submission, oldest first."""
    deciding = [Action.RECALL, Action.APPROVE, Action.REJECT, Action.REIMBURSE, Action.CLOSE]
    mine = (HistoryEntry.document_id == found.document.id, HistoryEntry.action.in_(deciding))
    return list(session.scalars(select(HistoryEntry).where(*mine).order_by(HistoryEntry.id)))


def _outcome(session: Session, entry: HistoryEntry) -> str:
    words = {
        Action.RECALL: "recalled",
        Action.APPROVE: "approved",
        Action.REJECT: "rejected",
        Action.REIMBURSE: "reimbursed",
    }
    done = words.get(Action(entry.action), "ended")
    person = session.get(Person, entry.actor_id) if entry.actor_id else None
    return f"{done} by {spoken_name(person.name)} on {clock(entry.at)}" if person else done
