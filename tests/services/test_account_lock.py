"""Whoever changes something of an account holds the account before anything else, so that nobody waits for each other in a circle."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import Engine, select, text

from cts.services import own_second_factor, second_factor, sessions, sign_in, sign_in_steps
from cts.services.account_links import ask_for_link, owe_links_asked_for, set_passphrase_by_link
from cts.services.actor import Actor
from cts.services.outbox import claim_due
from cts.services.refusals import Refusal
from cts.settings import settings
from db.models import Account
from db.session import close_database, writing
from tests.parts.databases import open_unsynced
from tests.services.test_second_factor import STEP, code_at, secret_of
from tests.services.test_sign_in import HOME, NOW, PASSWORD, actor, add, enter

LATER = NOW + 10 * STEP
HANG_ON_IT = (
    "address_attempts",
    "account_link",
    "pending_sign_in",
    "second_factor",
    "recovery_code",
    "sign_in_session",
)

pytestmark = pytest.mark.postgres


@dataclass(frozen=True)
class Held:
    """Somebody with a row in every table, and what it takes to go each way."""

    who: Actor
    secret: str
    value: str
    link: str


@pytest.fixture
def held(postgres_url: str, fewest_rounds: None) -> Iterator[tuple[Engine, Held]]:
    engine = open_unsynced(postgres_url)
    add("ana")
    who = actor(enter())
    proposal = second_factor.propose(who.person_id)
    secret = secret_of(proposal)
    own_second_factor.set_up(who, proposal.sealed, code_at(secret, NOW), PASSWORD, NOW)
    ask_for_link("ana", HOME, NOW)
    owe_links_asked_for(NOW)
    link = next(e.path.partition("=")[2] for e in claim_due(NOW, "job", limit=20) if e.path)
    value = sign_in.sign_in("ana", PASSWORD, HOME, "browser", LATER).value
    yield engine, Held(who, secret, value, link)
    settings.cache_clear()
    close_database()


WAYS: dict[str, Callable[[Held], Any]] = {
    "sign in": lambda h: sign_in.sign_in("ana", PASSWORD, HOME, "browser", LATER),
    "a wrong guess": lambda h: sign_in.sign_in("ana", "wrong", HOME, "browser", LATER),
    "confirm": lambda h: sign_in.confirm_password(h.who, PASSWORD, LATER),
    "code": lambda h: sign_in_steps.enter_code(h.value, code_at(h.secret, LATER), HOME, "browser", LATER),
    "link": lambda h: set_passphrase_by_link(h.link, "a kettle sings on the porch", HOME, LATER),
    "everywhere": lambda h: sessions.sign_out(h.who.session_hash, LATER, everywhere=True),
    "recovery codes": lambda h: own_second_factor.make_codes(
        h.who, PASSWORD, own_second_factor.factor_state(h.who).codes, LATER
    ),
    "claim": lambda h: claim_due(LATER, "job"),
}


@pytest.mark.parametrize("way", WAYS)
def test_whoever_waits_for_an_account_holds_nothing_of_it(held: tuple[Engine, Held], way: str) -> None:
    """Each of a way's transactions in turn is stopped at the account; meanwhile every row that hangs on it must be free."""
    engine, prepared = held
    if way == "claim":
        ask_for_link("ana", HOME, LATER)
        owe_links_asked_for(LATER)
    stopped = 0
    with ThreadPoolExecutor(1) as other:
        began: list[Future[str]] = []
        while not (began and began[0].done()):
            with writing() as session:
                # Let go of between two turns only: the other has waited first, and is held up again at its next transaction.
                session.execute(select(Account.person_id).with_for_update())
                began = began or [other.submit(_outcome, WAYS[way], prepared)]
                if _waits(engine, began[0]):
                    stopped += 1
                    for table in HANG_ON_IT:
                        session.execute(text(f"SELECT 1 FROM {table} FOR UPDATE NOWAIT"))
    assert (began[0].result(), stopped > 0) == ("", True)


def _outcome(way: Callable[[Held], Any], prepared: Held) -> str:
    try:
        way(prepared)
    except Refusal:
        return ""
    except Exception as problem:
        return repr(problem)
    return ""


def _waits(engine: Engine, other: "Future[str]") -> bool:
    """Whether the other comes to wait for a lock before it is done."""
    waits = text(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    )
    while not other.done():
        with engine.connect() as connection:
            if connection.scalar(waits):
                return True
        time.sleep(0.002)
    return False
