"""Rejected, changed, sent again; and taken back before anybody has read it."""

import pytest

from cts.services.refusals import Incomplete, NotPermitted, OutOfDate
from tests.parts.agreement import disagreements
from tests.parts.desk import Desk


def test_rejected_by_the_supervisor_changed_and_approved(both: Desk) -> None:
    desk = both
    desk.brings_to_supervisor()
    desk.new_emails()
    desk.opens("scsw")
    desk.signs("scsw")
    desk.rejects("scsw", "safety", "Is there a dog at the aunt's?")
    assert desk.status == "Rejected"
    assert desk.new_emails() == [("csw", "referral_rejected")]

    view = desk.opens("csw")
    assert view.rejection is not None and view.writable
    assert (view.rejection.by, view.rejection.reason, view.rejection.text) == (
        "Sonia Supervisor (supervisor)",
        "Safety alerts need to be completed or clarified",
        "Is there a dog at the aunt's?",
    )
    assert view.answers["family"] == "Lives with an aunt who is supportive."  # nothing has to be typed again

    with pytest.raises(Incomplete, match="signature is needed"):  # the signature of the first round is no signature
        desk.submits("csw")
    desk.writes("csw", alerts_stated="present", alerts={"6401": "A large dog, chained."})
    desk.signs("csw")
    desk.submits("csw")
    assert desk.new_emails() == [("scsw", "referral_to_review")]

    view = desk.opens("scsw")
    assert [(c.field.label, c.before, c.after) for c in view.changes] == [
        ("Safety alerts", "No safety alerts are known", "Safety alerts are present"),
        ("Kinds of alert", "", "Dangerous animal on premises: A large dog, chained."),
    ]
    desk.signs("scsw")
    desk.approves("scsw")
    desk.approves("admin", "Harbor Light Advocacy")
    assert desk.status == "Approved"
    assert desk.opens("coordinator").changes == ()  # former wordings are the reviewers' business
    whys = [line.why for line in desk.opens("csw").history if line.why]
    assert whys == ["Safety alerts need to be completed or clarified: Is there a dog at the aunt's?"]
    assert disagreements() == []


def test_rejected_by_administration_it_passes_the_supervisor_again(both: Desk) -> None:
    desk = both
    desk.brings_to_administration()
    desk.new_emails()
    desk.opens("admin")
    desk.rejects("admin", "contact", "Please speak with the youth.")
    assert desk.status == "Rejected"
    assert desk.new_emails() == [("csw", "referral_rejected"), ("scsw", "referral_rejected_by_administration")]
    assert desk.opens("csw").rejection.by == "Ada Administrator (CSEC Administration)"  # type: ignore[union-attr]

    desk.writes("csw", attention="Spoken with the youth on Friday.")
    desk.signs("csw")
    desk.submits("csw")
    assert desk.status == "Pending Supervisor Approval"
    with pytest.raises(NotPermitted, match="any supervisor of the Pasadena office can do this"):
        desk.approves("admin", "Harbor Light Advocacy")
    desk.signs("scsw")
    desk.approves("scsw")
    assert [c.field.key for c in desk.opens("admin").changes] == ["attention"]
    desk.approves("admin", "Harbor Light Advocacy")
    assert desk.status == "Approved"
    assert disagreements() == []


def test_a_fact_that_an_extract_changed_since_the_rejection_is_shown_as_changed(desk: Desk) -> None:
    desk.brings_to_supervisor()
    desk.signs("scsw")
    desk.rejects("scsw")
    desk.extract_says(placement_type="STRTP")
    desk.signs("csw")
    desk.submits("csw")
    assert [(c.field.key, c.before, c.after) for c in desk.opens("scsw").changes] == [("placement_type", "", "STRTP")]


