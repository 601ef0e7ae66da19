"""A signature is a typed name and the password again, bound to exactly what was signed; any change makes it void."""

import pytest

from cts.services.refusals import Incomplete, NotPermitted, OutOfDate
from tests.cast import PASSWORD
from tests.parts.agreement import disagreements
from tests.parts.desk import Desk


def valid_signatures(desk: Desk, who: str) -> list[tuple[str, bool]]:
    return [(s.name, s.valid) for s in desk.sees(who).signatures]


def test_signed_then_changed_the_signature_is_void_and_nothing_is_sent(desk: Desk) -> None:
    desk.writes("csw")
    desk.signs("csw")
    assert valid_signatures(desk, "csw") == [("Wanda Worker", True)]
    desk.writes("csw", family="One more word.")
    assert valid_signatures(desk, "csw") == [("Wanda Worker", False)]
    with pytest.raises(Incomplete, match="Your signature is needed first: choose Sign"):
        desk.submits("csw")
    desk.signs("csw")
    desk.submits("csw")
    assert desk.status == "Pending Supervisor Approval"


@pytest.mark.parametrize("fact", [{"placement_type": "STRTP"}, {"awol_code": "N", "dual": True}, {"case_id": "1" * 19}])
def test_a_fact_changed_by_an_extract_makes_it_void_too(desk: Desk, fact: dict[str, object]) -> None:
    desk.writes("csw")
    desk.signs("csw")
    desk.extract_says(**fact)
    assert valid_signatures(desk, "csw") == [("Wanda Worker", False)]
    with pytest.raises(Incomplete, match="signature is needed"):
        desk.submits("csw")


def test_what_was_sent_stays_as_it_was_signed_whatever_extracts_say_later(desk: Desk) -> None:
    desk.brings_to_supervisor()
    desk.signs("scsw")
    desk.extract_says(placement_type="STRTP")
    view = desk.opens("scsw")
    assert view.facts.values["placement_type"] == ""
    assert [s.valid for s in view.signatures] == [True, True]
    desk.approves("scsw")
    assert disagreements() == []


def test_changed_back_to_what_was_signed_the_signature_holds_again(desk: Desk) -> None:
    desk.writes("csw")
    desk.signs("csw")
    desk.writes("csw", best_way="Call")
    desk.writes("csw", best_way="Text after school")
    assert valid_signatures(desk, "csw") == [("Wanda Worker", True)]


def test_the_name_is_typed_as_it_stands_in_cts_accents_and_case_aside(desk: Desk) -> None:
    desk.writes("csw")
    for name in ("", "Wanda", "Sonia Supervisor", "Wanda Worker" + "\0", "Wanda Worker" + " " * 300):
        with pytest.raises(Incomplete, match="type your name as it stands in CTS: Wanda Worker") as refusal:
            desk.signs("csw", name=name or " ")
        assert refusal.value.problems[0][0] == "typed_name"
    assert desk.signs("csw", name="wánda  WORKER").name == "wánda  WORKER"


def test_a_wrong_password_signs_nothing_and_too_many_wait(desk: Desk) -> None:
    desk.writes("csw")
    for _ in range(5):
        with pytest.raises(Incomplete, match="passphrase is not right"):
            desk.signs("csw", password="something else entirely")
    with pytest.raises(Incomplete, match="Wait 15 minutes"):
        desk.signs("csw", password=PASSWORD)
    assert desk.opens("csw").signatures == ()
    for _ in range(16):
        desk.tick()
    desk.signs("csw")


def test_an_incomplete_referral_is_not_signed_and_every_gap_is_named(desk: Desk) -> None:
    desk.writes("csw", best_way="Call")
    with pytest.raises(Incomplete, match="13 answers need your attention before you can sign") as refusal:
        desk.signs("csw")
    assert [field for field, _ in refusal.value.problems][:2] == ["new_or_returning", "living_now"]
    assert len(refusal.value.problems) == len(desk.opens("csw").problems) == 13


def test_what_changed_in_another_tab_is_not_signed_unread(desk: Desk) -> None:
    from cts.services.signatures import sign

    desk.writes("csw")
    seen = desk.sees("csw").version
    desk.writes("csw", family="Typed in the other tab.")
    with pytest.raises(OutOfDate, match="read it again, then sign"):
        sign(desk.cast.csw, desk.number, "Wanda Worker", PASSWORD, seen, desk.now)


def test_signed_once_is_enough_and_each_signs_for_oneself(desk: Desk) -> None:
    desk.writes("csw")
    desk.signs("csw")
    with pytest.raises(Incomplete, match="You have signed this content"):
        desk.signs("csw")
    desk.submits("csw")
    desk.signs("scsw")
    with pytest.raises(Incomplete, match="Your signature is needed first"):
        desk.approves("substitute")  # the colleague's signature is not one's own
    with pytest.raises(NotPermitted, match="Sign: any supervisor of the Pasadena office can do this"):
        desk.signs("csw")


def test_the_supervisors_signature_of_a_round_is_none_in_the_next(desk: Desk) -> None:
    desk.brings_to_supervisor()
    desk.signs("scsw")
    desk.rejects("scsw")
    desk.signs("csw")
    desk.submits("csw")  # not a word was changed: the content is the same as in the first round
    with pytest.raises(Incomplete, match="Your signature is needed first"):
        desk.approves("scsw")
