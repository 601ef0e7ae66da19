"""Somebody leaves: the account ends, and what he or she held goes where it can be done, as a preview of numbers said."""

from argparse import ArgumentParser
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import select

from cts.commands.account import add_arguments, done
from cts.domain.filters import Attention, Filters
from cts.domain.vocabulary import Document
from cts.services import account_keeping, caseloads
from cts.services.extract_departed import without_those_who_left
from cts.services.held_work import HeldAs
from cts.services.leaving import leaving
from cts.services.listings import listing
from cts.services.refusals import Incomplete, NotPermitted, OutOfDate, Refusal
from cts.services.waiting import waiting_on_me
from db.models import Assignment, EscalationContact
from db.session import reading, writing
from tests.cast import DCFS_OFFICE, NOW, OTHER_OFFICE, add_assignment
from tests.parts.desk import Desk, served
from tests.parts.leavers import CANARY, assignment_of, life, told

GOES = {
    "csw": ["1 as case worker: to Sonia Supervisor, who then chooses a colleague"],
    "scsw": ["1 as supervisor: to the supervisors of Pasadena: Simon Substitute"],
    "advocate": ["1 as Advocate: to the coordinator of the agency (Carla Coordinator), or to the Advocate chosen"],
}


def ends(desk: Desk, who: str, **asked: Any) -> None:
    """Technical support ends the account, as the preview showed it."""
    support, person_id = desk.cast.people["support"], desk.cast.people[who].person_id
    seen = leaving(support, person_id, desk.now).seen
    account_keeping.end_account_of(support, person_id, desk.tick(), **{"seen": seen} | asked)


def waits_for(desk: Desk, who: str) -> list[tuple[str, str, bool]]:
    rows = waiting_on_me(desk.cast.people[who], desk.now)
    return [(str(row.document), str(row.status), row.mine) for row in rows if row.number == desk.number]


def test_the_preview_counts_and_names_nobody(both: Desk) -> None:
    desk = both
    desk.brings_to_advocate()
    support = desk.cast.people["support"]
    for who, held in {
        "csw": {HeldAs.WORKER: 1},
        "scsw": {HeldAs.SUPERVISOR: 1},
        "advocate": {HeldAs.ADVOCATE: 1},
        "substitute": {},
    }.items():
        preview = leaving(support, desk.cast.people[who].person_id, desk.now)
        assert preview.held == held and CANARY not in repr(preview) and str(desk.number) not in repr(preview)
        assert [share.sentence for share in preview.shares] == GOES.get(who, [])
    names = [a.name for a in leaving(support, desk.cast.people["advocate"].person_id, desk.now).advocates]
    assert names == ["Bea Advocate"]
    for who in ("csw", "scsw", "admin", "coordinator", "advocate"):
        with pytest.raises(NotPermitted):
            leaving(desk.cast.people[who], desk.cast.people["csw"].person_id, desk.now)


def test_a_case_workers_youth_wait_for_the_supervisor_until_a_colleague_is_chosen(both: Desk) -> None:
    desk, csw, scsw = both, both.cast.people["csw"], both.cast.people["scsw"]
    desk.brings_to_advocate()
    desk.plan().brings_to_case_worker()
    ends(desk, "csw")
    row = assignment_of(desk)
    assert (row.worker_id, row.former_worker_id, row.worker_choice_open) == (scsw.person_id, csw.person_id, True)
    assert waits_for(desk, "scsw") == [("Advocacy Plan", "Pending Approval (case worker)", True)]
    assert told("rehomed_to_supervisor") == ["scsw@cts.example: 1 assignment"]
    assert "stands in as the case worker" in life(desk)
    with pytest.raises(NotPermitted):
        desk.opens("csw")
    today = desk.today
    assert listing(scsw, filters=Filters(attention=Attention.WORKER_LEFT), today=today).total == 1
    (youth,) = caseloads.without_worker(scsw, desk.now)
    assert (youth.number, youth.former, youth.stands_in) == (desk.number, "Wanda Worker", "Sonia Supervisor")
    assert [c.name for c in caseloads.colleagues(scsw, DCFS_OFFICE)] == ["Colin Colleague"]
    colleague = desk.cast.people["colleague"].person_id
    for nobody in (None, csw.person_id, desk.cast.people["dpo"].person_id, desk.cast.people["csw_elsewhere"].person_id):
        with pytest.raises(Incomplete):
            caseloads.choose_worker(scsw, desk.number, nobody, youth.seen, desk.tick())
    for who in ("colleague", "advocate", "coordinator", "elsewhere", "support", "csw"):
        with pytest.raises(NotPermitted):
            caseloads.choose_worker(desk.cast.people[who], desk.number, colleague, youth.seen, desk.tick())
    caseloads.choose_worker(desk.cast.people["substitute"], desk.number, colleague, youth.seen, desk.tick())
    with pytest.raises(OutOfDate):
        caseloads.choose_worker_for_all(scsw, colleague, [youth.seen], desk.tick())
    assert waits_for(desk, "colleague") == [("Advocacy Plan", "Pending Approval (case worker)", True)]
    assert ("colleague", "worker_chosen") in desk.new_emails()
    assert caseloads.without_worker(scsw, desk.now) == ()
    desk.plan().approves("colleague")
    assert "chose Colin Colleague as the case worker, in place of Wanda Worker" in life(desk)


