"""What stood in the first tables CTS ever had: a youth with an Advocate, one whose agency has yet to name one, one New."""

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Connection, MetaData

from cts.domain.vocabulary import LeadAgency

EVENING = datetime(2026, 11, 3, 3, 30, tzinfo=UTC)
"""Half past seven in the evening of November 2 in Los Angeles."""
LEAP_DAY = datetime(2024, 2, 29, 18, 0, tzinfo=UTC)
SERVED, WAITING, NEW = 10_001, 10_002, 10_003


def fill_first_tables(connection: Connection) -> None:
    """Written as the first CTS wrote it."""
    tables = MetaData()
    tables.reflect(connection)

    def add(table: str, **values: Any) -> int:
        kept = {k: v.replace(tzinfo=None) if _naive(connection, v) else v for k, v in values.items()}
        key = connection.execute(tables.tables[table].insert().values(**kept)).inserted_primary_key
        assert key is not None
        return int(key[0])

    agency = add("agency", name="Harbor Light", short_name="HLA", contract_start_on=date(2026, 1, 1))
    people = {
        role: add("person", name=f"{role}, P", role=role, email="p@cts.example", unit="", active=True, phone="")
        for role in ("CSW", "Advocate")
    }
    places = ((SERVED, EVENING, people["Advocate"]), (WAITING, LEAP_DAY, None), (NEW, None, None))
    for number, given_at, advocate in places:
        status = "Approved" if given_at else "New"
        youth = add(
            "youth",
            client_id=f"{number:019d}",
            **dict.fromkeys(
                ("middle_name", "suffix", "race_ethnicity", "primary_language", "state_id", "pdj_number"), ""
            ),
            last_name="Youth",
            first_name="Yara",
            birth_date=date(2011, 5, 6),
            sex="F",
            sensitivity="N",
        )
        assignment = add(
            "assignment",
            **_columns(tables, "assignment"),
            number=number,
            youth_id=youth,
            status=status,
            referral_id=f"{number:019d}",
            worker_id=people["CSW"],
            agency_id=agency if given_at else None,
            advocate_id=advocate,
            agency_assigned_at=given_at,
        )
        document = add(
            "document",
            assignment_id=assignment,
            kind="Referral",
            sequence=1,
            status=status,
            version=7,
            spec_version=1,
            rounds=1 if given_at else 0,
            answers={"therapist": "Dr. Lee", "family": "An aunt"},
        )
        person, party = (advocate, "advocate") if advocate else (None, "agency coordinator")
        add(
            "stay",
            document_id=document,
            assignment_id=assignment,
            status=status,
            party=party if given_at else "case worker",
            person_id=person if given_at else people["CSW"],
            agency_id=agency if given_at else None,
            entered_at=given_at or EVENING,
        )
        add(
            "signature",
            document_id=document,
            round=1,
            person_id=people["CSW"],
            party="case worker",
            typed_name="P CSW",
            title="CSW",
            fingerprint="f" * 64,
            signed_at=EVENING,
        )


def _naive(connection: Connection, value: Any) -> bool:
    return isinstance(value, datetime) and connection.dialect.name == "sqlite"


def _columns(tables: MetaData, table: str) -> dict[str, Any]:
    """Something for every text, flag and date the old table demands, besides those stated above."""
    stated = {"number", "youth_id", "status", "referral_id", "worker_id"}
    by_type: dict[type, Any] = {str: "", int: 1, bool: False, date: date(2026, 11, 2)}
    found = {
        c.name: by_type[c.type.python_type]
        for c in tables.tables[table].columns
        if not c.nullable and not c.primary_key and c.name not in stated
    }
    return found | {"lead_agency": str(LeadAgency.DCFS), "office_code": "1912A"}
