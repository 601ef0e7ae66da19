"""The second factor: no session before the code, a code once, guesses counted together, recovery codes once, required by role."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pyotp
import pytest
from sqlalchemy import Engine, func, select

from cts.domain.accounts import SignInStep
from cts.outside import totp
from cts.services import accounts, own_second_factor, second_factor, sessions, sign_in, sign_in_steps
from cts.services.account_links import ask_for_link, owe_links_asked_for, set_passphrase_by_link
from cts.services.actor import SYSTEM, Actor
from cts.services.outbox import claim_due
from cts.services.refusals import Incomplete, OutOfDate
from cts.services.sign_in_steps import CodeRefused, enter_code, waiting
from cts.settings import settings
from db.models import AccessEntry, Account, PendingSignIn, RecoveryCode, SecondFactor, SignInSession
from db.session import reading, writing
from tests.services.test_sign_in import HOME, NOW, PASSWORD, actor, add, enter, refused

STEP = timedelta(seconds=totp.STEP_SECONDS)


@pytest.fixture
def ana(database: Engine, fewest_rounds: None) -> Iterator[Actor]:
    add("ana")
    yield actor(enter())


def secret_of(proposal: second_factor.Proposal) -> str:
    return proposal.letters.replace(" ", "")


def code_at(secret: str, now: datetime) -> str:
    return pyotp.TOTP(secret).at(now)


def with_factor(who: Actor, now: datetime = NOW) -> tuple[str, tuple[str, ...]]:
    """Set a second factor up; returns its secret and the recovery codes."""
    proposal = second_factor.propose(who.person_id)
    secret = secret_of(proposal)
    return secret, own_second_factor.set_up(who, proposal.sealed, code_at(secret, now), PASSWORD, now)


def passphrase(now: datetime = NOW, step: SignInStep = SignInStep.CODE) -> str:
    passed = sign_in.sign_in("ana", PASSWORD, HOME, "browser", now)
    assert passed.step is step
    return passed.value


def entered(value: str, code: str, now: datetime, address: str = HOME) -> bool:
    try:
        cookie = enter_code(value, code, address, "browser", now)
    except (CodeRefused, OutOfDate):
        return False
    assert sessions.actor_of_session(sessions.hash_of(cookie), now)
    return True


def number_of_sessions() -> int:
    with reading() as session:
        return session.scalar(select(func.count(SignInSession.id_hash))) or 0


def failures() -> int:
    with reading() as session:
        return session.execute(select(Account.failed_attempts)).scalar_one()


def test_the_passphrase_alone_opens_nothing_and_the_code_does(ana: Actor) -> None:
    secret, _ = with_factor(ana)
    before, later = number_of_sessions(), NOW + 2 * STEP
    value = passphrase(later)
    assert number_of_sessions() == before
    assert sessions.actor_of_session(sessions.hash_of(value), later) is None
    assert sessions.actor_of_session(value, later) is None
    assert not entered(value, "000000", later)
    assert entered(value, code_at(secret, later), later)
    assert not entered(value, code_at(secret, later + 3 * STEP), later + 3 * STEP), "one sign-in is one session"


def test_a_code_is_good_once_and_an_older_one_never_again(ana: Actor) -> None:
    secret, _ = with_factor(ana)
    assert not entered(passphrase(), code_at(secret, NOW), NOW), "the code of the set-up was used"
    later = NOW + 10 * STEP
    used = code_at(secret, later)
    assert entered(passphrase(later), used, later)
    assert not entered(passphrase(later), used, later)
    assert not entered(passphrase(later), code_at(secret, later - STEP), later)
    assert entered(passphrase(later), code_at(secret, later + STEP), later), "a clock may be one step ahead"
    much_later = NOW + 30 * STEP
    assert entered(passphrase(much_later), code_at(secret, much_later - STEP), much_later), "or one behind"
    far = NOW + 60 * STEP
    for drift in (-2, 2):
        assert not entered(passphrase(far), code_at(secret, far + drift * STEP), far)


def test_one_code_at_the_same_moment_lets_one_in(ana: Actor) -> None:
    secret, recovery = with_factor(ana)
    later = NOW + 10 * STEP
    code = code_at(secret, later)
    value = passphrase(later)
    with ThreadPoolExecutor(4) as both:
        assert sum(both.map(lambda _: entered(value, code, later), range(4))) == 1
    value = passphrase(later)
    with ThreadPoolExecutor(4) as both:
        assert sum(both.map(lambda _: entered(value, recovery[0], later), range(4))) == 1


def test_thirty_guesses_at_once_are_counted_one_by_one(ana: Actor) -> None:
    secret, _ = with_factor(ana)
    later = NOW + 10 * STEP
    value = passphrase(later)
    right = code_at(secret, later)
    wrong = [f"{(int(right) + 1 + n) % 1_000_000:06d}" for n in range(30)]
    with ThreadPoolExecutor(30) as guessers:
        assert not any(guessers.map(lambda n: entered(value, wrong[n], later, f"10.3.0.{n}"), range(30)))
    assert failures() == settings().sign_in_attempts
    assert not entered(value, right, later), "not even the right one any more"
    refused("ana", PASSWORD, later)
    with reading() as session:
        locked = session.scalar(select(func.count(AccessEntry.id)).where(AccessEntry.action == "lock account"))
    assert locked == 1


def test_the_right_passphrase_does_not_forget_wrong_codes(ana: Actor) -> None:
    """Else whoever has the passphrase could begin anew before each lock, and try codes for ever."""
    with_factor(ana)
    later = NOW + 10 * STEP
    for number in range(settings().sign_in_attempts - 1):
        assert not entered(passphrase(later), "123456" if number % 2 else "654321", later)
    assert failures() == settings().sign_in_attempts - 1
    assert not entered(passphrase(later), "111111", later)
    refused("ana", PASSWORD, later)


def test_confirming_the_passphrase_does_not_forget_wrong_codes(ana: Actor) -> None:
    with_factor(ana)
    later = NOW + 10 * STEP
    for _ in range(settings().sign_in_attempts - 1):
        assert not entered(passphrase(later), "654321", later)
    sign_in.confirm_password(ana, PASSWORD, later)
    assert failures() == settings().sign_in_attempts - 1
    assert not entered(passphrase(later), "654321", later)
    refused("ana", PASSWORD, later)


def test_a_new_passphrase_by_link_does_not_forget_wrong_codes_either(ana: Actor) -> None:
    with_factor(ana)
    later = NOW + 10 * STEP
    value = passphrase(later)
    for _ in range(settings().sign_in_attempts):
        assert not entered(value, "111111", later)
    ask_for_link("ana", HOME, later)
    owe_links_asked_for(later)
    link = next(e.path.partition("=")[2] for e in claim_due(later, "job", limit=20) if e.template == "account_reset")
    set_passphrase_by_link(link, "a kettle sings on the porch", HOME, later)
    refused("ana", "a kettle sings on the porch", later)


def test_a_recovery_code_opens_once_however_it_is_typed(ana: Actor) -> None:
    _, codes = with_factor(ana)
    assert len(set(codes)) == 10
    later = NOW + 10 * STEP
    assert entered(passphrase(later), f" {codes[3].lower().replace('-', ' ')} ", later)
    assert not entered(passphrase(later), codes[3], later)
    assert not entered(passphrase(later), "AAAAA-BBBBB", later)
    assert own_second_factor.factor_state(ana).codes_left == 9
    with reading() as session:
        kept = str(session.execute(select(RecoveryCode.__table__)).all())
    assert not any(code in kept or code.replace("-", "") in kept for code in codes)


def test_new_recovery_codes_kill_the_old_ones(ana: Actor) -> None:
    with pytest.raises(OutOfDate):
        own_second_factor.make_codes(ana, PASSWORD, "", NOW)
    _, old = with_factor(ana)
    seen = own_second_factor.factor_state(ana).codes
    with pytest.raises(Incomplete, match="not right"):
        own_second_factor.make_codes(ana, "wrong", seen, NOW)
    new = own_second_factor.make_codes(ana, PASSWORD, seen, NOW)
    later = NOW + 10 * STEP
    assert not entered(passphrase(later), old[0], later)
    assert entered(passphrase(later), new[0], later)


def test_the_secret_is_encrypted_and_of_no_use_to_another_account(ana: Actor) -> None:
    secret, _ = with_factor(ana)
    ben = add("ben")
    with reading() as session:
        assert secret not in str(session.execute(select(SecondFactor.__table__)).all())
    with writing() as session:
        stolen = session.get_one(SecondFactor, ana.person_id)
        session.add(SecondFactor(person_id=ben, secret_sealed=stolen.secret_sealed, confirmed_at=NOW, recovery_salt=""))
    later = NOW + 10 * STEP
    passed = sign_in.sign_in("ben", PASSWORD, HOME, "browser", later)
    assert not entered(passed.value, code_at(secret, later), later)


def test_a_sign_in_waits_ten_minutes_and_one_at_a_time(ana: Actor) -> None:
    secret, _ = with_factor(ana)
    value = passphrase()
    late = NOW + timedelta(minutes=sign_in_steps.MINUTES)
    assert waiting(value, late - STEP) is not None
    assert waiting(value, late) is None
    assert not entered(value, code_at(secret, late), late)
    first, second = passphrase(late), passphrase(late)
    assert waiting(first, late) is None
    assert not entered(first, code_at(secret, late), late)
    assert entered(second, code_at(secret, late), late)
    for nonsense in ("", "x", "\x00", second):
        assert waiting(nonsense, late) is None
    with reading() as session:
        assert second not in str(session.execute(select(PendingSignIn.__table__)).all())


def test_what_ends_sessions_ends_a_sign_in_that_waits_too(ana: Actor) -> None:
    secret, _ = with_factor(ana)
    later = NOW + 10 * STEP
    value = passphrase(later)
    accounts.set_password(SYSTEM, "ana", PASSWORD, later)
    assert waiting(value, later) is None
    value = passphrase(later)
    sessions.sign_out(ana.session_hash, later, everywhere=True)
    assert not entered(value, code_at(secret, later), later)


def test_setting_up_asks_passphrase_and_code_and_ends_other_sessions(ana: Actor) -> None:
    elsewhere = enter()
    proposal = second_factor.propose(ana.person_id)
    secret = secret_of(proposal)
    assert proposal.picture.startswith("<svg") and secret not in proposal.sealed
    for sealed, code, password, kind in (
        (proposal.sealed, code_at(secret, NOW), "wrong", Incomplete),
        (proposal.sealed, "000000", PASSWORD, Incomplete),
        (proposal.sealed, "", PASSWORD, Incomplete),
        ("", code_at(secret, NOW), PASSWORD, OutOfDate),
        (second_factor.propose(add("ben")).sealed, code_at(secret, NOW), PASSWORD, OutOfDate),
    ):
        with pytest.raises(kind):
            own_second_factor.set_up(ana, sealed, code, password, NOW)
    assert secret_of(second_factor.propose_again(ana.person_id, proposal.sealed)) == secret
    own_second_factor.set_up(ana, proposal.sealed, code_at(secret, NOW), PASSWORD, NOW)
    assert sessions.actor_of_session(elsewhere, NOW) is None
    assert sessions.actor_of_session(ana.session_hash, NOW)
    shorter = "two kettles!"
    with pytest.raises(Incomplete):
        sign_in.change_password(ana, PASSWORD, shorter[:-1], NOW)
    sign_in.change_password(ana, PASSWORD, shorter, NOW)


def test_a_set_up_sent_again_changes_nothing_and_counts_no_guess(ana: Actor) -> None:
    """As by reloading the page of the recovery codes: whoever wrote them down keeps them."""
    proposal = second_factor.propose(ana.person_id)
    code = code_at(secret_of(proposal), NOW)
    codes = own_second_factor.set_up(ana, proposal.sealed, code, PASSWORD, NOW)
    for again in (code, code_at(secret_of(proposal), NOW + 3 * STEP)):
        for password in (PASSWORD, ""):
            with pytest.raises(OutOfDate):
                own_second_factor.set_up(ana, proposal.sealed, again, password, NOW + 3 * STEP)
    assert failures() == 0
    later = NOW + 10 * STEP
    assert entered(passphrase(later), codes[0], later), "the codes that were shown are those that work"
    another = second_factor.propose(ana.person_id)
    own_second_factor.set_up(ana, another.sealed, code_at(secret_of(another), later), PASSWORD, later)
    with pytest.raises(OutOfDate):
        own_second_factor.set_up(ana, another.sealed, code_at(secret_of(another), later), PASSWORD, later)


def test_of_two_equal_set_ups_at_once_one_is_kept(ana: Actor) -> None:
    proposal = second_factor.propose(ana.person_id)
    code = code_at(secret_of(proposal), NOW)

    def set_up(_: int) -> tuple[str, ...]:
        try:
            return own_second_factor.set_up(ana, proposal.sealed, code, PASSWORD, NOW)
        except OutOfDate:
            return ()

    with ThreadPoolExecutor(4) as tries:
        [codes] = filter(None, tries.map(set_up, range(4)))
    later = NOW + 10 * STEP
    assert entered(passphrase(later), codes[0], later)


def test_new_recovery_codes_asked_for_again_are_not_made_again(ana: Actor) -> None:
    with_factor(ana)
    seen = own_second_factor.factor_state(ana).codes
    codes = own_second_factor.make_codes(ana, PASSWORD, seen, NOW)
    with pytest.raises(OutOfDate, match="were made already"):
        own_second_factor.make_codes(ana, PASSWORD, seen, NOW)
    later = NOW + 10 * STEP
    assert entered(passphrase(later), codes[0], later)
