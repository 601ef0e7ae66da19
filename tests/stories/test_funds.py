"""The guide's story of a Restoration Fund Request: asked, pre-approved, approved, spent, handed in, reimbursed (mission §4.4)."""

from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import Engine

from cts.domain.fields import Stage
from cts.domain.rows import sums
from cts.domain.vocabulary import Action, Document, Role
from cts.services.refusals import Incomplete, NotPermitted, OutOfDate
from cts.services.waiting import waiting_on_me
from tests.cast import change_person
from tests.parts.agreement import disagreements
from tests.parts.answers import MONEY, SPENT
from tests.parts.desk import Desk, serve, served

ITEMS: list[dict[str, Any]] = MONEY["items"]


@pytest.fixture
def funds(sqlite_database: Engine) -> Desk:
    """A request just begun by Alan Advocate."""
    return served().starts("advocate", Document.FUNDS)


@pytest.fixture
def funds_on_both(both: Desk) -> Desk:
    """As `funds`, on SQLite and on PostgreSQL."""
    both.begins(serve)
    return both.starts("advocate", Document.FUNDS)


def waits_for(desk: Desk) -> list[str]:
    people = ("advocate", "coordinator", "csw", "scsw", "admin")
    found = {who: waiting_on_me(desk.cast.people[who], desk.now) for who in people}
    return [who for who, rows in found.items() if any(r.document is desk.kind for r in rows)]


def test_from_draft_to_reimbursed(funds_on_both: Desk) -> None:
    funds = funds_on_both
    assert funds.status == "In Progress" and waits_for(funds) == ["advocate"] and funds.new_emails() == []
    view = funds.opens("advocate")
    assert view.answers == {"requested_on": "2026-11-02"}
    assert view.facts.values["requestor"] == "Alan Advocate"
    assert view.facts.values["agency_name"] == "Harbor Light Advocacy"

    funds.writes("advocate")
    funds.submits("advocate")
    assert funds.status == "Pending Pre-Approval" and waits_for(funds) == ["csw"]
    assert funds.new_emails() == [("csw", "document_to_review")]
    funds.approves("csw")
    assert funds.status == "Pending CSEC Admin Approval" and waits_for(funds) == ["admin"]
    assert funds.new_emails() == [("admin", "document_to_decide"), ("admin_second", "document_to_decide")]
    funds.approves("admin")
    assert funds.status == "Approved" and waits_for(funds) == ["advocate"]
    assert funds.new_emails() == [("advocate", "document_approved"), ("csw", "document_approved")]

    view = funds.opens("advocate")
    assert view.writable and view.stage is Stage.SPENDING
    assert [(p.row, p.column) for p in view.problems] == [("f1", "actual_cost"), ("f2", "actual_cost"), ("", "")]
    funds.spends()
    funds.submits("advocate")
    assert funds.status == "Receipts Submitted" and waits_for(funds) == ["admin"]
    assert funds.new_emails() == [("admin", "receipts_to_check"), ("admin_second", "receipts_to_check")]

    funds.opens("admin")
    funds.rejects("admin", "receipts", "The second receipt cannot be read.")
    assert funds.status == "Approved" and waits_for(funds) == ["advocate"]
    assert funds.new_emails() == [("advocate", "receipts_rejected")]
    rejection = funds.opens("advocate").rejection
    assert rejection is not None and rejection.text == "The second receipt cannot be read."
    assert rejection.reason == "Receipts are missing or cannot be accepted"

    receipts = funds.opens("advocate").answers["receipts"]
    funds.writes("advocate", receipts=[receipts[0] | {"description": "Coat and notebooks", "file": funds.uploads()}])
    funds.submits("advocate")
    changes = funds.opens("admin").changes
    assert ("Receipts: Receipt 1, Description", "Shop", "Coat and notebooks") in [
        (c.label, c.before, c.after) for c in changes
    ]
    assert not any(c.field.key == "items" for c in changes), "what was approved before is settled"
    funds.new_emails()
    said = funds.reimburses("admin")
    assert said.sentence == "You marked the Restoration Fund Request as reimbursed. Its status is Reimbursed."
    assert funds.new_emails() == [("advocate", "funds_reimbursed"), ("csw", "funds_reimbursed")]
    assert funds.status == "Reimbursed" and waits_for(funds) == []
    assert disagreements() == []


