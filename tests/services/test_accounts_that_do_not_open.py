"""Accounts that do not open: a passphrase too short to stand alone, once the second factor is gone; tries on a locked one."""

from datetime import datetime

import pytest
from sqlalchemy import Engine, select

from cts.domain.accounts import AccountState
from cts.outside import credentials
from cts.services import account_keeping
from cts.services.account_links import set_passphrase_by_link
from cts.services.outbox import claim_due
from cts.services.refusals import Incomplete, OutOfDate
from cts.services.second_factor import forget_factor
from cts.services.sign_in import change_password, sign_in
from cts.settings import settings
from db.models import AccessEntry
from db.session import reading, writing
from tests.cast import NOW, PASSWORD, Cast
from tests.services.test_account_keeping import LATER, cast, line, with_factor
from tests.services.test_sign_in import add, refused

__all__ = ["cast"]


def link_of(now: datetime) -> str:
    """The secret of the link in the e-mail that is due."""
    return next((e.path.partition("=")[2] for e in claim_due(now, "job", limit=20) if e.path), "")


def test_a_passphrase_too_short_to_stand_alone_does_not_outlive_the_second_factor(cast: Cast) -> None:
    wanda, short = cast.csw.person_id, "two kettles!"
    with_factor(wanda)
    account_keeping.send_link(cast.support, wanda, NOW)
    sent_before = link_of(NOW)
    change_password(cast.csw, PASSWORD, short, NOW)
    account_keeping.send_link(cast.support, wanda, NOW)
    sent_before = link_of(NOW) or sent_before
    account_keeping.take_factor_away(cast.support, wanda, LATER)
    refused("csw", short, LATER)
    assert line(cast, "csw").state is AccountState.INVITED
    with pytest.raises(OutOfDate):
        set_passphrase_by_link(sent_before, "a kettle sings on the porch", "10.1.1.1", LATER)
    link = link_of(LATER)
    with pytest.raises(Incomplete, match="15 to 128"):
        set_passphrase_by_link(link, short, "10.1.1.1", LATER)
    set_passphrase_by_link(link, "a kettle sings on the porch", "10.1.1.1", LATER)
    sign_in("csw", "a kettle sings on the porch", "10.1.1.1", "browser", LATER)


def test_a_short_passphrase_is_not_kept_when_the_factor_went_meanwhile(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanda = cast.csw.person_id
    with_factor(wanda)
    hashed = credentials.hash_password

    def hash_slowly(password: str) -> str:
        with writing() as session:
            forget_factor(session, wanda)
        return hashed(password)

    monkeypatch.setattr(credentials, "hash_password", hash_slowly)
    with pytest.raises(Incomplete, match="15 to 128"):
        change_password(cast.csw, PASSWORD, "two kettles!", LATER)


def test_tries_on_a_locked_account_are_logged_with_whose_it_is(database: Engine, fewest_rounds: None) -> None:
    ana = add("ana")
    for _ in range(settings().sign_in_attempts + 1):
        refused("ana", "wrong")
    refused("ana", PASSWORD)
    refused("nobody", "wrong")
    with reading() as session:
        tries = (AccessEntry.action == "sign in", AccessEntry.outcome == "refused")
        logged = session.scalars(select(AccessEntry.details).where(*tries).order_by(AccessEntry.id)).all()
    assert [entry["person"] for entry in logged] == [*[ana] * (settings().sign_in_attempts + 2), None]
