"""Files of a record: who adds, reads and removes them; one content once; what is removed is served to nobody."""

from collections.abc import Callable
from dataclasses import replace
from itertools import count

import pytest
from sqlalchemy import Engine, select

from cts.domain.case_files import KINDS
from cts.domain.vocabulary import Document
from cts.services import case_files
from cts.services.case_files import WITHHELD, FileView, file_content, keep_file, list_files, record_files, remove_file
from cts.services.refusals import NOT_FOUND, Incomplete, NotPermitted, OutOfDate
from cts.settings import settings
from db.models import AccessEntry
from db.session import reading
from tests.cast import add_assignment, change_person, make_cast
from tests.outside.test_file_checks import SCRIPT, a_docx, a_pdf, pdf_with
from tests.parts.answers import SPENT
from tests.parts.desk import Desk, served

_papers = count(1)


def a_paper() -> bytes:
    """A PDF unlike any other."""
    return a_pdf() + b"\n%%%d\n%%%%EOF\n" % next(_papers)


@pytest.fixture
def desk(sqlite_database: Engine) -> Desk:
    """An assignment that Alan Advocate serves."""
    return served()


def keeps(
    desk: Desk, who: str = "advocate", kind: str = "consent", name: str = "consent.pdf", content: bytes = b""
) -> FileView:
    return keep_file(desk.cast.people[who], desk.number, kind, name, content or a_paper(), desk.tick())


def logged(action: str) -> list[tuple[int | None, str]]:
    with reading() as session:
        rows = session.execute(
            select(AccessEntry.actor_id, AccessEntry.outcome)
            .where(AccessEntry.action == action)
            .order_by(AccessEntry.id)
        )
        return [(row.actor_id, row.outcome) for row in rows]


READERS = ("csw", "scsw", "substitute", "admin", "coordinator", "advocate")
STRANGERS = (
    "colleague",
    "elsewhere",
    "csw_elsewhere",
    "dpo",
    "advocate_second",
    "rival_coordinator",
    "rival_advocate",
    "support",
    "left",
)


def test_a_file_is_kept_listed_and_served_to_every_reader_and_the_look_is_logged(database: Engine) -> None:
    cast = make_cast()
    desk = Desk(cast, cast.dcfs_number)
    desk.brings_to_advocate()
    content = a_paper()
    kept = keeps(desk, name="../Consent of\r\n Zoë.PDF", content=content)
    assert (kept.name, kept.kind_words, kept.media_type) == ("Consent of Zoë.PDF", "Consent", "application/pdf")
    assert (kept.size, kept.uploaded_by, kept.already) == (len(content), "Alan Advocate", "")
    for who in READERS:
        view, served = file_content(cast.people[who], kept.token, desk.tick())
        assert (served, view.name) == (content, kept.name)
        assert [file.token for file in list_files(cast.people[who], desk.number)] == [kept.token]
    assert logged("open file") == [(cast.people[who].person_id, "done") for who in READERS]
    assert logged("add file") == [(cast.advocate.person_id, "done")]


def test_strangers_get_nothing_by_number_or_link_and_cannot_tell_whether_it_exists(desk: Desk) -> None:
    kept = keeps(desk)
    for who in STRANGERS:
        actor = desk.cast.people[who]
        acts: list[Callable[[], object]] = [
            lambda a=actor: file_content(a, kept.token, desk.tick()),  # type: ignore[misc]
            lambda a=actor: file_content(a, "0" * 32, desk.tick()),  # type: ignore[misc]
            lambda a=actor: list_files(a, desk.number),  # type: ignore[misc]
            lambda a=actor: keep_file(a, desk.number, "other", "a.pdf", a_paper(), desk.tick()),  # type: ignore[misc]
            lambda a=actor: remove_file(a, desk.number, kept.token, "Mine", desk.tick()),  # type: ignore[misc]
        ]
        for act in acts:
            with pytest.raises(NotPermitted) as refused:
                act()
            assert str(refused.value) == NOT_FOUND
    assert {outcome for _, outcome in logged("open file")} == {"refused"}


