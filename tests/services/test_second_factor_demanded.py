"""Who must have a second factor, and sets it up before anything opens; who need not, and gives it up."""

import pytest
from sqlalchemy import Engine, update

from cts.domain.accounts import SignInStep
from cts.domain.vocabulary import Role
from cts.services import own_second_factor, second_factor, sessions, sign_in_steps
from cts.services.actor import Actor
from cts.services.refusals import Incomplete, NotPermitted, OutOfDate
from cts.services.sign_in_steps import set_up_and_enter
from cts.settings import Settings, UnsafeSettings, read_settings, settings
from db.models import Person
from db.session import writing
from tests.services.test_second_factor import (
    STEP,
    ana,
    code_at,
    entered,
    number_of_sessions,
    passphrase,
    secret_of,
    with_factor,
)
from tests.services.test_sign_in import HOME, NOW, PASSWORD, add

__all__ = ["ana"]


@pytest.fixture
def demanding(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ana's role must have a second factor."""
    chosen = Settings(**settings().__dict__ | {"second_factor_roles": "CSEC Administration, CSW"})
    for module in (sign_in_steps, own_second_factor):
        monkeypatch.setattr(module, "settings", lambda: chosen)


@pytest.mark.usefixtures("demanding")
def test_whoever_must_have_one_sets_it_up_before_anything_opens(database: Engine, fewest_rounds: None) -> None:
    person_id = add("ana")
    value = passphrase(step=SignInStep.SET_UP)
    assert number_of_sessions() == 0
    assert not entered(value, "123456", NOW)
    proposal = sign_in_steps.propose_while_waiting(value, NOW)
    code = code_at(secret_of(proposal), NOW)
    with pytest.raises(Incomplete):
        set_up_and_enter(value, proposal.sealed, "000000", HOME, "browser", NOW)
    with pytest.raises(OutOfDate):
        set_up_and_enter("another", proposal.sealed, code, HOME, "browser", NOW)
    cookie, codes = set_up_and_enter(value, proposal.sealed, code, HOME, "browser", NOW)
    me = sessions.actor_of_session(sessions.hash_of(cookie), NOW)
    assert me is not None and me.person_id == person_id and len(codes) == 10
    with pytest.raises(OutOfDate):
        set_up_and_enter(value, proposal.sealed, code, HOME, "browser", NOW)
    with pytest.raises(NotPermitted, match="must have a second factor"):
        own_second_factor.give_up(me, PASSWORD, NOW)
    assert passphrase(NOW + STEP) != value


def test_a_sign_in_that_waits_for_a_code_cannot_set_up_another_factor(ana: Actor) -> None:
    with_factor(ana)
    value = passphrase()
    with pytest.raises(OutOfDate):
        sign_in_steps.propose_while_waiting(value, NOW)
    proposal = second_factor.propose(ana.person_id)
    with pytest.raises(OutOfDate):
        set_up_and_enter(value, proposal.sealed, code_at(secret_of(proposal), NOW), HOME, "browser", NOW)


def test_whoever_need_not_have_one_can_give_it_up(ana: Actor) -> None:
    with_factor(ana)
    with pytest.raises(Incomplete):
        own_second_factor.give_up(ana, "wrong", NOW)
    own_second_factor.give_up(ana, PASSWORD, NOW)
    assert not own_second_factor.factor_state(ana).has_one
    passphrase(NOW, SignInStep.ENTERED)


def test_production_always_demands_it_of_these_two() -> None:
    always = {Role.ADMINISTRATION, Role.SUPPORT}
    assert Settings(mode="production").second_factor_required == always
    assert Settings(mode="production", second_factor_roles="CSW,").second_factor_required == {*always, Role.CSW}
    assert Settings().second_factor_required == frozenset()


def test_a_role_that_does_not_exist_stops_the_start() -> None:
    with pytest.raises(UnsafeSettings, match="names Chief; the roles are CSW, SCSW"):
        read_settings({"CTS_SECOND_FACTOR_ROLES": "CSW, Chief"})


def test_an_account_that_ends_while_its_code_is_typed_stays_out(ana: Actor) -> None:
    secret, _ = with_factor(ana)
    later = NOW + 10 * STEP
    value = passphrase(later)
    with writing() as session:
        session.execute(update(Person).values(active=False))
    assert not entered(value, code_at(secret, later), later)