@pytest.mark.parametrize(
    ("code", "text", "said"),
    [
        ("", "Please add the school.", "choose a reason from the list"),
        ("whatever", "Please add the school.", "choose a reason from the list"),
        ("incomplete", "", "say in words"),
        ("incomplete", " \u200b\n", "say in words"),
        ("incomplete", "x" * 2001, "2,001 characters are too many; the limit is 2,000"),
        ("incomplete", "half\0", "broken character"),
    ],
)
def test_a_rejection_asks_a_reason(desk: Desk, code: str, text: str, said: str) -> None:
    desk.brings_to_supervisor()
    desk.signs("scsw")
    with pytest.raises(Incomplete, match=said) as refusal:
        desk.rejects("scsw", code, text)
    assert refusal.value.problems[0][0] in {"reason_code", "reason_text"}
    assert desk.status == "Pending Supervisor Approval"


def test_recalled_until_the_reviewer_has_opened_it(both: Desk) -> None:
    desk = both
    desk.brings_to_supervisor()
    desk.opens("admin")  # not the one who reviews now
    desk.opens("csw")
    said = desk.recalls("csw")
    assert said.sentence == "You recalled the Referral; you can change it. Its status is New."
    assert desk.opens("csw").writable

    desk.writes("csw", family="Lives with her grandmother.")
    desk.signs("csw")
    desk.submits("csw")
    assert desk.opens("scsw").changes == ()  # the supervisor never read the version recalled
    with pytest.raises(Incomplete, match="opened it, so it can no longer be recalled"):
        desk.recalls("csw")
    assert desk.status == "Pending Supervisor Approval"
    assert disagreements() == []


def test_opened_by_a_substitute_it_cannot_be_recalled_either(desk: Desk) -> None:
    desk.brings_to_supervisor(to="scsw")
    desk.opens("substitute")
    assert not any(s.action == "recall" for s in desk.opens("csw").steps)
    with pytest.raises(Incomplete, match="Ask the reviewer to reject it"):
        desk.recalls("csw")


def test_sent_again_after_a_rejection_it_can_be_recalled_until_it_is_opened_again(desk: Desk) -> None:
    desk.brings_to_supervisor()
    desk.opens("scsw")
    desk.signs("scsw")
    desk.rejects("scsw")
    desk.signs("csw")
    desk.submits("csw")
    desk.recalls("csw")
    assert desk.opens("csw").rejection is not None  # the reason stays beside the form
    desk.signs("csw")
    desk.submits("csw")
    desk.opens("scsw")
    with pytest.raises(Incomplete, match="can no longer be recalled"):
        desk.recalls("csw")


def test_what_was_recalled_unread_is_nobody_elses_to_read(desk: Desk) -> None:
    desk.brings_to_supervisor()
    desk.recalls("csw")
    for who in ("scsw", "substitute", "admin"):
        assert desk.opens(who).answers == {}, who


def test_after_a_rejection_and_a_recall_others_read_the_version_rejected(desk: Desk) -> None:
    desk.brings_to_supervisor()
    desk.signs("scsw")
    desk.rejects("scsw")
    desk.writes("csw", family="A second thought.")
    desk.signs("csw")
    desk.submits("csw")
    desk.recalls("csw")
    assert desk.opens("scsw").answers["family"] == "Lives with an aunt who is supportive."
    desk.writes("csw", family="A third thought.")
    desk.signs("csw")
    desk.submits("csw")
    changes = [(c.before, c.after) for c in desk.opens("scsw").changes]
    assert changes == [("Lives with an aunt who is supportive.", "A third thought.")]
    assert disagreements() == []


def test_nobody_else_recalls_and_nobody_recalls_later(desk: Desk) -> None:
    desk.brings_to_supervisor()
    with pytest.raises(NotPermitted, match=r"the case worker can do this \(Wanda Worker\)"):
        desk.recalls("scsw")
    desk.signs("scsw")
    stale = desk.sees("csw").version
    desk.approves("scsw")
    with pytest.raises(OutOfDate, match="Sonia Supervisor"):
        desk.recalls("csw", version=stale)
    with pytest.raises(NotPermitted, match="Recall is not possible now"):
        desk.recalls("csw")
