"""An agency's contract gets an end: what that means is shown first, and saved only as it was shown."""

from datetime import date, timedelta

import pytest

from cts.services.contract_end import ContractEnd, contract_end
from cts.services.places import AgencyView, list_agencies, save_agency
from cts.services.refusals import Incomplete, NotPermitted, OutOfDate
from tests.cast import add_assignment
from tests.parts.desk import Desk, served

HARBOR = "Harbor Light Advocacy"


def agency(desk: Desk) -> AgencyView:
    return next(a for a in list_agencies(desk.cast.admin, desk.now) if a.name == HARBOR)


def preview(desk: Desk, last: date | None) -> ContractEnd | None:
    return contract_end(desk.cast.admin, agency(desk).id, agency(desk).contract_start_on, last, desk.now)


def save(desk: Desk, last: date | None, seen: str | None) -> None:
    of = agency(desk)
    words = {"name": of.name, "short_name": of.short_name}
    dates = {"contract_start_on": of.contract_start_on, "contract_end_on": last}
    save_agency(desk.cast.admin, of.id, **words, **dates, now=desk.now, seen=seen)  # type: ignore[arg-type]


def test_an_end_is_shown_in_numbers_and_saved_only_as_it_was_shown(both: Desk) -> None:
    desk = served(both.cast)
    waiting = Desk(desk.cast, add_assignment(desk.cast, last_name="Second"))
    today = desk.today
    last, passed = today + timedelta(days=90), today - timedelta(days=1)
    shown = preview(desk, last)
    assert shown is not None
    when, how_many, where = shown.sentences
    gone = last + timedelta(days=1)
    assert when == f"Last day {last:%m/%d/%Y}: 3 people of the agency lose access on {gone:%m/%d/%Y}."
    assert how_many == "1 assignment in service there; 0 other open assignments."
    assert "given to another agency on Attention" in where
    at_once = preview(desk, passed)
    assert at_once is not None
    assert f"{passed:%m/%d/%Y}, has passed: 3 people of the agency lose access at once" in at_once.sentences[0]
    for day, seen, refusal in (
        (last, None, Incomplete),
        (last, at_once.seen, OutOfDate),
        (passed, shown.seen, OutOfDate),
        (None, shown.seen, OutOfDate),
    ):
        with pytest.raises(refusal):
            save(desk, day, seen)
    waiting.brings_to_agency()
    with pytest.raises(OutOfDate, match="Nothing is saved"):
        save(desk, last, shown.seen)
    assert agency(desk).contract_end_on is None
    again = preview(desk, last)
    assert again is not None and again.sentences[1].startswith("2 assignments in service")
    save(desk, last, again.seen)
    assert agency(desk).contract_end_on == last


def test_what_takes_nothing_away_is_saved_at_once(both: Desk) -> None:
    desk = served(both.cast)
    last = desk.today + timedelta(days=90)
    shown = preview(desk, last)
    assert shown is not None
    save(desk, last, shown.seen)
    for day in (last, last + timedelta(days=30), None):
        assert preview(desk, day) is None
        save(desk, day, None)
        assert agency(desk).contract_end_on == day


def test_only_administration_looks(both: Desk) -> None:
    for who in ("csw", "scsw", "coordinator", "advocate", "support", "dpo"):
        with pytest.raises(NotPermitted):
            contract_end(both.cast.people[who], 1, None, None, both.now)