def test_a_former_advocate_loses_every_file_at_once(desk: Desk) -> None:
    kept = keeps(desk)
    desk.assigns("coordinator", "advocate_second")
    for act in (
        lambda: file_content(desk.cast.advocate, kept.token, desk.tick()),
        lambda: list_files(desk.cast.advocate, desk.number),
        lambda: keeps(desk),
        lambda: remove_file(desk.cast.advocate, desk.number, kept.token, "Mine", desk.tick()),
    ):
        with pytest.raises(NotPermitted, match="no such record"):
            act()
    assert file_content(desk.cast.advocate_second, kept.token, desk.tick())[0].token == kept.token


def test_a_person_who_left_or_changed_titles_reads_nothing_though_the_page_is_open(desk: Desk) -> None:
    kept = keeps(desk)
    change_person(desk.cast, "advocate", active=False)
    change_person(desk.cast, "admin", role="CSW")
    for who in ("advocate", "admin"):
        with pytest.raises(NotPermitted):
            file_content(desk.cast.people[who], kept.token, desk.tick())


@pytest.mark.parametrize("who", ["scsw", "admin", "coordinator"])
def test_who_only_reads_is_told_who_adds(desk: Desk, who: str) -> None:
    found = record_files(desk.cast.people[who], desk.number)
    assert (found.kinds, found.who_may_add) == (
        (),
        "The Advocate and the case worker of this youth add files; all others can read.",
    )
    with pytest.raises(NotPermitted, match="The Advocate and the case worker"):
        keeps(desk, who)


def test_the_case_worker_adds_what_the_county_has(desk: Desk) -> None:
    assert record_files(desk.cast.csw, desk.number).kinds == tuple(KINDS)
    assert keeps(desk, "csw", "court").kind_words == "Court document"


def test_before_the_referral_is_approved_there_is_no_record_to_add_to(desk: Desk) -> None:
    number = add_assignment(desk.cast)
    with pytest.raises(NotPermitted, match="no such record"):
        keep_file(desk.cast.csw, number, "court", "a.pdf", a_paper(), desk.tick())


def test_after_the_end_only_receipts_of_money_that_is_still_open(desk: Desk) -> None:
    kept = keeps(desk)
    request = desk.starts("advocate", Document.FUNDS)
    request.brings_to_approval()
    desk.brings_to_end_of_service()
    assert record_files(desk.cast.advocate, desk.number).kinds == ("receipt",)
    with pytest.raises(Incomplete, match="Receipt"):
        keeps(desk, kind="consent")
    assert keeps(desk, kind="receipt").kind == "receipt"
    with pytest.raises(NotPermitted, match="The service has ended"):
        keeps(desk, "csw", "court")
    request.spends()
    request.submits("advocate")
    with pytest.raises(NotPermitted, match="The service has ended"):
        keeps(desk, kind="receipt")
    assert file_content(desk.cast.advocate, kept.token, desk.tick())[0].name == "consent.pdf"


def test_the_same_content_twice_is_said_and_kept_once(desk: Desk) -> None:
    content = a_paper()
    first = keeps(desk, content=content)
    again = keeps(desk, "csw", "other", "copy.pdf", content)
    assert again.token == first.token
    assert again.already.startswith(
        "This file is here already: consent.pdf (Consent), added by Alan Advocate, 11/02/2026"
    )
    assert len(list_files(desk.cast.csw, desk.number)) == 1
    remove_file(desk.cast.advocate, desk.number, first.token, "Wrong youth", desk.tick())
    assert keeps(desk, content=content).already == ""
    other = Desk(desk.cast, add_assignment(desk.cast))
    other.brings_to_advocate()
    assert keeps(other, content=content).already == ""