def test_cws_cms_stays_the_master_but_gives_nothing_back_to_somebody_who_left(both: Desk) -> None:
    desk, people = both, {who: actor.person_id for who, actor in both.cast.people.items()}
    ends(desk, "csw")

    def states(**stated: Any) -> tuple[int | None, int | None, bool]:
        with writing() as session:
            row = session.scalars(select(Assignment).where(Assignment.number == desk.number)).one()
            for name, value in without_those_who_left(session, row, stated).items():
                setattr(row, name, value)
            return row.worker_id, row.former_worker_id, row.worker_choice_open

    same = {"worker_id": people["csw"], "supervisor_id": people["scsw"], "office_code": DCFS_OFFICE}
    assert states(**same) == (people["scsw"], people["csw"], True)
    (youth,) = caseloads.without_worker(desk.cast.people["scsw"], desk.now)
    caseloads.choose_worker(desk.cast.people["scsw"], desk.number, people["colleague"], youth.seen, desk.tick())
    assert states(**same) == (people["colleague"], people["csw"], False)
    away = {"worker_id": people["csw"], "supervisor_id": people["elsewhere"], "office_code": OTHER_OFFICE}
    assert states(**away) == (people["elsewhere"], people["csw"], True)
    assert states(**away | {"worker_id": people["csw_elsewhere"]}) == (people["csw_elsewhere"], None, False)


def test_what_waits_for_a_supervisor_goes_to_the_office(both: Desk) -> None:
    desk = both
    desk.brings_to_supervisor(to="scsw")
    with writing() as session:
        session.add(EscalationContact(office_code=DCFS_OFFICE, person_id=desk.cast.people["scsw"].person_id))
    preview = leaving(desk.cast.people["support"], desk.cast.people["scsw"].person_id, desk.now)
    assert (preview.held, preview.waiting) == ({HeldAs.SUPERVISOR: 1, HeldAs.CONTACT: 1}, 1)
    ends(desk, "scsw")
    assert waits_for(desk, "substitute") == [("Referral", "Pending Supervisor Approval", True)]
    assert told("rehomed_to_office") == ["substitute@cts.example: 1 assignment"]
    with reading() as session:
        assert session.scalars(select(EscalationContact)).all() == []
    desk.signs("substitute")
    desk.approves("substitute")


def test_a_referral_sent_to_a_supervisor_by_name_goes_to_the_office(both: Desk) -> None:
    desk = both
    desk.brings_to_supervisor(to="substitute")
    preview = leaving(desk.cast.people["support"], desk.cast.people["substitute"].person_id, desk.now)
    assert preview.held == {HeldAs.NAMED: 1}
    ends(desk, "substitute")
    assert waits_for(desk, "scsw") == [("Referral", "Pending Supervisor Approval", True)]


def test_an_advocates_youth_go_back_to_the_coordinator_with_the_money_that_was_approved(both: Desk) -> None:
    desk = both
    desk.brings_to_advocate()
    funds = desk.starts("advocate", Document.FUNDS)
    funds.brings_to_approval()
    desk.brings_to_end_of_service()
    ends(desk, "advocate")
    assert assignment_of(desk).advocate_id is None
    assert told("rehomed_to_coordinator") == ["coordinator@cts.example: 1 assignment"]
    assert [w[0] for w in waits_for(desk, "coordinator")] == ["Restoration Fund Request"]
    desk.assigns("coordinator", "advocate_second")
    funds.spends("advocate_second")
    funds.submits("advocate_second")
    funds.reimburses()
    with pytest.raises(Incomplete, match="nothing is left"):
        desk.assigns("coordinator", "advocate_second")


