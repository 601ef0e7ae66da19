"""The access log on its page, unusual viewing by plain rules, and who may see either."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import Engine, select

from cts.domain.addresses import Tab
from cts.services.access import record_access
from cts.services.access_log import PAGE_SIZE, LogFilter, LogPage, access_log, actions_logged
from cts.services.account_keeping import unlock
from cts.services.account_listing import list_accounts
from cts.services.criteria import Criteria
from cts.services.email_log import email_log, email_text
from cts.services.emergency_reviews import emergency_list
from cts.services.holds import place_hold
from cts.services.passphrases import tell_person
from cts.services.record import open_record
from cts.services.refusals import Incomplete, NotPermitted
from cts.services.search import search_elsewhere
from cts.services.sign_in import SignInRefused, sign_in
from cts.services.start_log import ALL_UNKNOWN, log_start
from cts.services.timeline import who_looked
from cts.services.unusual import RULES, unusual_viewing
from cts.settings import settings
from db.models import EmailOwed
from db.session import writing
from tests.cast import NOW, PASSWORD, Cast, add_assignment, later, make_cast
from tests.parts.chain import entries
from tests.parts.desk import Desk

TODAY = date(2026, 11, 2)


@pytest.fixture
def cast(database: Engine) -> Iterator[Cast]:
    yield make_cast()
    settings.cache_clear()


def page(cast: Cast, before: int | None = None, **wanted: object) -> LogPage:
    return access_log(cast.admin, LogFilter(**wanted), later(60), before=before, look=False)  # type: ignore[arg-type]


def look(
    cast: Cast, who: str, at: datetime = NOW, number: int = 0, *, outcome: str = "done", parties: str = "x"
) -> None:
    with writing() as session:
        told = {"assignment_id": number or None, "parties": parties}
        record_access(session, cast.people[who], "open record", at, outcome=outcome, **told)  # type: ignore[arg-type]


def counted(cast: Cast, now: datetime = NOW) -> list[tuple[str, str]]:
    """Whose, and what was counted, on November 2."""
    return [(line.who, line.sentence) for line in unusual_viewing(cast.admin, now) if line.day == TODAY]


def test_every_way_in_is_logged_with_who_as_what_whence_and_when(cast: Cast) -> None:
    cookie = sign_in("csw", PASSWORD, "10.1.2.3", "", NOW + timedelta(microseconds=123_456))
    with pytest.raises(SignInRefused):
        sign_in("csw", "wrong", "10.1.2.3", "", later(1))
    assert cookie
    done, refused = entries()
    assert (done["actor_id"], done["role"], done["address"]) == (cast.csw.person_id, "CSW", "10.1.2.3")
    assert len(done["session_hash"]) == 64 and done["at"].microsecond == 123_456
    assert (refused["actor_id"], refused["outcome"], refused["details"]["person"]) == (
        None,
        "refused",
        cast.csw.person_id,
    )
    lines = page(cast).lines
    assert lines[1].who == "Wanda Worker (CSW)" and lines[1].when == "11/02/2026 09:00:00.123\u00a0AM"
    assert lines[0].who == "Nobody signed in" and lines[0].outcome == "refused"


def test_the_log_is_filtered_by_each_field_and_turned_page_by_page(cast: Cast) -> None:
    desk = Desk(cast, cast.dcfs_number)
    desk.brings_to_advocate()
    with pytest.raises(NotPermitted):
        open_record(cast.elsewhere, desk.number, None, later(5))
    search_elsewhere(cast.dpo, Criteria(last_name="canary"), later(days=2))
    assert {line.who for line in page(cast, person="wanda WORK").lines} == {"Wanda Worker (CSW)"}
    unlock(cast.support, cast.scsw.person_id, later(3))
    assert ("Stella Support (Technical support)", "person: Sonia Supervisor") in {
        (line.who, line.object) for line in page(cast, person="sonia").lines
    }, "what others did to the account"
    sonias = page(cast, person_id=cast.scsw.person_id)
    assert sonias.of == "Sonia Supervisor" and {line.who for line in sonias.lines} == {
        "Sonia Supervisor (SCSW)",
        "Stella Support (Technical support)",
    }
    assert page(cast, person_id=0).lines == () and page(cast, person_id=0).of == ""
    assert all(f"Assignment {desk.number}" in line.object for line in page(cast, number=desk.number).lines)
    assert page(cast, number=99_999).lines == ()
    (refused,) = page(cast, outcome="refused").lines
    assert (refused.who, refused.object) == ("Elena Elsewhere (SCSW)", f"Assignment {desk.number}; kind: NotPermitted")
    assert refused.what == "Opening refused: Client Summary tab"
    (searched,) = page(cast, action="search").lines
    assert searched.object == f"asked: last_name; found: {desk.number}"
    assert page(cast, first_on=date(2026, 11, 4)).lines == page(cast, action="search").lines
    assert searched not in page(cast, last_on=date(2026, 11, 3)).lines
    with pytest.raises(Incomplete):
        page(cast, first_on=date(2026, 11, 4), last_on=date(2026, 11, 3))
    for days in ({"first_on": date.min}, {"last_on": date.max}):
        with pytest.raises(Incomplete, match="check the year"):
            page(cast, **days)
    assert "search" in actions_logged(cast.admin, NOW)
    for minute in range(PAGE_SIZE):
        look(cast, "csw", later(minute))
    seen, before = [], None
    while True:
        found = page(cast, before=before)
        seen += [line.id for line in found.lines]
        before = found.older
        if before is None:
            break
    assert seen == [row["id"] for row in reversed(entries())]


def test_reading_a_log_or_the_accounts_is_logged_once_a_look(cast: Cast) -> None:
    with writing() as session:
        tell_person(session, cast.csw.person_id, "Something was changed.", NOW)
        owed = session.scalars(select(EmailOwed.id)).one()
    access_log(cast.admin, LogFilter(person="Wanda"), NOW)
    access_log(cast.admin, LogFilter(person="Wanda"), NOW, look=False)
    for opened in (True, False):
        unusual_viewing(cast.admin, NOW, opened=opened)
        emergency_list(cast.admin, NOW, opened=opened)
        email_log(cast.support, now=NOW, opened=opened)
        email_text(cast.support, owed, now=NOW, opened=opened)
        list_accounts(cast.support, NOW, opened=opened)
    assert [(entry["action"], entry["details"]) for entry in entries()] == [
        ("read access log", {"asked": ["person"]}),
        ("list unusual viewing", {}),
        ("list emergency accesses", {}),
        ("read e-mail log", {}),
        ("read e-mail", {"email_id": owed}),
        ("read accounts", {}),
    ]


@pytest.mark.parametrize("who", ["support", "csw", "scsw", "coordinator", "advocate"])
def test_nobody_but_administration_opens_it(cast: Cast, who: str) -> None:
    actor = cast.people[who]
    for attempt in (
        lambda: access_log(actor, LogFilter(), NOW),
        lambda: actions_logged(actor, NOW),
        lambda: unusual_viewing(actor, NOW),
    ):
        with pytest.raises(NotPermitted):
            attempt()
    assert [row["outcome"] for row in entries()] == ["refused"] * 3


def test_a_quiet_day_has_nothing_unusual(cast: Cast) -> None:
    desk = Desk(cast, cast.dcfs_number)
    desk.brings_to_advocate()
    open_record(cast.csw, desk.number, Tab.PLAN, later(30))
    assert counted(cast) == []


def test_many_records_are_compared_with_what_is_usual_for_the_person(cast: Cast) -> None:
    limit = settings().unusual_records
    for number in range(1, limit + 2):
        look(cast, "csw", number=number)
        look(cast, "scsw", number=number)
        look(cast, "scsw", later(days=-2), number=number)
    assert counted(cast) == [
        (
            "Wanda Worker (CSW)",
            f"{limit + 1} different records in the day; usual for this person: 0 (the limit is {limit}).",
        )
    ]


def test_searches_refusals_and_nights_are_counted(cast: Cast) -> None:
    for _ in range(settings().unusual_searches + 1):
        search_elsewhere(cast.dpo, Criteria(last_name="canary"), NOW)
    for _ in range(settings().unusual_refusals):
        look(cast, "elsewhere", outcome="refused")
    for minute in range(3):
        look(cast, "csw", later(minute - 14 * 60 + 16), number=1)  # seven in the evening before: no night
        look(cast, "colleague", NOW + timedelta(hours=-7, minutes=minute), number=1)  # two in the morning
    assert counted(cast) == [
        ("Paul Probation (DPO)", "41 searches in the day (the limit is 40)."),
        ("Elena Elsewhere (SCSW)", "5 refusals in the day (the limit is 5)."),
        ("Colin Colleague (CSW)", "3 looks at records or exports between 22:00 and 5:00."),
    ]


def test_what_is_carried_away_in_lists_is_counted_and_an_export_by_night_is_a_look(cast: Cast) -> None:
    def exported(who: str, at: datetime, rows: int) -> None:
        with writing() as session:
            record_access(session, cast.people[who], "export", at, list="listing", format="xlsx", rows=rows)

    for _ in range(settings().unusual_exports + 1):
        exported("scsw", NOW, 2)
    exported("admin", NOW - timedelta(days=3), 300)
    exported("admin", NOW, 900)  # three times the most of a day before: not more
    exported("admin_second", NOW, 501)
    exported("dpo", NOW, 500)
    for minute in range(3):
        exported("colleague", NOW + timedelta(hours=-7, minutes=minute), 1)
    limits = "(the limits are 10 lists and 500 rows)."
    assert counted(cast) == [
        (
            "Sonia Supervisor (SCSW)",
            f"11 lists exported in the day, 22 rows in all; most rows on a day before: 0 {limits}",
        ),
        (
            "Abel Administrator (CSEC Administration)",
            f"1 list exported in the day, 501 rows in all; most rows on a day before: 0 {limits}",
        ),
        ("Colin Colleague (CSW)", "3 looks at records or exports between 22:00 and 5:00."),
    ]


def test_a_slip_is_not_done_and_no_refusal_of_a_right(cast: Cast) -> None:
    desk = Desk(cast, cast.dcfs_number)
    desk.brings_to_advocate()
    for _ in range(settings().unusual_refusals):
        with pytest.raises(Incomplete):
            place_hold(cast.admin, desk.number, " ", NOW)
    assert counted(cast) == []
    assert page(cast, outcome="refused").lines == ()
    slips = page(cast, outcome="not done").lines
    assert [(line.outcome, line.reason) for line in slips] == [("not done", "")] * settings().unusual_refusals
    looks = who_looked(cast.csw, desk.number)
    assert looks and [(row.refused, row.not_done) for row in looks.rows[: len(slips)]] == [(False, True)] * len(slips)


def test_records_without_a_tie_and_after_it_ended_are_told(cast: Cast) -> None:
    other = add_assignment(cast)
    desk = Desk(cast, other)
    desk.brings_to_advocate()
    open_record(cast.advocate, other, None, later(40))
    desk.assigns("coordinator", "advocate_second")
    with pytest.raises(NotPermitted):
        open_record(cast.advocate, other, None, later(59))
    with pytest.raises(NotPermitted):
        open_record(cast.rival_advocate, other, None, later(59))
    told = {rule: [] for rule in RULES}
    for line in unusual_viewing(cast.admin, NOW):
        told[line.rule].append(line.who)
        assert page(cast, person_id=line.person_id).of == line.who.partition(" (")[0]
    assert told["Without a tie"] == ["Alan Advocate (Advocate)", "Cora Advocate (Advocate)"]
    assert told["After the tie ended"] == ["Alan Advocate (Advocate)"]
    assert told["At night"] == told["Many records"] == told["Repeated refusals"] == []


def test_a_start_names_the_settings_that_changed_and_no_value(cast: Cast) -> None:
    first = replace(settings(), secret_key="s" * 32, smtp_password="a secret of the mail server")
    assert log_start(first, "one", NOW) == log_start(first, "one", later(1)) == ()
    second = replace(first, smtp_password="another", session_hours=8)
    assert log_start(second, "two", later(2)) == (), "the first start of another server"
    assert log_start(second, "one", later(3)) == ("session_hours", "smtp_password")
    assert log_start(replace(first, secret_key="t" * 32), "one", later(4)) == (ALL_UNKNOWN,)
    kept = str(entries())
    assert "secret of the mail" not in kept and "another" not in kept
    (line,) = [line for line in page(cast, action="start server").lines if "session_hours" in line.object]
    assert (line.who, line.object) == ("CTS", "changed: session_hours, smtp_password; server: one")
