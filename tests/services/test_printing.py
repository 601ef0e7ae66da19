"""Every kind of document on paper, and the whole client record: what stands on it, for whom, and that it was logged."""

from datetime import date
from io import BytesIO

import pytest
from pypdf import PdfReader
from sqlalchemy import Engine, select

from cts.domain.activity import Entry
from cts.domain.vocabulary import Action, Document
from cts.domain.whereabouts import Update
from cts.services import activities, client_updates
from cts.services.ledger import ledger_of
from cts.services.printing import PrintedFile, print_document
from cts.services.printing_record import print_record
from cts.services.refusals import NotPermitted
from db.models import AccessEntry, Assignment
from db.session import reading
from tests.cast import make_cast
from tests.parts.answers import MONEY, PHASE
from tests.parts.desk import Desk, served

VISIT = Entry(
    date(2026, 11, 2), "visit", "in_person", "home", "Completed", 1_035, ("youth",), "She drew a map of her school."
)
AWAY = Update(date(2026, 11, 1), "AWOL/missing", "She left at night.", "26-1234", "NC-99", date(2026, 11, 2))


@pytest.fixture
def desk(sqlite_database: Engine) -> Desk:
    """A DCFS youth whom Alan Advocate serves."""
    return served()


def prints(desk: Desk, who: str, kind: Document, sequence: int | None = None) -> PrintedFile:
    return print_document(desk.cast.people[who], desk.number, desk.tick(), kind, sequence)


def prints_record(desk: Desk, who: str) -> PrintedFile:
    return print_record(desk.cast.people[who], desk.number, desk.tick())


def words(file: PrintedFile) -> str:
    """All text on the pages, with every run of white space as one space."""
    return " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(file.content)).pages).split())


def marked(file: PrintedFile, mark: str) -> bool:
    """Whether these words stand across every page; letters that are set apart are read together."""
    pages = PdfReader(BytesIO(file.content)).pages
    return all(mark.replace(" ", "") in "".join(page.extract_text().split()) for page in pages)


def access_log(desk: Desk) -> list[tuple[str, str, bool]]:
    with reading() as session:
        own = select(Assignment.id).where(Assignment.number == desk.number).scalar_subquery()
        rows = session.scalars(select(AccessEntry).where(AccessEntry.assignment_id == own).order_by(AccessEntry.id))
        return [(row.action, row.parties, row.document_id is not None) for row in rows]


# -- the Advocacy Plan ---------------------------------------------------------------------------------------------


def test_a_plan_names_its_phase_and_counts_its_days(desk: Desk) -> None:
    desk.plan().writes("advocate", **PHASE, extension_days="10", extension_reason="The aunt was ill.")
    draft = prints(desk, "advocate", Document.PLAN, 1)
    assert draft.name == f"Advocacy-Plan-{desk.number}-phase-1-draft.pdf"
    assert marked(draft, "DRAFT") and marked(draft, "NOT SUBMITTED")
    text = words(draft)
    assert "Advocacy Plan: Phase 1 (Initial Risk Assessment)" in text
    assert "Projected End Date 12/12/2026" in text, "30 days of the phase and 10 of its extension after 11/02/2026"
    assert "Submitted by Not submitted yet" in text


def test_a_plan_prints_its_rows_as_a_table(desk: Desk) -> None:
    desk.plan().brings_to_approval()
    text = words(prints(desk, "csw", Document.PLAN, 1))
    assert "Goal Action Step Due Date Team Member Completed Attend school" in text, (
        "no row asks why not: no such column"
    )
    assert "Attend school Visit two schools together. 11/20/2026 Alan Advocate" in text
    assert "Name Relationship Phone or e-mail Tía Rosa Aunt 213-555-0111" in text
    goals = [
        {**PHASE["goals"][0], "completed": True},
        {**PHASE["goals"][1], "completed": False, "why_not": "It was shut."},
    ]
    desk.plan(2).writes("advocate", goals=goals)
    again = words(prints(desk, "advocate", Document.PLAN, 2))
    assert "Team Member Completed If no, why" in again and "No It was shut." in again


def test_an_approved_plan_is_clean_and_says_who_submitted_it(desk: Desk) -> None:
    desk.plan().brings_to_approval()
    paper = prints(desk, "scsw", Document.PLAN, 1)
    text = words(paper)
    assert paper.name == f"Advocacy-Plan-{desk.number}-phase-1-version-1.pdf"
    assert "Submitted by Alan Advocate" in text and "Not signed" not in text and "Signatures" not in text
    assert "NOTAPPROVED" not in "".join(text.split()) and "DRAFT" not in text
    assert "Sonia Supervisor (supervisor) approved the Advocacy Plan (Phase 1)." in text


def test_a_plan_under_review_is_marked(desk: Desk) -> None:
    desk.plan().brings_to_case_worker()
    assert marked(prints(desk, "csw", Document.PLAN, 1), "NOT APPROVED")


