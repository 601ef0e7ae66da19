"""Exports: the whole list and nothing beyond the own listing, for the person who asked, in the session that asked, for some minutes; logged."""

import random
import subprocess
from dataclasses import replace
from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook
from sqlalchemy import Engine, func, select

from cts.domain.boards import StayFilter
from cts.domain.filters import ANY_STATUS, Filters
from cts.services import export_rules, listing_export, stay_export
from cts.services.actor import Actor
from cts.services.clean_up import clean_up
from cts.services.criteria import Criteria
from cts.services.export_registry import EXPORTS, LISTING, STAYS
from cts.services.exports import PDF, TICKET_MINUTES, TICKETS_AT_MOST, XLSX, export_file, offer_export
from cts.services.listing_asked import Asked
from cts.services.listing_columns import SortBy, columns_of
from cts.services.listing_export import asked_for_export
from cts.services.refusals import Incomplete, NotPermitted
from cts.services.stay_export import stays_for_export
from cts.services.stay_list import StayOrder, StaySorting, list_stays
from cts.settings import settings
from db.models import AccessEntry, Assignment, ExportTicket, Youth
from db.session import reading
from tests.cast import NOW, OTHER_OFFICE, Cast, add_assignment, change_person, later, make_cast
from tests.parts.listed import listed
from tests.services.test_filter_options import WHO, scattered
from tests.services.test_listings import change


@pytest.fixture
def cast(database: Engine) -> Cast:
    return make_cast()


def exported(actor: Actor, asked: Asked, kind: str = XLSX, criteria: Criteria | None = None) -> bytes:
    """What the person downloads who presses Export."""
    token = offer_export(actor, LISTING, asked_for_export(asked, criteria), NOW)
    return export_file(actor, token, kind, later(minutes=1)).content


def cells(file: bytes) -> list[list[Any]]:
    """Every row of the worksheet, as a spreadsheet program reads it."""
    page = load_workbook(BytesIO(file)).active
    assert page is not None
    return [list(row) for row in page.iter_rows(values_only=True)]


def numbers_in(file: bytes) -> list[int]:
    return [row[0] for row in cells(file) if isinstance(row[0], int)]


def words_in(pdf: bytes) -> str:
    """The text of a PDF, as a reader copies it."""
    return subprocess.run(
        ["pdftotext", "-layout", "-", "-"], input=pdf, capture_output=True, check=True
    ).stdout.decode()


def log() -> list[AccessEntry]:
    with reading() as session:
        entries = select(AccessEntry).where(AccessEntry.action == "export").order_by(AccessEntry.id)
        return list(session.scalars(entries))


def test_the_file_is_the_whole_list_in_its_order_with_filters_and_the_number_of_rows(cast: Cast) -> None:
    for n in range(30):
        change(add_assignment(cast, last_name=f"Name{n:02d}"), referral_on=date(2026, 9, 1 + n % 28))
    asked = Asked(Filters(office_code="1912A"), SortBy.YOUTH, descending=True, page=2, whole_office=True)
    file = exported(cast.scsw, asked)
    whole = listed(cast.scsw, sort_by=SortBy.YOUTH, descending=True, whole_office=True)
    rows = cells(file)
    assert (whole.total, numbers_in(file)[:25]) == (31, [row.number for row in whole.rows])
    assert len(numbers_in(file)) == 31
    assert rows[0][0] == "Assignment Listing" and str(rows[1][0]).startswith("Confidential: ")
    assert rows[2][0] == "As of 11/02/2026 09:01 AM."
    assert str(rows[3][0]).startswith("Status: Non-Closed; Office: ") and rows[4][0] == "31 rows."
    headings = next(row for row in rows if row[0] == "Assignment #")
    assert headings == [*columns_of(cast.scsw).values(), "Marks"]
    first = rows[rows.index(headings) + 1]
    assert (first[5], first[3].date()) == ("Name29, Yara", date(2026, 9, 2))


def test_what_looks_like_a_formula_or_a_number_stays_text(cast: Cast) -> None:
    typed = (
        "=1+1",
        "+1",
        "@SUM(A1)",
        '=HYPERLINK("http://evil.example")',
        "-2",
        "http://evil.example",
        "0012",
        "\x07bell",
    )
    for name in typed:
        add_assignment(cast, last_name=name, first_name="")
    page = load_workbook(BytesIO(exported(cast.csw, Asked()))).active
    assert page is not None
    names = {cell.value: cell for row in page.iter_rows() for cell in row if cell.value in typed}
    assert set(typed) - {"\x07bell"} <= set(names)
    assert all(cell.data_type == "s" and cell.hyperlink is None for cell in names.values())
    paper = words_in(exported(cast.csw, Asked(), PDF))
    assert "=1+1" in paper and "/URI" not in exported(cast.csw, Asked(), PDF).decode("latin-1")


