"""Dated cover: a colleague of the same office and title stands in for one who is absent, "acting for", until the last day (mission §7)."""

import pytest

from cts.domain.vocabulary import Need, Party
from cts.outside.mail import compose
from cts.services.checking import About
from cts.services.checks import look
from cts.services.cover_lists import cover_page, cover_words, covers_today
from cts.services.covering import end_cover
from cts.services.criteria import Criteria
from cts.services.outbox import claim_due
from cts.services.printing import printed
from cts.services.refusals import NOT_FOUND, NotPermitted, OutOfDate
from cts.services.search import search_elsewhere
from cts.services.timeline import who_looked
from cts.services.waiting import count_waiting, waiting_on_me
from cts.settings import settings
from tests.cast import OTHER_OFFICE, add_assignment, change_person
from tests.parts.agreement import disagreements
from tests.parts.desk import Desk
from tests.parts.listed import listed
from tests.parts.pool import claims, returns
from tests.parts.reminded import made, morning
from tests.parts.stand_ins import at_work, covered, in_a_request

WANDA, COLIN = "Wanda Worker", "Colin Colleague"


@pytest.fixture
def away(both: Desk) -> Desk:
    """Wanda Worker is absent from today, a Monday, to Friday; Colin Colleague covers for her."""
    assert covered(both, "csw", "colleague") == f"{COLIN} covers for {WANDA} from 11/02/2026 to 11/06/2026."
    return at_work(both, "colleague", "csw")


def test_the_cover_writes_signs_and_submits_acting_for_the_absent_case_worker(away: Desk) -> None:
    colin = away.cast.colleague
    (row,) = waiting_on_me(colin, away.now)
    assert (row.number, row.mine, row.covered_for) == (away.number, True, WANDA) and count_waiting(colin) == 1
    (row,) = listed(colin).rows
    assert row.marks == (f"Covered for {WANDA}",)
    assert away.sees("scsw").holder == f"{WANDA} (absent, covered by {COLIN})"
    away.writes("colleague")
    signature = away.signs("colleague")
    assert (signature.name, signature.acting_for) == (COLIN, WANDA)
    away.submits("colleague")
    assert {s.party: s.acting_for for s in away.sees("scsw").signatures} == {Party.CASE_WORKER: WANDA}
    lines = [line.sentence for line in away.sees("scsw").history]
    assert lines[-1] == f"{COLIN} (case worker, acting for {WANDA}) submitted the Referral to Sonia Supervisor."
    assert f"{COLIN} (case worker, acting for {WANDA}) signed the Referral." in lines
    away.opens("colleague")
    looks = who_looked(away.cast.scsw, away.number)
    assert looks is not None
    assert {(look.who, look.party) for look in looks.rows} == {
        (f"{COLIN} (CSW)", f"case worker, acting for {WANDA}"),
    }
    assert "acting for Wanda Worker" in cover_words(colin, away.number)
    assert disagreements() == []


def test_e_mails_and_reminders_go_to_the_cover_too(away: Desk) -> None:
    away.brings_to_supervisor()
    away.signs("scsw")
    away.new_emails()
    away.rejects("scsw")
    assert away.new_emails() == [("colleague", "referral_rejected"), ("csw", "referral_rejected")]
    assert {who: own for who, (own, _) in made(away.cast, morning(1)).items()} == {
        "csw": [away.number],
        "colleague": [away.number],
    }


def test_what_waits_too_long_is_told_to_the_cover_of_the_supervisor_too(both: Desk) -> None:
    both.brings_back()
    covered(both, "scsw", "substitute", days=10)
    told = {who for who, (_, others) in made(both.cast, morning(7)).items() if others}
    assert told == {"scsw", "substitute", "admin", "admin_second"}


def test_it_ends_by_itself_on_the_day_after_the_last(away: Desk) -> None:
    away.tick(days=4)  # Friday
    assert in_a_request(away, "colleague").covers == {away.cast.csw.person_id}
    away.tick(days=1)
    saturday = at_work(away, "colleague")
    assert saturday.cast.colleague.covers == frozenset()
    assert waiting_on_me(saturday.cast.colleague, away.now) == () == listed(saturday.cast.colleague).rows
    with pytest.raises(NotPermitted, match=NOT_FOUND):
        saturday.opens("colleague")
    assert covers_today(saturday.cast.colleague, away.now) == ()


def test_it_begins_on_its_first_day(both: Desk) -> None:
    covered(both, "csw", "colleague", begins_in=1)
    assert in_a_request(both, "colleague").covers == frozenset()
    both.tick(days=1)
    assert in_a_request(both, "colleague").covers == {both.cast.csw.person_id}


def test_ended_early_it_ends_at_once_even_for_a_request_under_way(away: Desk) -> None:
    (line,) = cover_page(away.cast.csw, away.now).lines
    assert end_cover(away.cast.csw, line.id, away.now) == f"{COLIN} covers for {WANDA} no more."
    with pytest.raises(NotPermitted, match=NOT_FOUND):
        away.opens("colleague")  # the actor of a moment before
    with pytest.raises(OutOfDate, match="has ended already"):
        end_cover(away.cast.csw, line.id, away.now)


