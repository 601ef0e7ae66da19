"""What extracts do to a youth who is served: several documents, held and handed on, drafts and what was submitted."""

from threading import Thread

import pytest
from sqlalchemy import Engine, select

from cts.domain.extract_changes import ExtractAction
from cts.domain.vocabulary import Document, Party, Status
from cts.services.refusals import NotPermitted, OutOfDate
from db.models import Assignment, DocumentVersion, ReviewedDocument, Stay
from db.session import reading
from tests.parts.desk import Desk
from tests.parts.extracts import LOG, UNFOUNDED, dump, load, row
from tests.parts.served import AT_COLLEAGUE, FAR_AWAY, all_kinds, entries, fact, kept, raised, served, states, versions


@pytest.fixture
def desk(sqlite_database: Engine) -> Desk:
    """A youth whom Alan Advocate serves, as the extract of November 2 knows him."""
    return served()


def holders(desk: Desk) -> dict[str, tuple[str, int | None, str | None]]:
    """Who holds each document now: party, person, office."""
    with reading() as session:
        rows = session.execute(
            select(Stay, ReviewedDocument.kind, ReviewedDocument.sequence)
            .join(ReviewedDocument, ReviewedDocument.id == Stay.document_id)
            .join(Assignment, Assignment.id == Stay.assignment_id)
            .where(Assignment.number == desk.number, Stay.left_at.is_(None))
        )
        return {f"{kind} {n}": (stay.party, stay.person_id, stay.office_code) for stay, kind, n in rows}


# -- nothing to change ---------------------------------------------------------------------------------------------


def test_the_same_facts_change_nothing_of_a_service(database: Engine) -> None:
    desk = served()
    all_kinds(desk)
    states(desk, "2026-11-03")
    before = dump(database, LOG | {"assignment"})
    states(desk, "2026-11-04")
    assert dump(database, LOG | {"assignment"}) == before
    assert str(kept(desk)[0].extract_on) == "2026-11-04", "known as of today, and nothing else"


# -- moves ---------------------------------------------------------------------------------------------------------


def test_a_move_gives_every_document_to_its_new_holder(database: Engine) -> None:
    desk = served()
    all_kinds(desk)
    before, alan = versions(desk), desk.cast.people["advocate"].person_id
    dora, elena = (desk.cast.people[who].person_id for who in ("csw_elsewhere", "elsewhere"))
    states(desk, "2026-11-03", **FAR_AWAY)
    assert holders(desk) == {
        "Referral 1": (Party.ADVOCATE, alan, None),
        "Advocacy Plan 1": (Party.SUPERVISOR, elena, "1901A"),
        "Restoration Fund Request 1": (Party.CASE_WORKER, dora, "1901A"),
        "Extension Request 1": (Party.ADMINISTRATION, None, None),
        "Termination Report 1": (Party.ADVOCATE, alan, None),
    }
    assert raised(desk, before) == set(before), "whoever has any of them open must read again"
    moved = [entry for entry in entries(desk) if entry.action == ExtractAction.MOVED]
    assert len(moved) == 1, "one sentence for all documents"


def test_who_had_it_before_the_move_decides_nothing_more(desk: Desk) -> None:
    papers = all_kinds(desk)
    states(desk, "2026-11-03", **FAR_AWAY)
    for who, paper in (("csw", papers["funds"]), ("scsw", papers["plan"])):
        with pytest.raises(NotPermitted):
            paper.opens(who)
    papers["funds"].approves("csw_elsewhere")
    papers["plan"].approves("elsewhere")
    assert papers["funds"].status is Status.PENDING_ADMINISTRATION
    assert papers["plan"].status is Status.APPROVED


def test_a_stale_screen_notices_the_move(desk: Desk) -> None:
    plan = all_kinds(desk)["plan"]
    seen = plan.opens("scsw")
    states(desk, "2026-11-03", **AT_COLLEAGUE)
    with pytest.raises(OutOfDate):
        plan.approves("scsw", version=seen.version)
    plan.approves("scsw")
    assert plan.status is Status.APPROVED


def test_what_is_decided_is_left_alone_by_a_move(desk: Desk) -> None:
    desk.plan().brings_to_approval()
    desk.starts("advocate", Document.EXTENSION).brings_to_approval()
    before = versions(desk)
    states(desk, "2026-11-03", **FAR_AWAY)
    assert raised(desk, before) == {"Referral 1", "Client Summary 1", "Advocacy Plan 2"}
    assert set(holders(desk)) == {"Referral 1", "Advocacy Plan 2"}


