"""What a dashboard is made of: tiles and tables of figures, each with the address of the list behind it. Plain, for screen and export."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import quote_plus

from cts.domain.boards import Section, StayFilter
from cts.domain.counting import counted
from cts.domain.filters import Filters

STAYS = "/stays"


@dataclass(frozen=True)
class Figure:
    """One cell. `href` opens the list behind it; `name` is what a screen reader says then; `amount` is the number, for charts and export.

    `listed`: how long that list is, where the number is no count but made of the list, as the longest of its days is.
    """

    text: str
    href: str = ""
    name: str = ""
    amount: float | None = None
    listed: int | None = None


@dataclass(frozen=True)
class Chart:
    """Bars, or lines, of columns of the table below, by their heading."""

    columns: tuple[str, ...]
    lines: bool = False
    stacked: bool = False
    sideways: bool = False


@dataclass(frozen=True)
class Grid:
    """A table with its title and one sentence that says what is counted; its first column holds the labels of the chart, and where two are alike
    the second says which.
    """

    key: str
    title: str
    said: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Figure, ...], ...]
    chart: Chart | None = None
    empty: str = "Nothing to count here."


@dataclass(frozen=True)
class Tile:
    """A large number: what it counts, and of which period."""

    title: str
    figure: Figure
    period: str


@dataclass(frozen=True)
class Choice:
    """A choice of the address: its name there, what people read, the options by key, and the key chosen."""

    name: str
    label: str
    options: dict[str, str]
    chosen: str


@dataclass(frozen=True)
class Board:
    """One section of the dashboards: which, and which there are of these numbers."""

    title: str
    tiles: tuple[Tile, ...]
    grids: tuple[Grid, ...]
    choices: tuple[Choice, ...] = ()
    section: Section = Section.PENDING
    sections: tuple[Section, ...] = ()


_quoted = lru_cache(4096)(quote_plus)
"""Of hundreds of addresses on a page nearly all are made of the same words."""


def _address(path: str, query: Mapping[str, str]) -> str:
    return f"{path}?{'&'.join(f'{name}={_quoted(value)}' for name, value in query.items())}"


def stays_figure(number: int, asked: StayFilter, said: str, text: str = "") -> Figure:
    """A number of stays that opens their list; `said` is what is counted. Zero opens nothing: there is no list."""
    href = _address(STAYS, asked.as_query()) if number else ""
    return Figure(text or f"{number:,}", href, f"{text or f'{number:,}'}: {said}" if href else "", number)


def days_figure(days: int | None, number: int, asked: StayFilter, said: str) -> Figure:
    """A number of days made of `number` stays: it opens their list, the longest first. Nothing where there is none."""
    if days is None or not number:
        return Figure("" if days is None else f"{days:,}", amount=days)
    return Figure(f"{days:,}", _address(STAYS, asked.as_query()), f"{counted(days, 'day')}: {said}", days, number)


def assignments_figure(number: int, filters: Filters, said: str, *, whole_office: bool) -> Figure:
    """A number of assignments that opens the Assignment Listing."""
    query = filters.as_query() | ({"office": "all"} if whole_office else {})
    href = _address("/", query) if number else ""
    return Figure(f"{number:,}", href, f"{number:,}: {said}" if href else "", number)


def words(text: str) -> Figure:
    """A cell that counts nothing."""
    return Figure(text)
