"""What all invented lives share: who works here, where rows go, and the records that a step leaves beside the document."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from cts.domain.vocabulary import Action, Party
from cts.domain.workflow import Step
from db.batches import Batches
from db.demo.staff import Colleague, House
from db.models import Assignment, EmailOwed, HistoryEntry, ReviewedDocument
from db.name_rows import NameRows


@dataclass
class World:
    """`whole` also writes answers, versions, signatures, e-mails, activities and the access log; a measurement does without.

    `access` are the entries of the access log so far, in no order; `number` is the next Assignment #; `referred_again` assignment and
    Referral of those that were.
    """

    batches: Batches
    house: House
    key: str
    number: int
    whole: bool = True
    people: dict[int, Colleague] = field(default_factory=dict)
    access: list[dict[str, Any]] = field(default_factory=list)
    referred_again: list[tuple[int, int]] = field(default_factory=list)
    presses: int = 0
    names: NameRows = field(init=False)

    def __post_init__(self) -> None:
        self.names = NameRows(self.batches)
        for office in self.house.offices.values():
            self.people |= {person.id: person for person in (*office.workers, *office.supervisors)}
        for agency in self.house.agencies.values():
            self.people |= {person.id: person for person in (*agency.coordinators, *agency.advocates)}
        self.people |= {person.id: person for person in self.house.administration}

    def next_number(self) -> int:
        """The next Assignment #."""
        self.number += 1
        return self.number - 1

    def press(self) -> str:
        """The key of one press of a button."""
        self.presses += 1
        return f"{self.key} {self.presses}"

    def history(
        self, document: ReviewedDocument, at: datetime, who: int, party: Party, action: Action, before: str, **more: Any
    ) -> int:
        """One entry; returns its number."""
        number = self.batches.next_id(HistoryEntry)
        values = {
            "id": number,
            "assignment_id": document.assignment_id,
            "document_id": document.id,
            "round": document.rounds,
            "at": at,
            "actor_id": who,
            "party": party,
            "action": action,
            "status_before": before,
            "status_after": document.status,
        }
        self.batches.add_values(HistoryEntry, values | more)
        return number

    def tell(
        self,
        step: Step,
        assignment: Assignment,
        document: ReviewedDocument,
        entry: int,
        who: Colleague,
        at: datetime,
        former: Iterable[int],
    ) -> None:
        """The e-mails of a step, which were sent at once."""
        if not self.whole:
            return
        told = {who.id}
        for tell in step.tells:
            for person_id in (
                former if tell.party is Party.FORMER_ADVOCATE else self._people(tell.party, assignment, document)
            ):
                if person_id in told:
                    continue
                told.add(person_id)
                values = {
                    "history_id": entry,
                    "template": tell.email,
                    "to_person_id": person_id,
                    "to_address": self.people[person_id].email,
                    "assignment_number": assignment.number,
                    "details": {"document": str(document.kind)},
                    "created_at": at,
                    "due_at": at,
                    "attempts": 1,
                    "sent_at": at,
                }
                self.batches.add_values(EmailOwed, values)

    def _people(self, party: Party, assignment: Assignment, document: ReviewedDocument) -> list[int]:
        house = self.house
        if party is Party.ADMINISTRATION:
            return [person.id for person in house.administration]
        if party is Party.COORDINATOR:
            return [p.id for p in house.agencies[assignment.agency_id].coordinators] if assignment.agency_id else []
        one = {
            Party.CASE_WORKER: assignment.worker_id,
            Party.SUPERVISOR: document.named_supervisor_id or assignment.supervisor_id,
            Party.ADVOCATE: assignment.advocate_id,
            Party.OTHER_DEPARTMENT: assignment.other_worker_id if assignment.dual else None,
        }.get(party)
        return [one] if one else []

    def note_access(
        self, who: Colleague, action: Action, document: ReviewedDocument, party: Party, at: datetime
    ) -> None:
        """An entry for the access log."""
        if self.whole:
            self.access.append(
                {
                    "at": at,
                    "actor_id": who.id,
                    "role": who.role,
                    "action": str(action),
                    "outcome": "done",
                    "assignment_id": document.assignment_id,
                    "document_id": document.id,
                    "parties": str(party),
                    "reason": "",
                    "address": "",
                    "session_hash": "",
                    "details": {},
                }
            )