# -- facts ---------------------------------------------------------------------------------------------------------


def test_new_facts_reach_drafts_and_not_what_was_submitted(desk: Desk) -> None:
    papers = all_kinds(desk)
    before = versions(desk)
    states(desk, "2026-11-03", last_name="Canary-Rivera", placement_type="Group Home")
    assert raised(desk, before) == {"Client Summary 1", "Termination Report 1"}, "only what is being written"
    assert "Rivera" in fact(papers["report"].opens("advocate"), "youth_name")
    assert "Rodríguez" in fact(papers["plan"].opens("scsw"), "youth_name")
    assert "Rodríguez" in fact(papers["funds"].opens("csw"), "youth_name")
    assert fact(desk.summary.opens("csw"), "placement_type") == "Group Home"


def test_money_that_is_being_spent_notices_new_facts_too(desk: Desk) -> None:
    funds = desk.starts("advocate", Document.FUNDS)
    funds.brings_to_approval()
    before = versions(desk)
    states(desk, "2026-11-03", last_name="Canary-Rivera")
    assert raised(desk, before) == {"Client Summary 1", "Advocacy Plan 1", "Restoration Fund Request 1"}


def test_a_draft_of_before_is_not_submitted_with_facts_nobody_saw(desk: Desk) -> None:
    plan = desk.plan()
    plan.writes("advocate")
    seen = plan.opens("advocate")
    states(desk, "2026-11-03", last_name="Canary-Rivera")
    with pytest.raises(OutOfDate):
        plan.submits("advocate", version=seen.version)
    plan.submits("advocate")
    with reading() as session:
        [version] = session.scalars(
            select(DocumentVersion).where(DocumentVersion.document_id == kept(desk)[1]["Advocacy Plan", 1].id)
        )
        assert "Rivera" in version.facts["values"]["youth_name"]


def test_what_was_typed_and_decided_is_untouched_by_any_extract(desk: Desk) -> None:
    desk.plan().brings_to_approval()
    all_answers = {key: document.answers for key, document in kept(desk)[1].items()}
    statuses = {key: document.status for key, document in kept(desk)[1].items()}
    service = ("status", "agency_id", "advocate_id", "service_start_on", "service_end_on", "alerts_acknowledged_at")
    before = [getattr(kept(desk)[0], name) for name in service]
    states(desk, "2026-11-03", **FAR_AWAY | {"last_name": "Canary-Rivera", "awol_code": "A", "sensitivity": "S"})
    load(row(extract_date="2026-11-04"))  # the youth is gone from it
    states(desk, "2026-11-05")
    after, documents = kept(desk)
    assert {key: document.answers for key, document in documents.items()} == all_answers
    assert {key: document.status for key, document in documents.items()} == statuses
    assert [getattr(after, name) for name in service] == before


# -- the flag ------------------------------------------------------------------------------------------------------


def test_a_flag_that_ends_in_service_leaves_the_service_open_and_marked(desk: Desk) -> None:
    all_kinds(desk)
    held = holders(desk)
    states(desk, "2026-11-03", **UNFOUNDED)
    assignment, documents = kept(desk)
    assert (assignment.status, str(assignment.flag_ended_on)) == (Status.APPROVED, "2026-11-02")
    assert holders(desk) == held
    assert {document.status for document in documents.values()} & {Status.WITHDRAWN, Status.FLAG_ENDED} == set()
    desk.plan().approves("scsw")
    assert desk.plan().status is Status.APPROVED, "the work goes on"


def test_a_load_and_a_step_on_several_documents_do_not_wait_in_a_circle(database: Engine) -> None:
    """Steps hold all documents of an assignment, and so does the load: in one order."""
    desk = served()
    plan = all_kinds(desk)["plan"]
    done: list[str] = []

    def decides() -> None:
        while plan.status is Status.PENDING_BY_SUPERVISOR:
            try:
                done.append(plan.approves("scsw").sentence)
            except OutOfDate:
                done.append("again")

    deciding = Thread(target=decides)
    deciding.start()
    for day, place in enumerate(("Group Home", "Foster Home", "Home of parent"), start=3):
        states(desk, f"2026-11-{day:02d}", placement_type=place, last_name=f"Canary-{'R' * day}", **AT_COLLEAGUE)
    deciding.join(60)
    assert not deciding.is_alive() and plan.status is Status.APPROVED
    assert kept(desk)[0].placement_type == "Home of parent"
