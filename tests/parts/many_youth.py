"""Thousands of youth with an assignment each, written in bulk: enough that a database prefers its indexes."""

from datetime import date, timedelta
from itertools import product
from typing import Any

from sqlalchemy import insert, text

from cts.domain.vocabulary import LeadAgency, Status
from cts.services.name_index import write_names
from db.models import Assignment, Youth
from db.session import engine, writing
from tests.cast import DCFS_OFFICE, OTHER_OFFICE, Cast

FIRST_ID = 1_000
SOUNDS = ("ba", "de", "fi", "go", "lu", "ma", "ne", "ri", "so", "tu")


def add_many(cast: Cast, number: int) -> None:
    """Youth of two offices and two agencies; every 25th is Maria Rodriguez."""
    made = ["".join(sounds).capitalize() for sounds in product(SOUNDS, repeat=3)]
    agencies = list(cast.agencies.values())
    youth, assignments = [], []
    for i in range(number):
        common = i % 25 == 0
        youth.append(_youth(i, "Rodriguez" if common else made[i % 1000], "Maria" if common else made[-i % 997]))
        near = i % 2 == 0
        place = {"office_code": DCFS_OFFICE if near else OTHER_OFFICE, "unit": "1912A-09" if near else "1901A-09"}
        worker = cast.people["colleague" if near else "csw_elsewhere"].person_id
        assignments.append(_assignment(i, place | {"worker_id": worker, "agency_id": agencies[i % 2]}))
    with writing() as session:
        session.execute(insert(Youth.__table__), youth)  # type: ignore[arg-type]
        session.execute(insert(Assignment.__table__), assignments)  # type: ignore[arg-type]
        write_names(session, [one["id"] for one in youth], youth)
    if engine().dialect.name == "postgresql":
        with engine().connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("ANALYZE"))


def _youth(i: int, last_name: str, first_name: str) -> dict[str, Any]:
    return {
        "id": FIRST_ID + i,
        "client_id": f"{2_000_000 + i:019d}",
        "last_name": last_name,
        "first_name": first_name,
        "middle_name": "",
        "suffix": "",
        "birth_date": date(2008, 1, 1) + timedelta(days=i % 3000),
        "sex": "F",
        "race_ethnicity": "",
        "primary_language": "",
        "state_id": f"8-{i:06d}",
        "pdj_number": f"PJ-{i}",
        "sensitivity": "N",
    }


def _assignment(i: int, place: dict[str, Any]) -> dict[str, Any]:
    blank = ("referral_name", "response_type", "disposition", "case_name", "project_name", "service_component")
    return {
        **dict.fromkeys((*blank, "placement_type", "facts_hash"), ""),
        "id": FIRST_ID + i,
        "number": 20_000 + i,
        "youth_id": FIRST_ID + i,
        "term": 1,
        "status": str(Status.TERMINATED if i % 3 else Status.APPROVED),
        "version": 1,
        "referral_id": f"{3_000_000 + i:013d}000001",
        "referral_on": date(2026, 1, 1),
        "case_id": f"{4_000_000 + i:013d}000001",
        "lead_agency": str(LeadAgency.DCFS),
        "dual": False,
        "awol_code": "N",
        "extract_on": date(2026, 11, 2),
        "case_flag_missing": False,
        **place,
    }
