"""The ledger of Restoration Funds on screen: figures, what does not fit, the requests."""

from collections.abc import Sequence

import streamlit as st

from cts.domain.addresses import document_address
from cts.domain.ledger import Sums
from cts.domain.money import money_words
from cts.domain.vocabulary import Document
from cts.services.actor import Actor
from cts.services.ledger import AgencySums, LedgerAlarm, LedgerLine, ledger_of
from pages.parts.table_view import Cell, Column, show_table

_FIGURES = (
    Column("projected", "Projected"),
    Column("approved", "Approved"),
    Column("spent", "Spent"),
    Column("reimbursed", "Reimbursed"),
)
_REQUEST = Column("request", "Request", wide=True)
ALARMS_AT_ONCE = 25
_ALARMS = (_REQUEST, Column("kind", "What does not fit", wide=True), Column("sentence", "Details", wide=True))
_LINES = (
    _REQUEST,
    Column("status", "Status", wide=True),
    Column("requested", "Date of Request"),
    Column("approved_on", "Approved on"),
    *_FIGURES,
)
_AGENCIES = (Column("agency", "Agency", wide=True), Column("requests", "Requests"), *_FIGURES)


def show_ledger(actor: Actor, number: int) -> None:
    """The ledger of assignment `number`: drawn only where a request was submitted. Refusals to read go to the caller."""
    ledger = ledger_of(actor, number)
    if not ledger.lines:
        return
    st.header("Ledger")
    show_alarms(ledger.alarms, one_youth=True)
    rows = [_line(line, one_youth=True) for line in ledger.lines]
    if len(rows) > 1:
        rows.append([Cell("Total"), Cell(), Cell(), Cell(), *_figures(ledger.sums)])
    show_table("Ledger of Restoration Funds", _LINES, rows, key=f"table_ledger_{number}")


def show_figures(sums: Sums) -> None:
    """The four sums, large."""
    with st.container(key="cts_ledger_figures"):
        for column, cell in zip(_FIGURES, _figures(sums), strict=True):
            st.metric(column.label, cell.text)


def show_alarms(alarms: Sequence[LedgerAlarm], *, one_youth: bool) -> None:
    """What does not fit, each with the request it is in."""
    if not alarms:
        return
    many = "1 thing does not fit." if len(alarms) == 1 else f"{len(alarms)} things do not fit."
    with st.container(key="cts_ledger_alarms"):
        st.text(f"{many} Please look at the receipts before money is paid back.")
        rows = [
            [
                _link(a.number, a.sequence, one_youth=one_youth),
                Cell(a.kind, colour="red"),
                # What a receipt is called is the Advocate's own text; the table shows it as typed.
                Cell(a.sentence),
            ]
            for a in alarms[:ALARMS_AT_ONCE]
        ]
        show_table("What does not fit", _ALARMS, rows, key="table_ledger_alarms")
        if len(alarms) > ALARMS_AT_ONCE:
            st.text(
                f"The first {ALARMS_AT_ONCE} are shown, open requests first; the requests below are marked, all of them."
            )


def show_agencies(agencies: Sequence[AgencySums], sums: Sums) -> None:
    """The figures of each agency, and of all."""
    rows = [[Cell(a.agency), Cell(f"{a.requests:,}"), *_figures(a.sums)] for a in agencies]
    rows.append([Cell("All agencies"), Cell(f"{sum(a.requests for a in agencies):,}"), *_figures(sums)])
    show_table("Restoration Funds by agency", _AGENCIES, rows, key="table_ledger_agencies")


def show_lines(lines: Sequence[LedgerLine], *, with_agency: bool) -> None:
    """Requests, each a link to it."""
    rows = [_line(line, one_youth=False, with_agency=with_agency) for line in lines]
    show_table("Restoration Fund Requests", _LINES, rows, key="table_ledger_requests")


def _line(line: LedgerLine, *, one_youth: bool, with_agency: bool = False) -> list[Cell]:
    link = _link(line.number, line.sequence, one_youth=one_youth, quiet=line.agency if with_agency else "")
    status = Cell(line.status, notes=tuple(line.alarms))
    return [link, status, Cell(line.requested), Cell(line.approved), *_figures(line.sums)]


def _link(number: int, sequence: int, *, one_youth: bool, quiet: str = "") -> Cell:
    words = f"Request {sequence}" if one_youth else f"{number}, Request {sequence}"
    name = f"Assignment {number}, {Document.FUNDS} {sequence}"
    return Cell(words, href=document_address(number, Document.FUNDS, sequence), name=name, quiet=quiet)


def _figures(sums: Sums) -> list[Cell]:
    return [Cell(money_words(amount)) for amount in (sums.projected, sums.approved, sums.spent, sums.reimbursed)]