def test_what_was_approved_is_changed_no_more_only_costs_and_receipts_are_added(funds: Desk) -> None:
    funds.brings_to_approval()
    fixed: list[dict[str, Any]] = [
        {"items": [ITEMS[0] | {"projected_cost": "9,000"}, ITEMS[1]]},
        {"items": [ITEMS[0] | {"item": "A car"}, ITEMS[1]]},
        {"items": ITEMS[:1]},
        {"items": []},
        {"items": None},
        {"items": [*ITEMS, {"id": "f3", "item": "Hat", "quantity": "1", "projected_cost": "5"}]},
        {"justification": "Another."},
        {"justification": None},
        {"goal": ""},
        {"requested_on": "2026-11-01"},
    ]
    for answers in fixed:
        with pytest.raises(Incomplete, match="can be changed no more"):
            funds.writes("advocate", **answers)
    assert {k: funds.sees("advocate").answers[k] for k in MONEY} == MONEY
    funds.writes("advocate", **SPENT)
    assert disagreements() == []


def test_before_the_approval_no_costs_and_no_receipts_are_written(funds: Desk) -> None:
    for answers in (SPENT, {"receipts": [{"id": "h1", "description": "Too early"}]}):
        with pytest.raises(Incomplete, match="not yet"):
            funds.writes("advocate", **answers)


def test_rows_changed_in_two_tabs_after_the_approval_are_merged_cell_by_cell(funds: Desk) -> None:
    funds.brings_to_approval()
    read = funds.sees("advocate").answers["items"]
    one, two = [dict(r) for r in read], [dict(r) for r in read]
    one[0]["actual_cost"], two[1]["actual_cost"] = "1,199.99", "28.01"
    funds.writes("advocate", seen={"items": read}, items=one)
    funds.writes("advocate", seen={"items": read}, items=two)
    assert funds.sees("advocate").answers["items"] == SPENT["items"]


def test_amounts_are_kept_as_typed_and_added_exactly(funds_on_both: Desk) -> None:
    funds = funds_on_both
    funds.brings_to_approval()
    view = funds.opens("csw")
    assert [row["projected_cost"] for row in view.answers["items"]] == ["1,234.50", "30.05"]
    items = view.spec.field("items")
    assert items is not None and sums(items, view.answers["items"])["projected_cost"] == Decimal("1264.55")


@pytest.mark.parametrize("typed", ["-5", "1e9", "100,000.01", "12.345", "lots", "1,23"])
def test_negative_and_absurd_amounts_stay_in_the_draft_and_are_not_sent(funds: Desk, typed: str) -> None:
    funds.writes("advocate")
    funds.writes("advocate", items=[ITEMS[0] | {"projected_cost": typed}, ITEMS[1]])
    with pytest.raises(Incomplete, match="1 answer needs your attention") as refusal:
        funds.submits("advocate")
    assert "Item 1, Projected Cost: " in refusal.value.problems[0][1]
    assert funds.sees("advocate").answers["items"][0]["projected_cost"] == typed
    assert funds.status == "In Progress"


def test_nothing_is_sent_without_costs_and_receipts(funds: Desk) -> None:
    funds.brings_to_approval()
    with pytest.raises(Incomplete) as refusal:
        funds.submits("advocate")
    assert [field for field, _ in refusal.value.problems] == ["items", "items", "receipts"]


def test_a_receipt_is_a_file_of_this_youth(funds: Desk) -> None:
    funds.brings_to_approval()
    elsewhere = Desk(funds.cast, funds.cast.probation_number).uploads()
    for token in (elsewhere, "0" * 32, "nothing"):
        with pytest.raises(Incomplete, match="please upload the file again"):
            funds.writes("advocate", receipts=[{"id": "h1", "file": token}])


def test_receipts_recalled_unread_leave_the_request_as_it_was_approved(funds: Desk) -> None:
    funds.brings_to_approval()
    funds.spends()
    funds.submits("advocate")
    funds.opens("csw")  # not the one who checks
    funds.recalls("advocate")
    assert funds.status == "Approved" and funds.opens("advocate").writable
    for who in ("csw", "admin", "coordinator"):
        assert dict(funds.opens(who).answers) == MONEY, who
    funds.submits("advocate")
    funds.opens("admin")
    with pytest.raises(Incomplete, match="can no longer be recalled"):
        funds.recalls("advocate")
    assert disagreements() == []


def test_rejected_by_case_worker_or_administration_it_begins_anew(funds: Desk) -> None:
    funds.brings_to_case_worker()
    funds.rejects("csw", "other_funding", "Please ask the school first.")
    assert funds.opens("advocate").stage is Stage.WRITING
    funds.writes("advocate", items=ITEMS[:1])
    funds.submits("advocate")
    funds.approves("csw")
    funds.rejects("admin", "amount", "Why so dear?")
    assert funds.status == "Rejected"
    funds.submits("advocate")
    assert funds.status == "Pending Pre-Approval", "decision (c): the case worker's pre-approval blocks"
    with pytest.raises(NotPermitted, match=r"the case worker can do this \(Wanda Worker\)"):
        funds.approves("admin")
    with pytest.raises(NotPermitted, match="Mark as reimbursed is not possible now"):
        funds.reimburses("admin")
    assert disagreements() == []


