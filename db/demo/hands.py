"""Whose hands the documents of an invented assignment are in: stays, how each ended, and the days that count."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from cts.domain.fields import Stage
from cts.domain.vocabulary import ABSENT_CODES, Action, Document, Status
from cts.domain.workflow import Step, stage_of
from cts.services.endings import AGAIN, cents_of
from cts.services.stays import CHANGED_HANDS, Ending, Holder, counting_from, end_stay, halt_or_go_on, holder_of
from db.batches import Batches
from db.demo.clock import day_of
from db.models import Assignment, ReviewedDocument, Stay


@dataclass
class Hands:
    """The stays that last, by document; those that ended are kept at once. `sent` are parts of documents that were submitted before."""

    batches: Batches
    assignment: Assignment
    lasting: dict[int, Stay] = field(default_factory=dict)
    sent: set[tuple[int, Stage]] = field(default_factory=set)

    def ending_of(self, step: Step, document: ReviewedDocument, reason_code: str) -> Ending:
        """What this step writes into the stay that it ends. Asked before the step, once."""
        by, part = str(step.action), (document.id, stage_of(step.document, step.status))
        if step.action is Action.SUBMIT:
            by = AGAIN if part in self.sent else by
            self.sent.add(part)
        reason = str(document.answers.get("reason") or "") if step.ends_service else reason_code
        return Ending(by, reason, 0 if by == AGAIN else cents_of(step, document.answers))

    def renew(self, documents: Iterable[ReviewedDocument], at: datetime, ending: Ending = CHANGED_HANDS) -> None:
        """Each of these is with whoever holds it now; what ends, ends so."""
        for document in documents:
            kind, status = Document(document.kind), Status(document.status)
            holder = holder_of(self.assignment, kind, status, document.named_supervisor_id)
            stay = self.lasting.get(document.id)
            if stay is not None:
                if holder is not None and _same(stay, document, holder):
                    continue
                end_stay(stay, at, ending)
                self.batches.add(self.lasting.pop(document.id))
            if holder is not None:
                self.lasting[document.id] = self._begun(document, holder, at)

    def _begun(self, document: ReviewedDocument, holder: Holder, at: datetime) -> Stay:
        return Stay(
            id=self.batches.next_id(Stay),
            document_id=document.id,
            assignment_id=self.assignment.id,
            status=document.status,
            party=holder.party,
            person_id=holder.person_id,
            office_code=holder.office_code,
            agency_id=holder.agency_id,
            entered_at=at,
            **counting_from(self.assignment.awol_code, day_of(at)),
        )

    def count_absence(self, day: date) -> None:
        """CWS/CMS says from this day on that the youth is absent, or back."""
        absent = self.assignment.awol_code in ABSENT_CODES
        for stay in self.lasting.values():
            halt_or_go_on(stay, day, absent=absent)

    def keep(self) -> None:
        """Keep what lasts."""
        for stay in self.lasting.values():
            self.batches.add(stay)


def _same(stay: Stay, document: ReviewedDocument, holder: Holder) -> bool:
    before = (stay.status, stay.party, stay.person_id, stay.office_code, stay.agency_id)
    return before == (document.status, holder.party, holder.person_id, holder.office_code, holder.agency_id)
