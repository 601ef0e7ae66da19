"""Writes what one extract changes into CTS, in the caller's one transaction: staff, youth, then each assignment."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from cts.domain.extract_changes import changes_of_youth
from cts.domain.vocabulary import CASE_WORKER_ROLES, COUNTY_ROLES, Party
from cts.services.covers import end_covers_of
from cts.services.extract_documents import hold_documents, note_new_facts_of_youth
from cts.services.extract_plan import chunks, offices_unknown
from cts.services.extract_staging import Episode, episode_of
from cts.services.extract_values import CASE_WORKER_ROLE, DEPARTMENTS, SUPERVISOR_ROLE, youth_values
from cts.services.links import end_links
from cts.services.name_index import write_names
from cts.services.outbox import owe_notice
from cts.services.parties import administration
from cts.services.sessions import end_sessions
from db.models import Assignment, HistoryEntry, Office, Person, Youth

CHUNK = 500


@dataclass
class Merge:
    """One extract being written: where from, where to, the people of its staff ids, and what changed of those CTS knew."""

    staged: sqlite3.Connection
    session: Session
    columns: frozenset[str]
    extract_on: date
    now: datetime
    tell: Callable[[float], None]
    people: dict[str, int] = field(default_factory=dict)
    changed_people: dict[int, set[str]] = field(default_factory=dict)


def merge_offices(merge: Merge) -> None:
    """Create the unknown offices, inactive, and tell CSEC Administration of each."""
    unknown = offices_unknown(merge.staged, merge.session)
    for code, name, department in unknown:
        merge.session.add(Office(code=code, name=name, department=DEPARTMENTS[department], active=False))
    merge.session.flush()
    if not unknown:
        return
    for person in administration(merge.session):
        for code, name, _ in unknown:
            owe_notice(merge.session, person, "office_unknown", {"office": f"{name} ({code})"}, merge.now)


def merge_staff(merge: Merge) -> None:
    """Create the workers and supervisors that the extract names, without an account, and update those CTS knows."""
    names = ("staff_id", "name", "email", "unit", "office", "department", "supervisor")
    for rows in chunks(merge.staged, f"SELECT {', '.join(names)} FROM staff ORDER BY staff_id", CHUNK):  # noqa: S608
        staff = [dict(zip(names, row, strict=True)) for row in rows]
        known = {
            person.staff_id: person
            for person in merge.session.scalars(
                select(Person).where(Person.staff_id.in_([s["staff_id"] for s in staff]))
            )
        }
        for one in staff:
            person = known.get(str(one["staff_id"]))
            if person is None:
                person = Person(staff_id=one["staff_id"], name=one["name"] or one["staff_id"], role=_role(one, None))
                merge.session.add(person)
                known[person.staff_id] = person
            changed = _update_person(person, one)
            if person.id is not None:
                merge.changed_people[person.id] = changed
        _hold_of_renamed(merge, [p.id for p in known.values() if "name" in merge.changed_people.get(p.id, ())])
        merge.session.flush()
        merge.people.update({str(staff_id): person.id for staff_id, person in known.items()})
        merge.session.expunge_all()


def _hold_of_renamed(merge: Merge, person_ids: Sequence[int]) -> None:
    """As for youth: the name of a member of staff is kept with the assignments, whose documents are held before."""
    if not person_ids:
        return
    columns = (Assignment.worker_id, Assignment.supervisor_id, Assignment.advocate_id)
    theirs = select(Assignment.id).where(or_(*(column.in_(person_ids) for column in columns)))
    with merge.session.no_autoflush:
        hold_documents(merge.session, merge.session.scalars(theirs).all())


def settle_accounts(merge: Merge) -> None:
    """Of people whom CTS knew: another role or office ends their sessions, another e-mail address kills the links sent to the old one.

    Last of all, since each account is held to the end of the load (cts/services/account_lock.py): until then its person can sign in.
    """
    for person_id, changed in merge.changed_people.items():
        if changed & {"role", "office_code"}:
            # What a person may see depends on them: whoever is signed in begins anew.
            end_sessions(merge.session, person_id, "role or office changed", merge.now)
            end_covers_of(merge.session, person_id, merge.now)
        if "email" in changed:
            end_links(merge.session, person_id)


def _update_person(person: Person, stated: dict[str, Any]) -> set[str]:
    """What the extract leaves blank is kept, and so is the title of anybody who is not a worker or supervisor. Returns what changed."""
    values = {
        "name": stated["name"] or person.name,
        "email": stated["email"] or person.email or "",
        "unit": stated["unit"] or person.unit or "",
        "office_code": stated["office"],
        "role": _role(stated, person.role),
    }
    changed = {name for name, value in values.items() if getattr(person, name) != value}
    for name in changed:
        setattr(person, name, values[name])
    return changed


def _role(stated: dict[str, Any], role: str | None) -> str:
    """A supervisor once is not made a worker again by a day on which the extract names nobody under them."""
    department = DEPARTMENTS[str(stated["department"])]
    if role is not None and role not in COUNTY_ROLES:
        return role
    if stated["supervisor"] or (role is not None and role not in CASE_WORKER_ROLES):
        return SUPERVISOR_ROLE[department]
    return CASE_WORKER_ROLE[department]


def choose_youth_facts(merge: Merge) -> None:
    """For each youth, choose the episode whose line states who they are: the latest one; and the strictest sensitivity."""
    merge.staged.execute("CREATE TABLE youth (client TEXT PRIMARY KEY, episode INTEGER, sensitivity INTEGER)")
    merge.staged.execute(
        "INSERT INTO youth SELECT client, id, strictest FROM (SELECT client, id, MAX(sensitivity) OVER (PARTITION BY"
        " client) AS strictest, ROW_NUMBER() OVER (PARTITION BY client ORDER BY recency DESC, id) AS place"
        " FROM episode) WHERE place = 1"
    )


def merge_youth(merge: Merge) -> None:
    """Update the youth whom CTS knows and of whom an episode is new, changed or gone; the history of each assignment says what."""
    touched = (
        "SELECT y.client FROM youth y WHERE EXISTS (SELECT 1 FROM existing x WHERE x.client = y.client) AND"
        " (EXISTS (SELECT 1 FROM episode e WHERE e.client = y.client AND e.state <> 'unchanged')"
        " OR EXISTS (SELECT 1 FROM gone g WHERE g.client = y.client)) ORDER BY y.client"
    )
    merge.staged.execute("CREATE INDEX gone_client ON gone (client)")
    for rows in chunks(merge.staged, touched, CHUNK):
        clients = [str(row[0]) for row in rows]
        facts = stated_youth(merge, clients)
        for youth in merge.session.scalars(select(Youth).where(Youth.client_id.in_(clients)).order_by(Youth.id)).all():
            _update_youth(merge, youth, youth_values(*facts[youth.client_id]))
        merge.session.flush()
        merge.session.expunge_all()


def stated_youth(merge: Merge, clients: Sequence[str]) -> dict[str, tuple[Episode, frozenset[str], int]]:
    """Return, by client id, the arguments of youth_values for these youth."""
    marks = ", ".join("?" * len(clients))
    statement = (
        "SELECT y.client, e.facts, y.sensitivity FROM youth y JOIN episode e ON e.id = y.episode"  # noqa: S608
        f" WHERE y.client IN ({marks})"
    )
    rows = merge.staged.execute(statement, list(clients)).fetchall()
    return {client: (episode_of(facts), merge.columns, sensitivity) for client, facts, sensitivity in rows}


def _update_youth(merge: Merge, youth: Youth, after: dict[str, Any]) -> None:
    before = {name: getattr(youth, name) for name in after}
    changes = changes_of_youth(before, after)
    if not changes:
        return
    of_youth = merge.session.scalars(
        select(Assignment.id).where(Assignment.youth_id == youth.id).order_by(Assignment.id)
    ).all()
    # First of all: a name is kept with the assignments too (db/listing_keys.py), which a step changes while it holds their documents.
    hold_documents(merge.session, of_youth)
    for name, value in after.items():
        setattr(youth, name, value)
    write_names(merge.session, [youth.id], [after])
    assignment_ids = [i for i in of_youth if not _is_earlier_term(merge.staged, i)]
    for assignment_id in assignment_ids:
        for change in changes:
            merge.session.add(entry_of(merge, assignment_id, None, change.action, change.details()))
    note_new_facts_of_youth(merge.session, assignment_ids)


def _is_earlier_term(staged: sqlite3.Connection, assignment_id: int) -> bool:
    return staged.execute("SELECT 1 FROM earlier_term WHERE id = ?", (assignment_id,)).fetchone() is not None


def entry_of(
    merge: Merge, assignment_id: int, document_id: int | None, action: str, details: dict[str, Any], **values: Any
) -> HistoryEntry:
    """Return one entry of the history, of what the extract did."""
    return HistoryEntry(
        assignment_id=assignment_id,
        document_id=document_id,
        at=merge.now,
        actor_id=None,
        party=Party.EXTRACT,
        action=action,
        details=details | {"extract_on": merge.extract_on.isoformat()},
        **values,
    )


def confirm_dates(merge: Merge) -> None:
    """Every assignment that the extract holds unchanged is now known as of its date."""
    matched = "SELECT assignment FROM episode WHERE state = 'unchanged' ORDER BY assignment"
    for rows in chunks(merge.staged, matched, CHUNK):
        merge.session.execute(
            update(Assignment)
            .where(Assignment.id.in_([row[0] for row in rows]), Assignment.extract_on != merge.extract_on)
            .values(extract_on=merge.extract_on)
            .execution_options(synchronize_session=False)
        )
