"""What every export keeps to: how much at once, and what is never logged."""

from cts.services.refusals import Incomplete
from cts.settings import settings

SEARCHED = "searched_"
"""Names of what was searched for begin so: the access log keeps the names, never what was typed."""


def obstacle_to_export(rows: int, *, on_paper: bool = False) -> str:
    """Why a list of so many rows cannot be exported, and what to do; '' when it can."""
    most = settings().export_pdf_rows if on_paper else settings().export_rows
    if rows <= most:
        return ""
    kind = "A PDF" if on_paper else "An export"
    other = " Excel takes more rows." if on_paper and rows <= settings().export_rows else ""
    return f"{kind} holds at most {most:,} rows, and this list is longer. Narrow it by filters or by the search.{other}"


def demand_exportable(rows: int, *, on_paper: bool = False) -> None:
    """Raises Incomplete with that sentence."""
    if obstacle := obstacle_to_export(rows, on_paper=on_paper):
        raise Incomplete(obstacle)
