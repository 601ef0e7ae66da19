"""Run Away Status / Misc Updates of the Client Summary: a dated log that the Advocate adds to, and nobody changes."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from cts.domain.fields import us_date
from cts.domain.names import spoken_name
from cts.domain.whereabouts import Update, faults, present, still_to_do, tidy
from cts.services.actor import Actor
from cts.services.clocks import keep_clocks
from cts.services.documents import HIDDEN
from cts.services.fetching import Fetched, refusals_logged, today_of
from cts.services.record_access import demand_advocate, fetch_record, is_served_by, log_access
from cts.services.refusals import Incomplete, OutOfDate, Unreadable
from db.models import ClientUpdate, Person
from db.session import reading, writing

WHAT = "Run Away Status / Misc Updates"


@dataclass(frozen=True)
class WrittenUpdate:
    """An update as it is kept, with who wrote it and that person's agency of today."""

    id: int
    update: Update
    writer: str
    agency_id: int | None
    written_at: datetime


@dataclass(frozen=True)
class UpdateLine:
    """One update as it is read. `hidden` is what stands in place of status and text that are withheld for now, '' when nothing is."""

    id: int
    update: Update
    written: str
    hidden: str


@dataclass(frozen=True)
class UpdateLog:
    """The log as one person sees it, newest first. `present` says where the youth is; `still_to_do` which duties no update mentions."""

    number: int
    lines: tuple[UpdateLine, ...]
    present: Update | None
    still_to_do: tuple[str, ...]
    may_write: bool
    today: date


def read_updates(actor: Actor, number: int, now: datetime) -> UpdateLog:
    """The log of a client record. Raises NotPermitted.

    Whereabouts are location data: until the safety alerts are acknowledged, the agency reads only what its own people wrote.
    """
    with reading() as session:
        found = fetch_record(session, actor, number)
        written = updates_of(session, found.assignment.id)
        seen = [w for w in written if not _withheld(found, actor, w)]
        return UpdateLog(
            number=number,
            lines=tuple(_line(w, hidden=w not in seen) for w in reversed(written)),
            present=present([w.update for w in seen]),
            still_to_do=still_to_do([w.update for w in seen]),
            may_write=is_served_by(found),
            today=today_of(now),
        )


def add(actor: Actor, number: int, update: Update, entry_key: str, now: datetime) -> int:
    """Add an update; returns its id. The same `entry_key` twice is one update. Raises NotPermitted; Incomplete naming the fields."""
    with refusals_logged(actor, "add client update", number, now), writing() as session:
        found = fetch_record(session, actor, number, to_write=True)
        demand_advocate(found, WHAT)
        before = session.scalar(select(ClientUpdate).where(ClientUpdate.entry_key == entry_key))
        if before is not None:
            if (before.assignment_id, before.written_by) != (found.assignment.id, actor.person_id):
                raise OutOfDate("This was saved elsewhere. Please enter it again.")
            return before.id
        kept = tidy(update)
        problems = faults(kept, today_of(now), found.youth.birth_date)
        if problems or kept.happened_on is None:
            raise Incomplete(f"{problems[0][1]} It has not been saved.", tuple(problems))
        row = ClientUpdate(
            assignment_id=found.assignment.id,
            happened_on=kept.happened_on,
            status=kept.status,
            written_by=actor.person_id,
            written_at=now,
            entry_key=entry_key,
        )
        row.answers = _as_json(kept)
        session.add(row)
        keep_clocks(session, found.assignment)
        log_access(session, actor, "add client update", found, now, update=row.id)
        return row.id


def updates_of(session: Session, assignment_id: int) -> list[WrittenUpdate]:
    """Every update of an assignment, oldest first; of one day in the order they were written."""
    rows = session.execute(
        select(ClientUpdate, Person)
        .join(Person, Person.id == ClientUpdate.written_by)
        .where(ClientUpdate.assignment_id == assignment_id)
        .order_by(ClientUpdate.happened_on, ClientUpdate.id)
    )
    return [
        WrittenUpdate(row.id, _update(row), spoken_name(person.name), person.agency_id, row.written_at)
        for row, person in rows
    ]


def _withheld(found: Fetched, actor: Actor, written: WrittenUpdate) -> bool:
    by_others = written.agency_id is None or written.agency_id != actor.agency_id
    return found.alerts_withhold and by_others


def _line(written: WrittenUpdate, *, hidden: bool) -> UpdateLine:
    update = Update(written.update.happened_on, "") if hidden else written.update
    words = f"{written.writer}, {us_date(today_of(written.written_at))}"
    return UpdateLine(written.id, update, words, HIDDEN if hidden else "")


def _as_json(update: Update) -> dict[str, object]:
    attorney = update.attorney_on.isoformat() if update.attorney_on else None
    answers = {
        "text": update.text,
        "police_report": update.police_report,
        "ncmec_number": update.ncmec_number,
        "attorney_on": attorney,
        "interview_done": update.interview_done,
    }
    return {key: value for key, value in answers.items() if value not in (None, "")}


def _answers(row: ClientUpdate) -> dict[str, Any]:
    """What an update tells, or in its place the sentence why it cannot be read: one that does not open hides no other."""
    try:
        return row.answers
    except Unreadable as refusal:
        return {"text": str(refusal)}


def _update(row: ClientUpdate) -> Update:
    kept = _answers(row)
    attorney = kept.get("attorney_on")
    return Update(
        row.happened_on,
        row.status,
        str(kept.get("text", "")),
        str(kept.get("police_report", "")),
        str(kept.get("ncmec_number", "")),
        date.fromisoformat(attorney) if attorney else None,
        kept.get("interview_done"),
    )
