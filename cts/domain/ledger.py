"""The ledger of Restoration Funds (mission §4.4): what was projected, approved, spent and reimbursed, and what does not fit.

Money is exact decimals. The cost of an item is for its whole quantity (guide), so nothing is multiplied.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from cts.domain.fields import us_date
from cts.domain.money import money_of, money_words
from cts.domain.rows import full_rows
from cts.domain.vocabulary import Status

NOTHING = Decimal("0.00")
APPROVED = frozenset({Status.APPROVED, Status.RECEIPTS_SUBMITTED, Status.REIMBURSED})

FIGURES = {"projected": "Projected", "approved": "Approved", "spent": "Spent", "reimbursed": "Reimbursed"}
"""The four figures, with their headings."""
HEADINGS = {
    "request": "Request",
    "status": "Status",
    "requested": "Date of Request",
    "approved_on": "Approved on",
} | FIGURES
"""The columns of the table of requests, on screen and on paper."""


class AlarmKind(StrEnum):
    """What does not fit, in the words of the ledger."""

    EARLY = "Receipt dated before approval"
    OVERSPENT = "Overspending"
    TWICE = "Same receipt twice"


@dataclass(frozen=True)
class Receipt:
    """One receipt of a request. `file` names the content: the same file has the same; '' when none was given."""

    description: str
    dated_on: date | None
    amount: Decimal | None
    file: str = ""

    @property
    def words(self) -> str:
        """How a receipt is named: Receipt "Shoes" of 11/05/2026 ($40.00)."""
        amount = "no amount" if self.amount is None else money_words(self.amount)
        return f'Receipt "{self.description}" of {us_date(self.dated_on) or "no date"} ({amount})'


@dataclass(frozen=True)
class FundRequest:
    """A Restoration Fund Request as it was submitted. `approved_on` is the office's day of the approval, None before it."""

    number: int
    sequence: int
    agency: str
    status: Status
    requested_on: date | None
    approved_on: date | None
    projected_costs: tuple[Decimal, ...] = ()
    actual_costs: tuple[Decimal, ...] = ()
    receipts: tuple[Receipt, ...] = ()

    @property
    def key(self) -> tuple[int, int]:
        """Which request: the assignment and the count."""
        return self.number, self.sequence


@dataclass(frozen=True)
class Sums:
    """The four figures of a ledger, in dollars."""

    projected: Decimal = NOTHING
    approved: Decimal = NOTHING
    spent: Decimal = NOTHING
    reimbursed: Decimal = NOTHING

    def __add__(self, other: "Sums") -> "Sums":
        return Sums(
            self.projected + other.projected,
            self.approved + other.approved,
            self.spent + other.spent,
            self.reimbursed + other.reimbursed,
        )

    @property
    def words(self) -> tuple[str, ...]:
        """How the figures are read, in the order of FIGURES."""
        return tuple(money_words(amount) for amount in (self.projected, self.approved, self.spent, self.reimbursed))


@dataclass(frozen=True)
class Alarm:
    """Something that does not fit in one request. `others` are the requests that hold the same receipt."""

    kind: AlarmKind
    request: FundRequest
    sentence: str
    others: tuple[tuple[int, int], ...] = ()


def read_request(
    number: int,
    sequence: int,
    agency: str,
    status: Status,
    approved_on: date | None,
    answers: Mapping[str, Any],
    files: Mapping[str, str],
) -> FundRequest:
    """A request from its answers; `files` are the fingerprints of contents by the token of a receipt."""
    items = full_rows(answers.get("items"))
    return FundRequest(
        number=number,
        sequence=sequence,
        agency=agency,
        status=status,
        requested_on=_day(answers.get("requested_on")),
        approved_on=approved_on,
        projected_costs=_amounts(items, "projected_cost"),
        actual_costs=_amounts(items, "actual_cost"),
        receipts=tuple(
            Receipt(
                " ".join(str(row.get("description") or "").split()),
                _day(row.get("dated_on")),
                money_of(row.get("amount")),
                files.get(str(row.get("file")), ""),
            )
            for row in full_rows(answers.get("receipts"))
        ),
    )