def test_a_search_is_followed_but_neither_kept_in_clear_nor_logged(cast: Cast) -> None:
    found = add_assignment(cast, last_name="Findable-Canary")
    criteria = Criteria(last_name="findable", birth_date=date(2011, 5, 6))
    token = offer_export(cast.csw, LISTING, asked_for_export(Asked(), criteria), NOW)
    with reading() as session:
        (ticket,) = session.scalars(select(ExportTicket))
        assert not {"findable", "2011", token} & set(f"{ticket.sealed_asked} {ticket.token_hash}".lower().split('"'))
        assert ticket.sealed_asked.startswith("sealed:")
    file = export_file(cast.csw, token, XLSX, NOW)
    assert numbers_in(file.content) == [found]
    assert file.name == "CTS-Assignment-Listing-2026-11-02.xlsx"
    (entry,) = log()
    assert entry.actor_id == cast.csw.person_id and entry.outcome == "done"
    said = {"filters": {}, "searched": ["birth_date", "last_name"]}
    assert entry.details == {"list": LISTING, "format": XLSX, "rows": 1, "asked": said}


def test_the_paper_says_what_it_is(cast: Cast) -> None:
    paper = words_in(exported(cast.admin, Asked(Filters(status=ANY_STATUS)), PDF))
    for words in ("Assignment Listing", "Status: Any", "2 rows", "Canary-", "Zoë", "Confidential: case records"):
        assert words in paper
    assert "Printed by Ada Administrator" in paper and "Page 1 of 1" in paper


# Whose it is


def test_a_ticket_is_good_for_one_person_one_session_and_some_minutes(cast: Cast) -> None:
    actor = replace(cast.csw, session_hash="a")
    token = offer_export(actor, LISTING, {}, NOW)
    export_file(actor, token, XLSX, later(minutes=TICKET_MINUTES))
    strangers = (cast.csw, replace(actor, session_hash="b"), replace(cast.admin, session_hash="a"))
    for who, ticket, kind, now in (
        *((who, token, XLSX, NOW) for who in strangers),
        (actor, token, XLSX, later(minutes=TICKET_MINUTES) + timedelta(seconds=1)),
        (actor, "x" * 43, XLSX, NOW),
        (actor, token, "csv", NOW),
    ):
        with pytest.raises(NotPermitted):
            export_file(who, ticket, kind, now)
    assert [entry.outcome for entry in log()] == ["done", *["refused"] * 6]


def test_the_right_is_that_of_the_moment_of_the_download(cast: Cast) -> None:
    token = offer_export(cast.csw, LISTING, {}, NOW)
    change(cast.dcfs_number, worker_id=cast.colleague.person_id)
    assert numbers_in(export_file(cast.csw, token, XLSX, NOW).content) == []
    with pytest.raises(NotPermitted, match="no youth data"):
        support = replace(cast.csw, role=cast.support.role)
        export_file(support, token, XLSX, NOW)


@pytest.mark.parametrize("name", sorted(EXPORTS))
def test_support_exports_nothing(cast: Cast, name: str) -> None:
    with pytest.raises(NotPermitted):
        token = offer_export(cast.support, name, {}, NOW)
        export_file(cast.support, token, XLSX, NOW)
    assert {entry.outcome for entry in log()} == {"refused"}


def test_an_unknown_list_is_refused(cast: Cast) -> None:
    with pytest.raises(NotPermitted):
        offer_export(cast.admin, "people", {}, NOW)


@pytest.mark.parametrize("seed", range(2))
def test_no_export_shows_a_youth_who_is_not_on_the_own_listing(cast: Cast, seed: int) -> None:
    """Every youth has a name of its own; what each role gets is searched for all of them."""
    scattered(cast, random.Random(seed))
    with reading() as session:
        ids = list(session.scalars(select(Assignment.number)))
    for number in ids:
        change(number, last_name=f"Canary{number}", referral_name=f"Canary{number} IR")
    for who in WHO:
        actor = cast.people[who]
        first = listed(actor, status=ANY_STATUS, whole_office=True)
        pages = [listed(actor, status=ANY_STATUS, whole_office=True, page=n + 1) for n in range(first.pages)]
        mine = [row.number for page in pages for row in page.rows]
        file = exported(actor, Asked(Filters(status=ANY_STATUS), whole_office=True))
        assert numbers_in(file) == mine, who
        said = str(cells(file))
        assert {n for n in ids if f"Canary{n}" in said} == set(mine), who


