"""A table as it is exported, to Excel and on paper."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

Cell = str | int | Decimal | date | None
"""Text stays text, whatever it looks like; numbers and days can be reckoned and sorted with; None is an empty cell."""


@dataclass(frozen=True)
class Sheet:
    """`title` names the table, `note` are whole sentences below it: period, filters, number of rows. Every row has a cell for each heading."""

    title: str
    note: tuple[str, ...]
    headings: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
