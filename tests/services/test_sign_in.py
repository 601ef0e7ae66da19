"""Signing in: guesses counted before they are checked, one answer for every failure, sessions that end when they must."""

import logging
import secrets
import statistics
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import Engine, select, update

from cts.domain.vocabulary import Role
from cts.outside import credentials
from cts.services import accounts, attempts, sessions, sign_in
from cts.services.account_keeping import end_account_of
from cts.services.actor import SYSTEM, Actor
from cts.services.refusals import Incomplete, NotPermitted
from cts.settings import settings
from db.models import AccessEntry, Account, Agency, Person, SignInSession
from db.session import reading, writing

NOW = datetime(2026, 11, 22, 17, 0, tzinfo=UTC)
PASSWORD = "correct horse battery"
HOME = "10.1.1.1"


def add(name: str, role: Role = Role.ADMINISTRATION, password: str = PASSWORD, agency_id: int | None = None) -> int:
    person = accounts.NewPerson(f"{name} Tester", role, f"{name}@cts.example", agency_id=agency_id)
    return accounts.create_account(SYSTEM, person, name, password, NOW)


def enter(name: str = "ana", password: str = PASSWORD, now: datetime = NOW, address: str = HOME) -> str:
    """Sign in; returns the session's hash."""
    return sessions.hash_of(sign_in.sign_in(name, password, address, "browser", now).value)


def refused(name: str, password: str, now: datetime = NOW, address: str = HOME) -> str:
    with pytest.raises(sign_in.SignInRefused) as refusal:
        sign_in.sign_in(name, password, address, "browser", now)
    return str(refusal.value)


def actor(session: str, now: datetime = NOW) -> Actor:
    found = sessions.actor_of_session(session, now)
    assert found is not None
    return found


@pytest.fixture
def ana(database: Engine, fewest_rounds: None) -> Iterator[int]:
    yield add("ana")


def test_signs_in_and_is_who_the_database_says(ana: int) -> None:
    found = actor(enter(" ANA "))
    assert (found.person_id, found.name, found.role, found.address) == (ana, "ana Tester", Role.ADMINISTRATION, HOME)


def test_the_database_holds_no_cookie_and_no_password(ana: int) -> None:
    value = sign_in.sign_in("ana", PASSWORD, HOME, "browser", NOW).value
    with reading() as session:
        kept = str(session.execute(select(SignInSession.__table__)).all()) + str(
            session.execute(select(Account.__table__)).all()
        )
    assert value not in kept
    assert PASSWORD not in kept
    assert sessions.hash_of(value) in kept
    assert sessions.actor_of_session(value, NOW) is None


def test_every_failure_reads_the_same(ana: int) -> None:
    texts = {
        refused("ana", "wrong"),
        refused("nobody", "wrong"),
        refused("", ""),
        refused("ana", ""),
        refused("ana\x00", "x" * 5000),
    }
    for _ in range(6):
        texts.add(refused("ana", "wrong"))
    with writing() as session:
        session.execute(update(Person).values(active=False))
    texts.add(refused("ana", PASSWORD, NOW + timedelta(hours=1)))
    assert texts == {sign_in.refusal_text()}


def test_parallel_guesses_are_counted_one_by_one(ana: int) -> None:
    """Thirty at once: as many are checked as are allowed, and then not even the right password opens."""
    with ThreadPoolExecutor(30) as guessers:
        answers = list(guessers.map(lambda n: refused("ana", f"wrong {n}", address=f"10.2.0.{n}"), range(30)))
    assert len(answers) == 30
    with reading() as session:
        assert session.execute(select(Account.failed_attempts)).scalar_one() == settings().sign_in_attempts
    refused("ana", PASSWORD)
    refused("ana", PASSWORD, NOW + timedelta(minutes=settings().sign_in_window_minutes - 1))
    enter("ana", now=NOW + timedelta(minutes=settings().sign_in_window_minutes, seconds=1))


def test_a_success_forgets_the_failures(ana: int) -> None:
    for _ in range(3):
        for _ in range(settings().sign_in_attempts - 1):
            refused("ana", "wrong")
        enter()


