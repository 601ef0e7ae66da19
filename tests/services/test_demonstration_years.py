"""Years of invented youth agree with everything CTS knows about its own work: they could have been written step by step."""

import hashlib
from collections import Counter
from datetime import UTC, datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine, func, or_, select

from cts.domain.answer_checks import check
from cts.domain.fields import Stage
from cts.domain.vocabulary import Action, Document, Party, Role, Status
from cts.domain.workflow import step_for
from cts.forms.all_forms import SPECS
from cts.services.actor import Actor
from cts.services.checking import About
from cts.services.checks import BY_KEY, look
from cts.services.demonstration_years import load_years
from cts.services.documents import read_document
from cts.services.fetching import today_of
from cts.services.printing import print_document
from cts.services.record import read_record
from cts.services.refusals import Incomplete, NotPermitted
from cts.services.waiting import waiting_on_me
from cts.settings import settings
from db.batches import Batches
from db.demo.staff import people_for
from db.demo.years import Course, tell_years
from db.models import Account, Assignment, DocumentVersion, HistoryEntry, Person, ReviewedDocument, Stay
from db.session import reading, writing
from tests.cast import make_cast
from tests.parts.agreement import disagreements
from tests.parts.kept_at_write import (
    money_counted,
    money_of_answers,
    uncounted_days,
    unlike_history,
    wrong_clocks,
    wrong_keys,
    wrong_names,
)
from tests.parts.listed import listed

NOW = datetime(2026, 11, 20, 18, 0, tzinfo=UTC)
SINCE = datetime(2023, 11, 20, 14, 0, tzinfo=UTC)


@pytest.mark.timeout(180)
@pytest.mark.usefixtures("fewest_rounds")
def test_what_was_made_agrees_with_itself(database: Engine) -> None:
    told: list[float] = []
    made = load_years(1, 60, NOW, told.append)
    assert made.rows["assignment"] >= 60
    assert told[-1] == 1.0
    # The agreement reads what people did; a flag ends by an extract.
    by_extract = "the history ends in New, the document is Flag ended"
    assert [fault for fault in disagreements() if not fault.endswith(by_extract)] == []
    found = [o.check.title for o in look(NOW) if o.total and BY_KEY[o.key].about in {About.RECORDS, About.PEOPLE}]
    assert found == []
    assert [o.key for o in look(NOW) if o.key == "access_log" and o.well] == ["access_log"]
    assert _unlike_the_table() == []
    assert _stays_unlike_history() == []
    assert _incomplete() == []
    assert _unreadable() == []
    assert _kept_otherwise() == []
    with pytest.raises(Incomplete, match="already"):
        load_years(1, 60, NOW, told.append)


def _kept_otherwise() -> list[str]:
    """What steps keep as they write, and slow rules tell otherwise."""
    with writing() as session:
        assert money_counted(session) == money_of_answers(session)
        assert money_counted(session)["reimbursed"]
        counted = session.scalars(select(Stay.days).where(Stay.halted_on.is_not(None))).all()
        assert any(counted), "nobody was absent while something waited"
        wrong = [*unlike_history(session), *uncounted_days(session, NOW), *wrong_clocks(session, NOW)]
        wrong += wrong_names(session)
        session.rollback()
    return [*wrong, *map(str, wrong_keys())]


def _unlike_the_table() -> list[str]:
    """Steps of the history that the workflow table does not have, or that lead elsewhere."""
    wrong = []
    with reading() as session:
        rows = session.execute(
            select(HistoryEntry, ReviewedDocument.kind)
            .join(ReviewedDocument, ReviewedDocument.id == HistoryEntry.document_id)
            .where(HistoryEntry.actor_id.is_not(None), HistoryEntry.status_before != "")
            .order_by(HistoryEntry.id)
        ).all()
    for entry, kind in rows:
        if entry.details.get("with_service"):
            continue
        step = step_for(Document(kind), Status(entry.status_before), {Party(entry.party)}, Action(entry.action))
        if step is None or step.becomes != entry.status_after:
            wrong.append(f"{kind}: {entry.action} of {entry.party}, {entry.status_before} to {entry.status_after}")
    return wrong


def _stays_unlike_history() -> list[str]:
    """Documents whose stays do not follow the statuses that the history tells, at the moments it tells."""
    wrong = []
    with reading() as session:
        for document in session.scalars(select(ReviewedDocument).order_by(ReviewedDocument.id)):
            entries = select(HistoryEntry).where(HistoryEntry.document_id == document.id).order_by(HistoryEntry.id)
            reached = {(e.status_after, e.at) for e in session.scalars(entries) if e.status_before != e.status_after}
            stays = session.scalars(select(Stay).where(Stay.document_id == document.id).order_by(Stay.id)).all()
            begun = {s.status for s in stays[:1]}
            for before, after in pairwise(stays):
                if before.status != after.status and (after.status, after.entered_at) not in reached:
                    wrong.append(f"{document.kind} {document.id}: {after.status} at {after.entered_at}")
            if stays and begun - {"New", "Not Started", "In Progress"}:
                wrong.append(f"{document.kind} {document.id} began as {begun}")
    return wrong


