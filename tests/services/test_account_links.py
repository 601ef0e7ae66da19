"""Links by e-mail: made while they are sent, for one purpose, once, for a while; and nobody learns from them who has an account."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine, func, select, update

from cts.domain.vocabulary import Role
from cts.outside import credentials
from cts.services import account_links, accounts, sessions, sign_in
from cts.services.account_keeping import end_account_of
from cts.services.account_links import ask_for_link, link_holder, owe_links_asked_for, set_passphrase_by_link
from cts.services.actor import SYSTEM
from cts.services.attempts import FAILURES_PER_ADDRESS
from cts.services.demonstration import PASSPHRASE
from cts.services.digests import NOT_NEEDED
from cts.services.outbox import DueEmail, claim_due, mark_sent
from cts.services.refusals import Incomplete, OutOfDate
from cts.settings import settings
from db.models import AccessEntry, Account, AccountLink, EmailOwed, LinkRequest, Person
from db.session import reading, writing
from tests.services.test_sign_in import HOME, NOW, PASSWORD, actor, add, enter, refused

NEW = "a kettle sings on the porch"
MINUTE = timedelta(minutes=1)


@pytest.fixture
def ana(database: Engine, fewest_rounds: None) -> Iterator[int]:
    yield add("ana")


def invited(name: str = "ida") -> int:
    person = accounts.NewPerson("Invited, Ida", Role.SUPPORT, f"{name}@cts.example")
    return accounts.invite(SYSTEM, person, name, NOW)


def asks(name: str, now: datetime = NOW, address: str = HOME) -> str:
    return ask_for_link(name, address, now)


def due(now: datetime = NOW) -> tuple[DueEmail, ...]:
    """What the sending job would send now."""
    owe_links_asked_for(now)
    return claim_due(now, "job", limit=20)


def sent(now: datetime = NOW) -> str:
    """The secret in the one link that is sent now."""
    [email] = due(now)
    assert email.obstacle == "", email
    mark_sent(email.id, now)
    return email.path.removeprefix("/passphrase?link=")


def dead(token: str, now: datetime = NOW) -> None:
    with pytest.raises(OutOfDate, match="does not work any more"):
        link_holder(token, now)
    with pytest.raises(OutOfDate):
        set_passphrase_by_link(token, NEW, HOME, now)


def kept_everywhere() -> str:
    with reading() as session:
        rows = [session.execute(select(table.__table__)).all() for table in (AccountLink, EmailOwed, AccessEntry)]
    return str(rows)


def test_an_invited_person_sets_a_passphrase_and_signs_in(ana: int) -> None:
    ida = invited()
    refused("ida", "")
    refused("ida", PASSWORD)
    token = sent(NOW + MINUTE)
    holder = link_holder(token, NOW + MINUTE)
    assert (holder.name, holder.user_name, holder.invited) == ("Ida Invited", "ida", True)
    assert token not in kept_everywhere(), "the secret is in the e-mail only"
    set_passphrase_by_link(token, NEW, HOME, NOW + 2 * MINUTE)
    session = enter("ida", NEW, NOW + 2 * MINUTE)
    assert (who := sessions.actor_of_session(session, NOW + 2 * MINUTE)) and who.person_id == ida
    dead(token, NOW + 3 * MINUTE)
    refused("ida", "something else entirely", NOW + 3 * MINUTE)


def test_the_time_of_a_link_begins_when_it_is_sent(ana: int) -> None:
    asks("ana")
    owe_links_asked_for(NOW)
    after_a_day = NOW + timedelta(days=1)
    token = sent(after_a_day)
    limit = timedelta(minutes=settings().account_link_minutes)
    link_holder(token, after_a_day + limit - MINUTE)
    dead(token, after_a_day + limit)


def test_a_reset_ends_sessions_and_lock_and_tells_the_person(ana: int) -> None:
    session = enter()
    for _ in range(settings().sign_in_attempts):
        refused("ana", "wrong")
    asks("ana")
    token = sent()
    assert sessions.actor_of_session(session, NOW), "asking changes nothing"
    with pytest.raises(Incomplete, match="15 to 128"):
        set_passphrase_by_link(token, "too short", HOME, NOW)
    set_passphrase_by_link(token, NEW, HOME, NOW)
    assert sessions.actor_of_session(session, NOW) is None
    enter("ana", NEW)
    refused("ana", PASSWORD)
    [told] = due()
    assert (told.template, told.to_address) == ("account_changed", "ana@cts.example")
    with reading() as db:
        logged = db.scalars(select(AccessEntry.action).order_by(AccessEntry.id)).all()
    assert "set passphrase by link" in logged and "ask for link" in logged


def test_a_sign_in_under_way_while_the_passphrase_is_reset_opens_nothing(
    ana: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    checks = credentials.password_matches

    def slowly(password: str, password_hash: str | None) -> bool:
        right = checks(password, password_hash)
        accounts.set_password(SYSTEM, "ana", NEW, NOW)
        return right

    monkeypatch.setattr(credentials, "password_matches", slowly)
    refused("ana", PASSWORD)


def test_a_later_email_makes_the_earlier_link_dead(ana: int) -> None:
    asks("ana")
    first = sent()
    asks("ana", NOW + 6 * MINUTE)
    second = sent(NOW + 6 * MINUTE)
    dead(first, NOW + 7 * MINUTE)
    link_holder(second, NOW + 7 * MINUTE)


def test_an_email_sent_again_after_a_crash_has_a_link_of_its_own(ana: int) -> None:
    asks("ana")
    [killed] = due()
    [again] = due(NOW + 11 * MINUTE)
    assert (again.id, again.key) == (killed.id, killed.key)
    dead(killed.path.partition("=")[2], NOW + 12 * MINUTE)
    link_holder(again.path.partition("=")[2], NOW + 12 * MINUTE)


def test_a_link_of_another_purpose_opens_nothing(ana: int) -> None:
    """An invitation is for an account without a passphrase: once it has one, however it came by it, only a reset is good."""
    invited()
    token = sent()
    with writing() as session:
        session.execute(update(Account).where(Account.user_name == "ida").values(password_hash="x" * 60))
    dead(token)
    asks("ida", NOW + 6 * MINUTE)
    reset = sent(NOW + 6 * MINUTE)
    link_holder(reset, NOW + 6 * MINUTE)
    with writing() as session:
        session.execute(update(Account).where(Account.user_name == "ida").values(password_hash=None))
    dead(reset, NOW + 6 * MINUTE)


@pytest.mark.parametrize("token", ["", "x", "x" * 5000, "\x00", "é" * 50, "' OR 1=1 --"])
def test_what_is_no_link_is_refused(ana: int, token: str) -> None:
    dead(token)


def test_of_many_who_come_with_one_link_one_is_let_in(ana: int) -> None:
    asks("ana")
    token = sent()

    def use(number: int) -> bool:
        try:
            set_passphrase_by_link(token, f"{NEW} number {number}", HOME, NOW)
        except OutOfDate:
            return False
        return True

    with ThreadPoolExecutor(8) as many:
        assert sum(many.map(use, range(8))) == 1


def test_whatever_changes_the_passphrase_or_ends_the_account_ends_links_too(ana: int) -> None:
    asks("ana")
    token = sent()
    accounts.set_password(SYSTEM, "ana", NEW, NOW)
    dead(token)
    asks("ana", NOW + 6 * MINUTE)
    token = sent(NOW + 6 * MINUTE)
    end_account_of(SYSTEM, accounts.person_named("ana"), NOW)
    dead(token, NOW + 6 * MINUTE)


def test_a_link_still_owed_is_not_sent_once_the_passphrase_was_set(ana: int) -> None:
    here = enter()
    asks("ana")
    owe_links_asked_for(NOW)
    sign_in.change_password(actor(here), PASSWORD, NEW, NOW)
    reset, told = due()
    assert (reset.template, reset.path) == ("account_reset", "") and reset.obstacle.startswith(NOT_NEEDED)
    assert (told.template, told.obstacle) == ("account_changed", "")
    asks("ana", NOW + 6 * MINUTE)
    link_holder(sent(NOW + 6 * MINUTE), NOW + 6 * MINUTE)


def test_one_answer_for_everybody_and_one_email_for_those_who_have_an_account(ana: int) -> None:
    add("zoe")
    end_account_of(SYSTEM, accounts.person_named("zoe"), NOW)
    answers = {asks(name) for name in ("ana", " ANA ", "nobody", "zoe", "", "x" * 5000, "ana\x00")}
    assert len(answers) == 1
    assert [email.to_address for email in due()] == ["ana@cts.example"]
    assert owe_links_asked_for(NOW) == 0
    asks("ana", NOW + 4 * MINUTE)
    assert due(NOW + 4 * MINUTE) == (), "the mailbox of another cannot be filled"
    with reading() as session:
        assert session.scalar(select(func.count(LinkRequest.id))) == 0


def test_two_servers_answer_a_request_once(ana: int) -> None:
    asks("ana")
    with ThreadPoolExecutor(4) as servers:
        assert sum(servers.map(lambda _: owe_links_asked_for(NOW), range(4))) == 1


def test_an_address_that_asks_too_often_is_not_listened_to(sqlite_database: Engine) -> None:
    for number in range(settings().sign_in_attempts * FAILURES_PER_ADDRESS + 5):
        asks(f"name {number}", address="10.9.9.9")
    with reading() as session:
        assert session.scalar(select(func.count(LinkRequest.id))) == settings().sign_in_attempts * FAILURES_PER_ADDRESS


def test_asking_takes_as_long_for_unknown_names_as_for_known_ones(sqlite_database: Engine) -> None:
    add("ana")
    took: dict[str, list[float]] = {"ana": [], "nobody": []}
    for _ in range(40):
        for name, times in took.items():
            began = time.perf_counter()
            asks(name)
            times.append(time.perf_counter() - began)
    # A thousandth of a second is easily disturbed: the quickest of forty are compared.
    assert 0.5 < min(took["ana"]) / min(took["nobody"]) < 2, took


def test_an_invitation_that_was_overtaken_is_not_sent(ana: int) -> None:
    invited()
    with writing() as session:
        person = session.scalars(select(Person).where(Person.name == "Invited, Ida")).one()
        account_links.owe_link(session, person, NOW)
    first, second = due()
    assert first.obstacle.startswith(NOT_NEEDED)
    assert second.obstacle == ""


@pytest.mark.parametrize(
    ("passphrase", "why"),
    [
        ("fourteen chars", "15 to 128"),
        ("x" * 129, "15 to 128"),
        ("ana tester ana", "15 to 128"),
        ("Ana.Tester.Ana.Tester 2026", "your name"),
        ("CSEC Tracking System CTS", "your name"),
        ("Los Angeles County DCFS 1", "your name"),
        ("correct horse battery staple", "printed in guides"),
        (PASSPHRASE, "printed in guides"),
        ("Demonstration-ONLY 2026!", "printed in guides"),
        ("my demonstration only 2027", "words of CTS"),
        ("iloveyou iloveyou iloveyou", "repeats"),
        ("abcdefghijklmnop", "alphabet|common"),
        ("qwertyuiopasdfghjkl", "keys|common"),
    ],
)
def test_a_passphrase_that_is_guessed_first_is_refused_with_a_reason(
    sqlite_database: Engine, fewest_rounds: None, passphrase: str, why: str
) -> None:
    add("ana")
    asks("ana")
    with pytest.raises(Incomplete, match=why):
        set_passphrase_by_link(sent(), passphrase, HOME, NOW)


def test_the_same_letters_typed_differently_are_the_same_passphrase(
    sqlite_database: Engine, fewest_rounds: None
) -> None:
    add("ana")
    asks("ana")
    set_passphrase_by_link(sent(), "cafe\u0301 noir avec deux \ufb01ancés", HOME, NOW)
    sign_in.sign_in("ana", "caf\u00e9 noir avec deux fianc\u00e9s", HOME, "browser", NOW)