def sums_of(request: FundRequest) -> Sums:
    """The figures of one request.

    Approved is what was projected, from the approval on: the items can then be changed no more. Spent is the actual cost of the items.
    Reimbursed is what was spent, once CSEC Administration marked it so. What was withdrawn counts as projected only.
    """
    projected = sum(request.projected_costs, NOTHING)
    if request.status not in APPROVED:
        return Sums(projected)
    spent = sum(request.actual_costs, NOTHING)
    return Sums(projected, projected, spent, spent if request.status is Status.REIMBURSED else NOTHING)


def total(requests: Iterable[FundRequest]) -> Sums:
    """The exact sum of the figures of these requests."""
    return sum((sums_of(r) for r in requests), Sums())


def alarms_of(requests: Sequence[FundRequest]) -> tuple[Alarm, ...]:
    """What does not fit, in the order of the requests. Hand in all requests of an agency: a receipt is looked for in all of them."""
    approved = [r for r in requests if r.status in APPROVED]
    places = _places(approved)
    return tuple(alarm for r in approved for alarm in (*_early(r), *_overspent(r), *_twice(r, places)))


def unproved(request: FundRequest) -> str:
    """How much of what was spent the receipts show, where they do not show all of it, as a sentence; '' when they do, or are not in yet."""
    spent = sums_of(request).spent
    shown = sum((r.amount for r in request.receipts if r.amount is not None), NOTHING)
    handed_in = request.status in {Status.RECEIPTS_SUBMITTED, Status.REIMBURSED}
    return f"Receipts for {money_words(shown)} of {money_words(spent)} spent" if handed_in and shown < spent else ""


def _early(request: FundRequest) -> list[Alarm]:
    """A receipt of the very day of the approval is in order: nobody can tell the hour."""
    day = request.approved_on
    return [
        Alarm(AlarmKind.EARLY, request, f"{receipt.words} is dated before the approval of {us_date(day)}.")
        for receipt in request.receipts
        if day and receipt.dated_on and receipt.dated_on < day
    ]


def _overspent(request: FundRequest) -> list[Alarm]:
    approved = sums_of(request).approved
    paid = {
        "Actual costs": sum(request.actual_costs, NOTHING),
        "The receipts": sum((r.amount for r in request.receipts if r.amount is not None), NOTHING),
    }
    over = [
        f"{what} come to {money_words(amount)}, {money_words(amount - approved)} more than approved."
        for what, amount in paid.items()
        if amount > approved
    ]
    return [Alarm(AlarmKind.OVERSPENT, request, " ".join(over))] if over else []


def _twice(request: FundRequest, places: Mapping[object, list[tuple[int, int]]]) -> list[Alarm]:
    found = []
    for receipt in request.receipts:
        held = {key for sign in _signs(receipt) for key in places[sign]}
        again = any(places[sign].count(request.key) > 1 for sign in _signs(receipt))
        others = tuple(sorted(held - {request.key}))
        if again or others:
            here = "stands in this request more than once." if again else "stands in another request too."
            found.append(Alarm(AlarmKind.TWICE, request, f"{receipt.words} {here}", others))
    return list(dict.fromkeys(found))


def _places(requests: Sequence[FundRequest]) -> Mapping[object, list[tuple[int, int]]]:
    places: dict[object, list[tuple[int, int]]] = defaultdict(list)
    for request in requests:
        for receipt in request.receipts:
            for sign in _signs(receipt):
                places[sign].append(request.key)
    return places


def _signs(receipt: Receipt) -> list[object]:
    """What makes two receipts the same: the same file, or the same day, amount and description."""
    signs: list[object] = [("file", receipt.file)] if receipt.file else []
    if receipt.dated_on and receipt.amount is not None and receipt.description:
        signs.append((receipt.dated_on, receipt.amount, receipt.description.casefold()))
    return signs


def _amounts(rows: Sequence[Mapping[str, Any]], column: str) -> tuple[Decimal, ...]:
    return tuple(amount for amount in (money_of(row.get(column)) for row in rows) if amount is not None)


def _day(typed: Any) -> date | None:
    try:
        return date.fromisoformat(typed) if isinstance(typed, str) else None
    except ValueError:
        return None