def test_what_an_item_costs_is_settled_by_the_approval_the_reviewer_sees_later_changes_only(funds: Desk) -> None:
    funds.brings_to_case_worker()
    funds.rejects("csw", "amount", "Why so dear?")
    funds.writes("advocate", items=[ITEMS[0] | {"projected_cost": "900"}, ITEMS[1]])
    funds.submits("advocate")
    assert [c.label for c in funds.opens("csw").changes] == ["Item(s) Requested: Item 1, Projected Cost"]
    funds.approves("csw")
    funds.approves("admin")
    funds.spends()
    funds.submits("advocate")
    assert funds.opens("admin").changes == ()


@pytest.mark.parametrize("reach", ["", "brings_to_approval"])
def test_withdrawn_by_the_advocate_with_a_reason(funds: Desk, reach: str) -> None:
    if reach:
        getattr(funds, reach)()
        funds.new_emails()
    with pytest.raises(Incomplete, match="choose a reason"):
        funds.withdraws(code="incomplete")
    said = funds.withdraws(code="not_needed", text="The school paid.")
    assert said.sentence == "You withdrew the Restoration Fund Request."
    assert funds.status == "Withdrawn" and funds.new_emails() == [] and waits_for(funds) == []
    with pytest.raises(OutOfDate, match="is Withdrawn"):
        funds.writes("advocate", goal="Another.")
    last = funds.opens("csw").history[-1]
    assert last.sentence == "Alan Advocate (advocate) withdrew the Restoration Fund Request 1."
    assert last.why == "No longer needed: The school paid."
    assert funds.document(Document.REFERRAL).status == "Approved", "the assignment goes on"
    assert disagreements() == []


def test_several_requests_at_once_each_with_its_number(funds: Desk) -> None:
    second = funds.starts("advocate", Document.FUNDS)
    assert (funds.sequence, second.sequence) == (1, 2)
    second.brings_to_case_worker()
    assert (funds.status, second.status) == ("In Progress", "Pending Pre-Approval")
    assert disagreements() == []


def test_the_same_press_of_start_begins_one(funds: Desk) -> None:
    first = funds.starts("advocate", Document.FUNDS, key="one press")
    again = funds.starts("advocate", Document.FUNDS, key="one press")
    assert first.sequence == again.sequence == 2
    with pytest.raises(OutOfDate, match="used already"):
        funds.starts("advocate", Document.EXTENSION, key="one press")
    with pytest.raises(OutOfDate, match="used already"):
        funds.starts("coordinator", Document.FUNDS, key="one press")


@pytest.mark.parametrize("who", ["csw", "scsw", "admin", "coordinator"])
@pytest.mark.parametrize("kind", [Document.FUNDS, Document.EXTENSION, Document.TERMINATION])
def test_only_the_advocate_begins(funds: Desk, who: str, kind: Document) -> None:
    with pytest.raises(NotPermitted, match=r"The Advocate of this youth \(Alan Advocate\) begins an? "):
        funds.starts(who, kind)


@pytest.mark.parametrize("kind", [Document.PLAN, Document.SUMMARY, Document.REFERRAL])
def test_what_is_there_from_the_start_is_not_begun(funds: Desk, kind: Document) -> None:
    with pytest.raises(NotPermitted, match="there from the start"):
        funds.starts("advocate", kind)


def test_nothing_is_begun_before_there_is_an_advocate(desk: Desk) -> None:
    desk.brings_to_agency()
    for who in ("coordinator", "csw"):
        with pytest.raises(NotPermitted, match="The Advocate of this youth begins"):
            desk.starts(who, Document.FUNDS)
    with pytest.raises(NotPermitted, match="no such record"):
        desk.starts("advocate", Document.FUNDS)


def test_saving_signing_and_starting_are_no_steps(funds: Desk) -> None:
    for action in (Action.SAVE, Action.SIGN, Action.START):
        with pytest.raises(ValueError, match="function of its own"):
            funds.takes("advocate", action)
    with pytest.raises(NotPermitted):
        funds.signs("advocate")


def test_four_eyes_an_administrator_who_pre_approved_as_case_worker_does_not_decide(funds: Desk) -> None:
    funds.brings_to_decision()
    change_person(funds.cast, "csw", role=Role.ADMINISTRATION, office_code=None)
    for attempt in (funds.approves, funds.rejects):
        with pytest.raises(NotPermitted, match="another person decides"):
            attempt("csw")
    funds.approves("admin")
    funds.spends()
    funds.submits("advocate")
    funds.reimburses("admin")  # the receipts are another round
    assert disagreements() == []
