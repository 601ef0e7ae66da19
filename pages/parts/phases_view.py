"""The tab Advocacy Plan: the guide's table of phases on top, the chosen phase below."""

from cts.domain.addresses import document_address
from cts.domain.vocabulary import Document
from cts.services.actor import Actor
from cts.services.record import RecordView
from cts.services.record_documents import PhaseRow, phase_to_show, phases
from pages.parts.component import together
from pages.parts.document_screen import show_document
from pages.parts.line import Line
from pages.parts.listing_view import status_badge
from pages.parts.record_place import Place, chosen
from pages.parts.table_view import Cell, Column, show_table
from pages.shell import frame

TITLE = "Phases of the Advocacy Plan"
_COLUMNS = (
    Column("plan", "Plan Type", wide=True),
    Column("start", "Start Date"),
    Column("projected", "Projected End Date"),
    Column("actual", "Actual End Date"),
    Column("completed", "Completed"),
    Column("status", "Status", wide=True),
)


def show_plan(actor: Actor, record: RecordView, place: Place) -> None:
    """The table of phases, and the phase the address names; else the one that is being worked on."""
    rows = phases(actor, record.number, frame.now())
    asked = chosen(place, {(Document.PLAN, row.sequence) for row in rows if row.kept})
    sequence = asked[1] if asked else phase_to_show(rows)
    head = Line("phases_head")
    head.title(TITLE)
    cells = [_cells(record.number, row, row.sequence == sequence) for row in rows]
    with together("plan_phases"):
        head.draw()
        show_table(TITLE, _COLUMNS, cells, key="table_phases")
    if sequence is None:
        return
    show_document(actor, record.number, Document.PLAN, place.arrived, sequence=sequence, within_record=True)


def _cells(number: int, row: PhaseRow, shown: bool) -> tuple[Cell, ...]:
    return (
        Cell(
            row.title,
            href=document_address(number, Document.PLAN, row.sequence) if row.kept else "",
            quiet="shown below" if shown else row.note,
            name=f"{row.title}, open" if row.kept else "",
        ),
        Cell(row.start_on),
        Cell(row.projected_end_on, notes=(row.overdue,) if row.overdue else ()),
        Cell(row.actual_end_on),
        Cell(row.completed),
        status_badge(row.status),
    )