def test_somebody_elses_draft_is_not_on_paper(desk: Desk) -> None:
    desk.plan().writes("advocate")
    text = words(prints(desk, "csw", Document.PLAN, 1))
    assert "Withdraws when she is asked" not in text and "Attend school" not in text and "Strengths" not in text
    assert "Youth name" in text and "Not submitted yet" in text


# -- money ---------------------------------------------------------------------------------------------------------


def test_a_fund_request_has_totals_and_asks_of_spending_once_it_is_approved(desk: Desk) -> None:
    funds = desk.starts("advocate", Document.FUNDS)
    funds.brings_to_decision()
    asked = words(prints(desk, "admin", Document.FUNDS, 1))
    assert "Restoration Fund Request 1" in asked and "Total $1,264.55" in asked
    assert "Actual Cost" not in asked and "Receipt Date" not in asked
    assert "Items should not be purchased until this request is approved." in asked
    funds.approves("admin")
    items = [row | {"actual_cost": cost} for row, cost in zip(MONEY["items"], ("1,199.99", "28.01"), strict=True)]
    receipt = {"id": "h1", "file": desk.uploads(), "description": "Shop", "dated_on": "2026-11-02", "amount": "1,228"}
    funds.writes("advocate", items=items, receipts=[receipt])
    spent = prints(desk, "advocate", Document.FUNDS, 1)
    assert spent.name == f"Restoration-Fund-Request-{desk.number}-1-approved-receipts-not-submitted.pdf"
    text = words(spent)
    assert "Total $1,264.55 $1,228.00" in text
    assert "receipt.pdf Shop 11/02/2026 $1,228.00 Total $1,228.00" in text
    assert "NOTAPPROVED" not in "".join(text.split())


def test_receipts_are_marked_until_they_are_reimbursed(desk: Desk) -> None:
    funds = desk.starts("advocate", Document.FUNDS)
    funds.brings_to_approval()
    funds.spends()
    funds.submits("advocate")
    assert marked(prints(desk, "admin", Document.FUNDS, 1), "NOT REIMBURSED")
    funds.reimburses()
    done = prints(desk, "csw", Document.FUNDS, 1)
    assert done.name.endswith("-1-version-2.pdf")
    assert "NOTREIMBURSED" not in "".join(words(done).split())


def test_the_record_has_the_ledger_and_what_does_not_fit(desk: Desk) -> None:
    assert "Ledger of Restoration Funds" not in words(prints_record(desk, "csw"))
    funds = desk.starts("advocate", Document.FUNDS)
    funds.brings_to_approval()
    [coat, *others] = MONEY["items"]
    items = [coat | {"actual_cost": "1,300.00"}, *(row | {"actual_cost": row["projected_cost"]} for row in others)]
    receipt = {"id": "h1", "file": desk.uploads(), "description": "Shop", "dated_on": "2026-11-02", "amount": "10"}
    funds.writes("advocate", items=items, receipts=[receipt])
    funds.submits("advocate")
    text = words(prints_record(desk, "csw"))
    ledger = ledger_of(desk.cast.csw, desk.number)
    told = [" ".join(f"Request 1: {alarm.kind} {alarm.sentence}".split()) for alarm in ledger.alarms]
    assert told and all(sentence in text for sentence in told)
    assert f"Total ${ledger.sums.projected:,} ${ledger.sums.approved:,} ${ledger.sums.spent:,}" in text


# -- reports, extensions, the summary ------------------------------------------------------------------------------


def test_an_extension_and_a_termination_on_paper(desk: Desk) -> None:
    desk.starts("advocate", Document.EXTENSION).brings_to_approval()
    extension = words(prints(desk, "csw", Document.EXTENSION, 1))
    assert "Extension Request 1" in extension and "From 11/03/2027 To 02/02/2028" in extension
    assert "CSEC Advocacy Agency CTS" in extension and "CTS Alan Advocate" in extension, "facts of CTS say so"
    desk.brings_to_end_of_service()
    report = prints(desk, "csw", Document.TERMINATION)
    text = words(report)
    assert report.name == f"Termination-Report-{desk.number}-version-1.pdf"
    assert "Live with her aunt No The aunt moves in spring." in text and "Library Homework help" in text
    assert not marked(report, "NOT APPROVED") and not marked(report, "TERMINATED")


def test_what_ended_with_the_service_is_marked_and_the_referral_stays_clean(desk: Desk) -> None:
    desk.brings_to_end_of_service()
    assert marked(prints(desk, "advocate", Document.PLAN, 1), "WITHDRAWN")
    assert not marked(prints(desk, "csw", Document.REFERRAL), "TERMINATED")


def test_the_client_summary_is_no_draft(desk: Desk) -> None:
    desk.summary.writes("advocate")
    paper = prints(desk, "csw", Document.SUMMARY)
    text = words(paper)
    assert paper.name == f"Client-Summary-{desk.number}.pdf"
    assert "Draft" not in text and "Submitted" not in text and "DRAFT" not in text
    assert "DMH / Therapist Dr. Lee" in text and "Last change 11/02/2026" in text
    assert "Worker of the other department (dual) CTS" in text, "a fact of CTS says so"