def test_what_is_refused_leaves_nothing_and_says_what_to_do(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(Incomplete, match="script"):
        keeps(desk, content=pdf_with(b"9 0 obj\n" + SCRIPT + b"\nendobj"))
    with pytest.raises(Incomplete, match="what kind of file"):
        keeps(desk, kind="secret")
    with pytest.raises(Incomplete, match=r"10\.0 MB; CTS keeps files of up to 10 MB|up to 10 MB"):
        keeps(desk, content=b"%PDF-" + b" " * 10_000_000)
    monkeypatch.setattr(case_files, "settings", lambda: replace(settings(), files_per_assignment=1))
    keeps(desk)
    with pytest.raises(Incomplete, match="This record holds 1 files"):
        keeps(desk)
    assert len(list_files(desk.cast.advocate, desk.number)) == 1


def test_removed_means_served_to_nobody_and_said_to_everybody(desk: Desk) -> None:
    kept = keeps(desk, "csw", "court")
    with pytest.raises(NotPermitted, match="by the one who uploaded it"):
        remove_file(desk.cast.advocate, desk.number, kept.token, "Not mine", desk.tick())
    for reason, words in (("  ", "Please say why"), ("x" * 501, "Reason")):
        with pytest.raises(Incomplete, match=words):
            remove_file(desk.cast.csw, desk.number, kept.token, reason, desk.tick())
    remove_file(desk.cast.csw, desk.number, kept.token, " Of another youth. ", desk.tick())
    for who in READERS:
        with pytest.raises(NotPermitted, match="no such record"):
            file_content(desk.cast.people[who], kept.token, desk.tick())
        (shown,) = list_files(desk.cast.people[who], desk.number)
        assert (shown.removed, shown.removed_by, shown.removed_reason) == (True, "Wanda Worker", "Of another youth.")
        assert not shown.may_remove
    with pytest.raises(OutOfDate, match="already"):
        remove_file(desk.cast.csw, desk.number, kept.token, "Again", desk.tick())


def test_administration_removes_any_file_and_nobody_by_the_number_of_another_youth(desk: Desk) -> None:
    kept = keeps(desk)
    other = Desk(desk.cast, add_assignment(desk.cast))
    other.brings_to_advocate()
    with pytest.raises(NotPermitted, match="no such record"):
        remove_file(desk.cast.advocate, other.number, kept.token, "Wrong number", desk.tick())
    assert list_files(desk.cast.admin, desk.number)[0].may_remove
    remove_file(desk.cast.admin, desk.number, kept.token, "Of another youth", desk.tick())
    assert list_files(desk.cast.csw, desk.number)[0].removed_by == "Ada Administrator"


def test_a_receipt_of_a_request_stays_from_the_draft_on_and_for_good_once_submitted(desk: Desk) -> None:
    kept = keeps(desk, kind="receipt", name="shop.pdf")
    request = desk.starts("advocate", Document.FUNDS)
    request.brings_to_approval()
    row = {"id": "h1", "file": kept.token, "description": "Shop", "dated_on": "2026-11-02", "amount": "1,228"}
    request.writes("advocate", **SPENT, receipts=[row])
    with pytest.raises(Incomplete, match="Take it out of the request first"):
        remove_file(desk.cast.advocate, desk.number, kept.token, "Blurred", desk.tick())
    request.submits("advocate")
    request.rejects("admin", "receipts", "Blurred.")
    request.writes("advocate", receipts=[])
    for who in ("advocate", "admin"):
        with pytest.raises(Incomplete, match="Restoration Fund Request 1, which was submitted: it stays"):
            remove_file(desk.cast.people[who], desk.number, kept.token, "Blurred", desk.tick())
        shown = list_files(desk.cast.people[who], desk.number)[0]
        assert (shown.may_remove, shown.kept_because) == (
            False,
            "This is a receipt of Restoration Fund Request 1, which was submitted: it stays.",
        )


def test_what_the_county_uploaded_waits_for_the_alerts_to_be_acknowledged(desk: Desk) -> None:
    order = a_docx()
    of_county = keeps(desk, "csw", "court", "aunt's address.docx", order)
    of_agency = keeps(desk)
    desk.extract_says(alerts_acknowledged_at=None)
    for who in ("coordinator", "advocate"):
        seen = {file.token: file for file in list_files(desk.cast.people[who], desk.number)}
        assert (seen[of_county.token].name, seen[of_county.token].withheld) == (WITHHELD, True)
        assert seen[of_agency.token].name == "consent.pdf"
        with pytest.raises(NotPermitted, match="no such record"):
            file_content(desk.cast.people[who], of_county.token, desk.tick())
    assert file_content(desk.cast.scsw, of_county.token, desk.tick())[1] == order
