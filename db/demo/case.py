"""One assignment as it goes through people's hands: each step leaves the rows that the services would have left."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from cts.domain.names import spoken_name
from cts.domain.vocabulary import CLOSED_STATUSES, ROLE_TITLES, Action, Document, Party, Role, Status
from cts.domain.workflow import BEGINNINGS, ENDS, Step, step_for
from cts.domain.workflow_table import DECISIONS
from cts.forms.all_forms import SPECS
from cts.services.facts import Facts, StaffNames, served_facts, stated_facts
from cts.services.fetching import Fetched, content_fingerprint
from cts.services.service_term import MONEY_UNDER_WAY
from db.demo.clock import day_of
from db.demo.hands import Hands
from db.demo.staff import Colleague
from db.demo.world import World
from db.models import Assignment, DocumentVersion, GridRow, HistoryEntry, ReviewedDocument, Signature, Youth


@dataclass
class Case:
    """An assignment, its documents, and whose hands they are in."""

    world: World
    youth: Youth
    assignment: Assignment
    grid: list[GridRow]
    documents: list[ReviewedDocument] = field(default_factory=list)
    hands: Hands = field(init=False)

    def __post_init__(self) -> None:
        self.hands = Hands(self.world.batches, self.assignment)

    @property
    def referral(self) -> ReviewedDocument:
        """Its Referral."""
        return self.documents[0]

    def newest(self, kind: Document) -> ReviewedDocument | None:
        """The newest document of a kind."""
        return next((d for d in reversed(self.documents) if d.kind == kind), None)

    def facts(self, document: ReviewedDocument, at: datetime) -> Facts:
        """What CWS/CMS and CTS state at this moment."""
        people, offices = self.world.people, self.world.house.offices
        assignment = self.assignment
        names = StaffNames(
            people[assignment.worker_id].name,
            people[assignment.supervisor_id].name if assignment.supervisor_id else "",
            offices[assignment.office_code].name,
        )
        stated = stated_facts(assignment, self.youth, names, self.grid, day_of(at))
        if document.kind == Document.REFERRAL:
            return stated
        served = served_facts(
            assignment,
            agency_name=self.world.house.agencies[assignment.agency_id or 0].name,
            advocate_name=self._spoken(assignment.advocate_id),
            requestor=self._spoken(document.author_id or assignment.advocate_id),
            other_worker_name=self._spoken(assignment.other_worker_id),
        )
        return Facts(stated.values | served, stated.source, stated.extract_on)

    def _spoken(self, person_id: int | None) -> str:
        return spoken_name(self.world.people[person_id].name) if person_id else ""

    def open(
        self, kind: Document, sequence: int, answers: dict[str, Any], status: Status | None = None
    ) -> ReviewedDocument:
        """A document that is there from now on. Its stay begins with the next `renew`."""
        document = ReviewedDocument(
            id=self.world.batches.next_id(ReviewedDocument),
            assignment_id=self.assignment.id,
            kind=kind,
            sequence=sequence,
            status=status or BEGINNINGS[kind],
            version=1,
            rounds=0,
            spec_version=SPECS[kind].version,
        )
        document.answers = answers
        self.documents.append(document)
        return document

    def start(self, who: Colleague, kind: Document, answers: dict[str, Any], at: datetime) -> ReviewedDocument:
        """The Advocate begins a report or request."""
        sequence = sum(d.kind == kind for d in self.documents) + 1
        step = self._row(kind, Status.NOT_STARTED, Party.ADVOCATE, Action.START)
        document = self.open(kind, sequence, answers, step.becomes)
        document.author_id = who.id
        self.world.history(
            document, at, who.id, Party.ADVOCATE, Action.START, Status.NOT_STARTED, step_key=self.world.press()
        )
        self.renew(at, only=document)
        self.world.note_access(who, Action.START, document, Party.ADVOCATE, at)
        return document

    def save(self, who: Colleague, document: ReviewedDocument, answers: dict[str, Any], at: datetime) -> None:
        """The author writes."""
        party = Party.CASE_WORKER if document.kind == Document.REFERRAL else Party.ADVOCATE
        step = self._row(Document(document.kind), Status(document.status), party, Action.SAVE)
        document.answers = {**document.answers, **answers}
        document.version += 1
        document.status, document.saved_at, document.author_id = step.becomes, at, who.id
        self.world.history(document, at, who.id, party, Action.SAVE, step.status)
        if step.moves:
            self.renew(at, only=document)

    def sign(self, who: Colleague, party: Party, at: datetime) -> None:
        """Case worker or supervisor signs the Referral as it stands."""
        document = self.referral
        step = self._row(Document.REFERRAL, Status(document.status), party, Action.SIGN)
        own = self._acting_for(who, party)
        if self.world.whole:
            self.world.batches.add_values(
                Signature,
                {
                    "document_id": document.id,
                    "round": document.rounds + (party is Party.CASE_WORKER),
                    "person_id": who.id,
                    "party": party,
                    "typed_name": spoken_name(who.name),
                    "title": ROLE_TITLES[Role(who.role)],
                    "acting_for_id": own,
                    "fingerprint": self._fingerprint(document, at),
                    "signed_at": at,
                },
            )
        self.world.history(document, at, who.id, party, Action.SIGN, step.status, acting_for_id=own)
        self.world.note_access(who, Action.SIGN, document, party, at)

    def step(
        self,
        who: Colleague,
        party: Party,
        document: ReviewedDocument,
        action: Action,
        at: datetime,
        *,
        reason: tuple[str, str] = ("", ""),
        details: dict[str, Any] | None = None,
        tells: Iterable[int] = (),
    ) -> Step:
        """One step of the workflow table; `tells` are others than its row finds (a former Advocate)."""
        kind, before = Document(document.kind), Status(document.status)
        step = self._row(kind, before, party, action)
        ending = self.hands.ending_of(step, document, reason[0])
        self._change(step, document, who, at)
        entry = self.world.history(
            document,
            at,
            who.id,
            party,
            action,
            before,
            acting_for_id=self._acting_for(who, party),
            reason_code=reason[0],
            reason_text=reason[1],
            details=details or {},
            step_key=self.world.press(),
        )
        self.hands.renew([document], at, ending)
        if step.ends_service:
            self._end_service(who, document, at)
        self.renew(at)
        self.world.tell(step, self.assignment, document, entry, who, at, tells)
        self.world.note_access(who, action, document, party, at)
        return step

    def _change(self, step: Step, document: ReviewedDocument, who: Colleague, at: datetime) -> None:
        """What a step does to document and assignment."""
        if step.action in DECISIONS and document.opened_by_reviewer_at is None:
            document.opened_by_reviewer_at = at
        document.version += 1
        document.status = step.becomes
        if step.action is Action.SUBMIT:
            self._submit(who, document, at)
        if step.action is Action.APPROVE and step.becomes is Status.APPROVED:
            document.approved_at = at
        if step.document is Document.REFERRAL:
            self.assignment.status = step.becomes
            self.assignment.version += 1
            if step.moves and step.becomes in CLOSED_STATUSES:
                self.assignment.closed_at = at

    def extract_did(
        self, action: str, sentence: str, at: datetime, before: str = "", *, of_document: bool = True
    ) -> None:
        """An extract changed something; `before` is the status before, where it changed that of the Referral."""
        day = day_of(at).isoformat()
        self.assignment.extract_on = day_of(at)
        after = str(self.referral.status) if before or action == "added" else ""
        self.world.batches.add_values(
            HistoryEntry,
            {
                "assignment_id": self.assignment.id,
                "document_id": self.referral.id if of_document else None,
                "at": at,
                "party": Party.EXTRACT,
                "action": action,
                "status_before": before,
                "status_after": after,
                "details": {"sentence": sentence, "values": {}, "extract_on": day},
            },
        )

    def renew(self, at: datetime, only: ReviewedDocument | None = None) -> None:
        """Every document is with whoever holds it now."""
        self.hands.renew([only] if only else self.documents, at)

    def close_book(self) -> None:
        """Keep what is still open at the end of the time told."""
        batches = self.world.batches
        batches.add(self.assignment)
        for row in (*self.grid, *self.documents):
            batches.add(row)
        self.hands.keep()

    def _row(self, kind: Document, status: Status, party: Party, action: Action) -> Step:
        step = step_for(kind, status, {party}, action)
        if step is None:
            raise ValueError(f"The workflow has no such step: {kind}, {status}, {party}, {action}.")
        return step

    def _acting_for(self, who: Colleague, party: Party) -> int | None:
        own = self.assignment.supervisor_id
        return own if party is Party.SUPERVISOR and own != who.id else None

    def _fingerprint(self, document: ReviewedDocument, at: datetime) -> str:
        as_sent = document.facts is not None and document.status not in _WRITING
        facts = Facts.from_json(document.facts or {}) if as_sent else self.facts(document, at)
        return content_fingerprint(Fetched(self.assignment, self.youth, document, frozenset()), facts, document.answers)

    def _submit(self, who: Colleague, document: ReviewedDocument, at: datetime) -> None:
        document.rounds += 1
        document.submitted_at, document.opened_by_reviewer_at = at, None
        if not self.world.whole:
            return
        if self.assignment.closed_at is None or document.facts is None:
            document.facts = self.facts(document, at).as_json()
        version = DocumentVersion(
            document_id=document.id,
            round=document.rounds,
            spec_version=document.spec_version,
            facts=document.facts,
            fingerprint=self._fingerprint(document, at),
            submitted_by=who.id,
            submitted_at=at,
        )
        version.copy_answers(document)
        self.world.batches.add(version)

    def _end_service(self, who: Colleague, report: ReviewedDocument, at: datetime) -> None:
        self.assignment.status, self.assignment.closed_at = Status.TERMINATED, at
        self.assignment.version += 1
        for document in self.documents:
            kind, before = Document(document.kind), Status(document.status)
            if document is report:
                continue
            if document.facts is None and self.world.whole:
                document.facts = self.facts(document, at).as_json()
            if kind in {Document.REFERRAL, Document.SUMMARY}:
                document.status = Status.TERMINATED
            elif (kind, before) in ENDS or (kind is Document.FUNDS and before in MONEY_UNDER_WAY):
                continue
            else:
                document.status = Status.WITHDRAWN
                ended = {"details": {"with_service": True}}
                self.world.history(document, at, who.id, Party.SUPERVISOR, Action.CLOSE, before, **ended)
            document.version += 1


_WRITING = frozenset({Status.NEW, Status.REJECTED, Status.NOT_STARTED, Status.IN_PROGRESS})
