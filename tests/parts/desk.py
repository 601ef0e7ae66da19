"""A county at work: people of the cast open, write, sign and press buttons, one minute after another."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from sqlalchemy import select

from cts.domain.names import spoken_name
from cts.domain.vocabulary import Action, Status
from cts.services.actor import Actor
from cts.services.documents import DocumentView, open_document, read_document
from cts.services.drafts import save
from cts.services.signatures import SignatureView, sign
from cts.services.stays import begin_stay
from cts.services.steps import StepDone, StepRequest, take_step
from db.models import Assignment, EmailOwed, Person, ReviewedDocument
from db.session import reading, writing
from tests.cast import ANSWERS, NOW, PASSWORD, Cast

_keys = count(1)


@dataclass
class Desk:
    """What people do to one assignment. Every act takes the version its person would see on the screen."""

    cast: Cast
    number: int
    now: datetime = NOW
    _told: set[int] = field(default_factory=set)

    def tick(self) -> datetime:
        self.now += timedelta(minutes=1)
        return self.now

    def opens(self, who: str) -> DocumentView:
        return open_document(self._actor(who), self.number, self.tick())

    def sees(self, who: str) -> DocumentView:
        """What stands on an open page, read again without a new look being logged."""
        return read_document(self._actor(who), self.number, self.now)

    def writes(self, who: str, **answers: Any) -> datetime:
        return save(self._actor(who), self.number, answers or ANSWERS, self.tick())

    def writes_whole(self) -> None:
        """Wanda Worker writes a Referral with nothing missing."""
        self.writes("csw")

    def signs(
        self, who: str, password: str = PASSWORD, name: str = "", version: int | None = None, key: str = ""
    ) -> SignatureView:
        """`key` is taken so that all verbs can be called alike; signing twice is told apart by what was signed."""
        actor, seen = self._actor(who), self._version() if version is None else version
        return sign(actor, self.number, name or spoken_name(actor.name), password, seen, self.tick())

    def takes(self, who: str, action: Action, *, version: int | None = None, key: str = "", **asked: Any) -> StepDone:
        seen = self._version() if version is None else version
        request = StepRequest(action, seen, key or f"key {next(_keys)}", **asked)
        return take_step(self._actor(who), self.number, request, self.tick())

    def submits(self, who: str, to: str = "", **more: Any) -> StepDone:
        named = to or ("sdpo" if who == "dpo" else "scsw")
        return self.takes(who, Action.SUBMIT, supervisor_id=self._actor(named).person_id, **more)

    def approves(self, who: str, agency: str = "", **more: Any) -> StepDone:
        return self.takes(who, Action.APPROVE, agency_id=self.cast.agencies[agency] if agency else None, **more)

    def rejects(
        self, who: str, code: str = "incomplete", text: str = "Please add the school.", **more: Any
    ) -> StepDone:
        return self.takes(who, Action.REJECT, reason_code=code, reason_text=text, **more)

    def recalls(self, who: str, **more: Any) -> StepDone:
        return self.takes(who, Action.RECALL, **more)

    def acknowledges(self, who: str, **more: Any) -> StepDone:
        return self.takes(who, Action.ACKNOWLEDGE, **more)

    def assigns(self, who: str, advocate: str, **more: Any) -> StepDone:
        return self.takes(who, Action.ASSIGN, advocate_id=self._actor(advocate).person_id, **more)

    def closes(self, who: str, code: str = "duplicate", text: str = "Recorded twice.", **more: Any) -> StepDone:
        return self.takes(who, Action.CLOSE, reason_code=code, reason_text=text, **more)

    def brings_to_supervisor(self, worker: str = "csw", to: str = "") -> None:
        """The case worker writes, signs and submits."""
        self.writes(worker)
        self.signs(worker)
        self.submits(worker, to)

    def brings_to_administration(self, worker: str = "csw", supervisor: str = "scsw") -> None:
        """... and the supervisor signs and approves."""
        self.brings_to_supervisor(worker)
        self.signs(supervisor)
        self.approves(supervisor)

    def brings_back(self, worker: str = "csw", supervisor: str = "scsw") -> None:
        """... and Administration rejects it."""
        self.brings_to_administration(worker, supervisor)
        self.rejects("admin")

    def brings_to_agency(self, worker: str = "csw", supervisor: str = "scsw") -> None:
        """... and Administration assigns Harbor Light Advocacy."""
        self.brings_to_administration(worker, supervisor)
        self.approves("admin", "Harbor Light Advocacy")

    def brings_to_advocate(self, worker: str = "csw", supervisor: str = "scsw") -> None:
        """... and the coordinator acknowledges the alerts and assigns Alan Advocate."""
        self.brings_to_agency(worker, supervisor)
        self.acknowledges("coordinator")
        self.assigns("coordinator", "advocate")

    @property
    def status(self) -> Status:
        """The status on the Assignment Listing."""
        with reading() as session:
            return Status(session.scalars(select(Assignment.status).where(Assignment.number == self.number)).one())

    def new_emails(self) -> list[tuple[str, str]]:
        """E-mails owed about this assignment since the last call: (person of the cast, which e-mail), sorted."""
        keys = {actor.person_id: key for key, actor in self.cast.people.items()}
        with reading() as session:
            rows = session.scalars(select(EmailOwed).where(EmailOwed.assignment_number == self.number)).all()
        fresh = [row for row in rows if row.id not in self._told]
        self._told |= {row.id for row in fresh}
        return sorted((keys[row.to_person_id], row.template) for row in fresh)

    def extract_says(self, **changes: Any) -> None:
        """A newer extract changes columns of the assignment; open work goes along as the loading does it."""
        with writing() as session:
            # The document is held first and everything read afterwards, as the loading of an extract does it.
            of_desk = select(Assignment.id).where(Assignment.number == self.number).scalar_subquery()
            held = select(ReviewedDocument.id).where(ReviewedDocument.assignment_id == of_desk)
            session.execute(held.with_for_update())
            assignment, document = session.execute(
                select(Assignment, ReviewedDocument)
                .join(ReviewedDocument, ReviewedDocument.assignment_id == Assignment.id)
                .where(Assignment.number == self.number)
            ).one()
            moved = changes.get("office_code", assignment.office_code) != assignment.office_code
            for column, value in changes.items():
                setattr(assignment, column, value)
            if moved:
                document.named_supervisor_id = None
            if {"worker_id", "supervisor_id", "office_code"} & set(changes):
                document.version += 1
                begin_stay(session, document, assignment, self.tick())

    def _version(self) -> int:
        with reading() as session:
            return session.scalars(
                select(ReviewedDocument.version)
                .join(Assignment, Assignment.id == ReviewedDocument.assignment_id)
                .where(Assignment.number == self.number)
            ).one()

    def _actor(self, who: str) -> Actor:
        return self.cast.people[who]


def change_person(cast: Cast, who: str, **changes: Any) -> None:
    """Give a person of the cast another title, office or end; the session that is open keeps what it knew."""
    with writing() as session:
        person = session.get_one(Person, cast.people[who].person_id)
        for column, value in changes.items():
            setattr(person, column, value)