@pytest.mark.parametrize("who", ["csw", "colleague"])
@pytest.mark.parametrize("changes", [{"active": False}, {"office_code": OTHER_OFFICE}, {"role": "SCSW"}])
def test_it_ends_at_once_when_either_leaves_moves_or_gets_another_title(
    away: Desk, who: str, changes: dict[str, object]
) -> None:
    change_person(away.cast, who, **changes)
    if who == "csw" or changes != {"role": "SCSW"}:
        with pytest.raises(NotPermitted, match=NOT_FOUND):
            away.opens("colleague")
    else:
        assert away.opens("colleague").parties == {Party.SUPERVISOR, Party.OFFICE_COLLEAGUE}
    if who == "csw" or "active" not in changes:
        assert in_a_request(away, "colleague").covers == frozenset()


def test_a_cover_never_opens_a_sensitive_youth_nor_anything_outside_the_office(away: Desk) -> None:
    hidden = add_assignment(away.cast, last_name="Canary-Hidden", sensitivity="S")
    sealed = add_assignment(away.cast, last_name="Canary-Sealed", sensitivity="R")
    elsewhere = add_assignment(away.cast, last_name="Canary-Elsewhere", office=OTHER_OFFICE, unit="1901A-01")
    colin = away.cast.colleague
    assert [row.number for row in waiting_on_me(colin, away.now)] == [away.number]
    assert [row.number for row in listed(colin).rows] == [away.number]
    for number in (hidden, sealed, elsewhere):
        with pytest.raises(NotPermitted, match=NOT_FOUND):
            Desk(away.cast, number).opens("colleague")
    found = search_elsewhere(colin, Criteria(last_name="Canary"), away.now)
    assert found is not None and [row.number for row in found.rows] == [elsewhere], "as for everybody of the county"
    for number in (away.number, hidden, sealed):
        Desk(away.cast, number).brings_to_supervisor()
        Desk(away.cast, number).signs("scsw")
        Desk(away.cast, number).rejects("scsw")
    reminded = made(away.cast, morning(1))
    assert reminded["colleague"] == ([away.number], []) and len(reminded["csw"][0]) == 3
    assert {who for who, _ in Desk(away.cast, hidden).new_emails()} == {"csw", "scsw"}


def test_four_eyes_still_holds_by_person(both: Desk) -> None:
    own = Desk(both.cast, add_assignment(both.cast, worker="substitute"))
    covered(own, "substitute", "scsw")
    own = at_work(own, "scsw")
    own.writes("scsw")
    own.signs("scsw")
    own.submits("scsw", to="substitute")
    with pytest.raises(NotPermitted, match="another person decides"):
        own.approves("scsw")


def test_a_supervisor_covers_for_another_and_acts_for_that_person(both: Desk) -> None:
    desk = Desk(both.cast, add_assignment(both.cast, supervisor="scsw"))
    desk.brings_to_supervisor()
    covered(desk, "scsw", "substitute", set_by="substitute")
    desk = at_work(desk, "substitute")
    simon = desk.cast.substitute
    (row,) = waiting_on_me(simon, desk.now)
    assert (row.mine, row.covered_for) == (True, "Sonia Supervisor")
    chosen = Desk(both.cast, both.number).sees("csw").choices[Need.SUPERVISOR]
    assert [choice.note for choice in chosen] == ["your supervisor, absent, covered by Simon Substitute", ""]
    assert [r.marks for r in listed(simon).rows if r.number == desk.number] == [("Covered for Sonia Supervisor",)]
    assert desk.signs("substitute").acting_for == "Sonia Supervisor"
    desk.approves("substitute")
    assert "acting for Sonia Supervisor" in desk.sees("csw").history[-1].sentence
    paper = printed(desk.sees("csw"), desk.cast.csw, desk.now)
    assert [s.acting_for for s in paper.signatures if not isinstance(s, str)] == [None, "Sonia Supervisor"]


def test_home_says_who_covers_for_whom(away: Desk) -> None:
    assert covers_today(away.cast.colleague, away.now) == (
        f"You cover for {WANDA} until 11/06/2026. What waits there stands among yours below.",
    )
    assert covers_today(away.cast.csw, away.now) == (f"{COLIN} covers for you until 11/06/2026.",)
    assert covers_today(away.cast.admin, away.now) == ()


def test_the_two_are_told_by_e_mail_with_a_link_to_the_page(away: Desk) -> None:
    (due,) = claim_due(away.tick(), "sender", limit=5)
    assert (due.to_name, due.path, due.number) == (COLIN, "/cover", None)
    message = compose(
        due.template,
        due.details,
        to_name=due.to_name,
        to_address=due.to_address,
        number=due.number,
        message_key=due.key,
        sent_at=away.now,
        settings=settings(),
        path=due.path,
    )
    text = message.get_content()
    assert (
        f"{COLIN} covers for {WANDA} from 11/02/2026 to 11/06/2026." in text and f"{settings().base_url}/cover" in text
    )
    assert "Canary" not in text and str(away.number) not in text


def test_no_check_finds_anything_wrong_with_what_a_cover_and_a_claim_left_behind(away: Desk) -> None:
    away.writes("colleague")
    away.signs("colleague")
    away.submits("colleague")
    claims(away, "substitute")
    claims(away, "scsw", taken_from="substitute")
    returns(away, "scsw")
    assert [(o.key, o.shown) for o in look(away.now, [About.RECORDS]) if o.total] == []
