"""An agency's contract ends: its people are out, its youth go on with another agency, and the agency of before learns nothing more."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier

import pytest
from sqlalchemy import select, update

from cts.domain.filters import ANY_STATUS, Attention, Filters
from cts.domain.vocabulary import Document
from cts.services.agency_moves import YouthOfAgency, ending_agencies, move_youth, youth_of_agency
from cts.services.contract_end import contract_end
from cts.services.ledger import agency_ledger, ledger_of
from cts.services.listings import listing
from cts.services.places import agencies_under_contract
from cts.services.refusals import NOT_FOUND, Incomplete, NotPermitted, OutOfDate, Refusal
from cts.services.timeline import line_of_life
from cts.services.waiting import waiting_on_me
from db.models import Agency, Assignment, EmailOwed
from db.session import reading, writing
from tests.cast import add_assignment, change_person
from tests.parts.agency_change import reassigns
from tests.parts.agreement import disagreements
from tests.parts.desk import Desk, served
from tests.parts.every_service import ways_to

NEW_DAWN, HARBOR = "New Dawn, Inc.", "Harbor Light Advocacy"
WHY = ("contract", "The contract has ended.")


def contract_ends(on: date) -> None:
    with writing() as session:
        session.execute(update(Agency).where(Agency.name == HARBOR).values(contract_end_on=on))


def row_of(number: int) -> Assignment:
    with reading() as session:
        return session.scalars(select(Assignment).where(Assignment.number == number)).one()


def shown(desk: Desk) -> tuple[YouthOfAgency, ...]:
    return youth_of_agency(desk.cast.people["admin"], desk.cast.agencies[HARBOR], desk.now)


def moves(desk: Desk, who: str = "admin", key: str = "a press") -> str:
    to = desk.cast.agencies[NEW_DAWN]
    return move_youth(desk.cast.people[who], shown(desk), to, *WHY, key, desk.tick())


def life(desk: Desk, who: str) -> str:
    chapters = line_of_life(desk.cast.people[who], desk.number)
    return "\n".join(line.sentence for chapter in chapters for line in chapter.lines)


def test_before_the_end_administration_is_warned_and_after_it_nobody_of_the_agency_is_in(both: Desk) -> None:
    desk = served(both.cast)
    admin, today = desk.cast.people["admin"], desk.today
    assert ending_agencies(admin, desk.now) == ()
    for days, words in (
        (60, "ends in 60 days"),
        (30, "very soon: ends in 30 days"),
        (0, "ends today"),
        (-1, "ended 1 day ago"),
    ):
        contract_ends(today + timedelta(days=days))
        (ending,) = ending_agencies(admin, desk.now)
        assert (ending.warning, ending.youth) == (words, 1)
    contract_ends(today - timedelta(days=1))
    assert listing(admin, filters=Filters(attention=Attention.AGENCY_ENDED), today=today).total == 1
    assert [a.name for a in agencies_under_contract(admin, desk.now)] == [NEW_DAWN]
    with pytest.raises(Incomplete, match="under contract"):
        reassigns(desk, "admin", HARBOR)
    for who in ("scsw", "csw", "coordinator", "rival_coordinator", "support"):
        for attempt in (
            lambda actor: ending_agencies(actor, desk.now),
            lambda actor: youth_of_agency(actor, desk.cast.agencies[HARBOR], desk.now),
            lambda actor: move_youth(actor, shown(desk), desk.cast.agencies[NEW_DAWN], *WHY, "k", desk.now),
        ):
            with pytest.raises(NotPermitted):
                attempt(desk.cast.people[who])


def test_all_at_once_with_what_is_under_way_and_the_former_agency_learns_nothing_new(both: Desk) -> None:
    desk = served(both.cast)
    second = Desk(desk.cast, add_assignment(desk.cast, last_name="Second"))
    second.brings_to_agency()
    desk.plan().brings_to_case_worker()
    paid = desk.starts("advocate", Document.FUNDS)
    paid.brings_to_approval()
    paid.spends()
    paid.submits("advocate")
    paid.reimburses()
    draft = desk.starts("advocate", Document.EXTENSION)
    draft.writes("advocate")
    before = row_of(desk.number)
    desk.new_emails(), second.new_emails()
    assert [(y.number, y.advocate, y.under_way) for y in shown(desk)] == [
        (desk.number, "Alan Advocate", 2),
        (second.number, "none yet", 0),
    ]
    assert moves(desk) == "2 assignments went to the other agency; the coordinators of both have been told."
    after = row_of(desk.number)
    assert (after.agency_id, after.advocate_id, after.alerts_acknowledged_at) == (
        desk.cast.agencies[NEW_DAWN],
        None,
        None,
    )
    assert (after.service_start_on, after.service_end_on) == (before.service_start_on, before.service_end_on)
    assert desk.new_emails() == [
        ("advocate", "former_advocate"),
        ("csw", "agency_changed"),
        ("rival_coordinator", "assignment_to_agency"),
        ("scsw", "agency_changed"),
    ]
    (letter,) = letters_to_the_former_agency()
    assert (letter.to_address, letter.assignment_number) == ("coordinator@cts.example", None)
    assert letter.details == {"waiting": "2 assignments", "by": "Ada Administrator"}
    for who in ("advocate", "coordinator"):
        actor = desk.cast.people[who]
        for name, call in ways_to(actor, desk.number):
            with pytest.raises(NotPermitted) as refusal:
                call()
            assert str(refusal.value) == NOT_FOUND, name
        assert listing(actor, filters=Filters(ANY_STATUS), today=desk.today).rows == ()
        assert waiting_on_me(actor, desk.now) == ()
    _which_agency_was_paid_does_not_change(desk)
    _goes_on(desk, draft)
    assert disagreements() == []


def _which_agency_was_paid_does_not_change(desk: Desk) -> None:
    for who, elsewhere in (("admin", frozenset()), ("coordinator", {desk.number})):
        ledger = agency_ledger(desk.cast.people[who], desk.now)
        assert ([line.agency for line in ledger.lines], ledger.elsewhere) == ([HARBOR], elsewhere)
    assert agency_ledger(desk.cast.people["rival_coordinator"], desk.now).lines == ()
    assert [line.agency for line in ledger_of(desk.cast.people["rival_coordinator"], desk.number).lines] == [HARBOR]


def _goes_on(desk: Desk, draft: Desk) -> None:
    """The other agency begins like any: alerts, Advocate; then the work of before goes on."""
    with pytest.raises(Incomplete, match="acknowledged first"):
        desk.assigns("rival_coordinator", "rival_advocate")
    desk.acknowledges("rival_coordinator")
    desk.assigns("rival_coordinator", "rival_advocate")
    draft.submits("rival_advocate")
    desk.plan().approves("csw")
    desk.plan().rejects("scsw")
    desk.plan().submits("rival_advocate")
    assert "in place of Harbor Light Advocacy" in life(desk, "csw")
    assert "Alan" not in life(desk, "rival_advocate")


def test_one_by_one_it_is_a_step_and_twice_the_same_press_is_one(both: Desk) -> None:
    desk = served(both.cast)
    version = desk.sees("admin").version
    reassigns(desk, "admin", version=version, key="one press")
    assert "You assigned the youth" in reassigns(desk, "admin", version=version, key="one press").sentence
    (letter,) = letters_to_the_former_agency()
    assert (letter.to_address, letter.details["waiting"]) == ("coordinator@cts.example", "1 assignment")
    with pytest.raises(Incomplete, match="has the youth already"):
        reassigns(desk, "admin")
    with pytest.raises(OutOfDate):
        reassigns(desk, "admin", HARBOR, version=version)
    reassigns(desk, "admin", HARBOR)
    assert desk.opens("coordinator").agency == HARBOR


def test_one_youth_that_changed_since_the_preview_stops_all_of_them(both: Desk) -> None:
    desk = served(both.cast)
    second = Desk(desk.cast, add_assignment(desk.cast, last_name="Second"))
    second.brings_to_agency()
    preview = shown(desk)
    second.acknowledges("coordinator")
    with pytest.raises(OutOfDate, match=f"assignment {second.number} has changed since you looked"):
        move_youth(desk.cast.people["admin"], preview, desk.cast.agencies[NEW_DAWN], *WHY, "k", desk.tick())
    assert row_of(desk.number).agency_id == desk.cast.agencies[HARBOR]
    with pytest.raises(Incomplete):
        move_youth(desk.cast.people["admin"], shown(desk), None, *WHY, "k", desk.tick())
    with pytest.raises(Incomplete):
        move_youth(
            desk.cast.people["admin"], shown(desk), desk.cast.agencies[NEW_DAWN], "contract", " ", "k", desk.tick()
        )


def test_of_two_of_administration_who_move_them_at_once_one_does(both: Desk) -> None:
    desk = served(both.cast)
    preview, together, at = shown(desk), Barrier(2), desk.tick()

    def press(who: str) -> str:
        together.wait()
        try:
            return move_youth(desk.cast.people[who], preview, desk.cast.agencies[NEW_DAWN], *WHY, who, at)
        except Refusal as refusal:
            return type(refusal).__name__

    with ThreadPoolExecutor(2) as pool:
        said = sorted(pool.map(press, ("admin", "admin_second")))
    assert said == ["1 assignment went to the other agency; the coordinators of both have been told.", "OutOfDate"]


def test_no_youth_goes_to_an_agency_of_which_nobody_could_take_it_up(both: Desk) -> None:
    desk = served(both.cast)
    admin = desk.cast.people["admin"]
    change_person(desk.cast, "rival_coordinator", active=False)
    (choice,) = (c for c in agencies_under_contract(admin, desk.now) if c.name == NEW_DAWN)
    assert choice.words == f"{NEW_DAWN} (no coordinator in CTS yet)"
    for moved in (lambda: moves(desk), lambda: reassigns(desk, "admin")):
        with pytest.raises(Incomplete, match="has no coordinator in CTS who could name an Advocate"):
            moved()
    assert row_of(desk.number).agency_id == desk.cast.agencies[HARBOR] and not letters_to_the_former_agency()


def test_money_that_was_not_paid_back_is_said_before_the_end_and_after_it(both: Desk) -> None:
    desk = served(both.cast)
    admin, agency = desk.cast.people["admin"], desk.cast.agencies[HARBOR]
    request = desk.starts("advocate", Document.FUNDS)
    request.brings_to_approval()
    preview = contract_end(admin, agency, desk.today - timedelta(days=400), desk.today, desk.now)
    assert preview is not None and preview.sentences[-1].startswith("1 Restoration Fund Request is not paid back yet.")
    desk.brings_to_end_of_service()
    contract_ends(desk.today - timedelta(days=1))
    (ending,) = ending_agencies(admin, desk.now)
    assert (ending.name, ending.youth, ending.unpaid) == (HARBOR, 0, 1)
    contract_ends(desk.today)
    request.spends()
    request.submits("advocate")
    request.reimburses()
    assert ending_agencies(admin, desk.now) == ()
    again = contract_end(admin, agency, desk.today - timedelta(days=400), desk.today - timedelta(days=1), desk.now)
    assert again is not None and "not paid back" not in str(again.sentences)


def letters_to_the_former_agency() -> list[EmailOwed]:
    with reading() as session:
        return list(session.scalars(select(EmailOwed).where(EmailOwed.template == "agency_left")))
