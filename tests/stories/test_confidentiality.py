"""Who sees what: drafts, whereabouts, SOGIE, sensitive youth, and nothing about anybody in e-mails and refusals."""

import json
from typing import Any

import pytest
from sqlalchemy import select, update

from cts.services.refusals import NOT_FOUND, NotPermitted
from db.models import AccessEntry, Assignment, EmailOwed, Youth
from db.session import reading, writing
from tests.cast import ANSWERS
from tests.parts.desk import Desk
from tests.parts.listed import listed

PRIVATE = {"orientation": "Bisexual", "gender_identity": "Unsure", "gender_expression": "Both"}
WHEREABOUTS: dict[str, Any] = {
    "youth_phone": "213-555-0177",
    "best_way": "Behind the library at noon",
    "living_now": "Friend's home",
    "address": "77 Kestrel Court",
    "caregiver": "Aunt Ottoline, 213-555-0178",
}
WHOLE = {**ANSWERS, **PRIVATE, **WHEREABOUTS}
EVERYBODY_ELSE = [
    "colleague",
    "elsewhere",
    "csw_elsewhere",
    "dpo",
    "sdpo",
    "coordinator",
    "advocate",
    "rival_coordinator",
    "rival_advocate",
    "support",
    "left",
]


def make_sensitive(desk: Desk, sensitivity: str) -> None:
    with writing() as session:
        of_desk = select(Assignment.youth_id).where(Assignment.number == desk.number).scalar_subquery()
        session.execute(update(Youth).where(Youth.id == of_desk).values(sensitivity=sensitivity))


def test_a_draft_is_its_authors_until_it_is_submitted(desk: Desk) -> None:
    desk.writes("csw", **WHOLE)
    for who in ("scsw", "substitute", "admin"):
        view = desk.opens(who)
        assert view.answers == {} and view.problems == () and not view.writable and view.signatures == (), who
        assert view.facts.values["youth_name"] == "Canary-Rodríguez, Zoë"
    for who in EVERYBODY_ELSE:
        with pytest.raises(NotPermitted):
            desk.opens(who)
    desk.signs("csw")
    desk.submits("csw")
    assert desk.opens("scsw").answers == WHOLE


def test_what_is_changed_after_a_rejection_is_a_draft_again(desk: Desk) -> None:
    desk.brings_to_supervisor()
    desk.signs("scsw")
    desk.rejects("scsw")
    desk.writes("csw", family="Not for other eyes yet.")
    for who in ("scsw", "admin"):
        assert desk.opens(who).answers["family"] == "Lives with an aunt who is supportive.", who
    assert desk.opens("csw").answers["family"] == "Not for other eyes yet."


def test_the_agency_sees_no_whereabouts_before_it_acknowledged_the_alerts(desk: Desk) -> None:
    desk.writes("csw", **{**WHOLE, "alerts_stated": "present", "alerts": {"6403": "Two rifles."}})
    desk.extract_says(placement_type="STRTP")
    desk.signs("csw")
    desk.submits("csw")
    desk.signs("scsw")
    desk.approves("scsw")
    with pytest.raises(NotPermitted, match="no such record"):
        desk.opens("coordinator")
    desk.approves("admin", "Harbor Light Advocacy")

    view = desk.opens("coordinator")
    assert not set(WHEREABOUTS) & set(view.answers)
    assert "placement_type" not in view.facts.values
    assert set(WHEREABOUTS) | {"placement_type", "awol_code"} == view.hidden
    assert view.answers["alerts"] == {"6403": "Two rifles."}  # these come first
    with pytest.raises(NotPermitted, match="no such record"):
        desk.opens("rival_coordinator")

    desk.acknowledges("coordinator")
    view = desk.opens("coordinator")
    assert {k: view.answers[k] for k in WHEREABOUTS} == WHEREABOUTS
    assert view.hidden == frozenset() and view.facts.values["placement_type"] == "STRTP"
    assert view.alerts_acknowledged.startswith("Carla Coordinator, ")