def test_an_address_that_guesses_many_names_is_stopped(ana: int) -> None:
    limit = settings().sign_in_attempts * attempts.FAILURES_PER_ADDRESS
    with writing() as session:
        for _ in range(limit):
            attempts.count_address(session, "10.9.9.9", NOW - timedelta(minutes=15), NOW)
    refused("ana", PASSWORD, address="10.9.9.9")
    enter(address=HOME)


def test_signing_in_all_day_does_not_stop_an_office(ana: int) -> None:
    for _ in range(3):
        enter()
    with reading() as session:
        from db.models import AddressAttempts

        assert session.execute(select(AddressAttempts.failed_attempts)).scalar_one() == 0


def test_unknown_names_take_as_long_as_known_ones(sqlite_database: Engine) -> None:
    add("ana")
    took: dict[str, list[float]] = {"ana": [], "nobody": []}
    moment = NOW
    for _ in range(7):
        for name, times in took.items():
            moment += timedelta(hours=1)
            began = time.perf_counter()
            refused(name, "wrong", moment)
            times.append(time.perf_counter() - began)
    ratio = statistics.median(took["ana"]) / statistics.median(took["nobody"])
    assert 0.5 < ratio < 2, took


def test_ends_when_idle_and_when_too_old(ana: int) -> None:
    idle, hours = settings().session_idle_minutes, settings().session_hours
    session = enter()
    assert sessions.actor_of_session(session, NOW + timedelta(minutes=idle, seconds=-1))
    for _ in range(2):
        assert sessions.actor_of_session(session, NOW + timedelta(minutes=idle)) is None
    moment, session = NOW, enter()
    while moment - NOW < timedelta(hours=hours) - timedelta(minutes=20):
        moment += timedelta(minutes=20)
        assert sessions.actor_of_session(session, moment), "activity keeps it"
        sessions.touch(session, moment)
    assert sessions.actor_of_session(session, NOW + timedelta(hours=hours, seconds=-1))
    assert sessions.actor_of_session(session, NOW + timedelta(hours=hours)) is None
    with reading() as db:
        ends = db.scalars(select(AccessEntry).where(AccessEntry.action == "session ended")).all()
        kept = db.scalars(select(SignInSession.end_reason).order_by(SignInSession.ended_at)).all()
    assert [e.reason for e in ends] == list(kept) == [sessions.IDLE, sessions.TOO_OLD], "each is logged once"
    assert {(e.actor_id, e.role, e.address) for e in ends} == {(ana, str(Role.ADMINISTRATION), HOME)}


def test_activity_is_written_at_most_once_a_minute_and_revives_nothing(ana: int) -> None:
    session = enter()

    def last() -> datetime:
        with reading() as db:
            return db.execute(select(SignInSession.last_active_at)).scalar_one()

    sessions.touch(session, NOW + timedelta(seconds=59))
    assert last() == NOW
    sessions.touch(session, NOW + timedelta(seconds=61))
    assert last() == NOW + timedelta(seconds=61)
    sessions.touch(session, NOW + timedelta(hours=2))
    assert last() == NOW + timedelta(seconds=61)
    sessions.touch("unknown", NOW)


def test_sign_out_ends_one_session_or_all(ana: int) -> None:
    first, second, third = enter(), enter(), enter()
    sessions.sign_out(first, NOW)
    assert sessions.actor_of_session(first, NOW) is None
    assert sessions.actor_of_session(second, NOW)
    sessions.sign_out(second, NOW, everywhere=True)
    assert [sessions.actor_of_session(s, NOW) for s in (second, third)] == [None, None]
    sessions.sign_out(first, NOW)
    sessions.sign_out("unknown", NOW)
    with reading() as db:
        assert (
            db.execute(select(AccessEntry.action).where(AccessEntry.action == "sign out")).scalars().all()
            == ["sign out"] * 2
        )


def test_people_of_an_agency_enter_only_while_it_is_under_contract(database: Engine, fewest_rounds: None) -> None:
    with writing() as session:
        agency = Agency(
            name="Agency", short_name="A", contract_start_on=date(2026, 1, 1), contract_end_on=date(2026, 11, 22)
        )
        session.add(agency)
        session.flush()
        agency_id = agency.id
    add("adam", Role.ADVOCATE, agency_id=agency_id)
    session_hash = enter("adam")
    # The last day of the contract ends at midnight in Los Angeles, 8 hours after it does in UTC.
    late = datetime(2026, 11, 23, 7, 59, tzinfo=UTC)
    later = late + timedelta(minutes=1)
    late_session = enter("adam", now=late)
    assert sessions.actor_of_session(late_session, late)
    assert sessions.actor_of_session(late_session, later) is None
    refused("adam", PASSWORD, later)
    assert sessions.actor_of_session(session_hash, NOW)


