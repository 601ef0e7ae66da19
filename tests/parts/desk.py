"""A county at work: people of the cast open, write, sign and press buttons, one minute after another."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from itertools import count
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from cts.domain.names import spoken_name
from cts.domain.vocabulary import CLOSED_STATUSES, Action, Document, Status
from cts.services import starting
from cts.services.actor import Actor
from cts.services.documents import DocumentView, open_document, read_document
from cts.services.drafts import Saved, save
from cts.services.fetching import today_of
from cts.services.signatures import SignatureView, sign
from cts.services.stays import renew_stays
from cts.services.steps import StepDone, StepRequest, take_step
from db.models import Assignment, EmailOwed, ReviewedDocument
from db.session import reading, writing
from tests.cast import NOW, PASSWORD, Cast, make_cast
from tests.parts.answers import WHOLE
from tests.parts.beginnings import begun
from tests.parts.receipts import add_receipt

_keys = count(1)


@dataclass
class Clock:
    """The minute it is at every desk of an assignment."""

    now: datetime = NOW


@dataclass
class Desk:
    """What people do to one document of an assignment, the Referral unless another is asked for.

    Every act takes the version its person would see on the screen. All desks of one assignment share the clock.
    """

    cast: Cast
    number: int
    kind: Document = Document.REFERRAL
    sequence: int | None = None
    _clock: Clock = field(default_factory=Clock)
    _told: set[int] = field(default_factory=set)

    def document(self, kind: Document, sequence: int | None = None) -> "Desk":
        """The same assignment, another document; without a sequence always the newest."""
        return replace(self, kind=kind, sequence=sequence)

    def plan(self, phase: int = 1) -> "Desk":
        """A phase of the Advocacy Plan."""
        return self.document(Document.PLAN, phase)

    @property
    def summary(self) -> "Desk":
        """The Client Summary."""
        return self.document(Document.SUMMARY, 1)

    @property
    def now(self) -> datetime:
        """The minute it is."""
        return self._clock.now

    @property
    def today(self) -> date:
        """The office's day of that minute. After midnight a desk of an hour ago is still in the day before."""
        return today_of(self.now)

    def tick(self, days: int = 0) -> datetime:
        """A minute later, or some days."""
        self._clock.now += timedelta(days=days, minutes=1)
        return self.now

    def opens(self, who: str) -> DocumentView:
        return open_document(self._actor(who), self.number, self.tick(), self.kind, self.sequence)

    def sees(self, who: str) -> DocumentView:
        """What stands on an open page, read again without a new look being logged."""
        return read_document(self._actor(who), self.number, self.now, self.kind, self.sequence)

    def starts(self, who: str, kind: Document, key: str = "") -> "Desk":
        """Begin a report or request; returns its desk."""
        key = key or f"key {next(_keys)}"
        return self.document(kind, starting.start(self._actor(who), self.number, kind, key, self.tick()))

    def writes(self, who: str, seen: Any = None, **answers: Any) -> Saved:
        """Save these answers; without any, everything the document asks."""
        whole = answers or WHOLE[self.kind]
        return save(self._actor(who), self.number, whole, self.tick(), self.kind, self.sequence, seen)

    def uploads(self, who: str = "advocate", name: str = "receipt.pdf") -> str:
        """A file of this assignment as the upload would have kept it; returns its token."""
        token = f"{next(_keys):032x}"
        with writing() as session:
            assignment = session.scalars(select(Assignment.id).where(Assignment.number == self.number)).one()
            add_receipt(session, assignment, self._actor(who).person_id, token, name, self.now)
        return token

    def spends(self, who: str = "advocate", receipts: Any = None) -> None:
        """The Advocate writes down what the approved items cost and hands in a receipt."""
        one = {
            "id": "h1",
            "file": self.uploads(who),
            "description": "Shop",
            "dated_on": "2026-11-02",
            "amount": "1,228",
        }
        bought = [row | {"actual_cost": "10.50"} for row in self.sees(who).answers["items"]]
        self.writes(who, items=bought, receipts=[one] if receipts is None else receipts)

    def writes_whole(self) -> None:
        """Whoever writes this document writes it with nothing missing."""
        self.writes("csw" if self.kind is Document.REFERRAL else "advocate")

    def signs(
        self, who: str, password: str = PASSWORD, name: str = "", version: int | None = None, key: str = ""
    ) -> SignatureView:
        """`key` is taken so that all verbs can be called alike; signing twice is told apart by what was signed."""
        actor, seen = self._actor(who), self._version() if version is None else version
        name = name or spoken_name(actor.name)
        return sign(actor, self.number, name, password, seen, self.tick(), self.kind, self.sequence)

    def takes(self, who: str, action: Action, *, version: int | None = None, key: str = "", **asked: Any) -> StepDone:
        seen = self._version() if version is None else version
        request = StepRequest(action, seen, key or f"key {next(_keys)}", **asked)
        return take_step(self._actor(who), self.number, request, self.tick(), self.kind, self.sequence)

    def submits(self, who: str, to: str = "", **more: Any) -> StepDone:
        """A Referral goes to a supervisor by name; what the Advocate writes goes its way by itself."""
        if self.kind is not Document.REFERRAL:
            return self.takes(who, Action.SUBMIT, **more)
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

    def reimburses(self, who: str = "admin", **more: Any) -> StepDone:
        return self.takes(who, Action.REIMBURSE, **more)

    def refers_again(self, who: str = "csw", **more: Any) -> StepDone:
        return self.takes(who, Action.REOPEN, **more)

    def withdraws(
        self, who: str = "advocate", code: str = "mistake", text: str = "Begun twice.", **more: Any
    ) -> StepDone:
        return self.takes(who, Action.CLOSE, reason_code=code, reason_text=text, **more)

    def acknowledges(self, who: str, **more: Any) -> StepDone:
        return self.takes(who, Action.ACKNOWLEDGE, **more)

    def assigns(self, who: str, advocate: str, **more: Any) -> StepDone:
        return self.takes(who, Action.ASSIGN, advocate_id=self._actor(advocate).person_id, **more)

    def closes(self, who: str, code: str = "duplicate", text: str = "Recorded twice.", **more: Any) -> StepDone:
        return self.takes(who, Action.CLOSE, reason_code=code, reason_text=text, **more)

    def begins(self, act: Callable[["Desk"], object]) -> None:
        """What `act` brings about at this desk, where nothing has been done yet: only the first test waits for it."""
        self._clock.now, self._told = begun(
            lambda: (act(self), self._clock.now, self._told)[1:], key=(act, self.number)
        )

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

    def brings_to_case_worker(self, advocate: str = "advocate") -> None:
        """The Advocate writes everything and submits."""
        self.writes(advocate)
        self.submits(advocate)

    def brings_to_decision(self, worker: str = "csw", advocate: str = "advocate") -> None:
        """... and the case worker approves (of a request: pre-approves)."""
        self.brings_to_case_worker(advocate)
        self.approves(worker)

    def brings_to_approval(self, worker: str = "csw", supervisor: str = "scsw", advocate: str = "advocate") -> None:
        """... and the supervisor, or CSEC Administration where it is a request, approves."""
        self.brings_to_decision(worker, advocate)
        self.approves("admin" if self.kind in {Document.FUNDS, Document.EXTENSION} else supervisor)

    def brings_to_end_of_service(self, worker: str = "csw", supervisor: str = "scsw") -> "Desk":
        """From an assignment with an Advocate to its approved Termination Report; returns the desk of the report."""
        report = self.starts("advocate", Document.TERMINATION)
        report.brings_to_approval(worker, supervisor)
        return report

    @property
    def status(self) -> Status:
        """The status of the document; of a Referral, that on the Assignment Listing."""
        with reading() as session:
            if self.kind is Document.REFERRAL:
                return Status(session.scalars(select(Assignment.status).where(Assignment.number == self.number)).one())
            return Status(session.scalars(self._row(ReviewedDocument.status)).first() or Status.NOT_STARTED)

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
            # The documents are held first and everything read afterwards, as the loading of an extract does it.
            of_desk = select(Assignment.id).where(Assignment.number == self.number).scalar_subquery()
            of_assignment = select(ReviewedDocument).where(ReviewedDocument.assignment_id == of_desk)
            documents = session.scalars(of_assignment.order_by(ReviewedDocument.id).with_for_update()).all()
            assignment = session.scalars(select(Assignment).where(Assignment.number == self.number)).one()
            moved = changes.get("office_code", assignment.office_code) != assignment.office_code
            for column, value in changes.items():
                setattr(assignment, column, value)
            if {"worker_id", "supervisor_id", "office_code"} & set(changes):
                self._hand_over(session, assignment, documents, moved=moved)

    def _hand_over(self, session: Session, assignment: Assignment, documents: Any, *, moved: bool) -> None:
        for document in (d for d in documents if d.status not in CLOSED_STATUSES):
            document.version += 1
            if moved:
                document.named_supervisor_id = None
        renew_stays(session, assignment, self.tick())

    def _version(self) -> int:
        with reading() as session:
            return session.scalars(self._row(ReviewedDocument.version)).first() or 0

    def _row(self, column: Any) -> Select[Any]:
        """A column of the document this desk is about."""
        wanted = (Assignment.number == self.number, ReviewedDocument.kind == self.kind)
        found = select(column).join(Assignment, Assignment.id == ReviewedDocument.assignment_id).where(*wanted)
        if self.sequence is not None:
            found = found.where(ReviewedDocument.sequence == self.sequence)
        return found.order_by(ReviewedDocument.sequence.desc())

    def _actor(self, who: str) -> Actor:
        return self.cast.people[who]


def serve(desk: Desk) -> None:
    """Alan Advocate serves the youth; what was told so far is known."""
    desk.brings_to_advocate()
    desk.new_emails()


def served(cast: Cast | None = None) -> Desk:
    """The DCFS youth, served by Alan Advocate, in a database that holds nobody yet, or the new cast and nothing else."""
    desk = Desk(people := cast or make_cast(), people.dcfs_number)
    desk.begins(serve)
    return desk
