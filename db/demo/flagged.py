"""A youth whom CWS/CMS has flagged: the first rows, as a daily extract would have brought them."""

from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import inspect

from cts.domain.extract_changes import ExtractAction
from cts.domain.vocabulary import SPECIAL_PROJECT, Action, Document, LeadAgency, Party, Status
from cts.services.refer_again import OF_THE_TERM
from db.demo.case import Case
from db.demo.clock import day_of
from db.demo.names import FIRST_NAMES, last_name
from db.demo.staff import OfficeTeam
from db.demo.world import World
from db.models import Assignment, GridRow, HistoryEntry, Youth

_LANGUAGES = ("English", "Spanish", "Tagalog", "Armenian", "Korean", "Vietnamese")
_RACES = ("Hispanic", "Black or African American", "White", "Asian", "Declined")
_PLACEMENTS = (
    "Resource Family Home",
    "Relative/NREFM Home",
    "STRTP",
    "Home of Parent",
    "Legal Guardian Home",
    "Runaway Shelter",
)
_COMPONENTS = ("Emergency Response", "Family Maintenance", "Family Reunification", "Permanent Placement")
_GRID = ("6867", "6868", "6869", "6870", "6871")
IN_PROBATION = 0.17
_ADDED = "CWS/CMS flagged the youth; the assignment was added to the caseload of the worker named."
_FIRST_KEY = 1_234_000_000_000
"""The time in the keys of invented youth begins here; the sample extract's are higher."""


def flag(world: World, dice: Random, t: datetime) -> Case:
    """A new youth with a New assignment."""
    department = LeadAgency.PROBATION if dice.random() < IN_PROBATION else LeadAgency.DCFS
    offices = world.house.offices_of(department) or world.house.offices_of(LeadAgency.DCFS)
    office = dice.choice(offices)
    youth = _youth(world, dice, day_of(t), office.department)
    assignment = _assignment(world, dice, t, youth, office)
    grid = [_grid_row(world, dice, assignment, day_of(t))]
    case = Case(world, youth, assignment, grid)
    case.open(Document.REFERRAL, 1, {})
    case.extract_did(ExtractAction.ADDED, _ADDED, t)
    case.renew(t)
    return case


def refer_again(case: Case, t: datetime) -> Case:
    """The case worker refers the closed youth again: the next term, with a number of its own."""
    world, before = case.world, case.assignment
    worker = world.people[before.worker_id]
    number = world.next_number()
    case.step(worker, Party.CASE_WORKER, case.referral, Action.REOPEN, t, details={"new_number": number})
    shared = {c.key: getattr(before, c.key) for c in inspect(Assignment).column_attrs if c.key not in OF_THE_TERM}
    after = Assignment(
        **shared | {"awol_code": "N", "flag_ended_on": None, "project_end_on": None},
        id=world.batches.next_id(Assignment),
        number=number,
        term=before.term + 1,
        status=Status.NEW,
        version=1,
    )
    grid = [
        GridRow(assignment_id=after.id, csec_type=row.csec_type, start_on=row.start_on, end_on=row.end_on)
        for row in case.grid
    ]
    world.referred_again.append((before.id, case.referral.id))
    again = Case(world, case.youth, after, grid)
    document = again.open(Document.REFERRAL, 1, {"new_or_returning": "returning"})
    values = {
        "assignment_id": after.id,
        "document_id": document.id,
        "at": t,
        "actor_id": worker.id,
        "party": Party.CASE_WORKER,
        "action": Action.REOPEN,
        "status_after": Status.NEW,
        "details": {"old_number": before.number},
    }
    world.batches.add_values(HistoryEntry, values)
    again.renew(t)
    return again


def _youth(world: World, dice: Random, day: date, department: str) -> Youth:
    number = world.batches.next_id(Youth)
    oldest = 20 if department == LeadAgency.PROBATION else 17
    born = day - timedelta(
        days=round(365.25 * min(oldest, dice.triangular(11.6, oldest + 0.9, 15.5))) + dice.randrange(40)
    )
    youth = Youth(
        id=number,
        client_id=_key(number),
        last_name=last_name(dice),
        first_name=dice.choice(FIRST_NAMES),
        birth_date=born,
        sex=dice.choices(("F", "M", "U"), (90, 8, 2))[0],
        race_ethnicity=dice.choices(_RACES, (42, 42, 9, 5, 2))[0],
        primary_language=dice.choices(_LANGUAGES, (72, 23, 2, 1, 1, 1))[0],
        state_id=f"8{number:07d}",
        pdj_number=f"PJ8{number:06d}" if department == LeadAgency.PROBATION else "",
        sensitivity=dice.choices("NSR", (967, 30, 3))[0],
    )
    world.batches.add(youth)
    world.names.add(number, youth.last_name, youth.first_name)
    return youth


def _key(number: int) -> str:
    """A key of CWS/CMS, 19 digits, like no other."""
    return f"{_FIRST_KEY + number * 1_009:013d}{number % 238_000:06d}"


def _assignment(world: World, dice: Random, t: datetime, youth: Youth, office: OfficeTeam) -> Assignment:
    worker = dice.choice(office.workers)
    day, number = day_of(t), world.batches.next_id(Assignment)
    referred_on = day - timedelta(days=dice.randint(1, 20))
    return Assignment(
        id=number,
        number=world.next_number(),
        youth_id=youth.id,
        term=1,
        status=Status.NEW,
        version=1,
        **_episode(dice, youth, number, referred_on),
        lead_agency=office.department,
        awol_code="A" if dice.random() < 0.06 else "N",
        worker_id=worker.id,
        supervisor_id=office.supervisor_of(worker).id,
        unit=worker.unit,
        office_code=office.code,
        extract_on=day,
        facts_hash="",
        **_other_department(world, dice, office),
    )


def _episode(dice: Random, youth: Youth, number: int, referred_on: date) -> dict[str, Any]:
    response = dice.choice(("Immediate", "3 Day", "5 Day", "10 Day"))
    case = dice.random() < 0.6
    return {
        "referral_id": _key(number + 50_000_000),
        "referral_on": referred_on,
        "referral_name": f"{youth.last_name} {response.upper()}",
        "response_type": response,
        "disposition": dice.choice(("Substantiated", "Substantiated", "Inconclusive", "")),
        "case_id": _key(number + 100_000_000) if case else None,
        "case_name": youth.last_name if case else "",
        "case_start_on": referred_on + timedelta(days=dice.randint(0, 9)) if case else None,
        "case_flag_missing": case and dice.random() < 0.03,
        "project_name": SPECIAL_PROJECT,
        "project_start_on": referred_on,
        "service_component": dice.choice(_COMPONENTS),
        "placement_type": dice.choice(_PLACEMENTS),
    }


def _other_department(world: World, dice: Random, office: OfficeTeam) -> dict[str, Any]:
    """Dual youth have a worker of the other department, too."""
    other = LeadAgency.DCFS if office.department == LeadAgency.PROBATION else LeadAgency.PROBATION
    offices = world.house.offices_of(other)
    if not offices or dice.random() > 0.07:
        return {}
    return {"dual": True, "other_worker_id": dice.choice(dice.choice(offices).workers).id}


def _grid_row(world: World, dice: Random, assignment: Assignment, day: date) -> GridRow:
    start = day - timedelta(days=dice.randint(2, 40))
    kind = dice.choices(_GRID, (32, 15, 20, 22, 11))[0]
    return GridRow(
        id=world.batches.next_id(GridRow),
        assignment_id=assignment.id,
        csec_type=kind,
        start_on=start,
        end_on=day if kind == "6871" else None,
    )
