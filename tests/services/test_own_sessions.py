"""A person's own sessions: seen in plain words, ended one by one; and ended by an extract that gives another role or office."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine, select, update

from cts.domain.accounts import device_words
from cts.services import sessions
from cts.services.account_links import link_holder, owe_link
from cts.services.links import LINK_PATH
from cts.services.outbox import claim_due
from cts.services.own_sessions import end_own_session, own_sessions
from cts.services.refusals import OutOfDate
from cts.services.sign_in import sign_in
from db.models import Account, Person
from db.session import reading, writing
from tests.parts.extracts import ELSEWHERE, NEXT, load, row
from tests.parts.extracts import NOW as LOADED_AT
from tests.parts.passwords import quick_hash
from tests.services.test_sign_in import HOME, NOW, PASSWORD, actor, add, enter

FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"


@pytest.mark.parametrize(
    ("user_agent", "words"),
    [
        (FIREFOX, "Firefox on Windows"),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0", "Edge on Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile Safari/604.1", "Safari on iPhone"),
        ("Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36", "Chrome on Android"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15) AppleWebKit Chrome/140 Safari/537", "Chrome on Mac"),
        ("", "Unknown device"),
        ("<script>alert(1)</script> [x](http://evil.example)", "Unknown device"),
    ],
)
def test_a_browser_in_plain_words(user_agent: str, words: str) -> None:
    assert device_words(user_agent) == words


def test_own_sessions_are_seen_and_ended_and_nobody_elses(database: Engine, fewest_rounds: None) -> None:
    add("ana")
    add("ben")
    there = sessions.hash_of(sign_in("ana", PASSWORD, "10.7.7.7", FIREFOX, NOW).value)
    here, others, gone = enter(), enter("ben"), enter()
    sessions.sign_out(gone, NOW)
    me = actor(here)
    listed = own_sessions(me, NOW)
    assert [(one.device, one.address, one.this_one) for one in listed] == [
        ("Unknown device", HOME, True),
        ("Firefox on Windows", "10.7.7.7", False),
    ]
    for name in (others[:16], "", "%" * 16, there, gone[:16]):
        with pytest.raises(OutOfDate):
            end_own_session(me, name, NOW)
    end_own_session(me, listed[1].name, NOW)
    assert sessions.actor_of_session(there, NOW) is None
    assert sessions.actor_of_session(others, NOW) and sessions.actor_of_session(here, NOW)
    with pytest.raises(OutOfDate):
        end_own_session(me, listed[1].name, NOW)
    assert (
        own_sessions(actor(enter(now=NOW + timedelta(hours=1)), NOW + timedelta(hours=1)), NOW + timedelta(hours=1))[1:]
        == ()
    )


def test_an_extract_ends_sessions_when_role_or_office_really_change(database: Engine) -> None:
    load(row())
    with writing() as session:
        people = session.scalars(select(Person).where(Person.staff_id.is_not(None)).order_by(Person.id)).all()
        for person in people:
            account = {"user_name": str(person.staff_id).casefold(), "password_hash": quick_hash(PASSWORD)}
            session.add(Account(person_id=person.id, **account))
    worker, supervisor = row()["worker_id"], row()["supervisor_id"]

    def entered(staff_id: str) -> str:
        return sessions.hash_of(sign_in(staff_id, PASSWORD, HOME, "browser", LOADED_AT).value)

    def is_in(session_hash: str) -> bool:
        return sessions.actor_of_session(session_hash, LOADED_AT) is not None

    first, second = entered(worker), entered(supervisor)
    load(row(**NEXT, unit="another unit"[:10]))
    assert is_in(first) and is_in(second), "a new unit changes nobody's rights"
    moved = {k: v for k, v in ELSEWHERE.items() if k in {"office_code", "office_name"}}
    load(row(**NEXT | {"extract_date": "2026-11-04"}, **moved))
    assert not is_in(first) and not is_in(second), "the office of both is another now"
    third = entered(worker)
    with writing() as session:
        session.execute(update(Person).where(Person.staff_id == worker).values(role="SCSW"))
    load(row(**NEXT | {"extract_date": "2026-11-05"}, **moved))
    with reading() as session:
        assert session.scalar(select(Person.role).where(Person.staff_id == worker)) == "SCSW"
    assert is_in(third), "who was a supervisor stays one, and stays signed in"


def test_an_extract_with_another_email_kills_the_links_sent_to_the_old_one(database: Engine) -> None:
    load(row())
    worker = row()["worker_id"]
    with writing() as session:
        person = session.scalars(select(Person).where(Person.staff_id == worker)).one()
        session.add(Account(person_id=person.id, user_name="worker", password_hash=quick_hash(PASSWORD)))
        session.flush()
        owe_link(session, person, LOADED_AT)
    link = next(e.path.partition("=")[2] for e in claim_due(LOADED_AT, "job", limit=20) if e.path.startswith(LINK_PATH))
    load(row(**NEXT))
    assert link_holder(link, LOADED_AT).user_name == "worker", "the same address"
    load(row(**NEXT | {"extract_date": "2026-11-04", "worker_email": "another@dcfs.example"}))
    with pytest.raises(OutOfDate):
        link_holder(link, LOADED_AT)