def test_an_advocates_youth_can_go_to_a_named_colleague(both: Desk) -> None:
    desk = served(both.cast)
    second = desk.cast.people["advocate_second"].person_id
    for nobody in (desk.cast.people["rival_advocate"], desk.cast.people["coordinator"], desk.cast.people["advocate"]):
        with pytest.raises(Incomplete, match="Advocate of the same agency"):
            ends(desk, "advocate", heir_id=nobody.person_id)
    ends(desk, "advocate", heir_id=second)
    assert assignment_of(desk).advocate_id == second
    assert told("rehomed_to_advocate") == ["advocate_second@cts.example: 1 assignment"]
    assert [w[0] for w in waits_for(desk, "advocate_second")] == ["Advocacy Plan"]
    assert "Bea Advocate is the Advocate now" in life(desk)


def test_of_a_sealed_youth_only_its_own_supervisor_stands_in(both: Desk) -> None:
    cast = both.cast
    sealed = Desk(cast, add_assignment(cast, last_name="Sealed", sensitivity="R"))
    ends(sealed, "scsw")
    assert assignment_of(sealed).supervisor_id == cast.people["scsw"].person_id
    ends(sealed, "csw")
    assert assignment_of(sealed).worker_id == cast.people["csw"].person_id
    assert sealed.number not in {y.number for y in caseloads.without_worker(cast.people["substitute"], sealed.now)}
    (youth,) = (y for y in caseloads.without_worker(cast.people["admin"], sealed.now) if y.number == sealed.number)
    assert youth.stands_in == "nobody yet"
    colleague = cast.people["colleague"].person_id
    caseloads.choose_worker_for_all(cast.people["admin"], colleague, [youth.seen], sealed.tick())
    assert assignment_of(sealed).worker_id == colleague


def test_what_changed_since_the_preview_is_looked_at_again(both: Desk) -> None:
    desk, support = both, both.cast.people["support"]
    person_id = desk.cast.people["csw"].person_id
    seen = leaving(support, person_id, desk.now).seen
    add_assignment(desk.cast, last_name="Later")
    with pytest.raises(OutOfDate, match="has changed since you looked"):
        account_keeping.end_account_of(support, person_id, desk.tick(), seen=seen)
    assert assignment_of(desk).worker_id == person_id
    assert leaving(support, person_id, desk.now).held == {HeldAs.WORKER: 2}


def test_from_the_command_line_the_work_goes_too_and_a_dry_run_changes_nothing(both: Desk) -> None:
    desk, parser = served(both.cast), ArgumentParser()
    add_arguments(parser)
    share = "1 as case worker: to Sonia Supervisor, who then chooses a colleague"
    tried = done(parser.parse_args(["end", "csw", "--dry-run"]), desk.tick())
    assert tried == f"Nothing was changed. Open work of csw, and where it would go:\n  {share}"
    assert assignment_of(desk).worker_id == desk.cast.csw.person_id
    said = done(parser.parse_args(["end", "csw"]), desk.tick())
    assert said.endswith(f"Open work, and where it went:\n  {share}")
    assert assignment_of(desk).worker_id == desk.cast.people["scsw"].person_id
    assert "CTS (technical support) ended the account of Wanda Worker" in life(desk)


def test_of_two_who_end_the_account_at_once_one_re_homes(both: Desk) -> None:
    desk, support = both, both.cast.people["support"]
    person_id = desk.cast.people["csw"].person_id
    seen, together = leaving(support, person_id, desk.now).seen, Barrier(2)

    def press() -> str:
        together.wait()
        try:
            account_keeping.end_account_of(support, person_id, NOW, seen=seen)
        except Refusal as refusal:
            return type(refusal).__name__
        return "done"

    with ThreadPoolExecutor(2) as pool:
        said = [attempt.result() for attempt in [pool.submit(press) for _ in range(2)]]
    assert sorted(said) == ["OutOfDate", "done"]
    assert told("rehomed_to_supervisor") == ["scsw@cts.example: 1 assignment"]
