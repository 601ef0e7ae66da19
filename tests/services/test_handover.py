"""A youth changes hands: what an extract moves and what it leaves, and the sheet that whoever takes over reads."""

from io import BytesIO

import pytest
from pypdf import PdfReader
from sqlalchemy import Engine, select

from cts.domain.activity import Entry
from cts.domain.vocabulary import Document, Status
from cts.domain.whereabouts import Update
from cts.outside.pdf_document import PrintedEntry, PrintedSection
from cts.services import activities, client_updates
from cts.services.accounts import end_person
from cts.services.actor import SYSTEM
from cts.services.printing_handover import handover_sections, print_handover
from cts.services.refusals import NOT_FOUND, NotPermitted
from cts.services.rehoming import hold_work_of, rehome
from db.models import AccessEntry, Person
from db.session import reading, writing
from tests.outside.test_pdf import text_of
from tests.parts.agency_change import reassigns
from tests.parts.desk import Desk, served
from tests.parts.extracts import (
    ELSEWHERE,
    NEXT,
    NOW,
    OTHER_CLIENT,
    OTHER_REFERRAL,
    assignments,
    bring_to,
    load,
    only,
    row,
)
from tests.parts.racer import actor_of

THIRD = {"extract_date": "2026-11-04"}


def words(sections: tuple[PrintedSection, ...]) -> str:
    """Everything that stands on the sheet."""
    lines = []
    for section in sections:
        lines.append(section.title)
        for part in section.parts:
            if isinstance(part, PrintedEntry):
                lines.append(f"{part.label}: {part.value}")
            else:
                lines += [part.title, *(" | ".join(cells) for cells in part.rows)]
    return "\n".join(lines)


def leaves(person_id: int) -> None:
    with writing() as session:
        held = hold_work_of(session, person_id)
        rehome(session, SYSTEM, session.get_one(Person, person_id), held, NOW)
        end_person(session, person_id, NOW)


def test_an_extract_gives_nothing_back_to_a_worker_who_left_but_moves_to_another(sqlite_database: Engine) -> None:
    load(row())
    worker, supervisor = only().worker_id, only().supervisor_id
    leaves(worker)
    assert only().worker_id == supervisor
    assert load(row(**NEXT)).counts.changed == 0 and only().worker_id == supervisor
    load(row(**THIRD, awol_code="A"))
    assert (only().worker_id, only().awol_code) == (supervisor, "A")
    load(row(extract_date="2026-11-05", **ELSEWHERE))
    assert only().worker_id not in {worker, supervisor}
    assert (only().former_worker_id, only().worker_choice_open) == (None, False)


def test_a_new_youth_of_a_worker_who_left_begins_with_the_supervisor(sqlite_database: Engine) -> None:
    load(row())
    worker, supervisor = only().worker_id, only().supervisor_id
    leaves(worker)
    load(row(), row(client_id=OTHER_CLIENT, referral_id=OTHER_REFERRAL, case_id=""))
    added = assignments()[-1]
    assert (added.worker_id, added.former_worker_id, added.worker_choice_open) == (supervisor, worker, True)


def test_after_a_move_the_new_worker_reads_from_whom_it_came(sqlite_database: Engine) -> None:
    load(row())
    bring_to(Status.APPROVED)
    load(row(**NEXT, **ELSEWHERE))
    told = words(handover_sections(actor_of(only().worker_id), only().number, NOW))
    assert "According to CWS/CMS this moved from Brandon Ellis (supervisor Victor Daniels), Pasadena" in told
    assert "CSW/DPO: Brandon Tan" in told and "Office: South County" in told


@pytest.fixture
def desk(database: Engine) -> Desk:
    """A youth in service, with a plan that waits, money approved, a contact, an update."""
    desk = served()
    desk.plan().brings_to_decision()
    funds = desk.starts("advocate", Document.FUNDS)
    funds.brings_to_approval()
    today, advocate = desk.today, desk.cast.people["advocate"]
    met = Entry(today, "visit", "in_person", "home", "Completed", 30, ("youth",), "A private note.")
    activities.add(advocate, desk.number, met, "met", desk.tick())
    client_updates.add(advocate, desk.number, Update(today, "AWOL/missing", "Left school."), "left", desk.tick())
    return desk


def test_the_sheet_says_what_is_open_and_what_is_due(desk: Desk) -> None:
    told = words(handover_sections(desk.cast.people["csw"], desk.number, desk.now))
    for wanted in (
        "CSW/DPO: Wanda Worker",
        "assigned Alan Advocate as the Advocate",
        "Alerts: The Referral states that no safety alerts are known.",
        "Advocacy Plan (Phase 1) | Pending Approval (supervisor)",
        "Restoration Fund Request 1 | Approved",
        "Service used: 0 of 12 months",
        "Next contact in person due by",
        "Still to be done: law enforcement report #",
        "AWOL/missing | Left school.",
        "Goals that are open",
    ):
        assert wanted in told, wanted
    assert "A private note." not in told


def test_the_sheet_holds_what_its_reader_may_see_and_each_print_is_logged(desk: Desk) -> None:
    reassigns(desk, "admin")
    for who in ("advocate", "coordinator", "colleague", "elsewhere", "rival_advocate", "support"):
        with pytest.raises(NotPermitted) as refusal:
            print_handover(desk.cast.people[who], desk.number, desk.tick())
        assert str(refusal.value) == NOT_FOUND
    told = words(handover_sections(desk.cast.people["rival_coordinator"], desk.number, desk.now))
    assert "Left school." not in told and "AWOL" not in told  # whereabouts wait for the acknowledgement
    assert "assigned Alan Advocate" not in told and "in place of Harbor Light Advocacy" in told
    file = print_handover(desk.cast.people["csw"], desk.number, desk.tick())
    assert str(desk.number) in file.name and "Hand-over sheet" in text_of(PdfReader(BytesIO(file.content)))
    with reading() as session:
        rows = session.scalars(select(AccessEntry.outcome).where(AccessEntry.action == "print hand-over sheet")).all()
    assert sorted(rows) == ["done", *["refused"] * 6]


def test_the_draft_of_the_advocate_is_not_on_the_sheet_of_others(desk: Desk) -> None:
    desk.plan().rejects("scsw")
    desk.plan().writes("advocate", goals=[{"id": "g", "goal": "A secret draft", "due_on": "2026-12-01"}])
    assert "A secret draft" not in words(handover_sections(desk.cast.people["csw"], desk.number, desk.now))
    assert "A secret draft" in words(handover_sections(desk.cast.people["advocate"], desk.number, desk.now))
