"""The same questions to every verb: does it work, and not for a colleague, a namesake elsewhere, a former advocate, a number that does not

exist, a stale screen; and what becomes of two presses at once?
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Barrier
from typing import Any

import pytest

from cts.services.refusals import NOT_FOUND, NotPermitted, OutOfDate, Refusal
from tests.parts.agreement import disagreements
from tests.parts.desk import Desk

Act = Callable[..., Any]


@dataclass(frozen=True)
class Verb:
    """A verb, how to get to where it is possible, who does it, who of the same house and of another does not."""

    name: str
    before: Callable[[Desk], Any]
    who: str
    colleague: str
    elsewhere: str
    act: Callable[[Desk], Act]
    becomes: str
    more: tuple[tuple[str, str], ...] = ()

    def on(self, desk: Desk, who: str = "", **asked: Any) -> Any:
        return self.act(desk)(who or self.who, **dict(self.more), **asked)

    def __str__(self) -> str:
        return self.name


def written_and_signed(desk: Desk) -> None:
    desk.writes("csw")
    desk.signs("csw")


def signed_by_supervisor(desk: Desk) -> None:
    desk.brings_to_supervisor()
    desk.signs("scsw")


def acknowledged(desk: Desk) -> None:
    desk.brings_to_agency()
    desk.acknowledges("coordinator")


AGENCY = (("agency", "Harbor Light Advocacy"),)
VERBS = [
    Verb("sign", Desk.writes_whole, "csw", "colleague", "csw_elsewhere", lambda d: d.signs, "New"),
    Verb(
        "submit",
        written_and_signed,
        "csw",
        "colleague",
        "csw_elsewhere",
        lambda d: d.submits,
        "Pending Supervisor Approval",
    ),
    Verb("recall", Desk.brings_to_supervisor, "csw", "colleague", "csw_elsewhere", lambda d: d.recalls, "New"),
    Verb(
        "sign as supervisor",
        Desk.brings_to_supervisor,
        "scsw",
        "colleague",
        "elsewhere",
        lambda d: d.signs,
        "Pending Supervisor Approval",
    ),
    Verb(
        "approve as supervisor",
        signed_by_supervisor,
        "scsw",
        "colleague",
        "elsewhere",
        lambda d: d.approves,
        "Pending CSEC Admin Approval",
    ),
    Verb(
        "reject as supervisor", signed_by_supervisor, "scsw", "colleague", "elsewhere", lambda d: d.rejects, "Rejected"
    ),
    Verb(
        "approve as Administration",
        Desk.brings_to_administration,
        "admin",
        "scsw",
        "support",
        lambda d: d.approves,
        "Approved",
        AGENCY,
    ),
    Verb(
        "reject as Administration",
        Desk.brings_to_administration,
        "admin",
        "scsw",
        "support",
        lambda d: d.rejects,
        "Rejected",
    ),
    Verb(
        "acknowledge",
        Desk.brings_to_agency,
        "coordinator",
        "advocate_second",
        "rival_coordinator",
        lambda d: d.acknowledges,
        "Approved",
    ),
    Verb(
        "assign",
        acknowledged,
        "coordinator",
        "advocate_second",
        "rival_coordinator",
        lambda d: d.assigns,
        "Approved",
        (("advocate", "advocate_second"),),
    ),
    Verb("close", Desk.writes_whole, "admin", "scsw", "support", lambda d: d.closes, "Withdrawn"),
]
each_verb = pytest.mark.parametrize("verb", VERBS, ids=str)


@each_verb
def test_it_works_and_all_records_agree(desk: Desk, verb: Verb) -> None:
    verb.before(desk)
    before = desk.sees("csw").version
    verb.on(desk)
    assert desk.status == verb.becomes
    assert desk.sees("csw").version == before + (0 if verb.name.startswith("sign") else 1)
    assert disagreements() == []


@each_verb
def test_nobody_else_does_it(desk: Desk, verb: Verb) -> None:
    verb.before(desk)
    status, version = desk.status, desk.sees("csw").version
    for who in (verb.colleague, verb.elsewhere):
        with pytest.raises(NotPermitted):
            verb.on(desk, who)
    assert (desk.status, desk.sees("csw").version) == (status, version)
    assert disagreements() == []


def test_a_former_advocate_does_and_reads_nothing_any_more(desk: Desk) -> None:
    desk.brings_to_advocate()
    desk.opens("advocate")
    desk.assigns("coordinator", "advocate_second")
    for attempt in (desk.opens, desk.sees, desk.writes, *(lambda who, v=verb: v.on(desk, who) for verb in VERBS)):
        with pytest.raises(NotPermitted) as refusal:
            attempt("advocate")  # type: ignore[operator]
        assert str(refusal.value) == NOT_FOUND


@each_verb
def test_a_number_that_does_not_exist_is_refused_like_a_forbidden_one(desk: Desk, verb: Verb) -> None:
    for number in (99_999, 0, -1, 2**31, 2**63, 10**30):
        nowhere = Desk(desk.cast, number)
        for attempt in (lambda who, d=nowhere: verb.on(d, who, version=1), nowhere.opens, nowhere.sees, nowhere.writes):
            with pytest.raises(NotPermitted) as refusal:
                attempt(verb.who)
            assert str(refusal.value) == NOT_FOUND


@each_verb
def test_on_a_stale_screen_nothing_is_done_and_what_happened_is_said(desk: Desk, verb: Verb) -> None:
    verb.before(desk)
    version = desk.sees("csw").version
    with pytest.raises(OutOfDate, match="changed since you opened it"):
        verb.on(desk, version=version - 1)
    with pytest.raises(OutOfDate):
        verb.on(desk, version=version + 1)
    assert desk.sees("csw").version == version
    assert disagreements() == []


@each_verb
def test_pressed_twice_at_once_it_is_done_once(both: Desk, verb: Verb) -> None:
    verb.before(both)
    version, barrier = both.sees("csw").version, Barrier(2)

    def press(key: str) -> object:
        barrier.wait(10)
        try:
            return verb.on(both, version=version, key=key)
        except Refusal as refusal:
            return refusal

    with ThreadPoolExecutor(2) as presses:
        results = list(presses.map(press, ["first press", "second press"]))
    assert sum(isinstance(r, Refusal) for r in results) == 1, results
    assert both.status == verb.becomes
    assert disagreements() == []


@pytest.mark.parametrize("verb", [v for v in VERBS if not v.name.startswith("sign")], ids=str)
def test_a_double_click_is_one_step_and_says_the_same(desk: Desk, verb: Verb) -> None:
    verb.before(desk)
    version = desk.sees("csw").version
    first = verb.on(desk, version=version, key="one press")
    desk.new_emails()
    assert verb.on(desk, version=version, key="one press") == first
    assert desk.new_emails() == []
    assert disagreements() == []


def test_the_key_of_somebody_elses_press_opens_nothing(desk: Desk) -> None:
    desk.brings_to_administration()
    desk.approves("admin", "Harbor Light Advocacy", key="ada's press")
    with pytest.raises(OutOfDate, match="used already"):
        desk.acknowledges("coordinator", key="ada's press")
    with pytest.raises(OutOfDate, match="used already"):
        desk.rejects("admin", key="ada's press")
    other = Desk(desk.cast, desk.cast.probation_number)
    with pytest.raises(OutOfDate, match="used already"):
        other.closes("admin", key="ada's press")
    assert other.status == "New"


def test_a_draft_saved_from_two_tabs_at_once_keeps_both(both: Desk) -> None:
    barrier = Barrier(2)

    def tab(answer: tuple[str, str]) -> None:
        barrier.wait(10)
        for n in range(5):
            both.writes("csw", **{answer[0]: f"{answer[1]} {n}"})

    with ThreadPoolExecutor(2) as tabs:
        list(tabs.map(tab, [("family", "one"), ("attention", "two")]))
    assert both.sees("csw").answers == {"family": "one 4", "attention": "two 4"}
    assert disagreements() == []