def test_sogie_is_for_the_case_worker_the_supervisor_and_the_advocate(desk: Desk) -> None:
    desk.writes("csw", **WHOLE)
    desk.signs("csw")
    desk.submits("csw")
    desk.signs("scsw")
    desk.approves("scsw")
    desk.rejects("admin")
    desk.writes("csw", orientation="Declines to state", family="Changed too.")
    desk.signs("csw")
    desk.submits("csw")
    assert {c.field.key for c in desk.opens("scsw").changes} == {"orientation", "family"}
    desk.signs("scsw")
    desk.approves("scsw")
    assert {c.field.key for c in desk.opens("admin").changes} == {"family"}
    desk.approves("admin", "Harbor Light Advocacy")
    desk.acknowledges("coordinator")
    desk.assigns("coordinator", "advocate")
    for who in ("admin", "admin_second", "coordinator"):
        assert not set(PRIVATE) & set(desk.opens(who).answers), who
    for who in ("csw", "scsw", "substitute", "advocate"):
        assert set(PRIVATE) <= set(desk.opens(who).answers), who


@pytest.mark.parametrize("sensitivity", ["S", "R"])
def test_a_sensitive_youth_is_hidden_from_the_rest_of_the_office(desk: Desk, sensitivity: str) -> None:
    make_sensitive(desk, sensitivity)
    desk.brings_to_supervisor(to="scsw")
    for attempt in (desk.opens, desk.signs, desk.approves):
        with pytest.raises(NotPermitted) as refusal:
            attempt("substitute")
        assert str(refusal.value) == NOT_FOUND
    assert desk.number not in {r.number for r in listed(desk.cast.substitute).rows}
    assert "Substitute" not in " ".join(b.sentence for b in desk.opens("csw").blocked)
    desk.signs("scsw")
    desk.approves("scsw")
    assert desk.opens("admin").may is not None and desk.status == "Pending CSEC Admin Approval"


def test_a_sensitive_youth_may_be_entrusted_to_a_substitute_by_name(desk: Desk) -> None:
    make_sensitive(desk, "S")
    desk.brings_to_supervisor(to="substitute")
    desk.signs("substitute")
    desk.approves("substitute")
    assert desk.status == "Pending CSEC Admin Approval"


def test_the_agency_reads_what_happened_since_it_has_the_youth(desk: Desk) -> None:
    desk.brings_to_supervisor()
    desk.signs("scsw")
    desk.rejects("scsw", "other", "A word between county people.")
    desk.signs("csw")
    desk.submits("csw")
    desk.signs("scsw")
    desk.approves("scsw")
    desk.approves("admin", "Harbor Light Advocacy")
    desk.acknowledges("coordinator")
    view = desk.opens("coordinator")
    assert [line.sentence.split(") ")[1] for line in view.history] == [
        "approved the Referral and assigned it to Harbor Light Advocacy.",
        "acknowledged the safety alerts.",
    ]
    assert view.rejection is None and view.changes == ()


def test_emails_and_the_access_log_hold_nothing_about_the_youth(desk: Desk) -> None:
    canaries = ["Canary", "Rodríguez", "Zoë", "2011", "7710001", "Kestrel", "555-0177", "Ottoline", "A private reason"]
    desk.writes("csw", **WHOLE)
    desk.signs("csw")
    desk.submits("csw")
    desk.signs("scsw")
    desk.rejects("scsw", "other", "A private reason")
    with pytest.raises(NotPermitted):
        desk.opens("elsewhere")
    with reading() as session:
        rows = [*session.scalars(select(EmailOwed)), *session.scalars(select(AccessEntry))]
        columns = [{c.name: getattr(row, c.name) for c in row.__table__.columns} for row in rows]
    kept = json.dumps(columns, default=str, ensure_ascii=False)
    assert "csw@cts.example" in kept and "refused" in kept
    assert [word for word in canaries if word in kept] == []


def test_every_look_and_every_refusal_is_logged(desk: Desk) -> None:
    desk.opens("scsw")
    with pytest.raises(NotPermitted):
        desk.opens("elsewhere")
    desk.sees("scsw")  # the same page again
    with reading() as session:
        log = session.scalars(select(AccessEntry).order_by(AccessEntry.id)).all()
    said = [(e.actor_id, e.action, e.outcome, e.parties) for e in log]
    assert said == [
        (desk.cast.scsw.person_id, "open", "done", "office colleague, supervisor"),
        (desk.cast.elsewhere.person_id, "open", "refused", ""),
    ]
    assert log[1].details["number"] == desk.number
