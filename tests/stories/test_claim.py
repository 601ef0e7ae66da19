"""Two supervisors share what waits for their office: one claims, the others see it and leave it, and nothing is stuck (mission §7)."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier

import pytest
from sqlalchemy import func, select

from cts.domain.vocabulary import Action, Role
from cts.outside.mail import BLOCK
from cts.services.actor import Actor
from cts.services.claiming import claim_document
from cts.services.refusals import NOT_FOUND, NotPermitted, OutOfDate
from cts.services.timeline import who_looked
from cts.services.waiting import waiting_on_me
from db.models import Assignment, HistoryEntry
from db.session import reading
from tests.cast import DCFS_OFFICE, add_assignment, change_person
from tests.parts.agreement import disagreements
from tests.parts.desk import Desk
from tests.parts.pool import claims, returns
from tests.parts.reminded import made, morning, reminders_owed

BY_SIMON = "Claimed by Simon Substitute since 9:04 AM"


@pytest.fixture
def waits(both: Desk) -> Desk:
    """A Referral sent to Sonia Supervisor, in the pool of her office."""
    both.brings_to_supervisor()
    return both


def on_lists(desk: Desk) -> dict[str, tuple[str, bool]]:
    people = {who: waiting_on_me(desk.cast.people[who], desk.now) for who in ("scsw", "substitute")}
    return {who: (rows[0].claimed, rows[0].mine) for who, rows in people.items() if rows}


def test_one_claims_and_the_others_see_it_and_leave_it(waits: Desk) -> None:
    assert waits.sees("scsw").claim == waits.sees("substitute").claim
    said = claims(waits, "substitute")
    assert said == "You claimed the Referral. Your colleagues see it, and leave it to you until the end of 11/03/2026."
    assert on_lists(waits) == {"scsw": (BY_SIMON, False), "substitute": ("Claimed by you", True)}
    seen = waits.sees("scsw")
    assert seen.claim is not None and (seen.claim.words, seen.claim.may_take_over) == (BY_SIMON, True)
    assert not seen.claim.may_claim and not seen.claim.may_return
    assert [s.action for s in seen.steps] == []
    assert {b.action: b.sentence for b in seen.blocked}[Action.APPROVE].startswith(BY_SIMON)
    for act in (waits.signs, waits.rejects):
        with pytest.raises(OutOfDate, match="choose Take over first"):
            act("scsw")
    waits.signs("substitute")
    waits.approves("substitute")
    assert waits.sees("admin").claim is None
    assert disagreements() == []


def test_it_is_returned_to_the_pool_and_taken_over_after_asking(waits: Desk) -> None:
    claims(waits, "substitute")
    assert returns(waits, "substitute") == "You returned the Referral to the supervisors of the office."
    assert on_lists(waits) == {"scsw": ("", True), "substitute": ("", False)}
    claims(waits, "substitute")
    assert claims(waits, "scsw", taken_from="substitute") == "You took the Referral over from Simon Substitute."
    with pytest.raises(OutOfDate, match="Claimed by Sonia Supervisor since"):
        waits.signs("substitute")
    with pytest.raises(OutOfDate, match="not claimed by you any more"):
        returns(waits, "substitute")
    lines = [line.sentence for line in waits.sees("csw").history][-4:]
    assert lines == [
        "Simon Substitute (supervisor) claimed the Referral.",
        "Simon Substitute (supervisor) returned the Referral to the supervisors of the office.",
        "Simon Substitute (supervisor) claimed the Referral.",
        "Sonia Supervisor (supervisor) took the Referral over from Simon Substitute.",
    ]
    looks = who_looked(waits.cast.scsw, waits.number)
    assert looks is not None
    assert [look.what for look in looks.rows if not (look.refused or look.not_done)][:4] == [
        *("Take over: Referral", "Claim: Referral", "Return: Referral", "Claim: Referral"),
    ]


def test_the_named_supervisor_need_not_claim(waits: Desk) -> None:
    waits.signs("scsw")
    waits.approves("scsw")
    assert waits.sees("scsw").claim is None


def test_a_claim_lapses_by_itself_after_the_next_working_day(waits: Desk) -> None:
    claims(waits, "substitute")
    waits.tick(days=1)
    assert on_lists(waits)["scsw"][0] == "Claimed by Simon Substitute since 11/02/2026 09:04 AM"
    waits.tick(days=1)
    assert on_lists(waits) == {"scsw": ("", True), "substitute": ("", False)}
    waits.signs("scsw")
    assert claims(waits, "scsw").startswith("You claimed the Referral.")


@pytest.mark.parametrize("changes", [{"active": False}, {"office_code": "1901A"}, {"role": "CSW"}])
def test_a_claim_ends_with_whoever_leaves(waits: Desk, changes: dict[str, object]) -> None:
    claims(waits, "substitute")
    change_person(waits.cast, "substitute", **changes)
    assert on_lists(waits)["scsw"] == ("", True)
    waits.signs("scsw")


def test_a_renewed_stay_has_no_claim(waits: Desk) -> None:
    claims(waits, "substitute")
    waits.extract_says(supervisor_id=waits.cast.substitute.person_id, worker_id=waits.cast.colleague.person_id)
    assert on_lists(waits)["substitute"] == ("Claimed by you", True), "the same holder: the same stay"
    waits.signs("substitute")
    waits.rejects("substitute")
    waits.signs("colleague")
    waits.submits("colleague")
    assert on_lists(waits) == {"scsw": ("", True), "substitute": ("", False)}


def test_others_than_the_supervisors_of_the_office_do_not_claim(waits: Desk) -> None:
    for who in ("csw", "admin"):
        with pytest.raises(NotPermitted, match="claimed by one of them"):
            claims(waits, who)
    for who in ("colleague", "elsewhere", "sdpo", "left", "coordinator", "rival_coordinator", "support"):
        with pytest.raises(NotPermitted, match=NOT_FOUND):
            claims(waits, who)
    with pytest.raises(NotPermitted, match=NOT_FOUND):
        claims(Desk(waits.cast, 99_999), "scsw", version=1)
    assert waits.sees("csw").claim is None, "who writes it is not asked"


def test_of_a_sensitive_youth_only_the_assigned_supervisor_claims(both: Desk) -> None:
    hidden = Desk(both.cast, add_assignment(both.cast, last_name="Hidden", sensitivity="S"))
    hidden.brings_to_supervisor()
    with pytest.raises(NotPermitted, match=NOT_FOUND):
        claims(hidden, "substitute")
    assert claims(hidden, "scsw").startswith("You claimed the Referral.")


def test_what_was_decided_meanwhile_is_not_claimed_and_nothing_waits_with_nobody(waits: Desk) -> None:
    seen = waits.sees("substitute").version
    waits.signs("scsw")
    waits.approves("scsw")
    with pytest.raises(OutOfDate, match=r"approved the Referral at .* It is now Pending CSEC Admin Approval"):
        claims(waits, "substitute", version=seen)
    with pytest.raises(NotPermitted, match="does not wait for the supervisors of an office"):
        claims(waits, "substitute")


def test_who_had_a_hand_in_it_does_not_claim_it(both: Desk) -> None:
    own = Desk(both.cast, add_assignment(both.cast, worker="substitute"))
    own.brings_to_supervisor("substitute")
    with pytest.raises(NotPermitted, match="another person decides, and claims it"):
        claims(own, "substitute")


def test_what_the_advocate_sends_is_claimed_too(both: Desk) -> None:
    both.brings_to_advocate()
    plan = both.plan()
    plan.brings_to_decision()
    claims(plan, "substitute")
    with pytest.raises(OutOfDate, match="Claimed by Simon Substitute"):
        plan.approves("scsw")
    plan.approves("substitute")
    assert disagreements() == []


def test_of_two_who_claim_at_once_exactly_one_wins(both: Desk) -> None:
    for _ in range(8):
        desk = Desk(both.cast, add_assignment(both.cast))
        desk.brings_to_supervisor()
        version = desk.sees("scsw").version
        said = _both_at_once({who: partial(claims, desk, who, version) for who in ("scsw", "substitute")})
        won = [who for who, words in said.items() if words.startswith("You claimed the Referral.")]
        assert len(won) == 1, said
        lost = ({"scsw", "substitute"} - set(won)).pop()
        assert said[lost].startswith("Nothing was changed by you. Claimed by"), said
        assert _claims_told(desk) == 1


def test_of_one_who_claims_and_one_who_decides_at_once_nothing_is_half(both: Desk) -> None:
    for _ in range(8):
        desk = Desk(both.cast, add_assignment(both.cast))
        desk.brings_to_supervisor()
        desk.signs("scsw")
        version = desk.sees("scsw").version
        decides, takes = partial(desk.approves, "scsw", version=version), partial(claims, desk, "substitute", version)
        said = _both_at_once({"scsw": decides, "substitute": takes})
        decided = desk.status == "Pending CSEC Admin Approval"
        assert decided == ("Nothing was changed" not in said["scsw"]), said
        assert _claims_told(desk) == ("You claimed" in said["substitute"]) != decided, said
    assert disagreements() == []


def _both_at_once(acts: dict[str, Callable[[], object]]) -> dict[str, str]:
    at_once = Barrier(len(acts))

    def run(act: Callable[[], object]) -> str:
        at_once.wait()
        try:
            return str(act())
        except OutOfDate as refusal:
            return str(refusal)

    with ThreadPoolExecutor(len(acts)) as pool:
        return dict(zip(acts, pool.map(run, acts.values()), strict=True))


def _claims_told(desk: Desk) -> int:
    with reading() as session:
        of_desk = select(func.count(HistoryEntry.id)).join(Assignment, Assignment.id == HistoryEntry.assignment_id)
        return session.scalar(of_desk.where(Assignment.number == desk.number, HistoryEntry.action == "claim")) or 0


def test_whoever_claimed_it_is_reminded_beside_the_supervisor_named(waits: Desk) -> None:
    waits.tick(days=3)  # Thursday
    claims(waits, "substitute")  # until the end of Friday
    both_of_them = {"scsw": ([waits.number], []), "substitute": ([waits.number], [])}
    assert made(waits.cast, morning(4)) == both_of_them
    details = [email.details for email in reminders_owed()]
    assert len(details) == 2
    assert all("Claimed by Simon Substitute." in " ".join(d[BLOCK]) for d in details)
    assert made(waits.cast, morning(5)) == {"scsw": ([waits.number], [])}, "the claim has lapsed"


def test_of_what_went_to_the_pool_only_whoever_claimed_it_is_reminded(waits: Desk) -> None:
    change_person(waits.cast, "elsewhere", office_code=DCFS_OFFICE)
    change_person(waits.cast, "scsw", active=False)
    waits.tick(days=3)
    assert set(made(waits.cast, morning(3))) == {"substitute", "elsewhere"}
    claim_document(waits.cast.people["substitute"], waits.number, waits.sees("substitute").version, waits.tick())
    assert set(made(waits.cast, morning(4))) == {"substitute"}
    change_person(waits.cast, "substitute", active=False)
    both_mornings = {"substitute", "elsewhere"}
    assert set(made(waits.cast, morning(4, hour=8))) == both_mornings, "a claim of somebody who left counts no more"


def test_the_list_says_what_can_be_claimed_or_returned_without_opening_it(waits: Desk) -> None:
    def offered(who: str) -> list[tuple[bool, bool]]:
        return [(row.may_claim, row.may_return) for row in waiting_on_me(waits.cast.people[who], waits.now)]

    assert offered("scsw") == offered("substitute") == [(True, False)]
    (row,) = waiting_on_me(waits.cast.people["substitute"], waits.now)
    claim_document(waits.cast.people["substitute"], row.number, row.version, waits.tick(), row.document, row.sequence)
    assert (offered("scsw"), offered("substitute")) == ([(False, False)], [(False, True)])
    with pytest.raises(OutOfDate, match=BY_SIMON):
        claim_document(waits.cast.scsw, row.number, row.version, waits.tick(), row.document, row.sequence)
    returns(waits, "substitute")
    waits.signs("substitute")
    waits.rejects("substitute")
    assert offered("substitute") == []
    change_person(waits.cast, "csw", role=Role.SCSW)
    waits.brings_to_supervisor()
    worker = Actor(waits.cast.csw.person_id, "Worker, Wanda", Role.SCSW, office_code=DCFS_OFFICE)
    assert [r.may_claim for r in waiting_on_me(worker, waits.now)] == [False], "who wrote it does not decide it"
    assert offered("substitute") == [(True, False)]
