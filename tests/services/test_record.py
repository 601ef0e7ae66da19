"""The client record: its head, its tables, the closing check-list, dual youth. On SQLite and on PostgreSQL."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, select, update

from cts.domain.addresses import Tab
from cts.domain.vocabulary import Document, Status
from cts.services.checklist import still_open
from cts.services.other_department import other_department
from cts.services.record import known_facts, open_record, read_record, refer_again_words
from cts.services.record_documents import documents_of, phase_to_show, phases, starts
from cts.services.refusals import NotPermitted
from cts.services.timeline import line_of_life, who_looked
from db.models import AccessEntry, Activity, Assignment
from db.session import reading, writing
from tests.cast import NOW, Cast, later, make_cast
from tests.parts.desk import Desk, served

READERS = ("csw", "scsw", "substitute", "admin", "coordinator", "advocate")
OTHERS = (
    "colleague",
    "elsewhere",
    "csw_elsewhere",
    "dpo",
    "rival_coordinator",
    "rival_advocate",
    "advocate_second",
    "support",
)


@pytest.fixture
def cast(database: Engine) -> Cast:
    return make_cast()


@pytest.fixture
def desk(cast: Cast) -> Desk:
    """A youth served by Alan Advocate."""
    return served(cast)


def change(number: int, **columns: Any) -> None:
    with writing() as session:
        session.execute(update(Assignment).where(Assignment.number == number).values(**columns))


def log_of(number: int) -> list[str]:
    with reading() as session:
        mine = select(AccessEntry.action).join(Assignment, Assignment.id == AccessEntry.assignment_id)
        return list(session.scalars(mine.where(Assignment.number == number).order_by(AccessEntry.id)))


# The head


@pytest.mark.parametrize("who", READERS)
def test_the_record_is_there_for_its_readers_from_approval_on(cast: Cast, who: str) -> None:
    desk = Desk(cast, cast.dcfs_number)
    assert not read_record(cast.csw, desk.number).kept
    desk.brings_to_advocate()
    record = read_record(cast.people[who], desk.number)
    assert (record.kept, record.status, record.summary) == (True, Status.APPROVED, True)
    assert (record.youth_name, record.agency, record.advocate) == (
        "Canary-Rodríguez, Zoë",
        "Harbor Light Advocacy",
        "Alan Advocate",
    )


@pytest.mark.parametrize("who", OTHERS)
def test_others_find_nothing_of_it_on_any_tab(desk: Desk, who: str) -> None:
    actor, number = desk.cast.people[who], desk.number
    for look in (
        lambda: read_record(actor, number),
        lambda: open_record(actor, number, Tab.HISTORY, NOW),
        lambda: known_facts(actor, number, NOW),
        lambda: phases(actor, number, NOW),
        lambda: documents_of(actor, number, (Document.FUNDS,)),
        lambda: starts(actor, number, (Document.FUNDS,)),
        lambda: still_open(actor, number),
        lambda: line_of_life(actor, number),
        lambda: who_looked(actor, number),
        lambda: other_department(actor, number),
        lambda: refer_again_words(actor, number),
    ):
        with pytest.raises(NotPermitted):
            look()


def test_an_advocate_replaced_today_reads_nothing_today(desk: Desk) -> None:
    assert read_record(desk.cast.advocate, desk.number).kept
    desk.assigns("coordinator", "advocate_second")
    for tab in Tab:
        with pytest.raises(NotPermitted):
            open_record(desk.cast.advocate, desk.number, tab, desk.now)
    assert read_record(desk.cast.advocate_second, desk.number).kept


def test_each_tab_opened_is_logged_and_a_rerun_is_not(desk: Desk) -> None:
    before = len(log_of(desk.number))
    for tab in (Tab.SUMMARY, Tab.PLAN, Tab.HISTORY):
        open_record(desk.cast.csw, desk.number, tab, NOW)
        read_record(desk.cast.csw, desk.number)
    assert log_of(desk.number)[before:] == ["open record", "open plan", "open history"]


def test_before_an_advocate_is_named_cws_cms_speaks_and_whereabouts_are_kept_from_the_agency(cast: Cast) -> None:
    desk = Desk(cast, cast.dcfs_number)
    desk.brings_to_agency()
    change(desk.number, placement_type="Canary group home")
    record = read_record(cast.coordinator, desk.number)
    assert (record.summary, record.asked) == (False, "Acknowledge the safety alerts, then assign the Advocate")

    def placement(who: str) -> str:
        rows = dict(row for section in known_facts(cast.people[who], desk.number, NOW) for row in section.rows)
        return rows["Placement"]

    assert placement("csw") == "Canary group home"
    assert placement("coordinator") == "Shown after the safety alerts are acknowledged"
    desk.acknowledges("coordinator")
    assert placement("coordinator") == "Canary group home"


# The plan


def test_the_table_of_phases_is_the_guides(desk: Desk) -> None:
    rows = phases(desk.cast.advocate, desk.number, NOW)
    assert [(r.title, r.start_on, r.projected_end_on, r.completed, r.status, r.kept) for r in rows] == [
        ("Phase 1 (Initial Risk Assessment)", "11/02/2026", "12/02/2026", "No", Status.NOT_STARTED, True),
        ("Phase 2 (Multi-Session)", "", "", "No", Status.NOT_STARTED, False),
        ("Phase 3 (Resolution)", "", "", "No", Status.NOT_STARTED, False),
    ]
    assert phase_to_show(rows) == 1
    desk.plan().brings_to_approval()
    rows = phases(desk.cast.csw, desk.number, NOW)
    assert [r.status for r in rows] == [Status.APPROVED, Status.NOT_STARTED, Status.NOT_STARTED]
    assert (rows[1].start_on, rows[1].projected_end_on, phase_to_show(rows)) == ("11/02/2026", "01/23/2027", 2)


def test_a_draft_of_a_phase_is_not_seen_in_the_table_and_what_was_submitted_is(desk: Desk) -> None:
    phase = desk.plan()
    phase.writes("advocate", start_on="2026-11-05", extension_days="10", extension_reason="Illness")
    dates = [(r.start_on, r.projected_end_on) for r in phases(desk.cast.advocate, desk.number, NOW)]
    assert dates[0] == ("11/05/2026", "12/15/2026")
    assert phases(desk.cast.csw, desk.number, NOW)[0].start_on == ""
    phase.brings_to_case_worker()
    phase.rejects("csw")
    phase.writes("advocate", start_on="2026-11-09")
    assert phases(desk.cast.csw, desk.number, NOW)[0].start_on == "11/02/2026"
    assert phases(desk.cast.advocate, desk.number, NOW)[0].start_on == "11/09/2026"


def test_a_phase_past_its_end_is_overdue_until_it_is_approved(desk: Desk) -> None:
    def overdue(days: int) -> str:
        return phases(desk.cast.csw, desk.number, later(days=days))[0].overdue

    assert [overdue(30), overdue(31), overdue(33)] == ["", "Overdue by 1 day", "Overdue by 3 days"]
    desk.plan().brings_to_approval()
    assert overdue(33) == ""


# Requests and what can be begun


def test_requests_say_amount_status_and_whom_they_wait_on(desk: Desk) -> None:
    money = desk.starts("advocate", Document.FUNDS)
    time = desk.starts("advocate", Document.EXTENSION)
    money.writes("advocate")

    def rows(who: str) -> list[tuple[str, str, str, Status, str]]:
        found = documents_of(desk.cast.people[who], desk.number, (Document.FUNDS, Document.EXTENSION))
        return [(r.words, r.asked_on, r.amount, r.status, r.waits_on.partition(":")[0]) for r in found]

    in_progress = Status.IN_PROGRESS
    assert rows("advocate") == [
        ("Extension Request 1", "", "", in_progress, "Advocate"),
        ("Restoration Fund Request 1", "11/02/2026", "$1,264.55 projected", in_progress, "Advocate"),
    ]
    assert rows("csw")[1] == ("Restoration Fund Request 1", "", "", in_progress, "Advocate")
    money.submits("advocate")
    time.brings_to_case_worker()
    assert [row[1:] for row in rows("csw")] == [
        ("11/02/2026", "to 02/02/2028", Status.PENDING_PRE_APPROVAL, "Case worker"),
        ("11/02/2026", "$1,264.55 projected", Status.PENDING_PRE_APPROVAL, "Case worker"),
    ]


def test_only_the_advocate_is_offered_a_start_and_told_why_not(desk: Desk) -> None:
    kinds = (Document.FUNDS, Document.EXTENSION, Document.TERMINATION)
    assert [s.obstacle for s in starts(desk.cast.advocate, desk.number, kinds)] == ["", "", ""]
    for who in ("csw", "scsw", "admin", "coordinator"):
        assert starts(desk.cast.people[who], desk.number, kinds) == ()
    money = desk.starts("advocate", Document.FUNDS)
    desk.starts("advocate", Document.EXTENSION)
    obstacles = [s.obstacle for s in starts(desk.cast.advocate, desk.number, kinds)]
    assert obstacles[0] == "Restoration Fund Request 1 was begun and is still empty: write it first."
    assert obstacles[1].startswith("One Extension Request is under way already")
    assert obstacles[2] == ""
    money.writes("advocate")
    assert starts(desk.cast.advocate, desk.number, kinds)[0].obstacle == ""


# Closing


def test_the_check_list_names_what_is_open_and_becomes_empty(desk: Desk) -> None:
    assert still_open(desk.cast.advocate, desk.number) == (
        "Advocacy Plan (Phase 1) is Not Started. It is withdrawn, and its reminders stop, when the service ends.",
    )
    desk.plan().brings_to_case_worker()
    money = desk.starts("advocate", Document.FUNDS)
    money.brings_to_approval()
    with writing() as session:
        assignment = session.scalars(select(Assignment).where(Assignment.number == desk.number)).one()
        common = {"type": "x", "method": "x", "location": "x", "written_at": NOW, "assignment_id": assignment.id}
        who = desk.cast.advocate.person_id
        day = NOW.date() + timedelta(days=3)
        session.add(Activity(**common, advocate_id=who, happened_on=day, outcome="Scheduled", entry_key="k1"))
        session.add(Activity(**common, advocate_id=who, happened_on=day, outcome="Completed", entry_key="k2"))
    assert still_open(desk.cast.csw, desk.number) == (
        "Advocacy Plan (Phase 1) is Pending Approval (case worker), waiting on the case worker."
        " It is withdrawn, and its reminders stop, when the service ends.",
        "Restoration Fund Request 1 is Approved: receipts are still to be handed in. It stays open after the service ends.",
        "A contact is scheduled for 11/05/2026.",
    )
    desk.brings_to_end_of_service()
    assert [s.partition(":")[0] for s in still_open(desk.cast.csw, desk.number)] == [
        "Restoration Fund Request 1 is Approved",
        "A contact is scheduled for 11/05/2026.",
    ]


def test_a_terminated_youth_keeps_the_record_and_the_way_back_is_said(desk: Desk) -> None:
    desk.brings_to_end_of_service()
    record = read_record(desk.cast.csw, desk.number)
    assert (record.kept, record.status) == (True, Status.TERMINATED)
    assert "refer the youth again" in refer_again_words(desk.cast.csw, desk.number)[0]
    assert refer_again_words(desk.cast.advocate, desk.number) == ("", None)
    desk.refers_again()
    sentence, newer = refer_again_words(desk.cast.csw, desk.number)
    assert newer is not None
    assert sentence == f"This youth was referred again: assignment {newer}."
    assert refer_again_words(desk.cast.advocate, desk.number) == ("", None)
