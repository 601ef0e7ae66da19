"""The three sample extracts: what they change is what their description says, no more and no less."""

import csv
import datetime
import re
from pathlib import Path

import pytest
import xlsxwriter
from sqlalchemy import Engine, func, select

from cts.domain.identifiers import parse_key
from cts.domain.vocabulary import Role
from cts.services.actor import SYSTEM
from cts.services.extract import load_extract
from db.models import Assignment, EmailOwed, HistoryEntry, Office, Person, Youth, YouthNamePart
from db.session import reading, writing
from tests.outside.test_cws_cms import WRONG_IN_MESSY
from tests.parts.extracts import DEMO, FIRST, LOG, MESSY, NOW, SECOND, dump, history

CONTRADICTION = (
    "Lines 3 and 44 are about the same youth and referral 2901-1717-0883-5083699 but differ here. "
    "None of them is loaded."
)
REPORT_OF_MESSY = [
    (3, "first_name", CONTRADICTION, "Maya"),
    *WRONG_IN_MESSY,
    (44, "first_name", CONTRADICTION, "Someone-Else"),
]


def listed_changes() -> set[tuple[str, ...]]:
    """cws_cms_2026-11-03.changes.txt as (what, which key, more)."""
    kinds = {
        "flag ended as unfounded": "flag ended",
        "promoted to a case, flag not re-entered on the case": "case flag missing",
        "AWOL status changed": "absence changed",
        "no longer in the extract": "no longer in the extract",
    }
    found: set[tuple[str, ...]] = set()
    for line in (DEMO / "cws_cms_2026-11-03.changes.txt").read_text().splitlines():
        what, _, which = line.partition(": ")
        key = parse_key(which.split()[-1]) if "-" in which else which
        if moved := re.fullmatch(r"transferred to (.+) (\S+)", what):
            found.add(("moved", key, moved[2]))
        elif renamed := re.fullmatch(r"last name corrected (\S+) -> (\S+)", what):
            found.add(("name corrected", key, renamed[1], renamed[2]))
        elif what == "newly flagged youth":
            found.add(("newly flagged", key))
        else:
            found.add((kinds[what], key))
    assert len(found) == 26
    return found


def changes_since(first_entry: int) -> set[tuple[str, ...]]:
    """Every entry of the history after this one, in the words of the list."""
    found: set[tuple[str, ...]] = set()
    added = set()
    with reading() as session:
        statement = select(HistoryEntry, Assignment, Youth).join(
            Assignment, Assignment.id == HistoryEntry.assignment_id
        )
        statement = statement.join(Youth, Youth.id == Assignment.youth_id).where(HistoryEntry.id > first_entry)
        for entry, assignment, youth in session.execute(statement):
            values = entry.details["values"]
            if entry.action == "added":
                added.add(youth.client_id)
            elif entry.action == "moved":
                assert values["unit"][1] == assignment.unit
                found.add(("moved", assignment.referral_id or "", assignment.unit))
            elif entry.action == "name corrected":
                assert set(values) == {"last_name"}
                found.add(("name corrected", youth.client_id, *values["last_name"]))
            else:
                found.add((entry.action, assignment.referral_id or ""))
    found.add(("newly flagged", str(len(added))))
    return found


def last_entry() -> int:
    with reading() as session:
        return session.scalar(select(func.max(HistoryEntry.id))) or 0


def test_the_second_day_changes_what_is_listed_and_nothing_else(database: Engine) -> None:
    load_extract(SYSTEM, FIRST, NOW)
    before, first = dump(database, LOG), last_entry()
    report = load_extract(SYSTEM, SECOND, NOW)
    assert changes_since(first) == listed_changes()
    after = dump(database, LOG)
    changed_youth = set(after["youth"]) ^ set(before["youth"])
    assert len(changed_youth) == 9 + 2 * 3
    assert (report.counts.new, report.counts.changed, report.counts.gone) == (9, 6 + 5 + 4 + 3 + 4, 3)


