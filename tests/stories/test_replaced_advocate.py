"""Who is not, or no longer, the youth's Advocate finds nothing by any service; who follows goes on with the drafts (mission §8)."""

from collections.abc import Iterator

import pytest

from cts.domain.filters import ANY_STATUS
from cts.domain.vocabulary import Document
from cts.services.case_files import file_content, keep_file
from cts.services.criteria import Criteria
from cts.services.ledger import agency_ledger
from cts.services.refusals import NOT_FOUND, NotPermitted, Refusal
from cts.services.search import search_elsewhere
from cts.services.waiting import waiting_on_me
from tests.cast import change_person
from tests.outside.test_file_checks import a_pdf
from tests.parts.agreement import disagreements
from tests.parts.answers import MONEY, PHASE
from tests.parts.desk import Desk
from tests.parts.every_service import services_of_a_youth, ways_to
from tests.parts.listed import listed

OF_SOMETHING_ELSE = {
    "earlier.read_version",
    "activities.correct",
    "activities.take_back",
    "activities.read_entry",
    "case_files.remove_file",
}
"""They ask for an entry, a file or a version that does not exist either."""


def with_every_kind(desk: Desk) -> None:
    desk.brings_to_advocate()
    desk.plan(1).brings_to_case_worker()
    desk.summary.writes("advocate")
    for kind in (Document.FUNDS, Document.EXTENSION, Document.TERMINATION):
        desk.starts("advocate", kind).writes("advocate")


@pytest.fixture
def busy(both: Desk) -> Iterator[tuple[Desk, str]]:
    """A youth with a document of every kind, written by Alan Advocate, and the token of a file; on both databases."""
    both.begins(with_every_kind)
    token = keep_file(both.cast.advocate, both.number, "photo", "class.pdf", a_pdf(), both.tick()).token
    yield both, token
    assert disagreements() == []


def finds_nothing(desk: Desk, who: str, token: str) -> None:
    """No service says anything about the youth to this person, and all say it in the same words."""
    actor = desk.cast.people[who]
    for name, call in ways_to(actor, desk.number):
        with pytest.raises(NotPermitted) as refusal:
            call()
        assert str(refusal.value) == NOT_FOUND, name
    with pytest.raises(NotPermitted) as refusal:
        file_content(actor, token, desk.tick())
    assert str(refusal.value) == NOT_FOUND
    by_name = Criteria(last_name="Canary")
    found = listed(actor, by_name, status=ANY_STATUS)
    assert listed(actor, status=ANY_STATUS).total == found.total == found.closed == 0
    assert search_elsewhere(actor, by_name, desk.tick()) is None
    assert waiting_on_me(actor, desk.now) == ()


def test_the_list_of_services_is_whole() -> None:
    known = set(services_of_a_youth())
    assert {"documents.open_document", "drafts.save", "steps.take_step", "starting.start", "signatures.sign"} <= known
    assert {"printing.print_document", "printing_record.print_record", "record.open_record", "activities.add"} <= known
    assert {"earlier.read_version", "timeline.line_of_life", "case_files.list_files", "ledger.ledger_of"} <= known


def test_who_may_reach_the_youth_is_not_told_there_is_none(busy: tuple[Desk, str]) -> None:
    """The calls below would succeed, or fail for another reason, in the right hands: they are calls indeed."""
    desk, token = busy
    for name, call in ways_to(desk.cast.advocate, desk.number):
        try:
            call()
        except Refusal as refusal:
            assert str(refusal) != NOT_FOUND or name.partition(" of ")[0] in OF_SOMETHING_ELSE, name
    assert file_content(desk.cast.advocate, token, desk.tick())[1] == a_pdf()


@pytest.mark.parametrize("who", ["rival_advocate", "rival_coordinator", "advocate_second", "support", "left"])
def test_agency_bs_advocate_finds_nothing_of_agency_as_youth(busy: tuple[Desk, str], who: str) -> None:
    desk, token = busy
    if who in {"support", "left"}:
        for name, call in ways_to(desk.cast.people[who], desk.number):
            with pytest.raises(NotPermitted) as refusal:
                call()
            assert str(refusal.value) == NOT_FOUND, name
        return
    finds_nothing(desk, who, token)
    if who == "rival_coordinator":
        found = agency_ledger(desk.cast.people[who], desk.now)
        assert found.lines == () and found.alarms == ()


def test_an_advocate_replaced_today_reads_nothing_today_and_the_new_one_goes_on(busy: tuple[Desk, str]) -> None:
    desk, token = busy
    desk.new_emails()
    desk.assigns("coordinator", "advocate_second")
    assert desk.new_emails() == [
        ("advocate", "former_advocate"),
        ("advocate_second", "advocate_assigned"),
        ("csw", "advocate_named"),
    ]
    finds_nothing(desk, "advocate", token)

    assert file_content(desk.cast.advocate_second, token, desk.tick())[1] == a_pdf()
    funds = desk.document(Document.FUNDS, 1)
    assert dict(funds.opens("advocate_second").answers) == MONEY
    funds.writes("advocate_second", goal="Live with her aunt")
    funds.submits("advocate_second")
    assert desk.new_emails() == [("csw", "document_to_review")]
    plan = desk.plan(1)
    plan.recalls("advocate_second")  # what the former one submitted
    assert dict(plan.opens("advocate_second").answers) == PHASE
    waiting = {(r.document, r.sequence) for r in waiting_on_me(desk.cast.advocate_second, desk.now)}
    assert waiting == {(Document.PLAN, 1), (Document.EXTENSION, 1), (Document.TERMINATION, 1)}
    plan.submits("advocate_second")
    plan.rejects("csw")
    assert desk.new_emails() == [("advocate_second", "document_rejected"), ("csw", "document_to_review")]


def test_given_back_the_first_advocate_reads_again(busy: tuple[Desk, str]) -> None:
    desk, token = busy
    desk.assigns("coordinator", "advocate_second")
    desk.assigns("coordinator", "advocate")
    assert desk.plan(1).opens("advocate").answers
    finds_nothing(desk, "advocate_second", token)


@pytest.mark.parametrize("change", [{"active": False}, {"agency_id": None}])
def test_an_advocate_who_left_or_was_moved_reads_nothing_although_nobody_followed(
    busy: tuple[Desk, str], change: dict[str, object]
) -> None:
    desk, _ = busy
    change_person(desk.cast, "advocate", **change)
    for name, call in ways_to(desk.cast.advocate, desk.number):
        with pytest.raises(NotPermitted) as refusal:
            call()
        assert str(refusal.value) == NOT_FOUND, name
    desk.assigns("coordinator", "advocate_second")
    assert desk.plan(1).opens("advocate_second").answers