def test_the_list_behind_a_number_is_exported_whole_in_its_order_and_nothing_beyond_the_own_listing(cast: Cast) -> None:
    for n in range(30):
        add_assignment(cast, last_name=f"=Name{n:02d}")
    add_assignment(
        cast,
        last_name="Elsewhere",
        worker="csw_elsewhere",
        supervisor="elsewhere",
        office=OTHER_OFFICE,
        unit="1901A-01",
    )
    asked = StayFilter(document="referral")
    order = StaySorting(StayOrder.NUMBER, descending=True)
    first = list_stays(cast.scsw, asked, NOW, sort_by=order.by, descending=order.descending)
    token = offer_export(cast.scsw, STAYS, stays_for_export(asked, order), NOW)
    rows = cells(export_file(cast.scsw, token, XLSX, NOW).content)
    numbers = [row[0] for row in rows if isinstance(row[0], int)]
    assert (len(numbers), numbers[:25]) == (first.total, [row.number for row in first.rows]) and first.total > 30
    assert "Elsewhere" not in str(rows) and any(row[1] == "=Name29, Yara" for row in rows)
    assert rows[3][0] == "Referrals, waiting now." and rows[4][0] == f"{first.total} documents."
    assert "Referrals, waiting now." in words_in(export_file(cast.scsw, token, PDF, NOW).content)
    details = log()[0].details
    assert (details["list"], details["rows"]) == (STAYS, first.total)
    assert details["asked"] == {"filters": {"document": "referral", "sort": "-number"}, "searched": []}
    with pytest.raises(NotPermitted, match="Dashboards are for"):
        export_file(cast.csw, offer_export(cast.csw, STAYS, {}, NOW), XLSX, NOW)
    assert log()[-1].outcome == "refused"


# How much


def limit(monkeypatch: pytest.MonkeyPatch, rows: int, on_paper: int) -> None:
    changed = replace(settings(), export_rows=rows, export_pdf_rows=on_paper)
    for module in (export_rules, listing_export, stay_export):
        monkeypatch.setattr(module, "settings", lambda: changed)


def test_too_long_a_list_is_not_exported_and_says_what_to_do(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(3):
        add_assignment(cast)
    limit(monkeypatch, 4, 2)
    assert len(numbers_in(exported(cast.csw, Asked()))) == 4
    with pytest.raises(Incomplete, match=r"A PDF holds at most 2 rows.*Excel takes more"):
        exported(cast.csw, Asked(), PDF)
    limit(monkeypatch, 3, 2)
    with pytest.raises(Incomplete, match=r"at most 3 rows.*Narrow it"):
        export_file(cast.scsw, offer_export(cast.scsw, STAYS, {}, NOW), XLSX, NOW)
    with pytest.raises(Incomplete, match=r"at most 3 rows.*Narrow it"):
        exported(cast.csw, Asked())
    assert [entry.details.get("rows") for entry in log()] == [4]


def test_tickets_do_not_stay(cast: Cast) -> None:
    def kept() -> int:
        with reading() as session:
            return session.scalar(select(func.count(ExportTicket.token_hash))) or 0

    for who in ("csw", "csw", "scsw"):
        offer_export(cast.people[who], LISTING, {}, NOW)
    assert kept() == 3
    offer_export(cast.admin, LISTING, {}, later(minutes=TICKET_MINUTES + 1))
    assert kept() == 1
    clean_up(later(days=1))
    assert kept() == 0


def test_one_window_does_not_cancel_what_another_one_of_the_same_person_offers(cast: Cast) -> None:
    first, *others = [offer_export(cast.csw, LISTING, {}, NOW + timedelta(seconds=n)) for n in range(TICKETS_AT_MOST)]
    offer_export(cast.colleague, LISTING, {}, NOW + timedelta(seconds=10))
    assert all(export_file(cast.csw, token, XLSX, later(minutes=1)).content for token in (first, *others))
    newest = offer_export(cast.csw, LISTING, {}, later(minutes=1))
    with pytest.raises(NotPermitted):
        export_file(cast.csw, first, XLSX, later(minutes=1))
    assert all(export_file(cast.csw, token, XLSX, later(minutes=1)).content for token in (*others, newest))
    with reading() as session:
        assert session.scalar(select(func.count(ExportTicket.token_hash))) == TICKETS_AT_MOST + 1


def test_one_who_left_exports_nothing(cast: Cast) -> None:
    """The gate lets nobody in whose account has ended; one who changed the agency has what is on the new listing."""
    change_person(cast, "advocate", agency_id=cast.agencies["New Dawn, Inc."])
    change(cast.dcfs_number, advocate_id=cast.advocate.person_id, agency_id=cast.agencies["Harbor Light Advocacy"])
    moved = replace(cast.advocate, agency_id=cast.agencies["New Dawn, Inc."])
    assert numbers_in(exported(moved, Asked())) == []
    assert numbers_in(exported(cast.advocate, Asked())) == [cast.dcfs_number]


def test_a_builder_has_a_page_for_every_column_it_names(cast: Cast) -> None:
    for builder in EXPORTS.values():
        sheet = builder(cast.admin, {}, NOW)
        assert {len(row) for row in sheet.rows} == {len(sheet.headings)}
    with reading() as session:
        assert session.scalar(select(func.count(Youth.id))) == 2