def test_loading_a_day_again_changes_nothing(database: Engine) -> None:
    load_extract(SYSTEM, FIRST, NOW)
    load_extract(SYSTEM, SECOND, NOW)
    before = dump(database, LOG)
    report = load_extract(SYSTEM, SECOND, NOW + datetime.timedelta(hours=1))
    assert dump(database, LOG) == before
    assert (report.counts.new, report.counts.changed, report.counts.closed, report.counts.gone) == (0, 0, 0, 0)


def test_what_the_first_load_leaves(sqlite_database: Engine) -> None:
    counts = load_extract(SYSTEM, FIRST, NOW).counts
    # 305 lines, 270 episodes, 240 youth; four lines bear dates after the extract, and two youth have no other line.
    assert (counts.lines, counts.refused, counts.new, counts.youth) == (305, 4, 268, 238)
    with reading() as session:
        rows = session.scalars(select(Assignment).order_by(Assignment.number)).all()
        assert [r.number for r in rows] == list(range(10_001, 10_269))
        assert {r.status for r in rows} == {"New", "Flag ended"}
        assert sum(r.status == "Flag ended" for r in rows) == counts.closed == 18
        assert session.scalar(select(func.count()).select_from(EmailOwed)) == 0
    assert {entry.actor_id for entry in history()} == {None}


def test_the_exact_report_of_the_messy_file(database: Engine) -> None:
    report = load_extract(SYSTEM, MESSY, NOW)
    assert [(r.line_number, r.column, r.problem, r.value) for r in report.refusals] == REPORT_OF_MESSY
    assert report.counts.refused == 12
    assert report.counts.repeats == 1
    assert report.unknown_offices == ("Atlantis (9999Z)",)


def test_text_of_the_messy_file_is_stored_as_typed(database: Engine) -> None:
    load_extract(SYSTEM, MESSY, NOW)
    with reading() as session:
        names = {(y.last_name, y.first_name) for y in session.scalars(select(Youth))}
        assert ('=HYPERLINK("http://x.example","Reed")', "Ebony") in names
        assert ("Muñoz", "Zoë") in names
        assert "Line one\nline two" in session.scalars(select(Assignment.referral_name)).all()
        parts = session.scalars(select(YouthNamePart.part).where(YouthNamePart.kind == "last")).all()
        assert "munoz" in parts
        assert session.get_one(Office, "9999Z").active is False


def test_administration_is_told_of_an_unknown_office(database: Engine) -> None:
    with writing() as session:
        session.add(Person(name="Administrator, Ada", role=Role.ADMINISTRATION, email="ada@cts.example"))
        session.add(
            Person(name="Administrator, Abel", role=Role.ADMINISTRATION, email="abel@cts.example", active=False)
        )
    load_extract(SYSTEM, MESSY, NOW)
    load_extract(SYSTEM, MESSY, NOW)
    with reading() as session:
        owed = session.scalars(select(EmailOwed).where(EmailOwed.template == "office_unknown")).all()
        assert [(e.to_address, e.details) for e in owed] == [("ada@cts.example", {"office": "Atlantis (9999Z)"})]


@pytest.mark.parametrize("name", ["cws_cms_2026-11-02.csv", "cws_cms_2026-11-03.csv"])
def test_a_workbook_loads_as_the_text_does(sqlite_database: Engine, tmp_path: Path, name: str) -> None:
    load_extract(SYSTEM, DEMO / name, NOW)
    before = dump(sqlite_database, LOG)
    path = tmp_path / "extract.xlsx"
    with (
        (DEMO / name).open(encoding="utf-8", newline="") as file,
        xlsxwriter.Workbook(path, {"constant_memory": True}) as book,
    ):
        sheet, as_date = book.add_worksheet(), book.add_format({"num_format": "m/d/yyyy"})
        for number, cells in enumerate(csv.reader(file)):
            for column, text in enumerate(cells):
                if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
                    sheet.write_datetime(number, column, datetime.date.fromisoformat(text), as_date)
                else:
                    sheet.write_string(number, column, text)
    report = load_extract(SYSTEM, path, NOW)
    assert report.counts.changed == report.counts.new == 0
    assert dump(sqlite_database, LOG) == before