def _incomplete() -> list[str]:
    """What was sent although the form would have refused it on that day."""
    wrong = []
    with reading() as session:
        sent = select(DocumentVersion, ReviewedDocument.kind, ReviewedDocument.approved_at).join(
            ReviewedDocument, ReviewedDocument.id == DocumentVersion.document_id
        )
        for version, kind, approved_at in session.execute(sent):
            spends = kind == Document.FUNDS and approved_at is not None and approved_at < version.submitted_at
            stage = Stage.SPENDING if spends else Stage.WRITING
            problems = check(
                SPECS[Document(kind)], version.answers, version.facts["values"], today_of(version.submitted_at), stage
            )
            wrong += [f"{kind}: {p.sentence}" for p in problems]
    return wrong


def _unreadable() -> list[str]:
    """Each role finds its rows; a record of each status opens, and one document of each kind prints."""
    wrong = []
    with reading() as session:
        per_role: dict[str, Person] = {}
        for person in session.scalars(select(Person).join(Account, Account.person_id == Person.id)):
            own = (Assignment.worker_id, Assignment.supervisor_id, Assignment.advocate_id, Assignment.agency_id)
            ids = (person.id, person.id, person.id, person.agency_id)
            tied = [c == i for c, i in zip(own, ids, strict=True) if i is not None]
            if session.scalar(select(Assignment.id).where(or_(*tied)).limit(1)) is not None:
                per_role.setdefault(person.role, person)
        people = {role: _actor(person) for role, person in per_role.items()}
        admin = _actor(session.scalars(select(Person).where(Person.role == Role.ADMINISTRATION)).first())
        served = session.scalars(select(Assignment.number).where(Assignment.status == Status.APPROVED)).all()
        kinds = session.execute(
            select(ReviewedDocument.kind, func.max(Assignment.number))
            .join(Assignment, Assignment.id == ReviewedDocument.assignment_id)
            .where(ReviewedDocument.rounds > 0)
            .group_by(ReviewedDocument.kind)
        ).all()
    for role, actor in people.items():
        if not listed(actor).total:
            wrong.append(f"nothing on the listing of {role}")
        waiting_on_me(actor, NOW)
    assert len(people) >= 5
    for number in served[:5]:
        read_record(admin, number)
    for kind, number in kinds:
        assert read_document(admin, number, NOW, Document(kind)).number == number
        assert print_document(admin, number, NOW, Document(kind))
    return wrong


def _actor(person: Person | None) -> Actor:
    assert person is not None
    return Actor(
        person_id=person.id,
        name=person.name,
        role=Role(person.role),
        email=person.email,
        office_code=person.office_code,
        unit=person.unit,
        agency_id=person.agency_id,
    )


def _bones(seed: str, youth: int, since: datetime = SINCE) -> str:
    """A fingerprint of everything that happened to some youth, without what is sealed by chance."""
    with writing() as session:
        batches = Batches(session.connection())
        if not session.scalar(select(func.count(Person.id))):
            people_for(batches, 1_000, since.date())
        tell_years(batches, Course(seed, since, NOW, youth, whole=0))
    with reading() as session:
        rows = session.execute(select(HistoryEntry.at, HistoryEntry.action, HistoryEntry.status_after)).all()
    return hashlib.sha256(repr(rows).encode()).hexdigest()


def test_a_county_year_has_the_sizes_it_is_designed_for(sqlite_database: Engine) -> None:
    _bones("sizes", 3 * 440)
    with reading() as session:
        served = session.scalar(select(func.count()).where(Assignment.status == Status.APPROVED)) or 0
        by_day = Counter(
            at.astimezone(ZoneInfo(settings().time_zone)).weekday()
            for at in session.scalars(select(HistoryEntry.at).where(HistoryEntry.action.in_(["approve", "reject"])))
        )
        approved = session.scalar(
            select(func.count()).where(HistoryEntry.action == "approve", HistoryEntry.party == Party.SUPERVISOR)
        )
    assert 250 <= served <= 400
    assert approved and approved > 300 * 3
    assert by_day[5] + by_day[6] < 0.08 * by_day.total()
    assert min(by_day[day] for day in range(5)) > 0.1 * by_day.total()


def test_the_same_seed_makes_the_same_years(sqlite_database: Engine) -> None:
    once = _years_alone("a seed")
    assert _years_alone("a seed") == once
    assert _years_alone("another seed") != once


def _years_alone(seed: str) -> list[tuple[str, str]]:
    """What is told, collected and not written."""

    class Heard(Batches):
        def write(self) -> None:
            for name, rows in self._rows.items():
                heard.extend((name, repr(row)) for row in rows)
                rows.clear()

    heard: list[tuple[str, str]] = []
    with writing() as session:
        people_for(Batches(session.connection()), 1_000, SINCE.date())
        tell_years(Heard(session.connection()), Course(seed, SINCE, NOW, 15, whole=0))
        session.rollback()
    return heard


def test_it_is_refused_where_other_people_work(sqlite_database: Engine) -> None:
    make_cast()
    with pytest.raises(Incomplete, match="other people"):
        load_years(1, 5, NOW, lambda _: None)


def test_it_is_refused_in_production(sqlite_database: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(type(settings()), "demonstration", property(lambda _: False))
    with pytest.raises(NotPermitted, match="production"):
        load_years(1, 5, NOW, lambda _: None)
    with reading() as session:
        assert session.scalar(select(func.count(Person.id))) == 0
