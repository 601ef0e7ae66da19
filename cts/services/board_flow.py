"""Dashboards: what came in and how it went on, by month: Referrals, Terminations, Restoration Funds."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from cts.domain.boards import NO_REASON, State, month_words
from cts.domain.money import money_words
from cts.domain.vocabulary import (
    DOCUMENT_SLUGS,
    REFERRAL_REJECTIONS,
    Action,
    Document,
    Status,
)
from cts.forms.termination_report import TERMINATION_REASONS
from cts.services.board_counts import Sum, ended_by
from cts.services.board_places import SHOWN, beside
from cts.services.board_scope import Whose
from cts.services.board_shapes import Board, Chart, Figure, Grid, Tile, stays_figure, words
from cts.services.board_waiting import Asked
from db.models import StayTally

NOTHING = Sum()
Way = tuple[Status | None, Action]
"""In which status a document was, None for any, and which step ended that."""

REFERRAL_WAYS: dict[str, Way] = {
    "Submitted": (None, Action.SUBMIT),
    "Approved by the supervisor": (Status.PENDING_SUPERVISOR, Action.APPROVE),
    "Approved": (Status.PENDING_ADMINISTRATION, Action.APPROVE),
    "Rejected by the supervisor": (Status.PENDING_SUPERVISOR, Action.REJECT),
    "Rejected by CSEC Administration": (Status.PENDING_ADMINISTRATION, Action.REJECT),
    "Closed": (None, Action.CLOSE),
}
NOT_DRAWN = frozenset({"Approved by the supervisor", "Closed"})
"""On the way, or beside it: in the table only."""
TERMINATION_WAYS: dict[str, Way] = {"Terminations": (Status.PENDING_BY_SUPERVISOR, Action.APPROVE)}
FUNDS_WAYS: dict[str, Way] = {
    "Asked": (Status.IN_PROGRESS, Action.SUBMIT),
    "Approved": (Status.PENDING_ADMINISTRATION, Action.APPROVE),
    "Spent": (Status.APPROVED, Action.SUBMIT),
    "Reimbursed": (Status.RECEIPTS_SUBMITTED, Action.REIMBURSE),
}


def _counted(asked: Asked, document: Document, ways: Mapping[str, Way], *which: Any, by: Any) -> dict[str, Any]:
    """By way, then by the column `by`: how many, with their money."""
    period = (StayTally.month >= asked.period.first, StayTally.month <= asked.period.last)
    columns = (StayTally.status, StayTally.ended_by, by)
    rows = ended_by(asked.session, columns, StayTally.document == document, *period, *which)
    found: dict[str, dict[str, Sum]] = {heading: defaultdict(Sum) for heading in ways}
    for (status, action, key), number in rows.items():
        for heading, (of_status, of_action) in ways.items():
            if action == of_action and of_status in {None, status}:
                found[heading][key] += number
    return found


def _behind(document: Document, way: Way, first: str, last: str, **more: str) -> dict[str, str]:
    status, action = way
    named = {} if status is None else {"status": status.name.lower()}
    return (
        {"state": State.ENDED, "document": DOCUMENT_SLUGS[document], "by": action}
        | named
        | {
            "first": first,
            "last": last,
            **more,
        }
    )


def _totals(asked: Asked, document: Document, ways: Mapping[str, Way], found: Mapping[str, Any]) -> dict[str, Figure]:
    first, last = asked.period.first, asked.period.last
    return {
        heading: _figure(asked.whose, sum(found[heading].values(), NOTHING), document, way, heading, first, last)
        for heading, way in ways.items()
    }


def _figure(
    whose: Whose, counted: Sum, document: Document, way: Way, said: str, first: str, last: str, **more: str
) -> Figure:
    behind = whose.stays(**_behind(document, way, first, last, **more))
    if document is not Document.FUNDS:
        return stays_figure(counted.number, behind, said)
    dollars = Decimal(counted.cents) / 100
    figure = stays_figure(counted.number, behind, said, money_words(dollars.quantize(Decimal("0.01"))))
    return Figure(figure.text, figure.href, figure.name, float(dollars))


def _months(
    asked: Asked, document: Document, ways: Mapping[str, Way], found: Mapping[str, Any], title: str, said: str
) -> Grid:
    rows = tuple(
        (
            words(month_words(month)),
            *(
                _figure(asked.whose, found[h][month], document, way, f"{h}, {month_words(month)}", month, month)
                for h, way in ways.items()
            ),
        )
        for month in asked.period.months
        if month <= f"{asked.today:%Y-%m}"
    )
    drawn = tuple(heading for heading in ways if heading not in NOT_DRAWN)
    return Grid("months", title, said, ("Month", *ways), rows, Chart(drawn))


def referrals(asked: Asked) -> Board:
    """Referrals in, approved, rejected with their reasons."""
    mine = asked.whose.rows(StayTally)
    found = _counted(asked, Document.REFERRAL, REFERRAL_WAYS, *mine, by=StayTally.month)
    totals = _totals(asked, Document.REFERRAL, REFERRAL_WAYS, found)
    tiles = tuple(Tile(h, totals[h], asked.period.words) for h in ("Submitted", "Approved", *list(totals)[3:]))
    said = "Steps by the month they were taken in. A Referral counts as submitted once, the first time; it can be rejected more than once."
    months = _months(asked, Document.REFERRAL, REFERRAL_WAYS, found, "By month", said)
    rejected = {h: way for h, way in REFERRAL_WAYS.items() if way[1] is Action.REJECT}
    reasons = _counted(asked, Document.REFERRAL, rejected, *mine, by=StayTally.reason)
    return Board(
        "Referrals", tiles, (months, _reasons(asked, Document.REFERRAL, rejected, reasons, REFERRAL_REJECTIONS))
    )


def _reasons(
    asked: Asked, document: Document, ways: Mapping[str, Way], found: Mapping[str, Any], labels: Mapping[str, str]
) -> Grid:
    first, last = asked.period.first, asked.period.last
    codes = [code for code in (*labels, *_unknown(found, labels)) if any(found[h].get(code) for h in ways)]
    rows = []
    for code in codes:
        label = labels.get(code, "Reason not kept")
        cells = (
            _figure(asked.whose, found[h][code], document, way, f"{label}, {h}", first, last, reason=code or NO_REASON)
            for h, way in ways.items()
        )
        rows.append((words(label), *cells))
    said = f"The reason that was chosen, {asked.period.words}."
    chart = Chart(tuple(ways), stacked=True, sideways=True)
    empty = f"None in this period ({asked.period.words})."
    return Grid("reasons", "By reason", said, ("Reason", *ways), tuple(rows), chart, empty)


def _unknown(found: Mapping[str, Mapping[str, Sum]], labels: Iterable[str]) -> list[str]:
    """Codes without a label: what was purged has none any more."""
    return sorted({code for by_code in found.values() for code in by_code} - set(labels))


def terminations(asked: Asked) -> Board:
    """Services that ended with an approved Termination Report, by month and reason."""
    mine = asked.whose.rows(StayTally)
    found = _counted(asked, Document.TERMINATION, TERMINATION_WAYS, *mine, by=StayTally.month)
    totals = _totals(asked, Document.TERMINATION, TERMINATION_WAYS, found)
    tiles = tuple(Tile(heading, figure, asked.period.words) for heading, figure in totals.items())
    said = "Services by the month in which the Termination Report was approved."
    months = _months(asked, Document.TERMINATION, TERMINATION_WAYS, found, "By month", said)
    reasons = _counted(asked, Document.TERMINATION, TERMINATION_WAYS, *mine, by=StayTally.reason)
    by_reason = _reasons(asked, Document.TERMINATION, TERMINATION_WAYS, reasons, TERMINATION_REASONS)
    return Board("Terminations", tiles, (by_reason, months))


def funds(asked: Asked) -> Board:
    """Restoration Funds asked, approved, spent and paid back, in exact dollars."""
    mine = asked.whose.rows(StayTally)
    found = _counted(asked, Document.FUNDS, FUNDS_WAYS, *mine, by=StayTally.month)
    totals = _totals(asked, Document.FUNDS, FUNDS_WAYS, found)
    tiles = tuple(Tile(heading, figure, asked.period.words) for heading, figure in totals.items())
    said = (
        "Asked: the projected cost when a request is first submitted. Approved: the projected cost, by CSEC Administration. Spent: the actual "
        "cost when receipts are first submitted. Reimbursed: the actual cost. By the month of the step."
    )
    grids = [_months(asked, Document.FUNDS, FUNDS_WAYS, found, "By month", said)]
    if not asked.compares:
        return Board("Funds", tiles, tuple(grids))
    agencies = beside(asked.places.of("agency"), SHOWN["agency"], asked.query)
    grids.append(_funds_by_agency(asked, agencies.names))
    return Board("Funds", tiles, tuple(grids), agencies.choice)


def _funds_by_agency(asked: Asked, names: Mapping[str, str]) -> Grid:
    of_each = (StayTally.level == "agency", StayTally.scope.in_(names))
    found = _counted(asked, Document.FUNDS, FUNDS_WAYS, *of_each, by=StayTally.scope)
    first, last = asked.period.first, asked.period.last
    rows = tuple(
        (
            words(name),
            *(
                _figure(Whose("agency", scope), found[h][scope], Document.FUNDS, way, f"{h}, {name}", first, last)
                for h, way in FUNDS_WAYS.items()
            ),
        )
        for scope, name in names.items()
    )
    said = f"The same, {asked.period.words}."
    return Grid("agency", "By agency", said, ("Agency", *FUNDS_WAYS), rows, Chart(tuple(FUNDS_WAYS)))