# -- the whole record ----------------------------------------------------------------------------------------------


def filled(desk: Desk) -> None:
    """A record with something on every tab."""
    desk.summary.writes("advocate")
    desk.plan().brings_to_approval()
    desk.starts("advocate", Document.FUNDS).brings_to_decision()
    desk.uploads(name="Zeugnis 成績.pdf")
    alan = desk.cast.people["advocate"]
    activities.add(alan, desk.number, VISIT, "visit", desk.tick())
    client_updates.add(alan, desk.number, AWAY, "away", desk.tick())


def test_the_record_holds_every_part_and_says_where(desk: Desk) -> None:
    filled(desk)
    file = prints_record(desk, "csw")
    assert file.name == f"Client-Record-{desk.number}-2026-11-02.pdf"
    pages = [" ".join(page.extract_text().split()) for page in PdfReader(BytesIO(file.content)).pages]
    parts = {
        "Client Summary": ("She left at night.", "Law enforcement report # 26-1234", "Attorney notified on 11/02/2026"),
        "Advocacy Plan: Phase 1 (Initial Risk Assessment)": ("Attend school",),
        "Advocate Activity": ("She drew a map of her school.", "1,035", "Written by Alan Advocate"),
        "Documents": ("Zeugnis 成績.pdf",),
        "Restoration Fund Request 1": ("Winter coat",),
        "CSEC Advocacy Referral": ("Lives with an aunt who is supportive.",),
        "History": ("assigned Alan Advocate as the Advocate",),
    }
    cover, layout = pages[0], PdfReader(BytesIO(file.content)).pages[0].extract_text(extraction_mode="layout")
    assert "Client Record" in cover and "Months used 0 of 12" in cover and "Harbor Light Advocacy" in cover
    for title, told in parts.items():
        line = next(row for row in layout.split("What is inside")[1].splitlines() if row.strip().startswith(title))
        first = int(line.rsplit("Page ", 1)[1])
        assert title in pages[first - 1]
        following = " ".join(pages[first - 1 : first + 2])
        assert all(text in following for text in told), title
    assert all(f"Page {number} of {len(pages)}" in page for number, page in enumerate(pages, start=1))
    outline = [item.title for item in PdfReader(BytesIO(file.content)).outline if not isinstance(item, list)]
    assert outline[-7:] == list(parts), "bookmarks too"


def test_a_draft_is_in_its_authors_record_only(desk: Desk) -> None:
    filled(desk)
    desk.plan(2).writes("advocate", strengths="She laughs again.")
    assert "She laughs again." in words(prints_record(desk, "advocate"))
    read = words(prints_record(desk, "csw"))
    assert "She laughs again." not in read and "Phase 2 (Multi-Session) (In Progress)" in read, "named as not inside"


def test_a_print_of_the_record_is_one_entry_that_names_every_document_in_it(desk: Desk) -> None:
    desk.plan().brings_to_approval()
    before = len(access_log(desk))
    prints_record(desk, "scsw")
    assert access_log(desk)[before:] == [("print record", "office colleague, supervisor", False)]
    with reading() as session:
        (entry,) = session.scalars(select(AccessEntry).where(AccessEntry.action == "print record")).all()
    # Not phase 2, which nobody has begun.
    assert entry.details == {"inside": ["Referral", "Advocacy Plan (Phase 1)", "Client Summary"]}


def test_nobody_else_prints_a_record_and_the_refusal_is_logged(desk: Desk) -> None:
    for who in ("colleague", "elsewhere", "rival_advocate", "rival_coordinator", "advocate_second", "support", "dpo"):
        with pytest.raises(NotPermitted):
            prints_record(desk, who)
        with pytest.raises(NotPermitted):
            prints(desk, who, Document.PLAN, 1)
    with reading() as session:
        refused = session.scalars(select(AccessEntry).where(AccessEntry.outcome == "refused")).all()
    assert [row.action for row in refused].count("print record") == 7


def test_there_is_no_record_before_the_approval(sqlite_database: Engine) -> None:
    cast = make_cast()
    desk = Desk(cast, cast.dcfs_number)
    desk.brings_to_administration()
    with pytest.raises(NotPermitted):
        prints_record(desk, "csw")


def test_whereabouts_are_not_on_the_agencys_paper_before_the_alerts_are_acknowledged(sqlite_database: Engine) -> None:
    cast = make_cast()
    desk = Desk(cast, cast.dcfs_number)
    desk.brings_to_agency()
    told = words(prints_record(desk, "coordinator"))
    assert "Home of parent" not in told and "Text after school" not in told
    assert "Shown after the safety alerts are acknowledged" in told
    desk.acknowledges("coordinator")
    assert "Home of parent" in words(prints_record(desk, "coordinator"))


def test_a_print_by_the_reviewer_is_an_opening(desk: Desk) -> None:
    desk.plan().brings_to_case_worker()
    assert desk.plan().opens("advocate").may(Action.RECALL)
    prints_record(desk, "csw")
    assert not desk.plan().opens("advocate").may(Action.RECALL)
