"""The tables of the Home page: what waits, the Assignment Listing, what a search found beyond it."""

from collections.abc import Callable, Sequence

from cts.domain.addresses import document_address
from cts.domain.counting import counted
from cts.domain.filters import ANY_STATUS
from cts.domain.vocabulary import Status
from cts.services.actor import Actor
from cts.services.listing_columns import SortBy, columns_of
from cts.services.listing_rows import ListingRow
from cts.services.listings import ListingPage, total_words
from cts.services.search import FoundElsewhere
from cts.services.similar import BesideListing, Similar
from cts.services.waiting import WaitingRow
from pages.parts.claim_view import CLAIM_COLUMN, claim_cell, claims_here, press_claim
from pages.parts.emergency_dialog import ask_emergency
from pages.parts.line import Line
from pages.parts.search_form import Searched
from pages.parts.status_colours import STATUS_COLOURS
from pages.parts.table_view import Cell, Column, Order, show_table

READ_ALONG = "dual, led by the other department"
GUIDE_NOTE = "(Note: CSEC cases/referrals will be displayed after it is flagged CSEC in CWS/CMS)"
NO_SIMILAR = "No similar name on your listing either. Type only the beginning of the name, or leave a field blank"
_WIDE = {SortBy.YOUTH, SortBy.REFERRAL_NAME, SortBy.STATUS, SortBy.AGENCY, SortBy.REFERRAL, SortBy.CASE}
_WAITING = (
    Column("number", "Assignment #"),
    Column("youth", "Youth Name", wide=True),
    Column("asked", "What is asked", wide=True),
    Column("document", "Document"),
    Column("status", "Status", wide=True),
    Column("days", "Waiting"),
)
_ELSEWHERE = (
    Column("youth", "Youth Name", wide=True),
    Column("born", "Year of birth"),
    Column("status", "Status", wide=True),
    Column("agency", "Agency", wide=True),
    Column("office", "Office", wide=True),
    Column("worker", "CSW / DPO", wide=True),
    Column("emergency", "Emergency", wide=True),
)


def assignment_link(number: int) -> Cell:
    """The Assignment #, which opens the assignment."""
    return Cell(str(number), href=f"/assignment?number={number}", name=f"Open assignment {number}")


def _document_link(row: WaitingRow) -> Cell:
    """The Assignment #, which here opens the very document that waits."""
    return Cell(
        str(row.number),
        href=document_address(row.number, row.document, row.sequence),
        name=f"Open assignment {row.number}, {row.document_words}",
    )


def status_badge(status: Status) -> Cell:
    """A status in its colour; the word is always there."""
    return Cell(status, colour=STATUS_COLOURS[status])


def show_waiting(rows: Sequence[WaitingRow]) -> None:
    """Waiting on me, oldest first; for a supervisor with the claim of each document."""
    to_claim = claims_here(rows)
    cells = [
        [
            _document_link(row),
            Cell(row.youth_name),
            Cell(row.asked, quiet=_whose(row)),
            Cell(row.document_words),
            status_badge(row.status),
            Cell(_days(row.days), quiet=_working_days(row)),
            *([claim_cell(row)] if to_claim else []),
        ]
        for row in rows
    ]
    columns = [*_WAITING, *([CLAIM_COLUMN] if to_claim else [])]
    show_table(
        "Waiting on me, oldest first", columns, cells, key="table_waiting", on_press=lambda p: press_claim(rows, p)
    )


def _whose(row: WaitingRow) -> str:
    """What a colleague has begun, for whom the person covers, what any supervisor of the office may take."""
    covered = f"covered for {row.covered_for}" if row.covered_for else ""
    return row.claimed or covered or ("" if row.mine else "for any supervisor of the office")


def _working_days(row: WaitingRow) -> str:
    """Where weekends or holidays lay in between."""
    return counted(row.working_days, "working day") if row.working_days != row.days else ""


def _days(days: int) -> str:
    return "since today" if days == 0 else counted(days, "day")


def show_listing(actor: Actor, page: ListingPage, order: Order, on_sort: Callable[[Order], None]) -> None:
    """One page of the Assignment Listing; pressing a heading asks for another order."""
    headings = columns_of(actor)
    columns = [Column(by, label, sorts=True, wide=by in _WIDE) for by, label in headings.items()]
    rows = [_listing_cells(row, headings) for row in page.rows]
    show_table("Assignment Listing", columns, rows, key="table_listing", order=order, on_sort=on_sort)


