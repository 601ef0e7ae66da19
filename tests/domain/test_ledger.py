"""The ledger of Restoration Funds: exact sums, and each of the three alarms."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cts.domain.ledger import (
    APPROVED,
    FIGURES,
    HEADINGS,
    AlarmKind,
    FundRequest,
    Receipt,
    Sums,
    alarms_of,
    read_request,
    sums_of,
    total,
    unproved,
)
from cts.domain.vocabulary import Status

APPROVAL = date(2026, 11, 5)
SHOES = Receipt("Shoes", date(2026, 11, 6), Decimal("40.00"), "a")
REQUEST = FundRequest(
    number=10001,
    sequence=1,
    agency="Harbor Light Advocacy",
    status=Status.RECEIPTS_SUBMITTED,
    requested_on=date(2026, 11, 2),
    approved_on=APPROVAL,
    projected_costs=(Decimal("40.00"), Decimal("0.10")),
    actual_costs=(Decimal("40.00"), Decimal("0.00")),
    receipts=(SHOES,),
)


def kinds(*requests: FundRequest) -> list[tuple[AlarmKind, tuple[int, int]]]:
    return [(a.kind, a.request.key) for a in alarms_of(requests)]


def test_a_request_in_order_raises_nothing() -> None:
    assert (
        kinds(REQUEST, replace(REQUEST, number=10002, receipts=(Receipt("Coat", SHOES.dated_on, SHOES.amount, "b"),)))
        == []
    )


@pytest.mark.parametrize(
    ("status", "sums"),
    [
        (Status.PENDING_PRE_APPROVAL, ("40.10", "0", "0", "0")),
        (Status.REJECTED, ("40.10", "0", "0", "0")),
        (Status.WITHDRAWN, ("40.10", "0", "0", "0")),
        (Status.APPROVED, ("40.10", "40.10", "40.00", "0")),
        (Status.RECEIPTS_SUBMITTED, ("40.10", "40.10", "40.00", "0")),
        (Status.REIMBURSED, ("40.10", "40.10", "40.00", "40.00")),
    ],
)
def test_each_figure_counts_from_its_step_on(status: Status, sums: tuple[str, ...]) -> None:
    assert sums_of(replace(REQUEST, status=status)) == Sums(*map(Decimal, sums))


def test_what_no_receipt_shows_is_said_once_the_receipts_are_in() -> None:
    assert unproved(REQUEST) == ""
    dearer = replace(REQUEST, actual_costs=(Decimal("40.00"), Decimal("1500.10")))
    assert unproved(dearer) == "Receipts for $40.00 of $1,540.10 spent"
    assert unproved(replace(dearer, status=Status.REIMBURSED)) == unproved(dearer)
    assert unproved(replace(dearer, status=Status.APPROVED)) == "", "they are still being written"


def test_the_figures_are_read_in_the_order_of_their_headings() -> None:
    spent = Sums(Decimal("1264.55"), Decimal("1264.55"), Decimal("28"))
    assert dict(zip(FIGURES.values(), spent.words, strict=True)) == {
        "Projected": "$1,264.55",
        "Approved": "$1,264.55",
        "Spent": "$28.00",
        "Reimbursed": "$0.00",
    }
    assert list(HEADINGS.values())[-4:] == list(FIGURES.values())


@pytest.mark.parametrize(("day", "raised"), [(4, True), (5, False), (6, False)])
def test_a_receipt_dated_before_the_day_of_the_approval(day: int, raised: bool) -> None:
    early = replace(REQUEST, receipts=(replace(SHOES, dated_on=date(2026, 11, day)),))
    assert kinds(early) == ([(AlarmKind.EARLY, (10001, 1))] if raised else [])
    if raised:
        sentence = 'Receipt "Shoes" of 11/04/2026 ($40.00) is dated before the approval of 11/05/2026.'
        assert alarms_of([early])[0].sentence == sentence


@pytest.mark.parametrize(
    ("actual", "receipt", "sentence"),
    [
        ("40.10", "40.10", ""),
        ("40.11", "40.00", "Actual costs come to $40.11, $0.01 more than approved."),
        ("40.00", "1,040.10", "The receipts come to $1,040.10, $1,000.00 more than approved."),
    ],
)
def test_more_spent_than_approved(actual: str, receipt: str, sentence: str) -> None:
    paid = replace(SHOES, amount=Decimal(receipt.replace(",", "")))
    over = replace(REQUEST, actual_costs=(Decimal(actual),), receipts=(paid,))
    assert [a.sentence for a in alarms_of([over])] == ([sentence] if sentence else [])


OTHER = replace(REQUEST, number=10002, sequence=3)


@pytest.mark.parametrize(
    ("again", "raised"),
    [
        (SHOES, True),
        (replace(SHOES, description="Something else", amount=Decimal("39.00")), True),
        (replace(SHOES, file="b", description="SHOES"), True),
        (replace(SHOES, file=""), True),
        (replace(SHOES, file="b", amount=Decimal("40.01")), False),
        (replace(SHOES, file="b", dated_on=date(2026, 11, 7)), False),
        (replace(SHOES, file="b", description="Socks"), False),
        (Receipt("", None, None, ""), False),
    ],
)
def test_the_same_receipt_in_two_requests_is_marked_in_both(again: Receipt, raised: bool) -> None:
    both = [(AlarmKind.TWICE, REQUEST.key), (AlarmKind.TWICE, OTHER.key)]
    requests = (REQUEST, replace(OTHER, receipts=(again,)))
    assert kinds(*requests) == (both if raised else [])
    if raised:
        assert [a.others for a in alarms_of(requests)] == [(OTHER.key,), (REQUEST.key,)]


def test_the_same_receipt_twice_in_one_request_is_one_sentence() -> None:
    (alarm,) = alarms_of([replace(REQUEST, projected_costs=(Decimal(99),), receipts=(SHOES, SHOES))])
    assert (alarm.kind, alarm.others) == (AlarmKind.TWICE, ())
    assert alarm.sentence.endswith("stands in this request more than once.")


@pytest.mark.parametrize("status", [Status.WITHDRAWN, Status.REJECTED, Status.PENDING_ADMINISTRATION])
def test_a_request_that_is_not_approved_raises_nothing(status: Status) -> None:
    early = replace(SHOES, dated_on=date(2026, 1, 1), amount=Decimal(999))
    assert kinds(replace(REQUEST, status=status, receipts=(early, early)), REQUEST) == []


def test_answers_are_read_as_they_were_typed() -> None:
    answers = {
        "requested_on": "2026-11-02",
        "items": [
            {"id": "1", "item": "Coat", "quantity": "3", "projected_cost": "1,234.5", "actual_cost": "$ 1,200"},
            {"id": "2", "item": "?", "projected_cost": "a lot"},
            {"id": "3"},
        ],
        "receipts": [
            {"id": "r", "file": "t", "description": "  Coat \n shop ", "dated_on": "2026-13-40", "amount": "12"}
        ],
    }
    read = read_request(10001, 1, "A", Status.APPROVED, None, answers, {"t": "sha"})
    assert (read.projected_costs, read.actual_costs) == ((Decimal("1234.50"),), (Decimal("1200.00"),))
    assert read.receipts == (Receipt("Coat shop", None, Decimal("12.00"), "sha"),)


cents = st.integers(0, 10_000_000)
requests = st.lists(
    st.builds(
        lambda status, projected, actual: (status, projected, actual),
        st.sampled_from(sorted(Status)),
        st.lists(cents, max_size=6),
        st.lists(cents, max_size=6),
    ),
    max_size=12,
)


@given(requests)
def test_sums_are_exact_to_the_cent(made: list[tuple[Status, list[int], list[int]]]) -> None:
    def dollars(amounts: list[int]) -> list[str]:
        return [f"{a // 100:,}.{a % 100:02}" for a in amounts]

    read = [
        read_request(
            10001,
            n,
            "A",
            status,
            None,
            {
                "items": [{"id": f"p{i}", "projected_cost": a} for i, a in enumerate(dollars(projected))]
                + [{"id": f"a{i}", "actual_cost": a} for i, a in enumerate(dollars(actual))]
            },
            {},
        )
        for n, (status, projected, actual) in enumerate(made, 1)
    ]
    found = total(read)
    approved = [m for m in made if m[0] in APPROVED]
    assert found.projected * 100 == sum(sum(m[1]) for m in made)
    assert found.approved * 100 == sum(sum(m[1]) for m in approved)
    assert found.spent * 100 == sum(sum(m[2]) for m in approved)
    assert found.reimbursed * 100 == sum(sum(m[2]) for m in made if m[0] is Status.REIMBURSED)
    assert total([*read[3:], *read[:3]]) == found
    over = {a.request.sequence for a in alarms_of(read) if a.kind is AlarmKind.OVERSPENT}
    assert over == {
        n for n, (s, projected, actual) in enumerate(made, 1) if s in APPROVED and sum(actual) > sum(projected)
    }