def test_a_person_who_left_is_out_at_once(ana: int) -> None:
    session = enter()
    end_account_of(SYSTEM, accounts.person_named("ana"), NOW)
    assert sessions.actor_of_session(session, NOW) is None
    refused("ana", PASSWORD)


def test_the_password_is_asked_again_and_counted(ana: int) -> None:
    signer = actor(enter())
    sign_in.confirm_password(signer, PASSWORD, NOW)
    for _ in range(settings().sign_in_attempts):
        with pytest.raises(Incomplete, match="not right"):
            sign_in.confirm_password(signer, "wrong", NOW)
    with pytest.raises(Incomplete, match="too often"):
        sign_in.confirm_password(signer, PASSWORD, NOW)
    refused("ana", PASSWORD)
    sign_in.confirm_password(signer, PASSWORD, NOW + timedelta(hours=1))


def test_changing_the_password_ends_the_other_sessions(ana: int) -> None:
    here, elsewhere = enter(), enter()
    new = "another long passphrase"
    for old, wanted in (("wrong", new), (PASSWORD, "short"), (PASSWORD, PASSWORD), (PASSWORD, "a" * 40)):
        with pytest.raises(Incomplete):
            sign_in.change_password(actor(here), old, wanted, NOW)
    sign_in.change_password(actor(here), PASSWORD, new, NOW)
    assert sessions.actor_of_session(here, NOW)
    assert sessions.actor_of_session(elsewhere, NOW) is None
    refused("ana", PASSWORD)
    enter("ana", new)


@pytest.mark.parametrize(
    "password",
    [
        "  spaces around it  ",
        "密码短语应该足够长才能够安全使用它",
        "é" * 4 + "😀 and more words",
        "seven lean geese crossed a river; " * 3 + "none of them fell into it",
        "nul\x00in the middle",
    ],
)
def test_any_characters_and_every_one_of_them_counts(
    sqlite_database: Engine, fewest_rounds: None, password: str
) -> None:
    add("ana", password=password)
    enter("ana", password)
    refused("ana", password[:-1])
    refused("ana", password + "x")
    assert password.strip() == password or refused("ana", password.strip())


def test_accounts_are_kept_by_technical_support(ana: int) -> None:
    not_support = actor(enter())
    with pytest.raises(NotPermitted):
        accounts.create_account(not_support, accounts.NewPerson("X", Role.SUPPORT), "x", PASSWORD, NOW)
    with pytest.raises(NotPermitted):
        accounts.set_password(not_support, "ana", PASSWORD, NOW)
    with pytest.raises(NotPermitted):
        end_account_of(not_support, accounts.person_named("ana"), NOW)
    for name, why, more in (
        ("Ana", "taken", {}),
        ("ben", "15 to 128", {"password": "short"}),
        ("ben", "no such agency", {"role": Role.ADVOCATE, "agency_id": 99}),
        ("ben", "office is needed", {"role": Role.CSW}),
        ("", "user name is needed", {}),
        ("b\nn", "one line.*e-mail address.*user name", {}),
    ):
        with pytest.raises(Incomplete, match=why):
            add(name, **more)  # type: ignore[arg-type]
    with pytest.raises(Incomplete, match="your name"):
        accounts.set_password(SYSTEM, "ana", "Ana.Tester.Ana.Tester 2026", NOW)


def test_the_library_is_quiet_and_writes_nowhere(
    sqlite_database: Engine, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    import streamlit as st

    add("ana")
    with caplog.at_level(logging.DEBUG):
        enter()
        refused("ana", "wrong")
    assert capfd.readouterr() == ("", "")
    assert [r.message for r in caplog.records if r.levelno >= logging.WARNING] == []
    assert st.session_state.to_dict().get("username") is None
    assert credentials.password_matches(secrets.token_hex(), "not a hash") is False