def _listing_cells(row: ListingRow, headings: dict[SortBy, str]) -> list[Cell]:
    cells = {
        SortBy.NUMBER: assignment_link(row.number),
        SortBy.STATE_ID: Cell(row.state_id),
        SortBy.REFERRAL: Cell(row.referral_number),
        SortBy.CPH_DATE: Cell(row.cph_referral_date),
        SortBy.REFERRAL_NAME: Cell(row.referral_name),
        SortBy.YOUTH: Cell(row.youth_name, notes=row.marks, quiet=READ_ALONG if row.other_department else ""),
        SortBy.CASE: Cell(row.case_number),
        SortBy.PDJ: Cell(row.pdj_number),
        SortBy.STATUS: status_badge(row.status),
        SortBy.AGENCY: Cell(row.agency_and_advocate),
        SortBy.CSW: Cell(row.csw),
        SortBy.SCSW: Cell(row.scsw),
    }
    return [cells[by] for by in headings]


def found_words(search: Searched, page: ListingPage, beside: BesideListing) -> str:
    """What a search found, in one sentence beside its button: the lists stand further down."""
    found = [f"on your listing {total_words(page.total)}", *_similar_words(len(beside.similar))]
    if elsewhere := search.elsewhere:
        more = " or more" if elsewhere.more else ""
        found += [f"elsewhere in the county {len(elsewhere.rows):,}{more}", *_similar_words(len(elsewhere.similar))]
    return f"Found: {', '.join(found)}."


def _similar_words(number: int) -> list[str]:
    return [f"of similar names {number:,}"] if number else []


def show_beside(actor: Actor, beside: BesideListing, search: Searched, page: ListingPage, status: str) -> None:
    """Rows of the own listing whose names are almost what was typed; where nothing at all was found, or too much, how to go on."""
    said = Line("beside_listing", "lines")
    if beside.cut_short:
        said.words(beside.cut_short)
    if beside.similar:
        said.title("Similar names")
        said.words("Not quite what was typed, the closest first. Nothing here is counted in the total above.")
    elif not page.total and search.criteria.asks_a_name and not search.birth_date:
        said.words(f"{NO_SIMILAR}{'.' if status == ANY_STATUS else ', or choose Status Any.'}")
    said.draw()
    if not beside.similar:
        return
    headings = columns_of(actor)
    columns = [Column(by, label, wide=by in _WIDE) for by, label in headings.items()]
    show_table("Similar names", columns, [_similar_cells(one, headings) for one in beside.similar], key="table_similar")


def _similar_cells(one: Similar[ListingRow], headings: dict[SortBy, str]) -> list[Cell]:
    cells = dict(zip(headings, _listing_cells(one.row, headings), strict=True))
    name = cells[SortBy.YOUTH]
    cells[SortBy.YOUTH] = name._replace(quiet="; ".join(words for words in (one.why, name.quiet) if words))
    return list(cells.values())


def show_elsewhere(actor: Actor, search: Searched) -> None:
    """What a search found beyond the own listing: the minimum, and for an emergency the way to open it."""
    found = search.elsewhere
    if found is None:
        return
    head = Line("elsewhere_head", "lines")
    head.title("Elsewhere in the county")
    if found.rows or found.similar:
        head.words(
            "Assignments you have no tie to, also of youth who are on your listing: the minimum is shown, and this search was recorded. "
            "Speak with the worker named to learn more."
        )
    if not found.rows:
        named = search.criteria.asks_a_name and not found.similar
        head.words(f"No advocacy services found elsewhere{', under this name or a similar one' if named else ''}.")
    head.draw()
    if found.rows:
        _show_found(actor, "Elsewhere in the county", found.rows, "table_elsewhere")
    between = Line("elsewhere_more", "lines")
    if found.more:
        between.words("There are more than are shown. Add the other name or the birth date to find one youth.")
    if found.similar:
        between.title("Similar names elsewhere in the county")
    between.draw()
    if found.similar:
        whys = [one.why for one in found.similar]
        _show_found(
            actor,
            "Similar names elsewhere in the county",
            [one.row for one in found.similar],
            "table_similar_far",
            whys,
        )


def _show_found(actor: Actor, caption: str, rows: Sequence[FoundElsewhere], key: str, whys: Sequence[str] = ()) -> None:
    cells = [_found_cells(row, row.number in actor.emergencies) for row in rows]
    for row, why in zip(cells, whys, strict=bool(whys)):
        row[0] = row[0]._replace(quiet=why)
    show_table(caption, _ELSEWHERE, cells, key=key, on_press=ask_emergency)


def _found_cells(row: FoundElsewhere, is_open: bool) -> list[Cell]:
    way = Cell("Open in an emergency", press=str(row.number), name=f"Open in an emergency: assignment {row.number}")
    return [
        Cell(row.youth_name),
        Cell(str(row.birth_year)),
        status_badge(row.status),
        Cell(row.agency or "none yet"),
        Cell(row.office),
        Cell(row.worker),
        assignment_link(row.number)._replace(quiet="open to you in an emergency") if is_open else way,
    ]
