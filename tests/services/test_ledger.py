"""The ledger: what was submitted counts; each alarm is raised; nobody learns of another's youth or draft."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from itertools import count
from typing import Any

import pytest
from sqlalchemy import Engine, event, select

from cts.domain.ledger import AlarmKind, Sums, read_request, sums_of
from cts.domain.vocabulary import Document
from cts.services.case_files import keep_file
from cts.services.ledger import Ledger, agency_ledger, ledger_of
from cts.services.refusals import NotPermitted
from db.models import AccessEntry
from db.session import reading
from tests.cast import NOW, Cast, add_assignment, make_cast
from tests.parts.answers import MONEY, SPENT
from tests.parts.desk import Desk
from tests.services.test_case_files import a_paper

PROJECTED, SPENT_TOTAL = Decimal("1264.55"), Decimal("1228.00")


@pytest.fixture
def cast(sqlite_database: Engine) -> Cast:
    return make_cast()


def served(cast: Cast, number: int, agency: str = "Harbor Light Advocacy") -> Desk:
    """An assignment with an Advocate of this agency."""
    desk = Desk(cast, number)
    desk.brings_to_administration()
    desk.approves("admin", agency)
    rival = agency == "New Dawn, Inc."
    desk.acknowledges("rival_coordinator" if rival else "coordinator")
    desk.assigns("rival_coordinator" if rival else "coordinator", "rival_advocate" if rival else "advocate")
    return desk


def approved(desk: Desk, who: str = "advocate") -> Desk:
    """A further request of this assignment, approved by Administration on November 2."""
    request = desk.starts(who, Document.FUNDS)
    request.brings_to_approval(advocate=who)
    return request


def spends(request: Desk, who: str = "advocate", **other: Any) -> None:
    """What was bought, with one receipt for all of it."""
    token = other.pop("file", "") or request.uploads(who)
    request.writes(who, **SPENT, receipts=[receipt(token, **other)])


def receipt(file: str, **other: Any) -> dict[str, Any]:
    return {"id": "h1", "file": file, "description": "Shop", "dated_on": "2026-11-02", "amount": "1,228"} | other


def kinds(ledger: Ledger) -> list[AlarmKind]:
    return [a.kind for a in ledger.alarms]


def test_each_figure_comes_with_its_step_and_a_draft_is_only_the_advocates(database: Engine) -> None:
    cast = make_cast()
    desk = served(cast, cast.dcfs_number)
    request = desk.starts("advocate", Document.FUNDS)
    request.writes("advocate")
    assert ledger_of(cast.csw, desk.number).lines == ()
    request.submits("advocate")
    assert ledger_of(cast.csw, desk.number).sums == Sums(projected=PROJECTED)
    request.approves("csw")
    request.approves("admin")
    assert ledger_of(cast.csw, desk.number).sums == Sums(PROJECTED, PROJECTED)
    spends(request)
    for actor in (cast.advocate, cast.csw, cast.admin):
        assert ledger_of(actor, desk.number).sums == Sums(PROJECTED, PROJECTED)
    request.submits("advocate")
    assert ledger_of(cast.scsw, desk.number).sums == Sums(PROJECTED, PROJECTED, SPENT_TOTAL)
    request.rejects("admin", "receipts", "The coat again, please.")
    request.writes("advocate", items=[row | {"actual_cost": "1"} for row in SPENT["items"]])
    assert ledger_of(cast.admin, desk.number).sums == Sums(PROJECTED, PROJECTED, SPENT_TOTAL)
    request.submits("advocate")
    request.reimburses()
    assert ledger_of(cast.coordinator, desk.number).sums == Sums(PROJECTED, PROJECTED, Decimal(2), Decimal(2))
    assert ledger_of(cast.admin, desk.number).alarms == ()


def test_after_every_step_the_ledger_has_what_the_case_worker_reads(cast: Cast) -> None:
    desk = served(cast, cast.dcfs_number)
    request = desk.starts("advocate", Document.FUNDS)
    prices = count(1)

    def writes() -> None:
        column = "projected_cost" if request.sees("advocate").status != "Approved" else "actual_cost"
        items = request.sees("advocate").answers.get("items") or MONEY["items"]
        request.writes("advocate", items=[row | {column: str(next(prices))} for row in items])

    def agree() -> None:
        read = read_request(1, 1, "", request.status, None, request.sees("csw").answers, {})
        assert ledger_of(cast.csw, desk.number).sums == sums_of(read)

    request.writes("advocate")
    ways: list[Callable[[], object]] = [
        lambda: request.submits("advocate"),
        lambda: request.recalls("advocate"),
        writes,
        lambda: request.submits("advocate"),
        lambda: request.rejects("csw"),
        writes,
        lambda: request.submits("advocate"),
        lambda: request.recalls("advocate"),
        writes,
        lambda: request.submits("advocate"),
        lambda: request.approves("csw"),
        lambda: request.approves("admin"),
        request.spends,
        lambda: request.submits("advocate"),
        lambda: request.recalls("advocate"),
        writes,
        lambda: request.submits("advocate"),
        lambda: request.rejects("admin", "receipts", "The coat again, please."),
        writes,
        lambda: request.submits("advocate"),
        lambda: request.recalls("advocate"),
        lambda: request.withdraws("advocate"),
    ]
    for step in ways:
        step()
        agree()


def test_more_requests_ask_no_more_of_the_database(cast: Cast, sqlite_database: Engine) -> None:
    desk, asked = served(cast, cast.dcfs_number), [0]
    event.listen(sqlite_database, "before_cursor_execute", lambda *_: asked.append(asked.pop() + 1))

    def queries() -> int:
        before = asked[0]
        agency_ledger(cast.admin, NOW)
        ledger_of(cast.csw, desk.number)
        return asked[0] - before

    approved(desk).withdraws("advocate")
    one = queries()
    for _ in range(3):
        approved(desk)
    assert queries() == one


def test_a_receipt_dated_before_the_approval_by_the_offices_day(cast: Cast) -> None:
    desk = served(cast, cast.dcfs_number)
    # The evening of the office: in UTC the next day has begun.
    desk._clock.now = NOW + timedelta(hours=14)
    request = approved(desk)
    spends(request)
    request.submits("advocate")
    assert kinds(ledger_of(cast.csw, desk.number)) == []
    request.rejects("admin", "receipts", "Which day?")
    request.writes("advocate", receipts=[receipt(desk.uploads(), dated_on="2026-11-01")])
    request.submits("advocate")
    (alarm,) = ledger_of(cast.csw, desk.number).alarms
    assert (alarm.kind, alarm.number, alarm.sequence) == (AlarmKind.EARLY, desk.number, request.sequence)
    assert "11/01/2026" in alarm.sentence
    assert "11/02/2026" in alarm.sentence


def test_overspending(cast: Cast) -> None:
    desk = served(cast, cast.dcfs_number)
    request = approved(desk)
    request.writes(
        "advocate", items=[row | {"actual_cost": "1,000"} for row in SPENT["items"]], receipts=[receipt(desk.uploads())]
    )
    request.submits("advocate")
    assert kinds(ledger_of(cast.admin, desk.number)) == [AlarmKind.OVERSPENT]
    request.reimburses()
    assert kinds(ledger_of(cast.admin, desk.number)) == [AlarmKind.OVERSPENT]
    again = approved(desk)
    spends(again, dated_on="2026-10-30")
    again.submits("advocate")
    assert kinds(ledger_of(cast.admin, desk.number)) == [AlarmKind.EARLY, AlarmKind.OVERSPENT]


def test_the_same_receipt_for_two_youth_names_the_other_only_to_who_sees_the_ledger(cast: Cast) -> None:
    first, second = served(cast, cast.dcfs_number), served(cast, add_assignment(cast))
    rival = served(cast, add_assignment(cast), "New Dawn, Inc.")
    paper = a_paper()
    for desk, who in ((first, "advocate"), (second, "advocate"), (rival, "rival_advocate")):
        file = keep_file(cast.people[who], desk.number, "receipt", "shop.pdf", paper, desk.tick())
        request = approved(desk, who)
        spends(request, who, file=file.token, description=f"Shop of {desk.number}")
        request.submits(who)
    for who in ("csw", "advocate", "scsw"):
        (alarm,) = ledger_of(cast.people[who], second.number).alarms
        assert alarm.kind is AlarmKind.TWICE
        assert "a request for another youth of this agency" in alarm.sentence
        assert str(first.number) not in alarm.sentence
    for who in ("admin", "coordinator"):
        (alarm,) = ledger_of(cast.people[who], second.number).alarms
        assert alarm.sentence.endswith(f"See assignment {first.number}, Restoration Fund Request 1.")
    assert ledger_of(cast.rival_advocate, rival.number).alarms == ()
    whole = agency_ledger(cast.admin, NOW)
    assert [(a.kind, a.number) for a in whole.alarms] == [
        (AlarmKind.TWICE, first.number),
        (AlarmKind.TWICE, second.number),
    ]


def test_the_same_receipt_in_two_requests_of_a_youth(cast: Cast) -> None:
    desk = served(cast, cast.dcfs_number)
    for day in (1, 2):
        request = approved(desk)
        # Another picture of the same paper: day, amount and description tell.
        spends(request, description=" shop" if day == 1 else "SHOP")
        request.submits("advocate")
    ledger = ledger_of(cast.csw, desk.number)
    assert kinds(ledger) == [AlarmKind.TWICE, AlarmKind.TWICE]
    assert ledger.alarms[0].sentence.endswith("See Restoration Fund Request 2.")
    assert [line.alarms for line in ledger.lines] == [(AlarmKind.TWICE,), (AlarmKind.TWICE,)]
    assert ledger.sums.spent == 2 * SPENT_TOTAL


def test_the_ledger_of_an_agency_and_of_all(cast: Cast) -> None:
    ours, theirs = served(cast, cast.dcfs_number), served(cast, add_assignment(cast), "New Dawn, Inc.")
    approved(ours)
    approved(theirs, "rival_advocate")
    last_year = ours.starts("advocate", Document.FUNDS)
    last_year.writes("advocate")
    last_year.writes("advocate", requested_on="2025-12-31")
    last_year.submits("advocate")
    draft = ours.starts("advocate", Document.FUNDS)
    draft.writes("advocate")

    own = agency_ledger(cast.coordinator, NOW)
    assert [(line.number, line.sequence) for line in own.lines] == [(ours.number, 1), (ours.number, 2)]
    assert (own.agencies, own.years) == (("Harbor Light Advocacy",), (2026, 2025))
    assert agency_ledger(cast.coordinator, NOW, agency="New Dawn, Inc.").lines == ()

    whole = agency_ledger(cast.admin, NOW)
    assert [(a.agency, a.requests) for a in whole.by_agency] == [("Harbor Light Advocacy", 2), ("New Dawn, Inc.", 1)]
    assert sum((a.sums for a in whole.by_agency), Sums()) == whole.sums == Sums(3 * PROJECTED, 2 * PROJECTED)
    assert {line.number for line in agency_ledger(cast.admin, NOW, agency="New Dawn, Inc.").lines} == {theirs.number}
    assert [line.requested for line in agency_ledger(cast.admin, NOW, year=2025).lines] == ["12/31/2025"]
    assert len(agency_ledger(cast.admin, NOW, year=2026, month=11).lines) == 2
    empty = agency_ledger(cast.admin, NOW, year=2026, month=10)
    assert (empty.lines, empty.sums, empty.agencies) == ((), Sums(), whole.agencies)


@pytest.mark.parametrize("who", ["csw", "scsw", "dpo", "advocate", "support"])
def test_the_whole_ledger_is_not_for_others_and_the_refusal_is_logged(cast: Cast, who: str) -> None:
    with pytest.raises(NotPermitted, match="agency coordinators and CSEC Administration"):
        agency_ledger(cast.people[who], NOW)
    agency_ledger(cast.admin, NOW, opened=True)
    with reading() as session:
        looks = session.execute(
            select(AccessEntry.actor_id, AccessEntry.outcome).where(AccessEntry.action == "open ledger")
        )
        assert [tuple(row) for row in looks] == [
            (cast.people[who].person_id, "refused"),
            (cast.admin.person_id, "done"),
        ]


def test_a_coordinator_of_no_agency_and_strangers_to_a_record_read_nothing(cast: Cast) -> None:
    desk = served(cast, cast.dcfs_number)
    approved(desk)
    with pytest.raises(NotPermitted):
        agency_ledger(replace(cast.coordinator, agency_id=None), NOW)
    for who in ("rival_advocate", "rival_coordinator", "advocate_second", "colleague", "elsewhere", "support"):
        with pytest.raises(NotPermitted, match="no such record"):
            ledger_of(cast.people[who], desk.number)
