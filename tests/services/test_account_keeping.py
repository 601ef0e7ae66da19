"""What Technical support does with accounts, each verb with its closing questions; nobody else does any of it."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, select

from cts.domain.accounts import AccountState
from cts.domain.vocabulary import Role
from cts.outside.mail import LONGEST_DETAIL
from cts.services import account_keeping, accounts, sessions
from cts.services.account_listing import AccountPlace, account_line, list_accounts, places
from cts.services.accounts import NewPerson
from cts.services.actor import Actor
from cts.services.outbox import claim_due
from cts.services.refusals import Incomplete, NotPermitted, OutOfDate, Refusal
from cts.services.sign_in import sign_in
from cts.settings import settings
from db.models import AccessEntry, Account, EmailOwed, Person, RecoveryCode, SecondFactor
from db.session import reading, writing
from tests.cast import DCFS_OFFICE, NOW, OTHER_OFFICE, PASSWORD, Cast, make_cast
from tests.services.test_sign_in import refused

LATER = NOW + timedelta(minutes=1)


@pytest.fixture
def cast(database: Engine, request: pytest.FixtureRequest) -> Iterator[Cast]:
    made = make_cast()
    request.getfixturevalue("fewest_rounds")
    yield made


def entered(name: str) -> str:
    return sessions.hash_of(sign_in(name, PASSWORD, "10.1.1.1", "browser", NOW).value)


def is_in(session: str) -> bool:
    return sessions.actor_of_session(session, LATER) is not None


def line(cast: Cast, name: str) -> Any:
    return account_line(cast.support, cast.people[name].person_id, LATER)


def moved(cast: Cast, name: str, **changes: Any) -> tuple[str, ...]:
    seen = line(cast, name).now_at
    return account_keeping.change_account(
        cast.support, cast.people[name].person_id, replace(seen, **changes), seen, LATER
    )


def with_factor(person_id: int) -> None:
    with writing() as session:
        session.add(SecondFactor(person_id=person_id, secret_sealed="x", confirmed_at=NOW, recovery_salt="s"))
        session.add(RecoveryCode(person_id=person_id, code_hash="x", made_at=NOW))


VERBS: dict[str, Callable[[Actor, int], Any]] = {
    "send link": lambda actor, person: account_keeping.send_link(actor, person, LATER),
    "unlock account": lambda actor, person: account_keeping.unlock(actor, person, LATER),
    "end account": lambda actor, person: account_keeping.end_account_of(actor, person, LATER),
    "take account up again": lambda actor, person: account_keeping.take_up_again(actor, person, LATER),
    "take second factor away": lambda actor, person: account_keeping.take_factor_away(actor, person, LATER),
    "change account": lambda actor, person: account_keeping.change_account(
        actor, person, AccountPlace(Role.SUPPORT, "x@cts.example"), AccountPlace(Role.SUPPORT, "x@cts.example"), LATER
    ),
}


@pytest.mark.parametrize("verb", VERBS)
def test_nobody_else_does_it_and_nobody_does_it_to_himself(cast: Cast, verb: str) -> None:
    wanda = cast.csw.person_id
    for name in ("csw", "scsw", "admin", "coordinator", "advocate", "dpo"):
        with pytest.raises(NotPermitted, match="kept by Technical support"):
            VERBS[verb](cast.people[name], wanda)
    with reading() as session:
        refusals = session.scalars(select(AccessEntry.action).where(AccessEntry.outcome == "refused")).all()
    assert refusals == [verb] * 6
    with pytest.raises(NotPermitted, match="Ask a colleague"):
        VERBS[verb](cast.support, cast.support.person_id)
    with pytest.raises(NotPermitted, match="no such account"):
        VERBS[verb](cast.support, 999_999)


def test_nobody_else_reads_or_invites(cast: Cast) -> None:
    for name in ("csw", "admin", "coordinator"):
        for look in (list_accounts, places):
            with pytest.raises(NotPermitted):
                look(cast.people[name], NOW)  # type: ignore[operator]
        with pytest.raises(NotPermitted):
            account_line(cast.people[name], cast.csw.person_id, NOW)
        with pytest.raises(NotPermitted):
            accounts.invite(cast.people[name], NewPerson("X", Role.ADMINISTRATION, "x@cts.example"), "x", NOW)


def test_the_list_says_where_each_account_stands(cast: Cast) -> None:
    entered("csw")
    for _ in range(settings().sign_in_attempts):
        refused("scsw", "wrong", NOW)
    with_factor(cast.admin.person_id)
    accounts.invite(
        cast.support, NewPerson("Newcomer, Nia", Role.CSW, "nia@cts.example", office_code=DCFS_OFFICE), "nia", NOW
    )
    found = list_accounts(cast.support, LATER)
    states = {x.user_name: x.state for x in found.lines}
    assert (states["csw"], states["scsw"], states["left"], states["nia"]) == (
        *(AccountState.ACTIVE, AccountState.LOCKED, AccountState.ENDED, AccountState.INVITED),
    )
    assert found.totals == {
        AccountState.ACTIVE: 15,
        AccountState.INVITED: 1,
        AccountState.LOCKED: 1,
        AccountState.ENDED: 1,
    }
    assert [x.user_name for x in list_accounts(cast.support, LATER, state=AccountState.LOCKED).lines] == ["scsw"]
    assert line(cast, "csw").last_sign_in and not line(cast, "dpo").last_sign_in
    assert [x.user_name for x in found.lines if x.second_factor] == ["admin"]
    assert (
        line(cast, "csw").place.endswith("(unit 1912A-01)") and line(cast, "advocate").place == "Harbor Light Advocacy"
    )


@pytest.mark.parametrize(
    ("typed", "role", "expected"),
    [
        ("wanda", None, {"csw"}),
        ("  WORKER wan ", None, {"csw"}),
        ("rival", Role.ADVOCATE, {"rival_advocate"}),
        ("%", None, set()),
        ("_", None, {"admin_second", "advocate_second", "csw_elsewhere", "rival_coordinator", "rival_advocate"}),
        ("nobody of this name", None, set()),
        ("x" * 5000, None, set()),
        ("\x00", None, set()),
    ],
)
def test_accounts_are_found_by_what_is_typed(cast: Cast, typed: str, role: Role | None, expected: set[str]) -> None:
    assert {x.user_name for x in list_accounts(cast.support, NOW, typed=typed, role=role).lines} == expected


def test_a_locked_account_is_unlocked_at_once(cast: Cast) -> None:
    for _ in range(settings().sign_in_attempts):
        refused("csw", "wrong", NOW)
    refused("csw", PASSWORD, NOW)
    account_keeping.unlock(cast.support, cast.csw.person_id, NOW)
    entered("csw")


def test_an_account_ends_at_once_and_begins_anew_with_a_link(cast: Cast) -> None:
    session, wanda = entered("csw"), cast.csw.person_id
    with_factor(wanda)
    account_keeping.end_account_of(cast.support, wanda, LATER)
    assert not is_in(session)
    refused("csw", PASSWORD, LATER)
    with pytest.raises(OutOfDate):
        account_keeping.end_account_of(cast.support, wanda, LATER)
    with pytest.raises(Incomplete, match="has ended"):
        account_keeping.send_link(cast.support, wanda, LATER)
    account_keeping.take_up_again(cast.support, wanda, LATER)
    with pytest.raises(OutOfDate):
        account_keeping.take_up_again(cast.support, wanda, LATER)
    refused("csw", PASSWORD, LATER)
    assert line(cast, "csw").state is AccountState.INVITED
    assert not line(cast, "csw").second_factor
    owed = [e.template for e in claim_due(LATER, "job", limit=9)]
    assert owed == ["rehomed_to_supervisor", "account_invitation"]


@pytest.mark.parametrize(
    ("changes", "ends"),
    [
        ({"role": Role.SCSW}, True),
        ({"office_code": OTHER_OFFICE}, True),
        ({"role": Role.ADMINISTRATION}, True),
        ({"unit": "1912A-09"}, False),
        ({"email": "new@cts.example"}, False),
        ({}, False),
    ],
)
def test_another_role_or_office_ends_sessions_at_once(cast: Cast, changes: dict[str, Any], ends: bool) -> None:
    session, other = entered("csw"), entered("colleague")
    assert set(moved(cast, "csw", **changes)) >= set(changes)
    assert (is_in(session), is_in(other)) == (not ends, True)


def test_a_place_that_the_role_has_not_is_not_kept(cast: Cast) -> None:
    moved(cast, "csw", role=Role.ADVOCATE, agency_id=cast.agencies["New Dawn, Inc."])
    after = line(cast, "csw").now_at
    assert (after.office_code, after.unit, after.agency_id) == (None, "", cast.agencies["New Dawn, Inc."])
    for changes, why in (
        ({"role": Role.CSW, "office_code": None}, "office is needed"),
        ({"role": Role.CSW, "office_code": "nowhere"}, "no office"),
        ({"agency_id": None}, "agency is needed"),
        ({"agency_id": 999}, "no such agency"),
        ({"email": "a@b.example\r\nBcc: thief@evil.example"}, "one e-mail address"),
        ({"email": ""}, "one e-mail address"),
    ):
        with pytest.raises(Incomplete, match=why):
            moved(cast, "csw", **changes)


def test_of_two_who_change_an_account_the_second_is_told(cast: Cast) -> None:
    seen = line(cast, "csw").now_at

    def change(unit: str) -> bool:
        try:
            account_keeping.change_account(cast.support, cast.csw.person_id, replace(seen, unit=unit), seen, LATER)
        except OutOfDate:
            return False
        return True

    with ThreadPoolExecutor(2) as both:
        assert sorted(both.map(change, ("1912A-07", "1912A-08"))) == [False, True]


def test_a_lost_second_factor_is_taken_away_and_its_owner_told(cast: Cast) -> None:
    session, wanda = entered("csw"), cast.csw.person_id
    with pytest.raises(OutOfDate):
        account_keeping.take_factor_away(cast.support, wanda, LATER)
    with_factor(wanda)
    account_keeping.take_factor_away(cast.support, wanda, LATER)
    assert not is_in(session)
    with reading() as db:
        assert db.scalars(select(RecoveryCode)).all() == db.scalars(select(SecondFactor)).all() == []
        told, link = db.scalars(select(EmailOwed).order_by(EmailOwed.id)).all()
    assert "second factor" in told.details["change"] and link.template == "account_invitation"
    assert len(account_keeping.FACTOR_TAKEN) <= LONGEST_DETAIL, "what is longer is cut off"


@pytest.mark.parametrize(
    ("changes", "user_name", "why"),
    [
        ({"name": " "}, "ida", "Give a name"),
        ({"name": "Ida\r\nBcc: thief@evil.example"}, "ida", "one line"),
        ({"name": "x" * 201}, "ida", "Give a name"),
        ({"name": "\u202e\u2066 \u200f"}, "ida", "Give a name"),
        ({}, "i\u202eda", "A user name is needed"),
        ({"email": "ida"}, "ida", "one e-mail address"),
        ({"email": "ida@cts.example, thief@evil.example"}, "ida", "one e-mail address"),
        ({"email": "Ida <ida@cts.example>"}, "ida", "one e-mail address"),
        ({"email": "ida@cts.example\nBcc: x@evil.example"}, "ida", "one e-mail address"),
        ({"staff_id": "12345"}, "ida", "three letters or digits"),
        ({"role": Role.CSW}, "ida", "office is needed"),
        ({"role": Role.ADVOCATE}, "ida", "agency is needed"),
        ({}, "", "user name is needed"),
        ({}, "two words", "user name is needed"),
        ({}, "ida\r\nBcc:", "user name is needed"),
        ({}, "CSW", "taken"),
    ],
)
def test_an_invitation_is_refused_with_a_reason(cast: Cast, changes: dict[str, Any], user_name: str, why: str) -> None:
    person = NewPerson("Newcomer, Ida", Role.ADMINISTRATION, "ida@cts.example")
    with pytest.raises(Refusal, match=why):
        accounts.invite(cast.support, replace(person, **changes), user_name, NOW)
    with reading() as session:
        assert session.scalars(select(EmailOwed)).all() == []
        assert session.scalars(select(Person).where(Person.name.contains("Ida"))).all() == []


def test_a_name_is_kept_without_what_cannot_be_seen(cast: Cast) -> None:
    typed = NewPerson(
        "Lopez,\u202e  Ana\u200b\u2069", Role.CSW, "ana@cts.example", "213\u202d", None, DCFS_OFFICE, "A\u200f-1"
    )
    with reading() as session:
        kept = session.get_one(Person, accounts.invite(cast.support, typed, "ana.lopez", NOW))
        assert (kept.name, kept.phone, kept.unit) == ("Lopez, Ana", "213", "A-1")
    moved(cast, "csw", unit="1912A\u2066-09")
    assert line(cast, "csw").now_at.unit == "1912A-09"


def test_somebody_whom_an_extract_named_keeps_the_caseload(cast: Cast) -> None:
    with writing() as session:
        named = Person(staff_id="Zz9", name="Named, Nell", role=Role.CSW, office_code=DCFS_OFFICE)
        session.add(named)
        session.flush()
        person_id = named.id
    person = NewPerson("Named, Nell", Role.CSW, "nell@cts.example", staff_id="Zz9", office_code=DCFS_OFFICE)
    assert accounts.invite(cast.support, person, "nell", NOW) == person_id
    with pytest.raises(Incomplete, match="has an account already"):
        accounts.invite(cast.support, person, "nell.again", NOW)
    with reading() as session:
        assert session.get_one(Account, person_id).password_hash is None
